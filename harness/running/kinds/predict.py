"""Kinds predict and forecast: train, predict on a re-keyed holdout, and predict again on altered ones."""

from collections.abc import Sequence
from pathlib import Path

from harness.model.pack import Pack
from harness.model.run import SandboxLost, SkippedStep, StepResult
from harness.model.submission import train_command
from harness.running import jobs
from harness.running.exchange import make_exchange
from harness.running.jobs import Order
from harness.running.kinds.base import Kind
from harness.running.probe_data import Ground
from harness.running.probes import run_probes
from harness.running.work import Happened, Running


def train_and_predict(running: Running, _: Sequence[StepResult]) -> Happened:
    pack, entry = running.pack, running.choice.entry
    if pack.steps.predict is None:
        return [], [SkippedStep(name="predict", reason="this pack asks for no predictions", fault="pack")]
    if entry is None:
        return [], [SkippedStep(name="predict", reason=running.choice.reason, fault="submission")]
    results: list[StepResult] = []
    model = None
    command = train_command(entry)
    if command:
        limits = pack.steps.train or pack.steps.predict
        trained = running.step("train", jobs.train(running.place, command, limits, running.public), limits)
        results.append(trained)
        if not trained.outcome.succeeded:
            fault = "harness" if isinstance(trained.outcome, SandboxLost) else "submission"
            return results, [SkippedStep(name="predict", reason=f"train {trained.outcome.sentence()}", fault=fault)]
        model = running.artifacts / "train" / "model"
        model.mkdir(parents=True, exist_ok=True)
    order = jobs.predict(running.place, entry, pack, pack.steps.predict, running.exchange.public, model)
    results.append(running.step("predict", order, pack.steps.predict))
    return results, []


def probe(running: Running, before: Sequence[StepResult]) -> Happened:
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


def answer_of(pack: Pack, artifacts: Path, _files: Path) -> Path:
    return artifacts / "predict" / pack.predictions.file


PREDICT = Kind(
    public=lambda pack: (pack.data.train, pack.data.score),
    private=lambda pack: (pack.data.labels,),
    make_exchange=make_exchange,
    stages=(train_and_predict, probe),
    answer_of=answer_of,
)
