"""Which comparison belongs to which kind of answer."""

from collections.abc import Callable
from pathlib import Path

from checks.answers.review import measure_review
from checks.answers.table import measure as measure_table
from checks.measure import measure as measure_predictions
from harness.model.pack import Metric, Pack

MEASURES: dict[str, Callable[[Pack, Metric, bytes, Path], float]] = {"predictions": measure_predictions, "table": measure_table}


def measure(pack: Pack, metric: Metric, answer: bytes, reference: Path, artifacts: Path | None = None) -> float:
    """The metric of one answer. What is wrong with an exemplar's answer is the pack's fault, and raises PackError."""
    if pack.answer.kind == "review":
        return measure_review(pack, metric, answer, reference, artifacts)
    return MEASURES[pack.answer.kind](pack, metric, answer, reference)
