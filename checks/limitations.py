"""Limits that are admitted."""

from checks.base import NoSettings, check, judged, not_measured
from checks.practice.read import read_details
from checks.practice.telling import foreign_prose
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Severity


@check("Limitations", group="practice", version="1")
def limitations(evidence: Evidence, settings: NoSettings, /) -> CheckResult:
    """Whether the text says what the data, the model or the evaluation cannot support.

    Looks for a sentence with a caveat that is tied to this task by a number, a sample, a period or a model. A list of
    future work or of ticked boxes is none. It reads six languages, and cannot tell whether the caveat is the right one.
    """
    del settings
    practice, _, prose = read_details(evidence)
    if practice.limitations:
        findings = tuple(
            Finding(
                check="limitations",
                severity=Severity.PRAISE,
                rule="stated",
                where=seen.where,
                seen=seen.what,
                message="A limit of the work is stated.",
                level=Level.CONSEQUENCE,
                confidence=0.7,
            )
            for seen in practice.limitation_places[:5]
        )
        return judged("limitations", 1.0, "The text says what the work cannot support.", findings)
    if foreign_prose(prose):
        return not_measured(
            "limitations", Fault.UNSUPPORTED, "The text is in a language that is not read here; a person decides."
        )
    absent = Finding(
        check="limitations",
        severity=Severity.MINOR,
        rule="absent",
        message="No limit of the work is stated.",
        expected="one sentence on what the data, the model or the evaluation cannot support",
        fix="Say what would make the result wrong, with the number or column it hangs on.",
        innocent="Limits may have been kept for the conversation.",
    )
    return judged("limitations", 0.0, "No sentence says what the work cannot support.", (absent,))
