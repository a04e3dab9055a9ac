"""The environment of the bubblewrap back end: a read-only venv in the cache, bound into the sandbox at a fixed path.

Inside, the venv is always /opt/env. An interpreter that lives in the system's /usr is used there; any other is bound at
/opt/python, so that no path of this machine and no name of its user is seen by a submission.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from harness.errors import SandboxError
from harness.model.sandbox import Environment
from sandbox.base import Mount
from sandbox.image.cache import build_once, cache_folder
from sandbox.image.install import FONTS, InstallError, install
from sandbox.image.lock import digest_of
from sandbox.image.target import PROBE, Target
from sandbox.image.wheelhouse import LOCK_NAME, find_uv, last_lines, wheelhouse

VENV = "/opt/env"
PYTHON = "/opt/python"
RECIPE = "1"
"""Changes whenever the way a venv is laid out changes, so that an old one is not taken for a new one."""

_NO_LOCK = "standard-library"
_RECORD = "environment.json"


def build_venv(lock: Path | None) -> Environment:
    """The environment of a hashed lock, or with None of the bare standard library; built, or found in the cache."""
    target = ask(host_python())
    name = f"{digest_of(lock)[:32] if lock else _NO_LOCK}-{target.name}-{_short(target.prefix)}-{RECIPE}"
    environment = Environment(
        backend="bubblewrap",
        digest=digest_of(lock) if lock else "",
        reference=name,
        python=f"{VENV}/bin/python",
        python_version=target.version,
    )

    def build(draft: Path) -> None:
        wheels = wheelhouse(lock, target) if lock else draft
        requirements = wheels / LOCK_NAME if lock else Path(os.devnull)
        try:
            install(target.executable, draft / "env", wheels, requirements, find_uv(), shown_as=VENV)
        except InstallError as problem:
            raise SandboxError(
                f"the packages could not be installed; the installer's last words:\n{last_lines(str(problem))}",
                where=str(lock),
                next_step=f"remove {wheels} and run this again, if the wheels may be damaged",
            ) from problem
        (draft / "nothing").mkdir()
        _speak_of_the_inside(draft / "env", target)
        (draft / _RECORD).write_text(environment.to_json(), encoding="utf-8")

    build_once(_folder(name), build)
    return environment


def mounts(environment: Environment) -> tuple[Mount, ...]:
    """What of the host is bound read-only for this environment, outer folders first; /usr is the back end's own affair."""
    folder = _folder(environment.reference)
    if not (folder / _RECORD).is_file():
        raise SandboxError(
            f"the environment {environment.reference} is no longer in the cache",
            where=str(folder),
            next_step="run this again: it is built from the pack's lock",
        )
    target = ask(host_python())
    bound = [Mount(folder / "env", VENV)]
    inside = _prefix_inside(target)
    if not _in_usr(target.prefix):
        bound.append(Mount(Path(target.prefix), inside))
        # What the owner of this interpreter installed for himself is nobody's business in a sandbox.
        packages = Path("lib", f"python{target.markers['python_version']}", "site-packages")
        if Path(target.prefix, packages).is_dir():
            bound.append(Mount(folder / "nothing", f"{inside}/{packages}"))
    return tuple(bound)


def host_python() -> str:
    """The interpreter that venvs are made of: HARNESS_SANDBOX_PYTHON, else the one below the harness's own venv."""
    chosen = os.environ.get("HARNESS_SANDBOX_PYTHON")
    return chosen or os.path.realpath(getattr(sys, "_base_executable", sys.executable))


@cache
def ask(python: str) -> Target:
    """What a host interpreter says of itself."""
    try:
        done = subprocess.run(
            [python, "-I", "-S", "-c", PROBE], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError) as problem:
        raise SandboxError(
            f"the interpreter for sandboxes does not start: {problem}",
            where=python,
            next_step="set HARNESS_SANDBOX_PYTHON to a Python 3.11 or newer",
        ) from problem
    return Target.read(done.stdout, python)


def keep_fonts(environment: Environment, name: str, data: bytes) -> None:
    """Keep matplotlib's list of fonts, made by a first run in the sandbox, for all later ones."""
    place = _folder(environment.reference) / "env" / FONTS
    draft = place / f".{os.getpid()}"
    draft.write_bytes(data)
    draft.chmod(0o644)
    draft.replace(place / Path(name).name)


def has_fonts(environment: Environment) -> bool:
    """Whether that list is there already, or nothing in the environment would use it."""
    env = _folder(environment.reference) / "env"
    return any((env / FONTS).iterdir()) or not any(env.glob("lib/python*/site-packages/matplotlib"))


def _folder(name: str) -> Path:
    return cache_folder() / "venvs" / name


def _in_usr(prefix: str) -> bool:
    return Path(prefix) == Path("/usr") or Path("/usr") in Path(prefix).parents


def _prefix_inside(target: Target) -> str:
    """A library that is found by an absolute path must stay at that path."""
    return target.prefix if _in_usr(target.prefix) or target.shared else PYTHON


def _speak_of_the_inside(env: Path, target: Target) -> None:
    """Replace the host's paths: in the settings, in the link to the interpreter, in the first lines of scripts."""
    inside = _prefix_inside(target)
    executable = target.executable.replace(target.prefix, inside, 1)
    settings = f"home = {Path(executable).parent}\ninclude-system-site-packages = false\nversion = {target.version}\n"
    (env / "pyvenv.cfg").write_text(settings, encoding="utf-8")
    here = os.fsencode(env)
    for file in (env / "bin").iterdir():
        if file.name == Path(target.executable).name or file.name in ("python", "python3"):
            file.unlink()
            file.symlink_to(executable if file.name == "python" else "python")
        elif file.is_file() and not file.is_symlink():
            file.write_bytes(file.read_bytes().replace(here, os.fsencode(VENV)))
    if not (env / "bin" / "python").is_symlink():
        (env / "bin" / "python").symlink_to(executable)


def _short(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:8]
