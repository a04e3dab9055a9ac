"""Whether what a submission says of its result holds on hidden rows."""

from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.bootstrap import Interval
from checks.class_asked import majority_metric
from checks.ladder import Ladder, build
from checks.measure import measure_all, values_on
from checks.metrics.registry import METRICS, ChosenMetric, choose
from checks.practice.read import read_practice
from checks.predicted import NoPredictions, find_predictions
from checks.stated_results import Stated, metric_named, metrics_mentioned, stated_result
from checks.tables import LabelsError, LabelTable, read_labels, read_predictions
from checks.trace import Trace, read_traces
from checks.traced_rows import TracedMetric, metrics
from harness.errors import PackError
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.pack import Metric, Pack
from harness.model.record import Record, Share

ID = "claims"
FREE, WORTHLESS = 0.05, 0.5
"""Ladder units above the measured interval that cost nothing, and from which nothing is left."""
NEAR_TRAINING = 0.005
MEANINGLESS = 0.5
"""Ladder units below the measured value from which a claim is so modest that it says nothing."""
IMPOSSIBLE = 1e12
TRACED_NAMES = {
    "average_precision_score": "average_precision", "roc_auc_score": "roc_auc", "accuracy_score": "accuracy", "f1_score": "f1",
    "balanced_accuracy_score": "balanced_accuracy", "brier_score_loss": "brier", "log_loss": "log_loss",
    "mean_absolute_error": "mae", "root_mean_squared_error": "rmse",
}  # fmt: skip


class Settings(Record):
    """When a claim is questioned."""

    gap: Share = Field(default=0.2, description="Ladder units by which a claim may lie above what was measured.")
    too_good: Share = Field(default=0.99, description="Claims of a metric that ends at 1 are questioned from here.")
    rare: Share = Field(default=0.1, description="Share of positives below which accuracy says nothing.")


@dataclass(frozen=True)
class _Compared:
    """A claim beside what was measured, both also on one scale from a dummy at 0 to a strong solution at 1."""

    stated: Stated
    measured: Interval
    gap: float
    """How much better the claim is than the measured value; negative when it is worse."""
    beyond: float
    """How much better it is than the favourable end of the interval; 0 when it lies inside."""
    unit: str


@check("Claims hold", group="result", needs=("predictions", "labels"), settings=Settings)
def claims(evidence: Evidence, settings: Settings) -> CheckResult:
    """The result that the submission states is the one that is measured on hidden rows, within its uncertainty.

    What submission.json declares is compared with the holdout in ladder units; without a declaration, a number that the
    report gives for the task's metric is. A claim that equals a score on training rows, one that is too good to be true,
    and accuracy alone for a rare class are questioned. It cannot know why a claim differs: drift between the periods is
    no fault of anybody's.
    """
    pack, reference = evidence.pack, evidence.reference
    if pack is None or reference is None:
        return not_measured(ID, Fault.UNSUPPORTED, "The holdout's labels are not at hand here.")
    found = find_predictions(evidence, pack)
    if isinstance(found, NoPredictions):
        return not_measured(ID, found.fault, found.reason)
    blind = _accuracy_alone(evidence, settings)
    stated = stated_result(evidence, pack.metric.name)
    if stated is None:
        if blind is not None:
            return judged(ID, 0.25, blind.message, (blind,))
        return not_measured(ID, Fault.SUBMISSION, "The submission states no result of its own that could be compared.")
    try:
        labels = read_labels(reference.labels, pack.data.id_column, pack.data.target)
        table = read_predictions(found, pack.predictions, labels.ids)
        if table.problems:
            return not_measured(ID, Fault.SUBMISSION, f"The predictions cannot be scored: {table.problems[0].message}.")
        compared = _compare(evidence, pack, stated, labels, table.values)
    except (LabelsError, PackError) as error:
        return not_measured(ID, Fault.PACK, f"The pack cannot be scored with: {str(error).splitlines()[0]}.")
    if compared is None:
        if blind is not None:
            return judged(ID, 0.25, blind.message, (blind,))
        reason = (
            f"The submission states {stated.value:g} by {stated.metric!r}, which cannot be measured here or is not possible."
        )
        return not_measured(ID, Fault.UNSUPPORTED, reason)
    return _result(evidence, compared, blind, settings)


def _compare(evidence: Evidence, pack: Pack, stated: Stated, labels: LabelTable, values: dict[str, float]) -> _Compared | None:
    metric = _chosen(pack, stated.metric)
    if metric is None or not _possible(metric, stated.value):
        return None
    measured = measure_all(labels, values, (metric,)).get(metric.spec.name)
    if measured is None:
        return None
    ladder = _ladder(evidence, metric) if stated.metric == pack.metric.name else None
    constant = values_on(labels, dict.fromkeys(labels.ids, 0.5), (metric,)).get(metric.spec.name)
    if ladder is None and constant is None:
        return None
    sign = 1.0 if metric.spec.higher_is_better else -1.0
    favourable = measured.high if sign > 0 else measured.low

    def placed(value: float) -> float:
        return _position(ladder, value) if ladder is not None else _skill(metric, constant or 0.0, value)

    gap = placed(stated.value) - placed(measured.value)
    beyond = max(0.0, placed(stated.value) - placed(favourable))
    return _Compared(
        stated, measured, gap, beyond, "ladder units" if ladder is not None else "of the way from chance to perfect"
    )


def _chosen(pack: Pack, name: str) -> ChosenMetric | None:
    for offered in (pack.metric, *pack.also_shown):
        if offered.name == name:
            return choose(offered)
    spec = METRICS.get(name)
    return choose(Metric(name=name)) if spec is not None and spec.wants in ("ranking", "number") else None


def _possible(metric: ChosenMetric, value: float) -> bool:
    low, high = metric.spec.low, metric.spec.high
    return abs(value) < IMPOSSIBLE and (low is None or value >= low) and (high is None or value <= high)


def _ladder(evidence: Evidence, metric: ChosenMetric) -> Ladder | None:
    rungs = evidence.reference.rungs if evidence.reference else ()
    ladder = build(rungs, metric.spec.higher_is_better, 0.0)
    return None if isinstance(ladder, str) else ladder


def _position(ladder: Ladder, value: float) -> float:
    """The place on the ladder, continued above its top, so that what is claimed beyond it is not forgiven."""
    return ladder.position(value) + max(0.0, ladder.skill(value) - 1.0)


def _skill(metric: ChosenMetric, chance: float, value: float) -> float:
    best = metric.spec.high if metric.spec.higher_is_better else metric.spec.low
    span = (1.0 if best is None else best) - chance
    return (value - chance) / span if span else 0.0


def _result(evidence: Evidence, compared: _Compared, blind: Finding | None, settings: Settings) -> CheckResult:
    stated, measured = compared.stated, compared.measured
    doubts = (
        _not_reproduced(compared, settings),
        _near_training(evidence, compared),
        _too_good(compared, settings),
        blind,
        majority_metric(evidence, ID),
        _not_computed(evidence, compared),
    )
    findings = [one for one in doubts if one is not None]
    score = 1.0 - min(1.0, max(0.0, compared.beyond - FREE) / (WORTHLESS - FREE))
    if compared.gap < -MEANINGLESS:
        score = min(score, 0.8)
    score = 0.0 if any(one.rule == "declared_near_training" for one in findings) else score
    score = min(score, 0.25) if blind is not None else score
    if (
        all(one.severity is Severity.INFO for one in findings)
        and compared.beyond == 0.0
        and stated.declared
        and compared.gap > -settings.gap
    ):
        message = f"The declared result holds on hidden rows: {stated.value:.3f}, measured {measured.value:.3f}."
        findings.append(_finding("declared_reproduced", Severity.PRAISE, message, compared))
    how = "within the interval" if compared.beyond == 0.0 else f"{compared.beyond:.2f} {compared.unit} above the interval"
    how = "lower than measured" if compared.gap < -settings.gap else how
    summary = (
        f"Stated {stated.metric} {stated.value:.3f}, measured {measured.value:.3f} "
        f"({measured.low:.3f} to {measured.high:.3f}): {how}."
    )
    return judged(ID, score, summary, tuple(findings), (Measurement(name="claim_gap", value=compared.gap),))


def _not_reproduced(compared: _Compared, settings: Settings) -> Finding | None:
    if compared.beyond == 0.0 or compared.gap <= settings.gap:
        return None
    stated = compared.stated
    rule, severity = (
        ("declared_not_reproduced", Severity.MAJOR) if stated.declared else ("stated_not_reproduced", Severity.MINOR)
    )
    word, gap = "declared" if stated.declared else "stated", f"{compared.gap:.2f} {compared.unit}"
    message = f"The {word} result is better than the measured one by {gap}, outside its interval."
    innocent = "A different seed or split, drift between the periods, or a typing error."
    return _finding(rule, severity, message, compared, innocent, 0.95 if stated.declared else 0.6)


def _near_training(evidence: Evidence, compared: _Compared) -> Finding | None:
    """The claim is a number that the code computed on rows that the model had been fitted on, and on no others."""
    stated = compared.stated
    if compared.beyond == 0.0:
        return None
    traced = _traced(evidence, stated)
    fitted = [(trace, one) for trace, one in traced if one.rows == "fitted" and _near(one.value, stated.value)]
    honest = [one for _, one in traced if one.rows in ("held_out", "folds") and _near(one.value, stated.value)]
    if not fitted or honest:
        return None
    trace, one = fitted[-1]
    message = f"The stated result is the score on training rows ({one.value:.3f}), not on rows kept apart."
    innocent = "Little data, or a model so strongly regularised that both scores are alike."
    finding = _finding("declared_near_training", Severity.MAJOR, message, compared, innocent, 0.85)
    return finding.changed(where=trace.where(one.call), level=Level.EXECUTED)  # type: ignore[no-any-return]


def _not_computed(evidence: Evidence, compared: _Compared) -> Finding | None:
    """The code computes this metric in our run, and never gets the number that is stated."""
    values = [one.value for _, one in _traced(evidence, compared.stated)]
    if not values or any(abs(value - compared.stated.value) <= max(NEAR_TRAINING, 0.01 * abs(value)) for value in values):
        return None
    nearest = min(values, key=lambda value: abs(value - compared.stated.value))
    message = f"The stated number is none of the {len(values)} that the code computed in our run; the nearest is {nearest:.4g}."
    innocent = "It was computed by code that is not part of what was run, or before a last change."
    finding = _finding("not_computed", Severity.INFO, message, compared, innocent, 0.5)
    return finding.changed(level=Level.EXECUTED)  # type: ignore[no-any-return]


def _traced(evidence: Evidence, stated: Stated) -> list[tuple[Trace, TracedMetric]]:
    """What the submission's own code computed by the stated metric."""
    found = [(trace, one) for trace in read_traces(evidence) for one in metrics(trace)]
    return [(trace, one) for trace, one in found if TRACED_NAMES.get(_function(one)) == stated.metric]


def _too_good(compared: _Compared, settings: Settings) -> Finding | None:
    spec = METRICS.get(compared.stated.metric)
    if spec is None or spec.high != 1 or not spec.higher_is_better or compared.stated.value < settings.too_good:
        return None
    if compared.beyond == 0.0:
        return None
    message = f"A {compared.stated.metric} of {compared.stated.value:.4g} is too good to be true here."
    innocent = "A column that is known only after the outcome may have been read as allowed."
    return _finding("too_good_to_be_true", Severity.MAJOR, message, compared, innocent, 0.8)


def _accuracy_alone(evidence: Evidence, settings: Settings) -> Finding | None:
    """Nothing but accuracy is computed, declared or spoken of, where hardly any row is positive."""
    if evidence.facts is None or evidence.facts.prevalence_train[1] >= settings.rare:
        return None
    declared = evidence.declaration.declared
    claimed = declared is not None and metric_named(declared.metric) == "accuracy"
    computed = {metric_named(name) for name in read_practice(evidence).metrics}
    traced = {metric_named(call.function) for trace in read_traces(evidence) for call in trace.of_kind("metric")}
    everywhere = computed | traced | metrics_mentioned(evidence)
    if everywhere - {"accuracy"} or (declared is not None and not claimed) or not (claimed or everywhere):
        return None
    share = evidence.facts.prevalence_train[1]
    return Finding(
        check=ID,
        severity=Severity.MAJOR,
        rule="accuracy_only",
        message=f"Accuracy is the only measure, though at most {share:.1%} of the rows are positive: always saying no wins.",
        where=Where(path="submission.json") if claimed else Where(),
        seen="accuracy is declared" if claimed else "accuracy is computed or spoken of",
        expected="a measure that sees the rare class, such as average precision",
        confidence=0.8,
        level=Level.LIVE_CALL,
        innocent="A threshold or a cost is discussed elsewhere.",
    )


def _function(one: TracedMetric) -> str:
    scoring = one.call.asked.get("scoring") if one.call.kind == "validate" else None
    return f"{scoring}_score" if isinstance(scoring, str) and f"{scoring}_score" in TRACED_NAMES else one.call.function


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= NEAR_TRAINING


def _finding(
    rule: str, severity: Severity, message: str, compared: _Compared, innocent: str = "", confidence: float = 0.9
) -> Finding:
    stated, measured = compared.stated, compared.measured
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=stated.where,
        seen=f"stated {stated.value:.4g} ({stated.metric}), measured {measured.value:.4g} "
        f"({measured.low:.4g} to {measured.high:.4g})" + (f"; {stated.line!r}" if stated.line else ""),
        expected="what is stated lies within what can be measured",
        confidence=confidence,
        level=Level.BEHAVIOUR,
        innocent=innocent,
    )
