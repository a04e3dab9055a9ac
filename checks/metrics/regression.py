"""Metrics of predicted amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from checks.metrics.base import MetricSpec, NoMetricSettings, Rows, Weighed
from harness.model.record import Record

if TYPE_CHECKING:
    from checks.metrics.base import Floats


class WhereSettings(Record):
    where_column: str = Field(description="Column of the label file with 1 for the rows that count, 0 for the others.")


class QuantileSettings(Record):
    quantile: float = Field(default=0.5, gt=0, lt=1, description="Share of rows whose truth should lie below the prediction.")


def _mae(rows: Rows, settings: NoMetricSettings) -> Weighed:
    losses = abs(rows.predicted - rows.truth)
    return lambda weights: (weights @ losses) / weights.sum(axis=1)


def _rmse(rows: Rows, settings: NoMetricSettings) -> Weighed:
    losses = (rows.predicted - rows.truth) ** 2
    return lambda weights: ((weights @ losses) / weights.sum(axis=1)) ** 0.5


def _wape(rows: Rows, settings: NoMetricSettings) -> Weighed:
    """Sum of absolute errors over the sum of absolute truth."""
    import numpy as np

    return _relative(rows, np.ones_like(rows.truth))


def _wape_where(rows: Rows, settings: WhereSettings) -> Weighed:
    return _relative(rows, rows.columns[settings.where_column])


def _relative(rows: Rows, counts: Floats) -> Weighed:
    import numpy as np

    losses, sizes = counts * abs(rows.predicted - rows.truth), counts * abs(rows.truth)

    def weighed(weights: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((weights @ losses) / (weights @ sizes))

    return weighed


def _pinball(rows: Rows, settings: QuantileSettings) -> Weighed:
    """What is missing costs the quantile, what is too much costs the rest: least when the prediction is that quantile."""
    import numpy as np

    short = rows.truth - rows.predicted
    losses = np.maximum(settings.quantile * short, (settings.quantile - 1) * short)
    return lambda weights: (weights @ losses) / weights.sum(axis=1)


METRICS = (
    MetricSpec("mae", "Mean absolute error", False, 0, None, "number", False, NoMetricSettings, _mae),
    MetricSpec("rmse", "Root mean squared error", False, 0, None, "number", False, NoMetricSettings, _rmse),
    MetricSpec("wape", "Weighted absolute percentage error", False, 0, None, "number", False, NoMetricSettings, _wape),
    MetricSpec(
        "wape_where",
        "Weighted absolute percentage error of some rows",
        False,
        0,
        None,
        "number",
        False,
        WhereSettings,
        _wape_where,
        lambda settings: (settings.where_column,),
    ),
    MetricSpec("pinball", "Pinball loss", False, 0, None, "number", False, QuantileSettings, _pinball),
)
