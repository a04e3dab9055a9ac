"""Class imbalance."""

from checks.base import NoSettings, check, judged, not_measured
from checks.practice.read import read_practice
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Severity
from harness.model.practice import Imbalance


@check("Class imbalance", group="practice", version="1")
def imbalance(evidence: Evidence, settings: NoSettings, /) -> CheckResult:
    """Whether class imbalance was dealt with on the way to the final model.

    Follows class weights, sample weights, resampling, balanced ensembles, weighted losses and chosen thresholds from
    where they are written to the model they reach, through pipelines, searches, parameter dictionaries and configuration.
    Stratified splits and printed ratios alone do not count. A remedy that spoils the evaluation, or that does not reach
    the final model, is partial. It cannot see remedies applied outside the submission.
    """
    del settings
    practice = read_practice(evidence)
    found = practice.imbalance
    prevalence = evidence.facts.prevalence_train if evidence.facts is not None else None
    if prevalence is not None and 0.35 <= sum(prevalence) / 2 <= 0.65 and found.level == "none":
        return judged("imbalance", 1.0, "The pack's classes are balanced, so no remedy is asked for.")
    if found.level == "none" and practice.unreadable:
        first = practice.unreadable[0]
        why = f"Part of the code could not be read ({first.where or 'submission'}: {first.what}), so this cannot be judged."
        return not_measured("imbalance", Fault.UNSUPPORTED, why)
    if not practice.files:
        return not_measured("imbalance", Fault.SUBMISSION, "There is no code to read.")
    score = {"none": 0.0, "partial": 0.5, "yes": 1.0}[found.level]
    return judged("imbalance", score, f"{found.why[:1].upper()}{found.why[1:]}.", _findings(found))


def _findings(found: Imbalance) -> tuple[Finding, ...]:
    severity = Severity.PRAISE if found.level == "yes" else Severity.INFO
    listed = [
        Finding(
            check="imbalance",
            severity=severity,
            rule="mechanism",
            where=seen.where,
            seen=seen.what,
            level=Level.CONSEQUENCE,
            message=f"A remedy for imbalance: {seen.what}.",
        )
        for seen in found.places
    ]
    if found.level == "none":
        listed.append(
            Finding(
                check="imbalance",
                severity=Severity.MAJOR,
                rule="absent",
                message="Class imbalance is not dealt with.",
                seen=found.why,
                expected="a weight, a resampling of training rows, or a chosen threshold, with a metric that fits",
                fix="Weigh the classes or choose a threshold on validation rows, and say why.",
                innocent="The imbalance may have been weighed and left alone without saying so.",
            )
        )
    elif found.level == "partial":
        listed.append(
            Finding(
                check="imbalance",
                severity=Severity.MINOR,
                rule="partial",
                message="Class imbalance is dealt with in part.",
                seen=found.why,
            )
        )
    return tuple(listed)
