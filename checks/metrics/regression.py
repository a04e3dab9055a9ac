"""Metrics of predicted amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.metrics.base import MetricSpec, NoMetricSettings, Rows, Weighed

if TYPE_CHECKING:
    from checks.metrics.base import Floats


def _mae(rows: Rows, settings: NoMetricSettings) -> Weighed:
    losses = abs(rows.predicted - rows.truth)
    return lambda weights: (weights @ losses) / weights.sum(axis=1)


def _rmse(rows: Rows, settings: NoMetricSettings) -> Weighed:
    losses = (rows.predicted - rows.truth) ** 2
    return lambda weights: ((weights @ losses) / weights.sum(axis=1)) ** 0.5


def _wape(rows: Rows, settings: NoMetricSettings) -> Weighed:
    """Sum of absolute errors over the sum of absolute truth."""
    import numpy as np

    losses, sizes = abs(rows.predicted - rows.truth), abs(rows.truth)

    def weighed(weights: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((weights @ losses) / (weights @ sizes))

    return weighed


METRICS = (
    MetricSpec("mae", "Mean absolute error", False, 0, None, "number", False, NoMetricSettings, _mae),
    MetricSpec("rmse", "Root mean squared error", False, 0, None, "number", False, NoMetricSettings, _rmse),
    MetricSpec("wape", "Weighted absolute percentage error", False, 0, None, "number", False, NoMetricSettings, _wape),
)
