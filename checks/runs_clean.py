"""Whether everything that was run ended well, and if not, whose doing that was."""

from dataclasses import dataclass
from itertools import pairwise

from checks.base import NoSettings, check, judged, not_measured
from checks.failures import Failure, explain
from checks.notebooks import Notebook, read_notebook
from checks.reports_inside import read_notebook_report
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.run import RunSet, StepResult

ID = "runs_clean"
_WEIGHTS = {"predict": 2.0}
_FAULTS = (Fault.HARNESS, Fault.PACK, Fault.UNSUPPORTED, Fault.SUBMISSION)
_INNOCENT_ORDER = "A last cell was run again after a small change."


@dataclass(frozen=True)
class _Went:
    """How one step counts: its weight, its score, or that it could not be measured."""

    name: str
    score: float | None
    failure: Failure | None = None

    @property
    def weight(self) -> float:
        return _WEIGHTS.get(self.name, 1.0)


@check("Runs from top to bottom", group="run")
def runs_clean(evidence: Evidence, settings: NoSettings) -> CheckResult:
    """Every notebook, and the train and predict commands, end well in a fresh sandbox without network.

    Each failure is told with its cell or line and sorted by whose doing it is: a fault of our sandbox, of the pack's
    environment, or a package that it lacks lowers nothing. A notebook that stops half-way keeps part of its points.
    Stored execution counts that are out of order are reported. It cannot see whether a result is right.
    """
    runs = evidence.runs
    if runs is None:
        return not_measured(ID, Fault.UNSUPPORTED, "Nothing was run.")
    went = [_step(evidence, step) for step in runs.steps if _is_ours(step.name)]
    went += _skipped(runs)
    findings = [_failed(one) for one in went if one.failure is not None]
    findings += [_memory_kill(step) for step in runs.steps if step.memory_kill_seen and step.outcome.succeeded]
    findings += _order_conflicts(evidence)
    measured = [(one, one.score) for one in went if one.score is not None]
    if not measured:
        return not_measured(ID, _fault(went), _why_nothing(went), tuple(findings))
    total = sum(one.weight for one, _ in measured)
    score = sum(one.weight * points for one, points in measured) / total
    return judged(ID, score, _summary(went), tuple(findings), _measurements(runs))


def _is_ours(name: str) -> bool:
    return name in ("train", "predict") or name.startswith("execute")


def _step(evidence: Evidence, step: StepResult) -> _Went:
    report = read_notebook_report(evidence, step.name) if step.name.startswith("execute") else None
    if step.outcome.succeeded:
        if step.name.startswith("execute") and (report is None or report.state != "done"):
            place = Where(step=step.name, path=step.target)
            failure = Failure(
                "no_report",
                Fault.SUBMISSION,
                "ended without a full account of its cells.",
                where=place,
                fix="let each cell end",
            )
            return _Went(step.name, 0.0, failure)
        return _Went(step.name, 1.0)
    failure = explain(evidence, step)
    if not failure.lowers:
        return _Went(step.name, None, failure)
    if report is not None and report.cells:
        done = sum(cell.state == "done" for cell in report.cells)
        return _Went(step.name, 0.5 * done / len(report.cells), failure)
    return _Went(step.name, 0.0, failure)


def _skipped(runs: RunSet) -> list[_Went]:
    """Predictions that could not even be asked for; after a failed training they are a consequence, not a second fault."""
    skipped = runs.why_absent("predict")
    if skipped is None or skipped.fault == "pack":
        return []
    trained = runs.step("train")
    if trained is not None and not trained.outcome.succeeded:
        return []
    fault = Fault(skipped.fault)
    failure = Failure(
        "no_entry",
        fault,
        f"could not be asked for: {skipped.reason}.",
        fix="offer one of the ways to run that the task names",
        where=Where(step="predict"),
        lowers=fault is Fault.SUBMISSION,
    )
    return [_Went("predict", 0.0 if failure.lowers else None, failure)]


def _failed(one: _Went) -> Finding:
    failure = one.failure
    assert failure is not None  # noqa: S101 - the caller asks for failures alone
    return Finding(
        check=ID,
        severity=Severity.MAJOR if failure.lowers else Severity.INFO,
        rule=failure.kind,
        message=f"The step {one.name} {failure.sentence}",
        where=failure.where,
        seen=failure.seen,
        expected="an end without an error" if failure.lowers else "",
        fix=failure.fix,
        level=Level.EXECUTED,
    )


def _memory_kill(step: StepResult) -> Finding:
    return Finding(
        check=ID,
        severity=Severity.MINOR,
        rule="memory_kill",
        message=f"In the step {step.name} a process was killed at the memory limit, though the step went on.",
        where=Where(step=step.name, path=step.target),
        expected=f"at most {step.limits.memory_mb} MB",
        level=Level.EXECUTED,
    )


def _order_conflicts(evidence: Evidence) -> list[Finding]:
    findings = []
    for path in evidence.named(".ipynb"):
        notebook = read_notebook(evidence, path)
        if isinstance(notebook, Notebook):
            findings += _conflict(notebook)
    return findings


def _conflict(notebook: Notebook) -> list[Finding]:
    counts = [(cell.index, cell.execution_count) for cell in notebook.code() if cell.execution_count is not None]
    for (_, before), (index, count) in pairwise(counts):
        if count <= before:
            return [
                Finding(
                    check=ID,
                    severity=Severity.MINOR,
                    rule="out_of_order",
                    message="The notebook was saved after its cells had been run out of order.",
                    where=Where(path=notebook.path, cell=index),
                    seen=f"execution count {count} after {before}",
                    expected="counts that rise from top to bottom",
                    fix="restart the kernel and run all cells before saving",
                    level=Level.MENTION,
                    innocent=_INNOCENT_ORDER,
                )
            ]
    return []


def _fault(went: list[_Went]) -> Fault:
    faults = {one.failure.fault for one in went if one.failure is not None}
    return next((fault for fault in _FAULTS if fault in faults), Fault.PACK)


def _why_nothing(went: list[_Went]) -> str:
    failures = [one for one in went if one.failure is not None]
    if not failures:
        return "This pack runs neither notebooks nor predictions here."
    first = failures[0]
    return f"The step {first.name} {first.failure.sentence if first.failure else ''}"


def _summary(went: list[_Went]) -> str:
    bad = [one for one in went if one.failure is not None and one.failure.lowers]
    unknown = [one for one in went if one.score is None]
    left_out = f"; {len(unknown)} could not be measured" if unknown else ""
    if not bad:
        judged_ones = len(went) - len(unknown)
        every = f"All {judged_ones} steps that could be judged" if judged_ones > 1 else "The one step that could be judged"
        return f"{every} ended without an error{left_out}."
    first = bad[0]
    sentence = first.failure.sentence.rstrip(".") if first.failure else ""
    return f"{len(bad)} of {len(went)} steps did not end well{left_out}: {first.name} {sentence}."


def _measurements(runs: RunSet) -> tuple[Measurement, ...]:
    ours = [step for step in runs.steps if _is_ours(step.name)]
    return (Measurement(name="run_seconds", value=round(sum(step.wall_s for step in ours), 3)),) if ours else ()
