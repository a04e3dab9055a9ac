"""From labels and predictions to numbers with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from checks.bootstrap import Interval, intervals
from checks.metrics.base import Rows, Weighed
from checks.metrics.registry import ChosenMetric, choose
from checks.tables import LabelsError, LabelTable, read_labels, read_predictions
from harness.errors import PackError
from harness.model.pack import Metric, Pack

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.int64]


def measure_all(
    labels: LabelTable, values: Mapping[str, float], metrics: Sequence[ChosenMetric], cluster_column: str | None = None
) -> dict[str, Interval]:
    """Each metric's interval, keyed by name (`name_2` for a second use); raises LabelsError when the labels do not fit."""
    import numpy as np

    clusters = None
    if cluster_column is not None and cluster_column not in labels.columns:
        message = f"the label file has no column {cluster_column!r} to draw by"
        raise LabelsError(message)
    rows, order = _rows(labels, values, metrics)
    if cluster_column is not None:
        clusters = np.unique(np.array(labels.columns[cluster_column]), return_inverse=True)[1][order]
    strata = rows.truth.astype(np.int64) if _binary(metrics) else np.zeros(len(rows.truth), dtype=np.int64)
    with np.errstate(all="ignore"):
        return intervals(_prepared(rows, metrics), strata, clusters)


def values_on(labels: LabelTable, values: Mapping[str, float], metrics: Sequence[ChosenMetric]) -> dict[str, float]:
    """Each metric's value alone."""
    import numpy as np

    rows, _ = _rows(labels, values, metrics)
    ones = np.ones((1, len(rows.truth)))
    with np.errstate(all="ignore"):
        found = {key: float(weighed(ones)[0]) for key, weighed in _prepared(rows, metrics).items()}
    return {key: value for key, value in found.items() if np.isfinite(value)}


def _prepared(rows: Rows, metrics: Sequence[ChosenMetric]) -> dict[str, Weighed]:
    return {key: metric.spec.prepare(rows, metric.settings) for key, metric in zip(keys(metrics), metrics, strict=True)}


def _rows(labels: LabelTable, values: Mapping[str, float], metrics: Sequence[ChosenMetric]) -> tuple[Rows, Places]:
    import numpy as np

    _expect_classes(labels, metrics)
    columns = {name: np.array(labels.numbers(name)) for metric in metrics for name in metric.columns}
    return Rows.ranked(np.array(labels.target), np.array([values[key] for key in labels.ids]), columns)


def keys(metrics: Sequence[ChosenMetric]) -> list[str]:
    """A name for each metric that no other has."""
    taken: list[str] = []
    for metric in metrics:
        name, number = metric.spec.name, 2
        while name in taken:
            name, number = f"{metric.spec.name}_{number}", number + 1
        taken.append(name)
    return taken


def measure(pack: Pack, metric: Metric, predictions: bytes, labels: Path) -> float:
    """One metric of one exemplar's predictions: how rungs are made. What is wrong with them is the pack's fault."""
    chosen = choose(metric)
    try:
        truth = read_labels(labels, pack.data.id_column, pack.data.target)
        table = read_predictions(predictions, pack.predictions, truth.ids)
        if table.problems:
            first = table.problems[0]
            raise PackError(
                f"an exemplar's predictions are not valid: {first.message} ({first.seen})",
                where=pack.id,
                expected=first.expected,
                next_step="correct the exemplar",
            )
        value = values_on(truth, table.values, (chosen,)).get(chosen.spec.name)
    except LabelsError as error:
        raise PackError(str(error), where=pack.id, next_step="correct the generator or the metric's settings") from error
    if value is None:
        raise PackError(f"{chosen.spec.name} is undefined on this holdout", where=pack.id, next_step="look at the labels")
    return value


def _binary(metrics: Sequence[ChosenMetric]) -> bool:
    return any(metric.spec.binary for metric in metrics)


def _expect_classes(labels: LabelTable, metrics: Sequence[ChosenMetric]) -> None:
    if _binary(metrics) and set(labels.target) != {0.0, 1.0}:
        seen = sorted(set(labels.target))[:4]
        message = f"the metric wants a target of 0 and 1 with both present; the label file has {seen}"
        raise LabelsError(message)
