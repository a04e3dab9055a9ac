"""Metrics of probabilities, and of the decisions made from them at a threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from checks.metrics.base import MetricSpec, NoMetricSettings, Rows, Weighed
from harness.model.record import Record

if TYPE_CHECKING:
    from checks.metrics.base import Floats


class ThresholdSettings(Record):
    threshold: float = Field(default=0.5, description="Predictions at or above it count as positive.")


class ClipSettings(Record):
    clip: float = Field(default=1e-15, gt=0, lt=0.5, description="Probabilities are kept this far from 0 and 1.")


def _brier(rows: Rows, settings: NoMetricSettings) -> Weighed:
    return _mean((rows.predicted - rows.truth) ** 2)


def _brier_skill(rows: Rows, settings: NoMetricSettings) -> Weighed:
    """1 is perfect, 0 is as good as the prevalence of the same rows."""
    import numpy as np

    brier = _mean((rows.predicted - rows.truth) ** 2)
    prevalence = _mean(rows.truth)

    def weighed(weights: Floats) -> Floats:
        share = prevalence(weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            return 1.0 - brier(weights) / (share * (1.0 - share))

    return weighed


def _log_loss(rows: Rows, settings: ClipSettings) -> Weighed:
    import numpy as np

    sure = np.clip(rows.predicted, settings.clip, 1.0 - settings.clip)
    return _mean(-(rows.truth * np.log(sure) + (1.0 - rows.truth) * np.log1p(-sure)))


def _accuracy(rows: Rows, settings: ThresholdSettings) -> Weighed:
    return _mean((_decided(rows, settings) == rows.truth).astype(float))


def _balanced_accuracy(rows: Rows, settings: ThresholdSettings) -> Weighed:
    import numpy as np

    decided = _decided(rows, settings)
    truth = rows.truth

    def weighed(weights: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            sensitivity = (weights @ (decided * truth)) / (weights @ truth)
            specificity = (weights @ ((1 - decided) * (1 - truth))) / (weights @ (1 - truth))
        return np.asarray((sensitivity + specificity) / 2)

    return weighed


def _f1(rows: Rows, settings: ThresholdSettings) -> Weighed:
    import numpy as np

    decided = _decided(rows, settings)

    def weighed(weights: Floats) -> Floats:
        hits = weights @ (decided * rows.truth)
        both = weights @ decided + weights @ rows.truth
        return np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0)

    return weighed


def _decided(rows: Rows, settings: ThresholdSettings) -> Floats:
    import numpy as np

    return np.asarray(rows.predicted >= settings.threshold, dtype=np.float64)


def _mean(losses: Floats) -> Weighed:
    return lambda weights: (weights @ losses) / weights.sum(axis=1)


METRICS = (
    MetricSpec("brier", "Brier score", False, 0, 1, "probability", True, NoMetricSettings, _brier),
    MetricSpec("brier_skill", "Brier skill", True, None, 1, "probability", True, NoMetricSettings, _brier_skill),
    MetricSpec("log_loss", "Log loss", False, 0, None, "probability", True, ClipSettings, _log_loss),
    MetricSpec("accuracy", "Accuracy", True, 0, 1, "decision", True, ThresholdSettings, _accuracy),
    MetricSpec("balanced_accuracy", "Balanced accuracy", True, 0, 1, "decision", True, ThresholdSettings, _balanced_accuracy),
    MetricSpec("f1", "F1", True, 0, 1, "decision", True, ThresholdSettings, _f1),
)
