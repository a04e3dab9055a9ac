"""Where a watch keeps things: what was taken in, run folders, statuses, the state, and a lock that dies with its owners."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.batch.folder import lock
from harness.errors import UsageError

STATE = "state.sqlite"
_LOCK = ".watch.lock"
_OURS = frozenset(("kept", "runs", "status", "logs", "watch.json", STATE, f"{STATE}-wal", f"{STATE}-shm", f"{STATE}-journal"))


@dataclass(frozen=True)
class WatchFolder:
    root: Path

    @property
    def state(self) -> Path:
        return self.root / STATE

    @property
    def overview(self) -> Path:
        return self.root / "watch.json"

    def kept(self, candidate: str, commit: str) -> Path:
        """What was taken in of a push, until it is graded: its files, and the record of taking them."""
        return self.root / "kept" / candidate / commit

    def run(self, candidate: str, commit: str) -> Path:
        return self.root / "runs" / candidate / commit

    def status(self, candidate: str, commit: str) -> Path:
        return self.root / "status" / candidate / f"{commit}.json"

    def log(self, task: str) -> Path:
        return self.root / "logs" / f"{task}.txt"

    def drop_kept(self, candidate: str, commit: str) -> None:
        shutil.rmtree(self.kept(candidate, commit), ignore_errors=True)


def is_watch_folder(root: Path) -> bool:
    return (root / STATE).is_file()


@contextmanager
def hold(root: Path) -> Iterator[WatchFolder]:
    """Hold the folder for this watch and the processes it starts. A second watch is refused while one of them lives."""
    _refuse_strangers_folder(root)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        lock(handle, root, "wait for it, or end it; one watch at a time keeps one folder")
        yield WatchFolder(root)
    finally:
        os.close(handle)


def _refuse_strangers_folder(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise UsageError("is a file", where=str(root), expected="a folder for the watch", next_step="name another --out")
    strange = (
        sorted(path.name for path in root.iterdir() if path.name not in _OURS and path.name[0] != ".") if root.exists() else []
    )
    if strange:
        raise UsageError(
            f"holds files that no watch has written, such as {strange[0]!r}",
            where=str(root),
            expected="a new folder, or one that an earlier watch wrote",
            next_step="name another place in `out`, or with --out",
        )
