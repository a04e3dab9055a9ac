"""The batch's own folder: run folders, small records, the cohort's files, and a lock that dies with its owners."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.errors import SandboxError, UsageError
from harness.folders import make_folder, take_folder
from harness.model.cohort import Member
from harness.store import write_whole

_LOCK = ".batch.lock"
_KNOWN = frozenset(
    ("batch.json", "names.json", "events.jsonl", "runs", "results", "logs", "cohort.html", "cohort.json", "cohort.csv")
)
_WORKERS_END_S = 20.0
"""How long the workers of a batch that was killed may take to close their sandboxes."""
ENOUGH_BYTES = 500_000_000


@dataclass(frozen=True)
class BatchFolder:
    """Where a batch is written."""

    root: Path

    def run(self, member: str) -> Path:
        return self.root / "runs" / member

    def log(self, task: str) -> Path:
        return self.root / "logs" / f"{task}.txt"

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def member(self, name: str) -> Member | None:
        """What is on record for a submission; a damaged record counts as none, and the work is done again."""
        try:
            return Member.model_validate_json(self._result(name).read_bytes())
        except (OSError, ValidationError):
            return None

    def save(self, member: Member) -> None:
        write_whole(self._result(member.id), member.to_json().encode("ascii"))

    def forget(self, name: str) -> None:
        self._result(name).unlink(missing_ok=True)

    def read(self, name: str) -> dict[str, Any]:
        """One of the batch's own small documents; empty when it is absent or damaged."""
        try:
            value = json.loads((self.root / name).read_bytes())
        except (FileNotFoundError, ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def write(self, name: str, document: dict[str, Any], *, private: bool = False) -> None:
        write_whole(self.root / name, (json.dumps(document, indent=1, ensure_ascii=True) + "\n").encode("ascii"))
        if private:
            (self.root / name).chmod(0o600)

    def note(self, event: str, **details: Any) -> None:
        """Append one line to events.jsonl: the journal of what was begun and how it ended."""
        line = json.dumps({"time": round(time.time(), 3), "event": event, **details}, sort_keys=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(self.root / "events.jsonl", flags, 0o644), "a", encoding="ascii") as events:
            events.write(line + "\n")

    def _result(self, name: str) -> Path:
        return self.root / "results" / f"{name}.json"


@contextmanager
def hold(root: Path, source: Path | None = None) -> Iterator[BatchFolder]:
    """Hold the folder for this batch and its workers. A second batch is refused while one of them lives."""
    if source is not None:
        _refuse_inside(root, source)
    take_folder(root, "batch", _KNOWN.__contains__)
    for name in ("runs", "results", "logs"):
        make_folder(root / name, "a folder for the batch")
    # Workers are forked and share this descriptor, so the lock is held until the last of them has ended.
    handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        lock(handle, root, "wait for it, or name another --out; several batches can share one --store")
        _sweep(root / "runs")
        yield BatchFolder(root)
    finally:
        os.close(handle)


def lock(handle: int, root: Path, next_step: str) -> None:
    """Take the lock, waiting for workers whose parent has died; they share its descriptor and end soon."""
    deadline = time.monotonic() + _WORKERS_END_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            holder = os.pread(handle, 100, 0).decode("ascii", "replace").strip()
            if _is_alive(holder) or time.monotonic() > deadline:
                raise UsageError(
                    f"process {holder.partition(' ')[0] or 'unknown'} is grading into this folder",
                    where=str(root),
                    next_step=next_step,
                ) from None
            time.sleep(0.1)
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()} {_start_of(os.getpid())}\n".encode("ascii"), 0)


def _sweep(runs: Path) -> None:
    """Drafts that a killed worker left; the lock is held, so nobody is at work on them."""
    for pattern in (".draft-*", ".old-*"):
        for leftover in runs.glob(pattern):
            shutil.rmtree(leftover, ignore_errors=True)


def _is_alive(holder: str) -> bool:
    pid, _, start = holder.partition(" ")
    return pid.isdigit() and _start_of(int(pid)) == start


def _start_of(pid: int) -> str:
    """When a process started, which tells it from a later one of the same number; empty when it has ended."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return "" if state in "ZX" else fields[18]


def _refuse_inside(root: Path, source: Path) -> None:
    if source.is_dir() and root.resolve().is_relative_to(source.resolve()):
        raise UsageError(
            "lies inside the folder of submissions, and would become one of them",
            where=str(root),
            expected="a place outside it",
            next_step="name another --out",
        )


def expect_space(*places: Path) -> None:
    """Refuse to begin on a disk that is nearly full."""
    for place in places:
        free = shutil.disk_usage(place).free
        if free < ENOUGH_BYTES:
            raise SandboxError(
                f"there are {free // 1_000_000} MB left on this disk",
                where=str(place),
                expected=f"at least {ENOUGH_BYTES // 1_000_000} MB, so that results are not lost half-way",
                next_step="free some space; what was graded before is kept",
            )
