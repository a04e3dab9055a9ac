"""Metrics by their registered name."""

import difflib
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import ValidationError

from checks.metrics import classification, ranking, regression
from checks.metrics.base import MetricSpec, Wants
from harness.errors import HarnessError, PackError
from harness.model.pack import Metric
from harness.model.record import Record

METRICS: dict[str, MetricSpec] = {spec.name: spec for spec in (*ranking.METRICS, *classification.METRICS, *regression.METRICS)}


def accept(name: str, spec: Any) -> None:
    """Take in a plug-in's metric, once it keeps the contract and its name is free."""
    if METRICS.get(name) is spec:
        return
    if not isinstance(spec, MetricSpec):
        raise _broken(f"it is {spec!r:.60}", "a MetricSpec of checks.metrics.base")
    if spec.name != name:
        raise _broken(f"its name is {spec.name!r}", "an entry point named as its metric")
    if name in METRICS:
        raise _broken("there is a metric of this name already", "a name of its own")
    settings = spec.settings
    if not (isinstance(settings, type) and issubclass(settings, Record) and settings.model_config.get("frozen")):
        raise _broken(f"its settings are {settings!r:.60}", "a frozen Record class")
    required = [field for field, info in settings.model_fields.items() if info.is_required()]
    if required:
        raise _broken(f"its settings {required} have no default", "a default for each")
    if not callable(spec.prepare) or not isinstance(spec.higher_is_better, bool) or spec.wants not in get_args(Wants):
        raise _broken(
            "its fields are not what they should be", "prepare a function, higher_is_better a bool, wants one of Wants"
        )
    METRICS[name] = spec


def _broken(seen: str, expected: str) -> HarnessError:
    return HarnessError(seen, expected=expected)


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
