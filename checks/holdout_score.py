"""How good the predictions are on the holdout, as a place on the ladder of measured solutions."""

from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.bootstrap import Interval
from checks.ladder import Ladder, build
from checks.measure import measure_all
from checks.metrics.registry import ChosenMetric, choose
from checks.predicted import STEP, NoPredictions, find_predictions
from checks.tables import LabelsError, LabelTable, PredictionTable, read_labels, read_predictions
from harness.errors import PackError
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.pack import Pack
from harness.model.record import Record, Share

ID = "holdout_score"
_EXTREME = 1e100


class Settings(Record):
    """How the holdout result is measured."""

    min_gap: float = Field(default=0.02, ge=0, lt=0.5, description="Smallest step between rungs, as a share of the ladder.")
    cluster_column: str | None = Field(default=None, description="Column of the label file whose groups are drawn whole.")
    declared_gap: Share = Field(default=0.2, description="Ladder units by which a declared result may lie above the measured.")


class _TooExtremeError(Exception):
    """A finite prediction whose square, say, is not."""


@dataclass(frozen=True)
class _Measured:
    metric: ChosenMetric
    ladder: Ladder
    main: Interval
    all: dict[str, Interval]
    table: PredictionTable
    turned: Interval | None
    """What the predictions would reach upside down; looked at where a ranking is below the dummy."""


@check("Result on the holdout", group="result", needs=("predictions", "labels", "ladder"), settings=Settings)
def holdout_score(evidence: Evidence, settings: Settings) -> CheckResult:
    """The pack's metric on hidden rows, placed on a ladder of solutions that were measured on the same rows.

    The score is the place on the ladder: 0 for a dummy, 0.25 naive, 0.75 the reference, 1 a strong solution, linear
    between, clipped. The interval is a stratified bootstrap of 2,000 draws. Differences inside the interval are noise.
    It sees this holdout alone, and cannot see how the result came about.
    """
    pack, reference = evidence.pack, evidence.reference
    if pack is None or reference is None:
        return not_measured(ID, Fault.UNSUPPORTED, "The holdout's labels are not at hand here.")
    found = find_predictions(evidence, pack)
    if isinstance(found, NoPredictions):
        return not_measured(ID, found.fault, found.reason)
    try:
        labels = read_labels(reference.labels, pack.data.id_column, pack.data.target)
        table = read_predictions(found, pack.predictions, labels.ids)
        if table.problems:
            reason = f"The predictions cannot be scored: {table.problems[0].message}."
            return not_measured(ID, Fault.SUBMISSION, reason)
        measured = _measure(pack, evidence, labels, table, settings)
    except _TooExtremeError as error:
        return not_measured(ID, Fault.SUBMISSION, f"The predictions are so large that {error}.")
    except (LabelsError, PackError) as error:
        return not_measured(ID, Fault.PACK, f"The pack cannot be scored with: {str(error).splitlines()[0]}.")
    return _result(measured, evidence, settings)


def _measure(pack: Pack, evidence: Evidence, labels: LabelTable, table: PredictionTable, settings: Settings) -> _Measured:
    metric = choose(pack.metric)
    rungs = evidence.reference.rungs if evidence.reference else ()
    ladder = build(rungs, metric.spec.higher_is_better, settings.min_gap)
    if isinstance(ladder, str):
        raise LabelsError(ladder)
    chosen = (metric, *(choose(one) for one in pack.also_shown))
    values = measure_all(labels, table.values, chosen, settings.cluster_column)
    if metric.spec.name not in values:
        message = f"{metric.spec.name} is undefined on this holdout"
        raise _TooExtremeError(message) if max(map(abs, table.values.values())) > _EXTREME else LabelsError(message)
    main = values[metric.spec.name]
    turned = None
    if metric.spec.wants == "ranking" and _below_dummy(metric, ladder, main):
        upside_down = {key: -value for key, value in table.values.items()}
        turned = measure_all(labels, upside_down, (metric,), settings.cluster_column)[metric.spec.name]
    return _Measured(metric, ladder, main, values, table, turned)


def _below_dummy(metric: ChosenMetric, ladder: Ladder, main: Interval) -> bool:
    """Worse than a dummy by more than two standard errors."""
    margin = 2 * main.standard_error
    return main.value < ladder.dummy - margin if metric.spec.higher_is_better else main.value > ladder.dummy + margin


def _result(measured: _Measured, evidence: Evidence, settings: Settings) -> CheckResult:
    ladder, main = measured.ladder, measured.main
    position = ladder.position(main.value)
    ends = sorted((ladder.position(main.low), ladder.position(main.high)))
    skills = sorted((ladder.skill(main.low), ladder.skill(main.high)))
    measurements = [Measurement(name=name, value=one.value, low=one.low, high=one.high) for name, one in measured.all.items()]
    measurements += [
        Measurement(name="ladder_position", value=position, low=ends[0], high=ends[1]),
        Measurement(name="skill", value=ladder.skill(main.value), low=skills[0], high=skills[1]),
    ]
    summary = (
        f"{measured.metric.title} is {main.value:.3f} on the holdout (95 % interval {main.low:.3f} to {main.high:.3f}), "
        f"which is {position:.2f} on the ladder ({ends[0]:.2f} to {ends[1]:.2f})."
    )
    findings = (*_odd_predictions(measured), *_declared(measured, evidence, settings))
    return judged(ID, position, summary, findings, tuple(measurements))


def _odd_predictions(measured: _Measured) -> tuple[Finding, ...]:
    distinct = set(measured.table.values.values())
    if len(distinct) == 1:
        return (_finding("constant", Severity.MAJOR, "The predictions are all the same and rank nothing.", measured),)
    findings = []
    if len(distinct) == 2 and measured.metric.spec.wants == "ranking":
        message = "The predictions have only two values, and the metric rewards an order: most of it is lost in ties."
        findings.append(_finding("hard_labels", Severity.MAJOR, message, measured, "hand in probabilities or scores"))
    turned, dummy = measured.turned, measured.ladder.dummy
    if turned is not None:
        gap = turned.value - dummy if measured.metric.spec.higher_is_better else dummy - turned.value
        if gap > 2 * turned.standard_error:
            message = f"The order is reversed: turned upside down, the predictions would reach {turned.value:.3f}."
            fix = "predict the probability of the positive class"
            return (*findings, _finding("reversed", Severity.MAJOR, message, measured, fix))
    if _below_dummy(measured.metric, measured.ladder, measured.main):
        message = "The predictions do worse than a dummy by more than two standard errors."
        findings.append(_finding("below_dummy", Severity.MAJOR, message, measured))
    return tuple(findings)


def _declared(measured: _Measured, evidence: Evidence, settings: Settings) -> tuple[Finding, ...]:
    declared = evidence.declaration.declared
    told_by_claims = evidence.pack is not None and any(use.check == "claims" for use in evidence.pack.checks)
    if told_by_claims or declared is None or _plain(declared.metric) not in _names(measured.metric):
        return ()
    ladder, main = measured.ladder, measured.main
    optimism = ladder.skill(declared.value) - ladder.skill(main.value)
    outside = declared.value > main.high if ladder.higher_is_better else declared.value < main.low
    if not outside or optimism <= settings.declared_gap:
        return ()
    finding = Finding(
        check=ID,
        severity=Severity.MAJOR,
        rule="declared_gap",
        message=f"The declared result is better than the measured one by {optimism:.2f} of the ladder, outside its interval.",
        where=Where(path="submission.json"),
        seen=f"declared {declared.value:.3f}, measured {main.value:.3f}",
        level=Level.BEHAVIOUR,
        innocent="A different seed or split, drift between the periods, or a typing error.",
    )
    return (finding,)


def _names(metric: ChosenMetric) -> set[str]:
    return {_plain(metric.spec.name), _plain(metric.title), _plain(metric.spec.title), *_ALIASES.get(metric.spec.name, ())}


_ALIASES = {
    "average_precision": ("ap", "prauc", "aucpr", "auprc"),
    "roc_auc": ("auc", "auroc", "rocauc"),
    "f1": ("f1score",),
    "mae": ("meanabsoluteerror",),
    "rmse": ("rootmeansquarederror",),
}


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _finding(rule: str, severity: Severity, message: str, measured: _Measured, fix: str = "") -> Finding:
    distinct = sorted(set(measured.table.values.values()))
    seen = f"{measured.metric.spec.name} {measured.main.value:.3f}, {len(distinct):,} distinct values"
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=Where(step=STEP),
        seen=seen,
        fix=fix,
        level=Level.BEHAVIOUR,
        innocent="A deliberate baseline." if rule == "constant" else "",
    )
