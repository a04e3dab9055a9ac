"""Explanation of choices."""

from checks.base import NoSettings, check, judged, not_measured
from checks.practice.read import read_details
from checks.practice.telling import foreign_prose, nothing_to_read, unread
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity

_SCORE = {0: 0.0, 1: 0.5, 2: 1.0}


@check("Explanation of choices", group="practice", version="1")
def explanation(evidence: Evidence, settings: NoSettings, /) -> CheckResult:
    """Which of the decisions in the code are given a reason in the text nearby.

    Lists the kinds of decision that live code shows (split, metric, filling, encoding, features, model, tuning,
    threshold, imbalance), then looks in neighbouring cells, comments, docstrings and documents for a sentence that names
    the same thing, gives a reason, and is tied to this work. Half of the kinds explained is full. Text copied from the
    brief, text about what the code does not do, and general tutorial text do not count. It reads English, Spanish,
    Portuguese, French, German and Indonesian; it cannot tell whether a reason is good.
    """
    del settings
    practice, _, prose = read_details(evidence)
    empty = nothing_to_read("explanation", evidence, practice)
    if empty is not None:
        return empty
    if practice.explanation < 2 and practice.unreadable:
        return unread("explanation", practice)
    if practice.explanation < 2 and foreign_prose(prose):
        return not_measured(
            "explanation", Fault.UNSUPPORTED, "The text is in a language that is not read here; a person decides."
        )
    findings = tuple(
        Finding(
            check="explanation",
            severity=Severity.PRAISE,
            rule="explained",
            where=seen.where,
            seen=seen.what,
            message=f"A reason is given for a choice: {seen.what}.",
            level=Level.CONSEQUENCE,
            confidence=0.7,
        )
        for seen in practice.explanation_places
    )
    if practice.explanation == 0:
        findings += (
            Finding(
                check="explanation",
                severity=Severity.MINOR,
                rule="absent",
                message="Hardly any choice is given a reason.",
                expected="for each main choice a sentence that says why, beside the code or in the report",
                fix="Say why this split, this metric, this model.",
                innocent="Reasons may have been kept for the conversation.",
            ),
        )
    told, taken = practice.decisions_explained, practice.decisions
    summary = (
        f"{told} of {taken} kinds of decision are given a reason nearby." if taken else "The code shows no decision to explain."
    )
    measure = (Measurement(name="explanation.share", value=told / taken),) if taken else ()
    return judged("explanation", _SCORE[practice.explanation], summary, findings, measure)
