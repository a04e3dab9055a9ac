"""The share of positives among the rows with the highest predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from checks.metrics.base import MetricSpec, Rows, Weighed
from harness.model.record import Record

if TYPE_CHECKING:
    from checks.metrics.base import Floats


class TopSettings(Record):
    share: float = Field(default=0.1, gt=0, le=1, description="How much of the rows is looked at.")


def _prepare(rows: Rows, settings: TopSettings) -> Weighed:
    """Rows come highest prediction first, so the top is where weights add up to the share."""
    import numpy as np

    def weighed(weights: Floats) -> Floats:
        reached = np.cumsum(weights, axis=-1) - weights
        top = weights * (reached < settings.share * weights.sum(axis=-1, keepdims=True))
        return np.asarray((top @ rows.truth) / top.sum(axis=-1))

    return weighed


HITS_AT_TOP = MetricSpec(
    name="hits_at_top",
    title="Positives among the top",
    higher_is_better=True,
    low=0.0,
    high=1.0,
    wants="ranking",
    binary=True,
    settings=TopSettings,
    prepare=_prepare,
)
