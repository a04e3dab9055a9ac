"""Metrics by their registered name."""

import difflib
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from checks.metrics import classification, ranking, regression
from checks.metrics.base import MetricSpec
from harness.errors import PackError
from harness.model.pack import Metric

METRICS: dict[str, MetricSpec] = {spec.name: spec for spec in (*ranking.METRICS, *classification.METRICS, *regression.METRICS)}


@dataclass(frozen=True)
class ChosenMetric:
    """A metric with the settings that a pack gave it."""

    spec: MetricSpec
    settings: Any
    title: str

    @property
    def columns(self) -> tuple[str, ...]:
        return self.spec.columns(self.settings)


def choose(metric: Metric) -> ChosenMetric:
    """The metric that a pack names; raises PackError when there is none of that name or its settings do not fit."""
    spec = METRICS.get(metric.name)
    if spec is None:
        close = difflib.get_close_matches(metric.name, METRICS, n=1)
        raise PackError(
            f"there is no metric {metric.name!r}",
            where="pack.yaml",
            expected=f"one of {', '.join(sorted(METRICS))}",
            next_step=f"perhaps {close[0]!r} is meant" if close else "choose one of these",
        )
    try:
        settings = spec.settings.model_validate(metric.settings)
    except ValidationError as error:
        first = error.errors()[0]
        raise PackError(
            f"the settings of metric {metric.name!r} do not fit: {'.'.join(map(str, first['loc']))}: {first['msg']}",
            where="pack.yaml",
            expected=f"settings among {sorted(spec.settings.model_fields) or 'none'}",
        ) from error
    return ChosenMetric(spec, settings, metric.title or spec.title)
