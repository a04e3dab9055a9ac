"""Where a watch keeps things: what was taken in, run folders, statuses, the state, and a lock that dies with its owners."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.batch.folder import lock
from harness.folders import take_folder

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
    take_folder(root, "watch", _OURS.__contains__, mode=0o700)
    handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        lock(handle, root, "wait for it, or end it; one watch at a time keeps one folder")
        yield WatchFolder(root)
    finally:
        os.close(handle)
