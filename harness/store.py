"""The run folder: every stage's record, written by rename before the next stage begins."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from harness.documents import read_json
from harness.errors import DamagedRunError, UsageError
from harness.folders import missing_above, remove_empty, take_folder
from harness.model.finding import CheckResult
from harness.model.grade import Grade
from harness.model.record import Record
from harness.model.report import Lock, Report
from harness.model.rubric import Ratings
from harness.model.run import RunSet
from harness.model.submission import Snapshot

R = TypeVar("R", bound=Record)


class Checks(Record):
    """checks.json."""

    schema_version: int = 1
    results: tuple[CheckResult, ...]


RECORDS: dict[type[Record], str] = {
    Snapshot: "snapshot.json",
    RunSet: "runs.json",
    Checks: "checks.json",
    Grade: "grade.json",
    Report: "report.json",
    Lock: "lock.json",
    Ratings: "ratings.json",
}
PROVENANCE = "provenance.json"
"""The signature over a run; made and read by harness.provenance."""

_OURS = (
    *("submission", "artifacts", "logs", "events.jsonl", PROVENANCE),
    *("report.html", "report.md", "report.junit.xml", "report.sarif"),
)
_KNOWN = frozenset((*RECORDS.values(), *_OURS))
TOLD_NAME = re.compile(r"report\.[a-z0-9][a-z0-9.]{0,30}")
"""What files are called in which a run is told, also those of formats that plug-ins bring."""
_MARK = ".running"


@dataclass(frozen=True)
class RunFolder:
    """One submission's run on disk."""

    root: Path
    left_unfinished: bool = False
    """A run began here earlier and never reached its end."""

    @property
    def files(self) -> Path:
        """The snapshot's files."""
        return self.root / "submission"

    @property
    def artifacts(self) -> Path:
        return self.root / "artifacts"

    def has(self, record: type[Record]) -> bool:
        return (self.root / RECORDS[record]).is_file()

    def load(self, record: type[R]) -> R:
        """A stage's record. Says which file is damaged, and how, when it does not hold what it should."""
        return read_json(self.root / RECORDS[record], record, error=DamagedRunError)

    def save(self, record: Record) -> None:
        self.write(RECORDS[type(record)], record.to_json())

    def write(self, name: str, text: str) -> None:
        """A file that is either whole or absent."""
        write_whole(self.root / name, text.encode("utf-8"))

    def note(self, now: datetime, event: str, **details: Any) -> None:
        """Append one line to events.jsonl."""
        line = json.dumps({"time": now.isoformat(timespec="seconds"), "event": event, **details}, sort_keys=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            handle = os.open(self.root / "events.jsonl", flags, 0o644)
        except OSError as error:
            raise DamagedRunError(
                f"events.jsonl is no plain file: {error.strerror}", where=str(self.root), next_step="name another --out"
            ) from error
        with os.fdopen(handle, "a", encoding="ascii") as events:
            events.write(line + "\n")

    def clear_artifacts(self) -> None:
        """Remove what steps left behind whose run was cut off: they are run again."""
        _remove(self.artifacts)

    def clear(self) -> None:
        """Remove what an earlier run left here, and nothing else."""
        for name in (*RECORDS.values(), *_OURS):
            _remove(self.root / name)
        for place in list(self.root.iterdir()):
            if TOLD_NAME.fullmatch(place.name):
                _remove(place)


def _remove(place: Path) -> None:
    """A file, a link itself, or a folder with all that is in it; nothing that a link points to."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write through a temporary sibling and rename, so that a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def begin(root: Path) -> Iterator[RunFolder]:
    """Hold a run folder for this process. A second grader on the same folder is refused while the first lives."""
    above = missing_above(root)
    take_folder(root, "run", _is_ours)
    mark = root / _MARK
    _refuse_if_alive(mark)
    left_unfinished = mark.exists()
    write_whole(mark, json.dumps({"pid": os.getpid(), "start": _start_of(os.getpid())}).encode())
    try:
        yield RunFolder(root, left_unfinished)
    except BaseException:
        if _leave_nothing_of_nothing(root):
            remove_empty(above)
        raise
    mark.unlink(missing_ok=True)


def open_run(root: Path) -> RunFolder:
    """A finished run, for reading."""
    if not (root / RECORDS[Snapshot]).is_file():
        raise UsageError(
            "is not a run folder",
            where=str(root),
            expected="a folder that `harness grade` wrote: it holds snapshot.json",
            next_step="of a batch or a watch, name one of the folders below runs/",
        )
    folder = RunFolder(root)
    if not folder.has(RunSet):
        raise DamagedRunError(
            "the run never finished", where=str(root), next_step="give the same `harness grade` command again"
        )
    return folder


def is_finished(root: Path) -> bool:
    """Whether a run came to its end here, and nobody has begun another since."""
    return (root / RECORDS[Report]).is_file() and not (root / _MARK).exists()


def owner_is_alive(root: Path) -> bool:
    """Whether some process is working in this run folder now."""
    try:
        _refuse_if_alive(root / _MARK)
    except UsageError:
        return True
    return False


def _is_ours(name: str) -> bool:
    return name in _KNOWN or TOLD_NAME.fullmatch(name) is not None


def _refuse_if_alive(mark: Path) -> None:
    if mark.is_symlink() or not mark.is_file():
        return
    try:
        owner = json.loads(mark.read_text("ascii"))
        alive = _start_of(int(owner["pid"])) == owner["start"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return
    if alive and owner["pid"] != os.getpid():
        raise UsageError(
            f"process {owner['pid']} is grading into this folder",
            where=str(mark.parent),
            next_step="wait for it, or name another --out",
        )


def _leave_nothing_of_nothing(root: Path) -> bool:
    """Remove a run folder in which not one record was written: there is nothing to go on with. Says whether it is gone."""
    if not any((root / name).exists() for name in RECORDS.values()):
        for name in (_MARK, "events.jsonl"):
            (root / name).unlink(missing_ok=True)
        if not any(root.iterdir()):
            root.rmdir()
    return not root.exists()


def _start_of(pid: int) -> str:
    """A process's start time as the kernel counts it, which tells a process from a later one of the same number.

    Empty when it has ended, also where nobody has taken note of its end yet.
    """
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return "" if state in "ZX" else fields[18]
