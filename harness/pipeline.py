"""The path of a submission: five stages, each taking what the one before gave, each on disk before the next begins."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import __version__, assembling, checking, intake, keys, plugins, provenance, publishing, running, scoring, warming
from harness.errors import DamagedRunError
from harness.footing import Footing, evidence_of, find_footing, stand
from harness.model.grade import Grade
from harness.model.pack import Pack
from harness.model.record import Record
from harness.model.report import Lock, PluginRef, Report
from harness.model.rubric import Ratings, Rubric
from harness.model.run import RunSet
from harness.model.submission import Snapshot
from harness.packs import OpenPack
from harness.profiles import with_profile
from harness.running import Running, choose_entry, open_session, run_steps, seed_for
from harness.settings import ALL_FORMATS, Format, Settings
from harness.store import Checks, RunFolder, begin, open_run

Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    submission: str
    pack: OpenPack
    settings: Settings
    commit: str | None = None
    candidate: str | None = None
    seed: int | None = None
    profile: str | None = None
    formats: Sequence[Format] = ALL_FORMATS
    rubric: Rubric | None = None
    """Replaces the pack's own, when a rubric is tried out."""
    ratings: Ratings = Ratings()
    shown_as: str | None = None
    """Told instead of the candidate's id and of the submission's own name, where a reader is to be blind to both."""
    taken: Snapshot | None = None
    """The record of taking it in, where that was done earlier and `submission` is the copy that was kept."""

    @property
    def used_rubric(self) -> Rubric:
        """With the profile that is asked for in it, where that is one of those that come with the harness."""
        rubric = self.rubric or self.pack.rubric
        return rubric if self.profile is None else with_profile(rubric, self.profile)

    @property
    def used_profile(self) -> str:
        return self.profile or self.used_rubric.default_profile


@dataclass(frozen=True)
class Work:
    """An order being carried out in one run folder."""

    order: Order
    folder: RunFolder
    scratch: Path
    """0700; gone when the work is done. Labels are only ever written here."""
    say: Say


def take(work: Work, _: None) -> Snapshot:
    """Submission -> Snapshot: a read-only, content-hashed copy."""
    snapshot = intake.take(work.order.submission, work.folder.files, commit=work.order.commit)
    if work.order.taken is not None:
        snapshot = _as_taken(work.order.taken, snapshot)
    name = work.order.shown_as
    return snapshot if name is None else snapshot.changed(source=snapshot.source.changed(name=name))


def _as_taken(taken: Snapshot, again: Snapshot) -> Snapshot:
    """What was said of it when it was taken in, once the copy that was kept is seen to be the same still."""
    if again.digest != taken.digest:
        raise DamagedRunError("the kept copy of this submission has changed since it was taken in", next_step="restore it")
    return taken


def run(work: Work, snapshot: Snapshot) -> RunSet:
    """Snapshot -> RunSet: each step in a fresh sandbox. The lock is written before the first step starts."""
    order, opened = work.order, work.order.pack
    seed, kind = seed_for(opened.pack, order.settings.secret, order.candidate, order.seed)
    run_id = _run_id(work, snapshot, seed)
    with open_session(order.settings, opened.lock, run_id, work.say) as session, warming.beside_the_sandboxes():
        footing = stand(opened, seed, session, snapshot, work.scratch)
        work.folder.save(_lock(work, snapshot, session.environment, session.backend.hardening(), footing, run_id, seed, kind))
        declaration, problem = intake.read_declaration(work.folder.files, snapshot)
        choice = choose_entry(declaration, problem, snapshot, work.folder.files, opened.pack.entry_points)
        running = Running(
            session,
            opened.pack,
            snapshot,
            work.folder.files,
            choice,
            footing.public,
            footing.exchange,
            work.folder.artifacts,
            opened.facts,
        )
        return run_steps(running)


def check(work: Work, runs: RunSet) -> Checks:
    """RunSet -> Checks: every check of the pack sees Evidence and nothing else."""
    snapshot, lock = work.folder.load(Snapshot), work.folder.load(Lock)
    footing = find_footing(work.order.pack, lock, snapshot, work.order.settings, work.scratch, work.say)
    evidence = evidence_of(work.order.pack, snapshot, work.folder, runs, footing)
    return checking.judge(evidence, work.order.pack.pack.checks)


def score(work: Work, checks: Checks) -> Grade:
    """Checks -> Grade: pure arithmetic."""
    return scoring.score(checks.results, work.order.used_rubric, work.order.ratings, work.order.used_profile)


def tell(work: Work, grade: Grade) -> Report:
    """Grade -> Report: one record, told in every format that was asked for. What people said is kept beside it."""
    order, folder = work.order, work.folder
    snapshot, lock = folder.load(Snapshot), folder.load(Lock)
    declaration, _ = intake.read_declaration(folder.files, snapshot)
    report = assembling.assemble(
        lock=lock.changed(
            rubric_digest=_digest(order.used_rubric), plugins=plugins_used(order.pack.pack, order.formats, lock.backend)
        ),
        pack=order.pack.pack,
        rubric=order.used_rubric,
        interview=order.pack.interview,
        snapshot=snapshot,
        declaration=declaration,
        candidate=order.shown_as or order.candidate or f"candidate-{snapshot.digest[:8]}",
        runs=folder.load(RunSet),
        results=folder.load(Checks).results,
        grade=grade,
        rungs=lock.rungs,
    )
    if order.ratings.ratings:
        folder.save(order.ratings)
    publishing.publish(report, folder, order.formats)
    return report


Stage = tuple[str, Callable[[Work, Any], Any], type[Record]]

STAGES: tuple[Stage, ...] = (
    ("take", take, Snapshot),
    ("run", run, RunSet),
    ("check", check, Checks),
    ("score", score, Grade),
    ("tell", tell, Report),
)


def grade(order: Order, root: Path, say: Say) -> Report:
    """Carry out every stage. A run that was cut off goes on with the first stage whose record is missing."""
    _take_plugins(order)
    checking.verify_uses(order.pack.pack.checks, checking.catalogue())
    signer = keys.signer(order.settings.key)
    with begin(root) as folder, _scratch() as scratch:
        work = Work(order, folder, scratch, say)
        kept = _resumable(work)
        if not kept:
            folder.clear()
        elif "run" not in kept:
            folder.clear_artifacts()
        report = _carry_out(work, STAGES, kept)
        provenance.seal(folder, signer, order.settings.now)
        return report


def regrade(order: Order, root: Path, start: str, say: Say) -> Report:
    """Judge or weigh a finished run again. No candidate code runs: the stages before `start` are read from disk."""
    open_run(root)
    names = [name for name, _, _ in STAGES]
    signer = keys.signer(order.settings.key)
    ours = provenance.still_ours(root, signer, rewritten=[record for _, _, record in STAGES[names.index(start) :]])
    with begin(root) as folder, _scratch() as scratch:
        report = _carry_out(Work(order, folder, scratch, say), STAGES, names[: names.index(start)])
        provenance.seal(folder, signer if ours else None, order.settings.now)
        if signer is not None and not ours:
            say("this run did not bear your key's signature before, and bears none now")
        return report


def _take_plugins(order: Order) -> None:
    """Verify every plug-in before anything is run; none is taken from what is about to be graded."""
    if Path(order.submission).is_dir():
        plugins.refuse_from(Path(order.submission))
    checking.catalogue()
    running.take_kinds()
    running.take_backends()
    publishing.take_renderers()


def plugins_used(pack: Pack, formats: Sequence[str], backend: str) -> tuple[PluginRef, ...]:
    """The plug-ins that have a part in a run, to be named in its report."""
    metrics = (pack.metric, *pack.also_shown)
    used: list[tuple[plugins.Group, str]] = [("kinds", pack.kind), ("backends", backend)]
    used += [("checks", use.check) for use in pack.checks]
    used += [("metrics", metric.name) for metric in metrics]
    used += [("renderers", name) for name in formats]
    return plugins.refs(used)


def where_to_start(order: Order, folder: RunFolder) -> str:
    """`score` when the checks on disk are still what today's checks would say, else `check`."""
    lock = folder.load(Lock)
    same_checks = lock.check_versions == _check_versions(order.pack)
    return "score" if folder.has(Checks) and same_checks and lock.judging_digest == _judging_digest(order.pack) else "check"


def _carry_out(work: Work, stages: Sequence[Stage], kept: Sequence[str]) -> Report:
    value: Any = None
    began = time.monotonic()
    for name, stage, record in stages:
        if name in kept:
            value = work.folder.load(record)
            continue
        work.folder.note(work.order.settings.now, "stage", name=name, after_s=round(time.monotonic() - began, 2))
        value = stage(work, value)
        work.folder.save(value)
    return value  # type: ignore[no-any-return]


def _resumable(work: Work) -> list[str]:
    """Stages of a cut-off run that can be kept: same submission, same pack, same harness, same data."""
    folder = work.folder
    if not folder.left_unfinished or not (folder.has(Snapshot) and folder.has(Lock)):
        return []
    lock, opened = folder.load(Lock), work.order.pack
    seed, _ = seed_for(opened.pack, work.order.settings.secret, work.order.candidate, work.order.seed)
    again = intake.take(work.order.submission, work.scratch / "again", commit=work.order.commit)
    asked = (again.digest, opened.grading_digest, __version__, seed)
    if asked != (lock.submission_digest, lock.grading_digest, lock.harness_version, lock.data_seed):
        return []
    kept = []
    for name, _, record in STAGES:
        if not folder.has(record):
            break
        kept.append(name)
    return kept


def _lock(
    work: Work, snapshot: Snapshot, environment: Any, hardening: Any, footing: Footing, run_id: str, seed: int, kind: Any
) -> Lock:
    opened, settings = work.order.pack, work.order.settings
    return Lock(
        run_id=run_id,
        harness_version=__version__,
        pack=opened.pack.id,
        pack_version=opened.pack.version,
        public_digest=opened.public_digest,
        grading_digest=opened.grading_digest,
        judging_digest=_judging_digest(opened),
        rubric_digest=_digest(work.order.used_rubric),
        submission_digest=snapshot.digest,
        commit=snapshot.source.commit,
        backend=hardening.backend,
        backend_version=hardening.version,
        environment_digest=environment.digest,
        environment_reference=environment.reference,
        python_version=environment.python_version,
        data_seed=seed,
        data_seed_kind=kind,
        data_digest=footing.data.digest,
        exchange_digest=footing.exchange.digest,
        rungs=footing.rungs,
        threads=settings.threads,
        controls=hardening.controls,
        gaps=hardening.gaps,
        check_versions=_check_versions(opened),
        plugins=plugins_used(opened.pack, work.order.formats, hardening.backend),
        created=settings.now.isoformat(timespec="seconds"),
    )


def _check_versions(opened: OpenPack) -> dict[str, str]:
    specs = checking.catalogue()
    checking.verify_uses(opened.pack.checks, specs)
    return {use.check: specs[use.check].version for use in opened.pack.checks}


def _judging_digest(opened: OpenPack) -> str:
    """Of what checks are told by the pack: its manifest and facts, not its rubric."""
    return hashlib.sha256((opened.pack.to_json() + opened.facts.to_json()).encode()).hexdigest()


def _digest(record: Record) -> str:
    return hashlib.sha256(record.to_json().encode()).hexdigest()


def _run_id(work: Work, snapshot: Snapshot, seed: int) -> str:
    """From what is run and when, so that a fixed clock gives byte-identical reports."""
    parts = (snapshot.digest, work.order.pack.grading_digest, str(seed), work.order.settings.now.isoformat())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="harness-work-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
