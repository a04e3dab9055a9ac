"""The steps of one submission, each in a fresh sandbox: notebooks, own tests, train, predict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.model.pack import Facts, Pack
from harness.model.run import Exited, RunSet, SandboxLost, SkippedStep, StepResult
from harness.model.sandbox import Limits
from harness.model.submission import CommandEntry, Snapshot
from harness.running import jobs
from harness.running.entry import EntryChoice
from harness.running.exchange import Exchange
from harness.running.jobs import Order, Place
from harness.running.probe_data import Ground
from harness.running.probes import run_probes
from harness.running.session import Session

TESTS_PASSED, TESTS_FAILED = 0, 1
"""Exit codes of a pytest that collected something and came to its end."""

Happened = tuple[list[StepResult], list[SkippedStep]]


@dataclass(frozen=True)
class Running:
    """One submission's run: what the steps share."""

    session: Session
    pack: Pack
    snapshot: Snapshot
    files: Path
    choice: EntryChoice
    public: Path
    """The data as the candidate was given it."""
    exchange: Exchange
    artifacts: Path
    facts: Facts | None = None

    @property
    def place(self) -> Place:
        return Place(self.session.environment, self.files, self.session.threads)

    def step(self, name: str, order: Order, limits: Limits, target: str | None = None) -> StepResult:
        """Run one step and record it; what came out lies below artifacts/NAME."""
        self.session.say(f"{name}: {target}" if target else name)
        job = replace(order.job, label=name)
        execution, artifacts, refused = self.session.run(job, order.put, self.artifacts / name)
        return StepResult(
            name=name,
            target=target,
            outcome=execution.outcome,
            wall_s=execution.wall_s,
            cpu_s=execution.cpu_s,
            peak_mb=execution.peak_mb,
            limits=limits,
            stdout=execution.stdout,
            stderr=execution.stderr,
            artifacts=tuple(one.changed(step=name) for one in artifacts),
            refused_outputs=refused,
            memory_kill_seen=execution.memory_kill_seen,
        )


Stage = Callable[[Running, Sequence[StepResult]], Happened]
"""Runs some steps; it is told what ran before."""


def run_steps(running: Running) -> RunSet:
    """Every step of the pack, in order. A failed step never stops the next one."""
    stages: Sequence[Stage] = (_notebooks, _own_tests, _mutants, _train_and_predict, _probes)
    results: list[StepResult] = []
    skipped: list[SkippedStep] = []
    for stage in stages:
        ran, left_out = stage(running, results)
        results += ran
        skipped += left_out
    return RunSet(
        hardening=running.session.backend.hardening(),
        environment=running.session.environment,
        entry=running.choice.entry,
        entry_found_by=running.choice.reason,
        steps=tuple(results),
        skipped=tuple(skipped),
    )


def run_predict_only(running: Running) -> RunSet:
    """Only what is needed for predictions: how exemplars are measured for the ladder."""
    results, skipped = _train_and_predict(running, ())
    return RunSet(
        hardening=running.session.backend.hardening(), entry=running.choice.entry, steps=tuple(results), skipped=tuple(skipped)
    )


def _notebooks(running: Running, _: Sequence[StepResult]) -> Happened:
    limits = running.pack.steps.execute
    if limits is None:
        return [], [SkippedStep(name="execute", reason="this pack does not run notebooks", fault="pack")]
    notebooks = sorted(
        (path for path in running.snapshot.paths() if path.endswith(".ipynb")), key=lambda path: (path.count("/"), path)
    )
    if not notebooks:
        return [], [SkippedStep(name="execute", reason="the submission has no notebook", fault="submission")]
    results = []
    for index, notebook in enumerate(notebooks[: running.pack.steps.max_notebooks]):
        name = "execute" if index == 0 else f"execute-{index + 1}"
        results.append(
            running.step(name, jobs.execute_notebook(running.place, notebook, limits, running.public), limits, notebook)
        )
    left_out = notebooks[running.pack.steps.max_notebooks :]
    reason = f"the pack runs {running.pack.steps.max_notebooks} notebooks; not run: {', '.join(left_out[:5])}"
    return results, [SkippedStep(name="execute-more", reason=reason, fault="pack")] if left_out else []


def _own_tests(running: Running, _: Sequence[StepResult]) -> Happened:
    limits = running.pack.steps.tests
    if limits is None:
        return [], [SkippedStep(name="tests", reason="this pack does not run the submission's tests", fault="pack")]
    if not any(path.endswith(".py") for path in running.snapshot.paths()):
        return [], [SkippedStep(name="tests", reason="the submission has no Python file", fault="submission")]
    return [running.step("tests", jobs.run_tests(running.place, limits, running.public), limits)], []


def _mutants(running: Running, before: Sequence[StepResult]) -> Happened:
    """Only where there are tests that ran: what fails on sound code says nothing of faulty code."""
    limits = running.pack.steps.mutants
    tested = next((step for step in before if step.name == "tests"), None)
    if limits is None or tested is None:
        return [], []
    if not isinstance(tested.outcome, Exited) or tested.outcome.code not in (TESTS_PASSED, TESTS_FAILED):
        lost = isinstance(tested.outcome, SandboxLost)
        reason = f"its tests could not be run to their end: tests {tested.outcome.sentence()}"
        return [], [SkippedStep(name="mutants", reason=reason, fault="harness" if lost else "submission")]
    return [running.step("mutants", jobs.try_mutants(running.place, limits, running.public), limits)], []


def _train_and_predict(running: Running, _: Sequence[StepResult]) -> Happened:
    pack, entry = running.pack, running.choice.entry
    if pack.steps.predict is None:
        return [], [SkippedStep(name="predict", reason="this pack asks for no predictions", fault="pack")]
    if entry is None:
        return [], [SkippedStep(name="predict", reason=running.choice.reason, fault="submission")]
    results: list[StepResult] = []
    model = None
    if isinstance(entry, CommandEntry) and entry.train:
        limits = pack.steps.train or pack.steps.predict
        trained = running.step("train", jobs.train(running.place, entry.train, limits, running.public), limits)
        results.append(trained)
        if not trained.outcome.succeeded:
            fault = "harness" if isinstance(trained.outcome, SandboxLost) else "submission"
            return results, [SkippedStep(name="predict", reason=f"train {trained.outcome.sentence()}", fault=fault)]
        model = running.artifacts / "train" / "model"
        model.mkdir(parents=True, exist_ok=True)
    order = jobs.predict(running.place, entry, pack, pack.steps.predict, running.exchange.public, model)
    results.append(running.step("predict", order, pack.steps.predict))
    return results, []


def _probes(running: Running, before: Sequence[StepResult]) -> Happened:
    """Predict again on altered data, where it has predicted before."""
    predicted = next((step for step in before if step.name == "predict"), None)
    probes, entry = running.pack.steps.probes, running.choice.entry
    if probes is None or entry is None or predicted is None:
        return [], []
    if not (running.artifacts / "predict" / running.pack.predictions.file).is_file():
        reason = f"predict {predicted.outcome.sentence()} and left no predictions to compare with"
        lost = isinstance(predicted.outcome, SandboxLost)
        return [], [SkippedStep(name="probes", reason=reason, fault="harness" if lost else "submission")]
    model = running.artifacts / "train" / "model"

    def step(name: str, order: Order, target: str | None) -> StepResult:
        return running.step(name, order, order.job.limits, target)

    ground = Ground(
        pack=running.pack,
        probes=probes,
        facts=running.facts,
        entry=entry,
        place=running.place,
        exchange=running.exchange.public,
        given=running.public,
        model=model if model.is_dir() else None,
        artifacts=running.artifacts,
        first=predicted,
        step=step,
        folder=running.session.folder,
    )
    return run_probes(ground)
