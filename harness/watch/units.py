"""The two units of a watch, each done in a process of its own: take a push in, and grade it. They speak in small answers."""

import errno
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from harness.batch.child import Tell
from harness.batch.units import wait_for_former_owner
from harness.errors import HOST_TROUBLE, DamagedRunError, ExitCode, HarnessError, SubmissionError, UnreachableError
from harness.intake import IntakeLimits
from harness.intake.git_listing import commits_of
from harness.model.record import Record
from harness.model.text import one_line
from harness.packs import OpenPack
from harness.settings import Format, Settings
from harness.watch.config import Watched
from harness.watch.folder import WatchFolder

SNAPSHOT = "snapshot.json"
_LIMITS = IntakeLimits(fetch_seconds=120.0)
Came = Literal["kept", "graded", "refused", "unreachable", "host", "lost", "fault"]
"""`host`: this machine's trouble, before a line of the submission ran or for want of room. `lost`: a sandbox was lost
while it ran, which a submission can bring about. `fault`: the harness or the pack."""


class Answer(Record):
    """What a unit has to say to the watch. Holds no result."""

    came: Came
    reason: str = ""
    run_id: str | None = None


@dataclass(frozen=True)
class Job:
    """What all units of a watch share."""

    opened: OpenPack
    settings: Settings
    folder: WatchFolder
    profile: str | None
    formats: tuple[Format, ...]


def keep(job: Job, watched: Watched, commit: str, _tell: Tell) -> dict[str, Any]:
    """Take a commit in now: by tomorrow it may have been rewritten."""
    return _guarded(lambda: _keep(job, watched, commit))


def grade(job: Job, candidate: str, commit: str, accept_loss: bool, tell: Tell) -> dict[str, Any]:
    """Grade what was kept, or go on where a killed grading stopped. A run that is finished is not run again."""
    return _guarded(lambda: _grade(job, candidate, commit, accept_loss, tell))


def _keep(job: Job, watched: Watched, commit: str) -> Answer:
    from harness import intake
    from harness.store import write_whole

    place = job.folder.kept(watched.candidate, commit)
    if (place / SNAPSHOT).is_file():
        return Answer(came="kept")
    shutil.rmtree(place, ignore_errors=True)
    try:
        snapshot = intake.take(watched.repository, place / "files", commit=commit, limits=_LIMITS)
    except UnreachableError:
        raise
    except SubmissionError as error:
        _expect_answer(watched, error)
        raise
    blind = snapshot.changed(source=snapshot.source.changed(name=watched.candidate))
    write_whole(place / SNAPSHOT, blind.to_json().encode("ascii"))
    return Answer(came="kept")


def _expect_answer(watched: Watched, error: SubmissionError) -> None:
    """A repository that no longer answers at all says nothing about the commit."""
    try:
        commits_of(watched.repository, watched.refs)
    except SubmissionError:
        raise UnreachableError(error.seen) from error


def _grade(job: Job, candidate: str, commit: str, accept_loss: bool, tell: Tell) -> Answer:
    from harness.documents import read_json
    from harness.model.submission import Snapshot
    from harness.pipeline import Order
    from harness.pipeline import grade as carry_out
    from harness.settings import resolve

    run = job.folder.run(candidate, commit)
    finished = _finished(run, commit)
    if finished is None or (finished.came == "lost" and not accept_loss):
        place = job.folder.kept(candidate, commit)
        settings = job.settings
        order = Order(
            submission=str(place / "files"),
            pack=job.opened,
            settings=replace(settings, now=resolve(settings.sandbox).now),
            candidate=candidate,
            profile=job.profile,
            formats=job.formats,
            taken=read_json(place / SNAPSHOT, Snapshot, error=DamagedRunError),
        )
        wait_for_former_owner(run)
        carry_out(order, run, tell.say)
        finished = _finished(run, commit) or Answer(came="fault", reason="the run folder is not whole after grading")
    if finished.came == "lost" and accept_loss:
        return finished.changed(came="graded")  # type: ignore[no-any-return]
    return finished


def _finished(run: Path, commit: str) -> Answer | None:
    """How the run that lies here ended; None when there is none, or it is of another commit."""
    from harness.model.report import Lock
    from harness.model.run import RunSet
    from harness.store import RunFolder, is_finished

    folder = RunFolder(run)
    if not is_finished(run) or not folder.has(Lock):
        return None
    lock = folder.load(Lock)
    if lock.commit != commit:
        return None
    lost = next((step for step in folder.load(RunSet).steps if step.outcome.kind == "sandbox_lost"), None)
    if lost is not None:
        return Answer(came="lost", reason=f"{lost.name} {lost.outcome.sentence()}", run_id=lock.run_id)
    return Answer(came="graded", run_id=lock.run_id)


def _guarded(work: Callable[[], Answer]) -> dict[str, Any]:
    """Known kinds of trouble, each by whose doing it is. Anything else ends the process, and is a fault of ours."""
    try:
        answer = work()
    except UnreachableError as error:
        answer = Answer(came="unreachable", reason=one_line(error.seen))
    except HarnessError as error:
        doing: dict[ExitCode, Came] = {ExitCode.BAD_SUBMISSION: "refused", ExitCode.INFRASTRUCTURE: "host"}
        answer = Answer(came=doing.get(error.exit_code, "fault"), reason=one_line(error.seen))
    except MemoryError:
        answer = Answer(came="host", reason="this machine ran out of memory")
    except OSError as error:
        if error.errno not in HOST_TROUBLE:
            raise
        answer = Answer(came="host", reason=f"this machine: {errno.errorcode[error.errno or 0]}, {error.strerror}")
    return answer.model_dump(mode="json")
