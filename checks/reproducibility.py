"""Whether the same work gives the same result twice."""

from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.failures import explain
from checks.measure import measure_all, values_on
from checks.metrics.registry import choose
from checks.predicted import STEP, NoPredictions
from checks.probed import First, Probed, ProbedRow, Unread, first_run, read_probe
from checks.stored_outputs import Comparison, compare_outputs
from checks.tables import LabelsError, read_labels
from harness.errors import PackError
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.pack import Pack
from harness.model.record import Record, Share
from harness.model.run import StepResult
from harness.model.submission import train_command

ID = "reproducibility"


class Settings(Record):
    """When stored and re-executed numbers agree."""

    stored_agreement: Share = Field(default=0.95, description="Share of a notebook's stored numbers that has to come again.")


@dataclass(frozen=True)
class Part:
    """One thing that was run twice: a score from 0 to 1, or None when it could not be measured."""

    weight: float
    score: float | None
    sentence: str
    findings: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    fault: Fault = Fault.PACK


@check("The same result twice", group="run", needs=("files",), settings=Settings)
def reproducibility(evidence: Evidence, settings: Settings) -> CheckResult:
    """Run a second time, with another hash seed and at another time, the work gives the same predictions and numbers.

    Predictions are compared exactly, then within a millionth, then by whether the holdout result stays within its
    bootstrap interval. Numbers stored in notebooks are compared with those of our execution within one percent. A notebook
    that does not run counts only where the submission is the cause. Training is run again only where the pack asks for it.
    It cannot see what another machine or other library versions would change.
    """
    if evidence.runs is None:
        return not_measured(ID, Fault.UNSUPPORTED, "Nothing was run.")
    parts = [*_predictions(evidence), *_notebooks(evidence, settings)]
    measured = [part for part in parts if part.score is not None]
    if not measured:
        first = parts[0] if parts else Part(0, None, "there was nothing to run twice", fault=Fault.SUBMISSION)
        return not_measured(ID, first.fault, f"Nothing could be run twice: {first.sentence.rstrip('.')}.")
    score = sum(part.weight * (part.score or 0.0) for part in measured) / sum(part.weight for part in measured)
    summary = " ".join(f"{part.sentence[:1].upper()}{part.sentence[1:].rstrip('.')}." for part in parts if part in measured)
    findings = tuple(finding for part in parts for finding in part.findings)
    return judged(ID, score, summary, findings, tuple(one for part in parts for one in part.measurements))


def _predictions(evidence: Evidence) -> list[Part]:
    pack = evidence.pack
    if pack is None or pack.steps.predict is None:
        return []
    first = first_run(evidence, pack)
    if isinstance(first, NoPredictions):
        return [Part(2.0, None, first.reason, fault=first.fault)]
    parts = [_again(evidence, pack, first, "repeat")]
    if pack.steps.probes is not None and pack.steps.probes.retrain:
        parts.append(_again(evidence, pack, first, "retrain"))
    elif parts[0].score is not None and _trains_apart(evidence):
        parts[0] = Part(2.0, parts[0].score, f"{parts[0].sentence}; training was not repeated", parts[0].findings)
    return parts


def _again(evidence: Evidence, pack: Pack, first: First, kind: str) -> Part:
    what = "predictions" if kind == "repeat" else "predictions after training once more"
    run = read_probe(evidence, pack, first, kind)
    if isinstance(run, Unread):
        if run.kind in ("absent", "lost"):
            return Part(2.0, None, f"{what}: {run.sentence}", fault=run.fault)
        message = f"A second run, with another hash seed, {run.sentence.rstrip('.')}."
        finding = _finding("second_run_fails", Severity.MAJOR, message, run.where, run.seen)
        return Part(2.0, 0.0, f"{what} could not be made a second time", (finding,))
    if all(row.before == row.now for row in run.rows):
        return Part(2.0, 1.0, f"{what} came out exactly alike")
    if all(row.same for row in run.rows):
        return Part(2.0, 1.0, f"{what} came out alike within a millionth")
    return _differing(evidence, pack, first, run, what)


def _differing(evidence: Evidence, pack: Pack, first: First, run: Probed, what: str) -> Part:
    changed = [row for row in run.rows if not row.same]
    noise = _within_noise(evidence, pack, first, run.rows)
    row = max(changed, key=lambda row: abs(row.now - row.before))
    seen = f"{len(changed):,} of {len(run.rows):,} rows; id {row.base}: {row.before:.6g}, then {row.now:.6g}"
    if noise is None:
        score, severity, how = 0.25, Severity.MAJOR, "what that does to the result could not be measured"
    elif noise.within:
        score, severity, how = 0.5, Severity.MINOR, f"the result moves by {noise.moved:.4f}, within its own uncertainty"
    else:
        score, severity, how = 0.0, Severity.MAJOR, f"the result moves by {noise.moved:.4f}, more than its own uncertainty"
    message = f"A second run on the same data gives other {what}; {how}."
    fix, innocent = "set every seed, and sort what has no order", "Threads that add numbers up in another order."
    finding = _finding("predictions_differ", severity, message, Where(step=run.step.name), seen, fix, innocent)
    return Part(2.0, score, f"{what} differ in {len(changed) / len(run.rows):.0%} of the rows, and {how}", (finding,))


@dataclass(frozen=True)
class _Noise:
    moved: float
    within: bool


def _within_noise(evidence: Evidence, pack: Pack, first: First, rows: tuple[ProbedRow, ...]) -> _Noise | None:
    """Whether the second result lies in the first one's bootstrap interval."""
    if evidence.reference is None:
        return None
    try:
        metric = choose(pack.metric)
        labels = read_labels(evidence.reference.labels, pack.data.id_column, pack.data.target)
        one = measure_all(labels, first.values, (metric,)).get(metric.spec.name)
        other = values_on(labels, {row.base: row.now for row in rows}, (metric,)).get(metric.spec.name)
    except (LabelsError, PackError, KeyError):
        return None
    if one is None or other is None:
        return None
    return _Noise(abs(one.value - other), one.low <= other <= one.high)


def _trains_apart(evidence: Evidence) -> bool:
    entry = evidence.runs.entry if evidence.runs else None
    return entry is not None and train_command(entry) is not None


def _notebooks(evidence: Evidence, settings: Settings) -> list[Part]:
    steps = evidence.runs.steps if evidence.runs else ()
    return [_notebook(evidence, step, settings) for step in steps if step.name.startswith("execute")]


def _notebook(evidence: Evidence, step: StepResult, settings: Settings) -> Part:
    if not step.outcome.succeeded:
        failure = explain(evidence, step)
        sentence = f"{step.target} {failure.sentence.rstrip('.')}"
        if not failure.lowers or _told_elsewhere(evidence):
            return Part(1.0, None, sentence, fault=failure.fault)
        message = f"The notebook does not run from top to bottom: it {failure.sentence}"
        finding = _finding(f"notebook_{failure.kind}", Severity.MAJOR, message, failure.where, failure.seen, failure.fix)
        return Part(1.0, 0.0, sentence, (finding,))
    compared = compare_outputs(evidence, step)
    if compared is None or not compared.compared:
        return Part(1.0, 1.0, f"{step.target} runs from top to bottom")
    agreeing = Measurement(name="stored_numbers_agreeing", value=compared.agreeing)
    if compared.agreeing >= settings.stored_agreement:
        return Part(1.0, 1.0, f"{step.target} runs, and its stored numbers come again", measurements=(agreeing,))
    sentence = f"{step.target} runs, and {1 - compared.agreeing:.0%} of its stored numbers come out otherwise"
    return Part(1.0, compared.agreeing, sentence, (_stored(compared),), (agreeing,))


def _told_elsewhere(evidence: Evidence) -> bool:
    """Where another check weighs that a notebook does not run, it is not weighed twice."""
    return evidence.pack is not None and any(use.check == "runs_clean" for use in evidence.pack.checks)


def _stored(compared: Comparison) -> Finding:
    worst = next(cell for cell in compared.cells if cell.differing)
    severity = Severity.MAJOR if compared.agreeing < 0.5 else Severity.MINOR
    others = sum(1 for cell in compared.cells if cell.differing) - 1
    message = (
        f"Stored outputs are not what the notebook gives when it is run: {worst.differing} numbers in cell {worst.cell} differ"
    )
    message += f", and others in {others} more cells." if others else "."
    seen = f"stored {worst.stored:.6g}, executed {worst.again:.6g}"
    fix = "run the notebook from top to bottom before handing it in, with every seed set"
    innocent = "An earlier state of the code, unseeded training, or another version of a library."
    where = Where(path=compared.notebook, cell=worst.cell, step=compared.step)
    return _finding("stored_output_differs", severity, message, where, seen, fix, innocent)


def _finding(
    rule: str, severity: Severity, message: str, where: Where, seen: str = "", fix: str = "", innocent: str = ""
) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=where if where != Where() else Where(step=STEP),
        seen=seen,
        expected="the same again",
        fix=fix,
        confidence=0.9,
        level=Level.BEHAVIOUR if rule.startswith(("predictions", "second")) else Level.EXECUTED,
        innocent=innocent,
    )
