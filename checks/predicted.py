"""Finding the predictions that the submission produced in our run, and saying whose doing it is when there are none."""

from dataclasses import dataclass

from checks.base import judged, not_measured
from checks.failures import explain
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Severity, Where
from harness.model.pack import Pack
from harness.model.run import StepResult
from harness.model.text import one_line

STEP = "predict"


@dataclass(frozen=True)
class NoPredictions:
    """Why there is nothing to read. A fault of the submission is a verdict; any other means: not measured."""

    fault: Fault
    rule: str
    reason: str
    seen: str = ""
    fix: str = ""


def find_predictions(evidence: Evidence, pack: Pack) -> bytes | NoPredictions:
    """The predictions file's bytes, whatever the step's exit code was."""
    if evidence.runs is None:
        return NoPredictions(Fault.UNSUPPORTED, "not_run", "Nothing was run, so there are no predictions.")
    step = evidence.runs.step(STEP)
    if step is None:
        skipped = evidence.runs.why_absent(STEP)
        if skipped is None:
            return NoPredictions(Fault.HARNESS, "not_run", "The predict step is missing from the run.")
        reason = f"The predict step was not run: {one_line(skipped.reason)}."
        return NoPredictions(Fault(skipped.fault), "not_run", reason)
    artifact = evidence.artifact(STEP, pack.answer.file)
    if artifact is None:
        return _absent(evidence, step, pack)
    limit = pack.answer.max_mb * 1_000_000
    data = evidence.read_artifact(STEP, pack.answer.file, limit)
    if data is None:
        seen = f"{artifact.size:,} bytes, where {limit:,} are accepted"
        return NoPredictions(Fault.SUBMISSION, "too_large", "The predictions file is too large to be read.", seen)
    return data


def _absent(evidence: Evidence, step: StepResult, pack: Pack) -> NoPredictions:
    name = pack.answer.file
    refused = next((line for line in step.refused_outputs if name in line), "")
    if refused:
        return NoPredictions(
            Fault.SUBMISSION,
            "refused",
            "The predictions file was left behind.",
            one_line(refused),
            f"write a plain file {name}",
        )
    if not step.outcome.succeeded:
        failure = explain(evidence, step)
        return NoPredictions(failure.fault, "step_failed", f"The predict step {failure.sentence}", failure.seen, failure.fix)
    return NoPredictions(
        Fault.SUBMISSION,
        "missing_file",
        "The predict step ended normally and wrote no predictions file.",
        fix=f"write {name} where the task says",
    )


def without_predictions(check_id: str, found: NoPredictions, severity: Severity = Severity.MAJOR) -> CheckResult:
    """That there is nothing to read is a verdict where it is the submission's doing."""
    if found.fault is not Fault.SUBMISSION:
        return not_measured(check_id, found.fault, found.reason)
    finding = Finding(
        check=check_id,
        severity=severity,
        rule=found.rule,
        message=found.reason,
        where=Where(step=STEP),
        seen=found.seen,
        fix=found.fix,
        level=Level.EXECUTED,
    )
    return judged(check_id, 0.0, found.reason, (finding,))
