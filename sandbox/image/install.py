"""Fills a folder with an environment from a wheelhouse. Standard library only: it also runs as a program in the image.

No package of the lock is ever started on the host: `uv` unpacks wheels and runs nothing of them, and bytecode is compiled
by the base interpreter without `site`, whose start would run the `.pth` files of whatever was installed.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

FONTS = "share/harness-fonts"
"""Where the environment keeps matplotlib's ready-made list of fonts; it is copied to a writable place when a step starts."""

_TIMEOUT_S = 15 * 60
_PLAIN = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}


class InstallError(Exception):
    """A tool failed; the text is its own."""


def install(python: str, place: Path, wheels: Path, requirements: Path, uv: "str | None", shown_as: str) -> None:
    """Make a venv of `python` at `place` with these requirements; its bytecode speaks of the path `shown_as`."""
    _run([python, "-I", "-S", "-m", "venv", "--without-pip", "--symlinks", str(place)])
    if requirements.stat().st_size:
        _install_wheels(python, place, wheels, requirements, uv)
    (place / FONTS).mkdir(parents=True, exist_ok=True)
    for leftover in (".lock", ".gitignore", "CACHEDIR.TAG"):
        (place / leftover).unlink(missing_ok=True)
    compile_all(python, place, shown_as)


def _install_wheels(python: str, place: Path, wheels: Path, requirements: Path, uv: "str | None") -> None:
    common = ["--no-index", "--find-links", str(wheels), "--no-deps", "--require-hashes", "--requirement", str(requirements)]
    own_python = str(place / "bin" / "python")
    if uv is not None and _starts(uv):
        # With the cache beside the venv every file is linked, not copied; nothing else ever uses that cache.
        cache = place / ".uv-cache"
        words = [uv, "pip", "install", "--no-config", "--offline", "--quiet", "--python", own_python, "--link-mode", "hardlink"]
        try:
            _run([*words, "--cache-dir", str(cache), *common])
        finally:
            shutil.rmtree(cache, ignore_errors=True)
    else:
        _run([python, "-m", "pip", "--python", own_python, "install", "--no-cache-dir", "--no-compile", "--quiet", *common])


def compile_all(python: str, place: Path, shown_as: str) -> None:
    """Bytecode that is valid by being there: the folder is read-only from now on, and its files' times mean nothing."""
    words = [python, "-I", "-S", "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    # Some packages carry test files that are not meant to compile: the interpreter says so later, if anybody asks.
    _run([*words, "-s", str(place), "-p", shown_as, "-x", r"[/\\]tests?[/\\]", str(place / "lib")], accept=(0, 1))


def list_fonts(place: Path) -> None:
    """Let matplotlib, if it is installed, write down the fonts it sees. Starts installed packages: never on the host."""
    environment = {**_PLAIN, "HOME": str(place), "MPLCONFIGDIR": str(place / FONTS), "MPLBACKEND": "agg"}
    program = "import importlib.util as u\nif u.find_spec('matplotlib'): import matplotlib.font_manager"
    _run([str(place / "bin" / "python"), "-I", "-c", program], accept=(0, 1), environment=environment)


def _starts(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False, env=_PLAIN).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run(command: "list[str]", accept: "tuple[int, ...]" = (0,), environment: "dict[str, str] | None" = None) -> None:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
            check=False,
            env=environment or _PLAIN,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise InstallError(f"{command[0]}: {problem}") from problem
    if done.returncode not in accept:
        raise InstallError(done.stderr or done.stdout or f"{command[0]} ended with {done.returncode}")


def main() -> int:
    """In the image: everything is named by one JSON argument of our own making."""
    wish = json.loads(sys.argv[1])
    place = Path(wish["place"])
    os.umask(0o022)
    try:
        install(sys.executable, place, Path(wish["wheels"]), Path(wish["requirements"]), wish["uv"], shown_as=str(place))
        list_fonts(place)
    except InstallError as problem:
        sys.stderr.write(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
