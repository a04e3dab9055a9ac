"""A folder of wheels for one lock and one interpreter, fetched on the host by pip with the host's own configuration.

pip, because it is what people configure: proxies, private indexes, certificates and air-gapped wheel folders all work
without a word to us. Wheels only, because building a source package would run its code here. Hashes are checked by pip
when a wheel arrives and by the installer when it is used.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.errors import SandboxError
from sandbox.image.cache import build_once, cache_folder
from sandbox.image.lock import digest_of, read_lock
from sandbox.image.target import Target

LOCK_NAME = "requirements.txt"
FETCH_TIMEOUT_S = 30 * 60


def wheelhouse(lock: Path, target: Target) -> Path:
    """The folder of all wheels of a lock for this interpreter, and beside them the pins that apply to it."""
    pins = [pin.line() for pin in read_lock(lock) if pin.wanted(target.markers)]
    place = cache_folder() / "wheels" / f"{digest_of(lock)[:32]}-{target.name}"

    def fill(draft: Path) -> None:
        chosen = draft / LOCK_NAME
        chosen.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")
        if pins:
            _fetch(chosen, draft, target, lock)
        for file in draft.iterdir():
            file.chmod(0o644)  # whatever the host's umask: the engine's root may be nobody in particular

    return build_once(place, fill)


def _fetch(chosen: Path, into: Path, target: Target, lock: Path) -> None:
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-input", "--progress-bar=off", "--quiet"]
    command = [*_pip(), "download", *options, *target.pip_options(), "--requirement", str(chosen), "--dest", str(into)]
    try:
        # An empty folder as working directory: nothing that lies about can be imported or read as configuration.
        done = subprocess.run(
            command, cwd=into, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=FETCH_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise SandboxError(
            f"fetching the packages took longer than {FETCH_TIMEOUT_S // 60} minutes", where=str(lock)
        ) from problem
    if done.returncode != 0:
        raise SandboxError(
            f"the packages could not be fetched; pip's last words:\n{last_lines(done.stderr or done.stdout)}",
            where=str(lock),
            expected=f"a wheel of each package for Python {target.version} on {target.platforms()[0]}",
            next_step="look at `python -m pip config list`: pip's own settings say where packages come from",
        )


def _pip() -> Sequence[str]:
    """The host's pip: this interpreter's, else the one on the path, else the one that Python carries with it."""
    if importlib.util.find_spec("pip") is not None:
        return (sys.executable, "-P", "-m", "pip")
    for name in ("pip3", "pip"):
        found = shutil.which(name)
        if found:
            return (found,)
    if importlib.util.find_spec("ensurepip") is not None:
        import ensurepip

        bundled = sorted(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"))
        if bundled:
            return (sys.executable, os.fspath(bundled[-1] / "pip"))
    raise SandboxError(
        "there is no pip on this host to fetch packages with",
        expected="pip beside the harness, or on the path",
        next_step=f"{sys.executable} -m ensurepip, or install python3-pip",
    )


_NOISE = ("WARNING: Location", "WARNING: Retrying")
_PASSWORD_IN_ADDRESS = re.compile(r"(?<=//)[^/@\s]+@")


def last_lines(text: str, count: int = 12) -> str:
    """The end of what a tool printed, indented; without user names and passwords of addresses, and without noise."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(_NOISE)]
    return "\n".join(f"    {_PASSWORD_IN_ADDRESS.sub('', line)}" for line in lines[-count:])


def find_uv() -> str | None:
    """The `uv` program that comes with the harness, else one on the path; it only unpacks, so any will do."""
    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        return shutil.which("uv")
