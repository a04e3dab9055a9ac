"""The units of a batch, each done in a process of its own: prepare, look up, grade. They speak in small answers."""

import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from harness import __version__
from harness.batch.child import Tell
from harness.batch.entries import Entry
from harness.batch.folder import BatchFolder
from harness.batch.members import member_of, not_graded
from harness.batch.results import ResultStore, content_key, digest_of
from harness.errors import HOST_TROUBLE, ExitCode, HarnessError, SubmissionError, UsageError
from harness.model.cohort import Doing, Member
from harness.model.finding import Fault
from harness.model.record import Record
from harness.packs import OpenPack
from harness.settings import Format, Settings

_OWNER_ENDS_S = 15.0

Found = Literal["kept", "stored", "missing", "graded", "fault"]


class Answer(Record):
    """What a unit has to say to the batch."""

    found: Found
    key: str | None = None
    doing: Doing | None = None
    reason: str = ""
    sure: bool = False
    """For trouble with the infrastructure: no line of the submission's had run, so it cannot have been its doing."""
    automatic: float | None = None
    fully_measured: bool = False
    held: bool = False
    """A gate is open: somebody has to look first."""


class Ground(Record):
    """What every submission of the batch stands on; made once, before the first one is looked at."""

    backend: str
    environment: str
    python_version: str
    check_versions: dict[str, str]
    plugins: tuple[str, ...] = ()
    exit_code: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class Batch:
    """What was asked for, once everything in it is known."""

    opened: OpenPack
    settings: Settings
    folder: BatchFolder
    store: ResultStore
    profile: str
    seed: int | None
    formats: tuple[Format, ...]
    files: tuple[str, ...]
    """What the formats are called in a run folder."""
    footing: str = ""

    def seed_of(self, entry: Entry) -> int:
        from harness.running import seed_for

        return seed_for(self.opened.pack, self.settings.secret, entry.name, self.seed)[0]

    @property
    def shared_seed(self) -> int | None:
        """The seed of everybody's data; None where each candidate has their own."""
        own = self.settings.secret is not None and self.seed is None
        return None if own else (self.opened.pack.data.demo_seed if self.seed is None else self.seed)

    def standing_on(self, ground: Ground) -> "Batch":
        parts: dict[str, object] = {
            "format": 1,
            "grading": self.opened.grading_digest,
            "public": self.opened.public_digest,
            "environment": ground.environment,
            "python": ground.python_version,
            "backend": ground.backend,
            "harness": __version__,
            "checks": ground.check_versions,
            "profile": self.profile,
        }
        if ground.plugins:
            parts["plugins"] = ground.plugins
        return replace(self, footing=digest_of(parts))


def prepare(batch: Batch, tell: Tell) -> dict[str, Any]:
    """Choose the back end, build the environment, and make what all share: the data of their seed and its ladder."""
    from harness import checking
    from harness.footing import prepare as make_footing
    from harness.pipeline import plugins_used
    from harness.running import open_session

    opened, seed = batch.opened, batch.shared_seed
    try:
        checking.verify_uses(opened.pack.checks, checking.catalogue())
        versions = {use.check: checking.catalogue()[use.check].version for use in opened.pack.checks}
        with open_session(batch.settings, opened.lock, "batch", tell.say) as session:
            environment, backend = session.environment, session.backend.name
            used = plugins_used(opened.pack, batch.formats, backend)
            if seed is not None:
                make_footing(opened, seed, session)
    except HarnessError as error:
        return Ground(
            backend="", environment="", python_version="", check_versions={}, exit_code=error.exit_code, trouble=str(error)
        ).model_dump(mode="json")
    return Ground(
        backend=backend,
        environment=environment.digest,
        python_version=environment.python_version,
        check_versions=versions,
        plugins=tuple(f"{one.group} {one.name} {one.distribution} {one.version}" for one in used),
    ).model_dump(mode="json")


def look_up(batch: Batch, entry: Entry, tell: Tell) -> dict[str, Any]:
    """Whether this very submission has been graded on this footing: here, or in any batch that used the store."""
    return _guarded(batch, entry, lambda: _look_up(batch, entry, tell))


def grade(batch: Batch, entry: Entry, key: str, pause_s: float, tell: Tell) -> dict[str, Any]:
    """Grade one submission into its run folder, store the result, and only then put it on record."""
    if pause_s:
        tell.say("waiting a little before another try")
        time.sleep(pause_s)
    return _guarded(batch, entry, lambda: _grade(batch, entry, key, tell))


def sandbox_works(batch: Batch, tell: Tell) -> dict[str, Any]:
    """Whether a real sandbox starts here now: asked when several were lost in a row."""
    from harness.running import examine

    tell.say("several sandboxes were lost in a row; trying one")
    return {"works": any(one.health.available for one in examine(batch.settings, conformance=False))}


def _look_up(batch: Batch, entry: Entry, tell: Tell) -> Answer:
    from harness import intake

    if entry.place.is_symlink():
        raise SubmissionError("this entry is a link", expected="the submission itself: a folder or an archive")
    with tempfile.TemporaryDirectory(prefix="harness-look-", ignore_cleanup_errors=True) as scratch:
        digest = intake.take(str(entry.place), Path(scratch, "files")).digest
    key = content_key(batch.footing, digest, batch.seed_of(entry))
    known = batch.folder.member(entry.id)
    if known is not None and known.key == key and known.state == "graded" and _is_whole(batch, batch.folder.run(entry.id)):
        return _as_answer("kept", known)
    batch.folder.forget(entry.id)
    found = _bring(batch, entry, key, tell)
    return found or Answer(found="missing", key=key)


def _grade(batch: Batch, entry: Entry, key: str, tell: Tell) -> Answer:
    from harness.pipeline import grade as carry_out

    with batch.store.claim(key, tell.say):
        found = _bring(batch, entry, key, tell)
        if found is not None:
            return found
        tell.restart_clock()
        run = batch.folder.run(entry.id)
        wait_for_former_owner(run)
        report = carry_out(_order(batch, entry), run, tell.say)
        if content_key(batch.footing, report.submission.digest, report.lock.data_seed) != key:
            return Answer(found="fault", doing="infrastructure", reason="the submission changed while it was being graded")
        member = member_of(report, batch.folder, run, key, batch.footing)
        lost = next((step for step in report.runs.steps if step.outcome.kind == "sandbox_lost"), None)
        if lost is not None:
            return Answer(found="fault", key=key, doing="infrastructure", reason=f"{lost.name} {lost.outcome.sentence()}")
        if not any(one.fault is Fault.HARNESS for one in member.unmeasured):
            batch.store.keep(key, run)
        batch.folder.save(member)
        return _as_answer("graded", member)


def _bring(batch: Batch, entry: Entry, key: str, tell: Tell) -> Answer | None:
    """The stored result, told under this entry's id."""
    from harness.model.report import Report
    from harness.model.submission import Snapshot
    from harness.store import RunFolder

    run = batch.folder.run(entry.id)
    if not batch.store.has(key) or not batch.store.bring(key, run, partial(_acceptable, batch)):
        return None
    folder = RunFolder(run)
    report = folder.load(Report)
    if report.submission.candidate != entry.id or not _is_whole(batch, run):
        from harness.pipeline import regrade

        tell.say("telling a stored result under another id")
        snapshot = folder.load(Snapshot)
        folder.save(snapshot.changed(source=snapshot.source.changed(name=entry.id)))
        report = regrade(_order(batch, entry), run, "score", tell.say)
    member = member_of(report, batch.folder, run, key, batch.footing)
    batch.folder.save(member)
    return _as_answer("stored", member)


def _acceptable(batch: Batch, run: Path) -> bool:
    """Where runs are signed, only what bears our own signature is believed."""
    from harness import keys, provenance

    signer = keys.signer(batch.settings.key)
    return signer is None or provenance.verify(run, [signer.public]).state == "verified"


def _is_whole(batch: Batch, run: Path) -> bool:
    """Whether a run folder is finished and holds every format that was asked for now, signed if that was asked for."""
    from harness.store import is_finished

    return is_finished(run) and all((run / name).is_file() for name in batch.files) and _acceptable(batch, run)


def _order(batch: Batch, entry: Entry) -> Any:
    from harness.pipeline import Order

    return Order(
        submission=str(entry.place),
        pack=batch.opened,
        settings=batch.settings,
        candidate=entry.name,
        seed=batch.seed,
        profile=batch.profile,
        formats=batch.formats,
        shown_as=entry.id,
    )


def wait_for_former_owner(run: Path) -> None:
    """A worker of a batch that was killed may still be closing its sandboxes."""
    from harness.store import owner_is_alive

    deadline = time.monotonic() + _OWNER_ENDS_S
    while owner_is_alive(run):
        if time.monotonic() > deadline:
            raise UsageError("another process is grading into this run folder", where=str(run))
        time.sleep(0.1)


def _as_answer(found: Found, member: Member) -> Answer:
    totals = member.totals
    return Answer(
        found=found,
        key=member.key,
        automatic=totals.automatic if totals else None,
        fully_measured=bool(totals and totals.automatic_coverage >= 1),
        held=bool(member.gates),
    )


def _guarded(batch: Batch, entry: Entry, work: Callable[[], Answer]) -> dict[str, Any]:
    """Known kinds of trouble, each by whose doing it is. Anything else ends the process, and is a fault of ours."""
    try:
        answer = work()
    except HarnessError as error:
        doing = _doing(error)
        answer = Answer(found="fault", doing=doing, reason=_blind(error.seen, entry), sure=doing == "infrastructure")
    except MemoryError:
        answer = Answer(found="fault", doing="infrastructure", reason="this machine ran out of memory")
    except OSError as error:
        if error.errno not in HOST_TROUBLE:
            raise
        answer = Answer(found="fault", doing="infrastructure", reason=f"this machine: {error.strerror}", sure=True)
    if answer.found == "fault":
        batch.folder.save(not_graded(entry.id, batch.footing, answer.doing or "harness", answer.reason, answer.key))
    return answer.model_dump(mode="json")


def _doing(error: HarnessError) -> Doing:
    kinds: dict[ExitCode, Doing] = {
        ExitCode.BAD_SUBMISSION: "submission",
        ExitCode.BAD_PACK: "pack",
        ExitCode.INFRASTRUCTURE: "infrastructure",
    }
    return kinds.get(error.exit_code, "harness")


def _blind(text: str, entry: Entry) -> str:
    """The reason without the entry's own name, as part of a path or quoted: it is kept out of what is told."""
    from harness.model.text import one_line

    for name in sorted({entry.place.name, entry.name, entry.shown_name}, key=len, reverse=True):
        text = re.sub(rf"(?<=[/'\"]){re.escape(name)}(?!\w)", entry.id, text)
    return one_line(text)
