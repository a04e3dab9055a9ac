"""Limits by control groups, where this host lets us make any: version 2 when delegated, else writable version 1 trees.

A group is made for one job and removed after it. Its name tells its owner (process-id namespace, process, start time),
so that a sweep removes only the groups of dead owners. Which limits are possible is found by making and filling a
group for real, never by reading a version number.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from harness.model.sandbox import Limits
from sandbox.owners import start_time
from sandbox.spool import MEGABYTE

NAME = re.compile(r"harness-(\d+)-(\d+)-(\d+)-[0-9a-f]{16}")
PERIOD_US = 100_000
PATIENCE_S = 5.0
OWN_PROCESSES = 2
"""bwrap and the runner count as processes of the group."""


@dataclass(frozen=True)
class Tree:
    """A folder in which groups can be made, and the controllers that groups there have."""

    parent: Path
    version: int
    controllers: frozenset[str]


class Group:
    """The groups of one job, one for each tree."""

    def __init__(self, trees: tuple[Tree, ...], limits: Limits) -> None:
        name = f"harness-{Path('/proc/self/ns/pid').stat().st_ino}-{os.getpid()}-{start_time(os.getpid())}-{token_hex(8)}"
        self._folders = {tree: tree.parent / name for tree in trees}
        try:
            for tree, folder in self._folders.items():
                folder.mkdir()
                _set_limits(tree, folder, limits)
        except OSError:
            self.remove()
            raise

    @property
    def join(self) -> tuple[Path, ...]:
        """The files into which a process writes 0 to become a member."""
        return tuple(folder / "cgroup.procs" for folder in self._folders.values())

    def _folder(self, controller: str) -> tuple[Tree, Path] | None:
        return next((pair for pair in self._folders.items() if controller in pair[0].controllers), None)

    def memory_kill_seen(self) -> bool:
        """Whether the kernel ended a member for memory."""
        found = self._folder("memory")
        if found is None:
            return False
        tree, folder = found
        return _counter(folder / ("memory.events" if tree.version == 2 else "memory.oom_control"), "oom_kill") > 0

    def cpu_s(self) -> float | None:
        found = self._folder("cpuacct") or self._folder("cpu")
        if found is None:
            return None
        tree, folder = found
        if tree.version == 2:
            return round(_counter(folder / "cpu.stat", "usage_usec") / 1e6, 3)
        used = folder / "cpuacct.usage"
        return round(int(used.read_text(encoding="ascii")) / 1e9, 3) if used.exists() else None

    def remove(self) -> bool:
        """End all members and take the groups away; False when some could not be ended."""
        removed = [remove(folder) for folder in self._folders.values()]
        return all(removed)


def _set_limits(tree: Tree, folder: Path, limits: Limits) -> None:
    memory = str(limits.memory_mb * MEGABYTE)
    quota = int(limits.cpus * PERIOD_US)
    writes: list[tuple[str, str, str]] = [("pids", "pids.max", str(limits.pids + OWN_PROCESSES))]
    if tree.version == 2:
        writes += [("memory", "memory.max", memory), ("memory", "memory.swap.max", "0")]
        writes += [("cpu", "cpu.max", f"{quota} {PERIOD_US}")]
    else:
        writes += [("memory", "memory.limit_in_bytes", memory), ("memory", "memory.memsw.limit_in_bytes", memory)]
        writes += [("cpu", "cpu.cfs_period_us", str(PERIOD_US)), ("cpu", "cpu.cfs_quota_us", str(quota))]
    for controller, file, value in writes:
        swap = "swap" in file or "memsw" in file
        if controller in tree.controllers and not (swap and not (folder / file).exists()):
            (folder / file).write_text(value, encoding="ascii")


def _counter(file: Path, key: str) -> int:
    for line in file.read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(" ")
        if name == key:
            return int(value)
    return 0


def members(folder: Path) -> tuple[int, ...]:
    try:
        return tuple(int(line) for line in (folder / "cgroup.procs").read_text(encoding="ascii").split())
    except FileNotFoundError:
        return ()


def remove(folder: Path) -> bool:
    """Kill every member, then remove the group; patient for a few seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while folder.exists():
        for pid in members(folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            folder.rmdir()
        except OSError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
    return True


# -- finding out what this host allows ----------------------------------------------------------------------------------


def find_trees(mountinfo: Path = Path("/proc/self/mountinfo"), own: Path = Path("/proc/self/cgroup")) -> tuple[Tree, ...]:
    """Trees in which this process can really make, fill and remove a group. No controller appears in two of them."""
    paths = _own_paths(own)
    trees: list[Tree] = []
    taken: set[str] = set()
    for tree in _candidates(mountinfo, paths):
        useful = Tree(tree.parent, tree.version, tree.controllers - taken)
        if useful.controllers and works(useful):
            trees.append(useful)
            taken |= useful.controllers
    return tuple(trees)


def _own_paths(own: Path) -> dict[str, str]:
    """Controller name -> this process's group; version 2 is under the empty name."""
    paths = {}
    for line in own.read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        paths.update(dict.fromkeys(controllers.split(","), path))
    return paths


def _candidates(mountinfo: Path, paths: dict[str, str]) -> Iterator[Tree]:
    for line in mountinfo.read_text(encoding="utf-8").splitlines():
        before, _, after = line.partition(" - ")
        root, mount = before.split(" ")[3:5]
        kind, _, options = [*after.split(" "), "", ""][:3]
        if kind == "cgroup2" and "" in paths:
            yield from _delegated(Path(mount), _below(mount, root, paths[""]))
        elif kind == "cgroup":
            controllers = frozenset(options.split(",")) & {"memory", "pids", "cpu", "cpuacct"}
            for name in sorted(controllers)[:1]:
                yield Tree(_below(mount, root, paths.get(name, "/")), 1, controllers)


def _below(mount: str, root: str, path: str) -> Path:
    """Where a group's path lies in a mount that may show only a part of the hierarchy."""
    inner = path.removeprefix(root.rstrip("/")) if path.startswith(root.rstrip("/")) else ""
    folder = Path(mount, inner.strip("/"))
    return folder if folder.is_dir() else Path(mount)


def _delegated(mount: Path, group: Path) -> Iterator[Tree]:
    """The nearest folder, from our own group upwards, whose groups have controllers."""
    while True:
        enabled = group / "cgroup.subtree_control"
        controllers = frozenset(enabled.read_text(encoding="ascii").split()) if enabled.exists() else frozenset[str]()
        if controllers & {"memory", "pids", "cpu"} and os.access(group, os.W_OK):
            yield Tree(group, 2, controllers & {"memory", "pids", "cpu"})
            return
        if group == mount:
            return
        group = group.parent


def works(tree: Tree) -> bool:
    """Make a group with limits, move a sleeping process into it, and remove both."""
    try:
        group = Group((tree,), Limits())
    except OSError:
        return False
    with subprocess.Popen(["/bin/sleep", "30"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as sleeper:
        try:
            for file in group.join:
                file.write_text(str(sleeper.pid), encoding="ascii")
        except OSError:
            return False
        finally:
            sleeper.kill()
            sleeper.wait()
            group.remove()
    return True


def sweep(trees: tuple[Tree, ...], *, everything_mine: bool) -> Iterator[str]:
    """Remove groups whose owner, a process of our own process-id namespace, is gone."""
    namespace = Path("/proc/self/ns/pid").stat().st_ino
    for tree in trees:
        beside = [tree.parent, *_folders(tree.parent.parent)]
        for folder in sorted({one for place in beside for one in _folders(place) if one.name.startswith("harness-")}):
            named = NAME.fullmatch(folder.name)
            if not named or int(named[1]) != namespace:
                continue
            pid, started = int(named[2]), named[3]
            mine = pid == os.getpid() and everything_mine
            gone = start_time(pid) != started
            if (gone or mine) and remove(folder):
                reason = f"its owner, process {pid}, is gone" if gone else "it is this process's own"
                yield f"removed the control group {folder}: {reason}"


def _folders(place: Path) -> list[Path]:
    """Folders there now; groups of other processes come and go meanwhile."""
    with suppress(OSError), os.scandir(place) as entries:
        return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    return []
