"""Metrics of an order: they see who is ranked above whom, and nothing of the numbers' size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from checks.metrics.base import MetricSpec, NoMetricSettings, Rows, Weighed
from harness.model.record import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from checks.metrics.base import Floats

    Places = NDArray[np.int64]


class ShareSettings(Record):
    """How many rows can be acted on."""

    share: float = Field(default=0.01, gt=0, le=1, description="Share of all rows, the highest predictions first.")


class CostSettings(Record):
    """What it costs to look, and what it costs to miss."""

    share: float = Field(default=0.01, gt=0, le=1, description="Share of all rows that can be looked at.")
    review_cost: float = Field(default=0.0, ge=0, description="Cost of looking at one row.")
    miss_cost: float = Field(default=1.0, ge=0, description="Cost of one missed positive, times its amount if there is one.")
    amount_column: str | None = Field(default=None, description="Column of the label file with each row's amount.")


def _average_precision(rows: Rows, settings: NoMetricSettings) -> Weighed:
    import numpy as np

    starts = _segments(rows)

    def weighed(weights: Floats) -> Floats:
        found = np.add.reduceat(weights * rows.truth, starts, axis=1)
        seen = np.cumsum(np.add.reduceat(weights, starts, axis=1), axis=1)
        hits = np.cumsum(found, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(seen > 0, hits / seen, 0.0)
            return np.asarray((precision * found).sum(axis=1) / hits[:, -1])

    return weighed


def _roc_auc(rows: Rows, settings: NoMetricSettings) -> Weighed:
    import numpy as np

    starts = _segments(rows)

    def weighed(weights: Floats) -> Floats:
        found = np.add.reduceat(weights * rows.truth, starts, axis=1)
        alarms = np.add.reduceat(weights, starts, axis=1) - found
        hits = np.cumsum(found, axis=1)
        ranked_above = hits - found / 2
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((alarms * ranked_above).sum(axis=1) / (hits[:, -1] * alarms.sum(axis=1)))

    return weighed


def _top(rows: Rows, share: float, gain: Floats) -> Weighed:
    """Sum of `gain` over the top share; rows that tie at its edge count in part, as a fair draw among them would."""
    import numpy as np

    starts = _segments(rows)

    def weighed(weights: Floats) -> Floats:
        sizes = np.add.reduceat(weights, starts, axis=1)
        gains = np.add.reduceat(weights * gain, starts, axis=1)
        room = np.clip(_capacity(weights, share)[:, None] - (np.cumsum(sizes, axis=1) - sizes), 0.0, sizes)
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.where(sizes > 0, room / sizes, 0.0)
        return np.asarray((part * gains).sum(axis=1))

    return weighed


def _capacity(weights: Floats, share: float) -> Floats:
    """How many rows the share is: whole rows, at least one."""
    import numpy as np

    return np.asarray(np.maximum(1.0, np.floor(share * weights.sum(axis=1) + 1e-9)))


def _precision_at_share(rows: Rows, settings: ShareSettings) -> Weighed:
    found = _top(rows, settings.share, rows.truth)

    def weighed(weights: Floats) -> Floats:
        precision: Floats = found(weights) / _capacity(weights, settings.share)
        return precision

    return weighed


def _recall_at_share(rows: Rows, settings: ShareSettings) -> Weighed:
    import numpy as np

    found = _top(rows, settings.share, rows.truth)

    def weighed(weights: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(found(weights) / (weights @ rows.truth))

    return weighed


def _expected_cost(rows: Rows, settings: CostSettings) -> Weighed:
    import numpy as np

    amounts = rows.columns[settings.amount_column] if settings.amount_column else np.ones_like(rows.truth)
    losses = settings.miss_cost * amounts * rows.truth
    avoided = _top(rows, settings.share, losses)

    def weighed(weights: Floats) -> Floats:
        return weights @ losses - avoided(weights) + settings.review_cost * _capacity(weights, settings.share)

    return weighed


def _cost_columns(settings: CostSettings) -> tuple[str, ...]:
    return (settings.amount_column,) if settings.amount_column else ()


def _segments(rows: Rows) -> Places:
    """Where each segment starts: a run of equal predictions that holds a positive, or all the negatives between two such.

    Nothing that these metrics count changes inside a stretch of negatives, so it can be summed in one.
    """
    import numpy as np

    starts = np.append(0, np.flatnonzero(rows.predicted[1:] != rows.predicted[:-1]) + 1)
    holds = np.add.reduceat(rows.truth, starts) > 0
    opens = holds.copy()
    opens[0] = True
    opens[1:] |= holds[:-1]
    return np.asarray(starts[opens])


METRICS = (
    MetricSpec("average_precision", "Average precision", True, 0, 1, "ranking", True, NoMetricSettings, _average_precision),
    MetricSpec("roc_auc", "Area under the ROC curve", True, 0, 1, "ranking", True, NoMetricSettings, _roc_auc),
    MetricSpec(
        "precision_at_share", "Precision in the top share", True, 0, 1, "ranking", True, ShareSettings, _precision_at_share
    ),
    MetricSpec("recall_at_share", "Recall in the top share", True, 0, 1, "ranking", True, ShareSettings, _recall_at_share),
    MetricSpec(
        "expected_cost", "Cost at capacity", False, 0, None, "ranking", True, CostSettings, _expected_cost, _cost_columns
    ),
)
