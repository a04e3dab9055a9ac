"""What a candidate's CI runs: notebooks and tests on the data handed out, the answer on the public validation split."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from harness import checking
from harness.ci.contract import Assignment
from harness.ci.validation import NoSplitError, Split, split
from harness.documents import read_yaml
from harness.errors import PackError, SandboxError
from harness.model.feedback import ShownValidation
from harness.model.pack import Pack
from harness.model.run import RunSet, SandboxLost, SkippedStep, StepResult
from harness.model.sandbox import Hardening
from harness.model.submission import Snapshot
from harness.packs import tree_digest
from harness.running import (
    EntryChoice,
    Exchange,
    Running,
    Session,
    exchange_key,
    find_or_make_data,
    kind_of,
    open_session,
    run_answer_only,
    run_steps,
)
from harness.settings import Settings

NOTHING = Hardening(backend="none")
Fault = Literal["submission", "pack", "harness", "unsupported"]


@dataclass(frozen=True)
class Subject:
    """A submission and what it is held to."""

    assignment: Assignment
    pack: Pack
    """Its contract, as a pack that holds nothing private."""
    snapshot: Snapshot
    files: Path
    choice: EntryChoice
    data: Path | None
    """The public data, when there is any."""
    scratch: Path


@dataclass(frozen=True)
class Ran:
    """What running gave."""

    runs: RunSet
    data: Path | None = None
    labels: Path | None = None
    """Of the public validation split."""
    split: Split | None = None
    no_split: str = ""
    """Why there is none, as the end of a sentence."""

    @property
    def sandbox_failed(self) -> bool:
        lost = any(isinstance(step.outcome, SandboxLost) for step in self.runs.steps)
        return lost or any(one.fault == "harness" for one in self.runs.skipped)


def not_run(subject: Subject, reason: str, fault: Fault) -> Ran:
    """Every step of the contract, as left out for one reason."""
    steps = subject.pack.steps
    wanted = {"execute": steps.execute, "tests": steps.tests, "predict": steps.predict}
    left_out = tuple(SkippedStep(name=name, reason=reason, fault=fault) for name, limits in wanted.items() if limits)
    return Ran(RunSet(hardening=NOTHING, skipped=left_out), subject.data, no_split=reason)


def run(subject: Subject, settings: Settings, say: Callable[[str], None]) -> Ran:
    """Run what the contract names. A sandbox that fails is told as such, and takes nothing else with it."""
    lock = subject.assignment.lock
    if lock is None:
        reason = "requirements.txt is not the one that was handed out, and work is graded with that one"
        return not_run(subject, reason, "submission")
    try:
        with open_session(settings, lock, "ci", say) as session:
            data = subject.data or _made(subject, session)
            return _run(replace(subject, data=data), session)
    except SandboxError as error:
        return not_run(subject, error.seen, "harness")


def _made(subject: Subject, session: Session) -> Path | None:
    """The public data of a pack that was named, where it brings its generator; only public/ is looked at."""
    root = subject.assignment.named
    if root is None:
        return None
    pack = read_yaml(root / "pack.yaml", Pack)
    generator = root / pack.data.generator
    if not generator.is_file():
        return None
    parts = [name for name in (pack.data.generator, pack.data.material, pack.requirements) if name]
    digest = hashlib.sha256((tree_digest(root, parts) + pack.data.to_json()).encode()).hexdigest()
    return find_or_make_data(pack, root, f"ci-{digest}", pack.data.demo_seed, session).public


def _run(subject: Subject, session: Session) -> Ran:
    empty = session.folder("no-data")
    given = subject.data or empty
    artifacts = subject.scratch / "artifacts"
    plain = Exchange(given, empty / "none", "")
    steps = subject.pack.steps.model_copy(update={"predict": None, "train": None})
    own = subject.pack.model_copy(update={"steps": steps})
    running = Running(session, own, subject.snapshot, subject.files, subject.choice, given, plain, artifacts)
    first = run_steps(running)
    skipped = tuple(one for one in first.skipped if one.name != "predict")
    runs = first.model_copy(update={"skipped": skipped})
    if subject.pack.steps.predict is None:
        return Ran(runs, subject.data, no_split="this assignment asks for no predictions")
    running = replace(running, pack=subject.pack)
    if subject.pack.answer.kind == "predictions":
        return _on_split(subject, running, runs)
    if subject.data is None:
        return _without_answer(runs, "the data is not in the repository", subject.data)
    return Ran(_joined(runs, run_answer_only(running)), subject.data, no_split="this kind of answer has none")


def _on_split(subject: Subject, running: Running, runs: RunSet) -> Ran:
    try:
        made, exchange = _exchange(subject)
    except (NoSplitError, PackError) as problem:
        return _without_answer(runs, str(problem.seen if isinstance(problem, PackError) else problem), subject.data)
    answered = run_answer_only(replace(running, public=made.root / "public", exchange=exchange))
    return Ran(_joined(runs, answered), subject.data, exchange.labels, made)


def _exchange(subject: Subject) -> tuple[Split, Exchange]:
    if subject.data is None:
        raise NoSplitError("the data is not in the repository")
    made = split(subject.pack, subject.data, subject.scratch / "split")
    key = exchange_key("public", subject.snapshot.digest)
    exchange = kind_of(subject.pack).make_exchange(subject.pack, made.root, key, subject.scratch / "exchange")
    return made, exchange


def _without_answer(runs: RunSet, reason: str, data: Path | None) -> Ran:
    left_out = SkippedStep(name="predict", reason=reason, fault="unsupported")
    return Ran(runs.model_copy(update={"skipped": (*runs.skipped, left_out)}), data, no_split=reason)


def _joined(first: RunSet, second: RunSet) -> RunSet:
    steps: tuple[StepResult, ...] = (*first.steps, *second.steps)
    return second.model_copy(
        update={
            "steps": steps,
            "skipped": (*first.skipped, *second.skipped),
            "environment": first.environment,
            "entry_found_by": first.entry_found_by,
        }
    )


def validated(subject: Subject, ran: Ran, *, scorable: bool) -> ShownValidation | None:
    """The metric on the split, or why there is none; None where the assignment has no predictions."""
    metric = subject.pack.metric
    if subject.pack.answer.kind != "predictions":
        return None
    if ran.split is None or ran.labels is None:
        return ShownValidation(metric=metric.name, how=f"no value: {ran.no_split}")
    rows = ran.split.rows
    if not scorable:
        return ShownValidation(metric=metric.name, rows=rows, how="no value: there are no predictions that could be scored")
    answer = subject.scratch / "artifacts" / "predict" / subject.pack.answer.file
    try:
        value = checking.metric_value(subject.pack, metric, answer.read_bytes(), ran.labels)
    except PackError as error:
        return ShownValidation(metric=metric.name, rows=rows, how=f"no value: {error.seen}")
    return ShownValidation(metric=metric.name, value=value, rows=rows, how=ran.split.how)
