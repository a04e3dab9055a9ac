"""Whether anything can still be known after training on shuffled labels."""

import math
import re
from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.measure import values_on
from checks.metrics.registry import choose
from checks.predicted import NoPredictions
from checks.probed import First, Probed, Unread, first_run, read_probe
from checks.tables import LabelsError, read_labels
from checks.trace import Trace, TracedCall, read_trace
from checks.traced_rows import TracedMetric, metrics
from harness.errors import PackError
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.pack import Pack
from harness.model.record import Record, Share
from harness.model.run import StepResult

ID = "label_shuffle"
PROBE = "probe-label_shuffle"
UNLEARNED = 0.5
"""A rule that learns nothing leaks nothing, and may be meant so."""
_AREA = {"roc_auc_score", "roc_auc", "balanced_accuracy_score", "balanced_accuracy"}
_PRECISION = {"average_precision_score", "average_precision"}
_PRINTED = re.compile(r"(?i)\b(?:roc[ _-]?auc|auroc|auc)\b[^0-9\n]{0,30}(0?\.\d{2,}|1\.0+)\b")
_ON_TRAINING = re.compile(r"(?i)\btrain")


class Settings(Record):
    """What is still chance."""

    area: Share = Field(default=0.1, description="So much above one half may an area under the curve lie by chance, at least.")
    kept: Share = Field(default=0.6, description="Share of the true skill from which a result after shuffling is pointed out.")


@dataclass(frozen=True)
class _Report:
    """A number that the submission's own validation gave on labels that mean nothing."""

    name: str
    value: float
    chance: float
    allowed: float
    where: Where
    printed: bool = False


@check("Nothing is known from shuffled labels", group="result", needs=("predictions",), settings=Settings)
def label_shuffle(evidence: Evidence, settings: Settings) -> CheckResult:
    """After training on labels that have changed places, the submission's own validation reports no more than chance.

    Training is run once more with the labels shuffled. A sound pipeline then validates at chance; one that resamples
    before it splits, or tests on rows it was fitted on, still reports a fine result. Predictions that do not change at all
    were not learned from these labels. Which rows a number was computed on comes from the trace; a score on training rows
    is left out, since noise can be learned by heart. It cannot see leaks that the shuffle breaks, such as repeated rows.
    """
    pack = evidence.pack
    if pack is None or evidence.runs is None:
        return not_measured(ID, Fault.UNSUPPORTED, "Nothing was run.")
    first = first_run(evidence, pack)
    if isinstance(first, NoPredictions):
        return not_measured(ID, first.fault, first.reason)
    trained = evidence.runs.step(f"{PROBE}.train")
    run = read_probe(evidence, pack, first, "label_shuffle")
    if isinstance(run, Unread):
        if trained is not None and not trained.outcome.succeeded:
            reason = f"Training on shuffled labels {trained.outcome.sentence()}, so nothing follows."
            return not_measured(ID, Fault.UNSUPPORTED, reason)
        return not_measured(ID, run.fault, f"Shuffled labels were not tried: {run.sentence.rstrip('.')}.")
    reports = _reports(evidence, settings, trained)
    findings = [*_not_learned(run), *(_leaking(one) for one in _worst(reports))]
    failed = bool(findings)
    measurements = _skills(evidence, pack, first, run)
    findings += _still_known(measurements, settings) if not failed else []
    summary = _summary(findings, reports, failed)
    leaks = any(one.rule == "validation_leaks" for one in findings)
    return judged(ID, 0.0 if leaks else UNLEARNED if failed else 1.0, summary, tuple(findings), measurements)


def _summary(findings: list[Finding], reports: list[_Report], failed: bool) -> str:
    if failed:
        return findings[0].message
    if not reports:
        return "On shuffled labels other predictions come out; no validation of the submission's own was seen."
    highest = max(reports, key=lambda one: one.value - one.chance)
    return f"On shuffled labels the submission's own validation reports chance: {highest.name} {highest.value:.3f}."


def _not_learned(run: Probed) -> list[Finding]:
    if run.same_share() < 0.99:
        return []
    message = "Predictions are the same after training on shuffled labels, so they were not learned from the labels given."
    innocent = "A rule, or a model trained elsewhere and handed in by design."
    seen = f"{run.same_share():.0%} of {len(run.rows):,} predictions unchanged"
    return [_finding("labels_not_used", Severity.MAJOR, message, Where(step=run.step.name), seen, innocent, 0.95)]


def _reports(evidence: Evidence, settings: Settings, trained: StepResult | None) -> list[_Report]:
    """Numbers from rows that were not fitted on; what was merely printed counts when nothing was traced."""
    found = []
    for step in (f"{PROBE}.train", PROBE):
        trace = read_trace(evidence, step)
        found += [] if trace is None else [one for metric in metrics(trace) if (one := _traced(metric, trace, settings))]
    return found or (_printed(trained, settings) if trained is not None else [])


def _traced(metric: TracedMetric, trace: Trace, settings: Settings) -> _Report | None:
    call = metric.call
    scoring = call.asked.get("scoring")
    name = scoring if call.kind == "validate" and isinstance(scoring, str) else call.function
    counts = sorted(call.balance.values())
    if metric.rows not in ("held_out", "folds") or len(counts) != 2 or counts[0] < 1:
        return None
    few, many = counts
    share = _positives(call) / (few + many)
    if name in _AREA:
        chance, spread = 0.5, math.sqrt((few + many + 1) / (12 * few * many))
    elif name in _PRECISION:
        chance, spread = share, math.sqrt(share * (1 - share) / few)
    else:
        return None
    return _Report(name, metric.value, chance, max(settings.area, 5 * spread), trace.where(call))


def _positives(call: TracedCall) -> int:
    """Of the class that sorts last, which the libraries take for the positive one."""
    return call.balance[max(call.balance)]


def _printed(trained: StepResult, settings: Settings) -> list[_Report]:
    lines = [line for line in trained.stdout.text().splitlines()[-2_000:] if not _ON_TRAINING.search(line)]
    values = [float(match.group(1)) for line in lines if (match := _PRINTED.search(line[:500]))]
    allowed = max(0.2, settings.area)
    return [_Report("roc_auc", value, 0.5, allowed, Where(step=trained.name), printed=True) for value in values[-20:]]


def _worst(reports: list[_Report]) -> list[_Report]:
    above = [one for one in reports if one.value > one.chance + one.allowed]
    return [max(above, key=lambda one: one.value - one.chance)] if above else []


def _leaking(one: _Report) -> Finding:
    message = f"On shuffled labels, from which nothing can be learned, the submission's own validation reports {one.name} "
    message += f"{one.value:.3f}, where chance is {one.chance:.3f}."
    innocent = (
        "A number that was computed on training rows." if one.printed else "A validation that was not used for the result."
    )
    fix = "split first, and let nothing that was learned from a row reach the rows it is judged on"
    severity = Severity.MINOR if one.printed else Severity.MAJOR
    finding = _finding(
        "validation_leaks", severity, message, one.where, f"{one.value:.4f}", innocent, 0.5 if one.printed else 0.9
    )
    return finding.changed(level=Level.EXECUTED, fix=fix)  # type: ignore[no-any-return]


def _skills(evidence: Evidence, pack: Pack, first: First, run: Probed) -> tuple[Measurement, ...]:
    """The metric on the holdout with true labels, with shuffled ones, and by chance."""
    if evidence.reference is None:
        return ()
    try:
        metric = choose(pack.metric)
        labels = read_labels(evidence.reference.labels, pack.data.id_column, pack.data.target)
        tables = (first.values, {row.base: row.now for row in run.rows}, dict.fromkeys(labels.ids, 0.5))
        values = [values_on(labels, table, (metric,)).get(metric.spec.name) for table in tables]
    except (LabelsError, PackError, KeyError):
        return ()
    names = ("with_true_labels", "with_shuffled_labels", "by_chance")
    return tuple(Measurement(name=name, value=value) for name, value in zip(names, values, strict=True) if value is not None)


def _still_known(measurements: tuple[Measurement, ...], settings: Settings) -> list[Finding]:
    """One run proves little: a single strong feature can be met in the right direction by chance."""
    if len(measurements) < 3:
        return []
    true, shuffled, chance = (one.value for one in measurements)
    if true == chance or (shuffled - chance) / (true - chance) < settings.kept:
        return []
    message = f"After training on shuffled labels the holdout result is still {shuffled:.3f}, with chance at {chance:.3f}."
    innocent = "A single strong feature, met in the right direction by chance."
    return [_finding("still_knows", Severity.INFO, message, Where(step=PROBE), f"{true:.3f} with true labels", innocent, 0.4)]


def _finding(rule: str, severity: Severity, message: str, where: Where, seen: str, innocent: str, confidence: float) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=where,
        seen=seen,
        expected="no more than chance",
        confidence=confidence,
        level=Level.BEHAVIOUR,
        innocent=innocent,
    )
