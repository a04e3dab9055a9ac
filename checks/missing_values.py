"""Missing values and planted faults of the data."""

from checks.base import NoSettings, check, judged
from checks.practice.dirt import noticed_dirt
from checks.practice.read import read_details
from checks.practice.telling import nothing_to_read, unread
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Finding, Level, Measurement, Severity
from harness.model.practice import Practice

_SCORE = {"none": 0.0, "inspected": 0.5, "handled": 1.0}


@check("Missing values", group="practice", version="1")
def missing_values(evidence: Evidence, settings: NoSettings, /) -> CheckResult:
    """Whether gaps in the data were looked at and dealt with on the way to the model.

    Handled means filled, dropped, marked or imputed in data that a model learns from, or left on purpose to a learner
    that accepts gaps, and said so. Gaps dropped inside a figure, or zeros filled in after a pivot, do not count. Where the
    pack says that there are no gaps, looking is enough. Other planted faults that code or text names are listed beside
    it without points. It cannot see whether the filling was wise.
    """
    del settings
    practice, reading, prose = read_details(evidence)
    empty = nothing_to_read("missing_values", evidence, practice)
    if empty is not None:
        return empty
    if practice.missing_values != "handled" and practice.unreadable:
        return unread("missing_values", practice)
    dirt = noticed_dirt(evidence, reading, prose)
    findings = (*_findings(practice), *dirt)
    planted = len(evidence.facts.dirt) if evidence.facts is not None else 0
    measures = (Measurement(name="missing_values.faults_noticed", value=len(dirt) / planted),) if planted else ()
    no_gaps = evidence.facts is not None and not evidence.facts.gaps
    if no_gaps and practice.missing_values != "none":
        return judged("missing_values", 1.0, "The data has no gaps, and that was looked at.", findings, measures)
    summary = {
        "none": "Gaps are neither looked at nor dealt with.",
        "inspected": "Gaps are looked at, but nothing is done about them on the way to a model.",
        "handled": "Gaps are dealt with on the way to a model.",
    }[practice.missing_values]
    return judged("missing_values", _SCORE[practice.missing_values], summary, findings, measures)


def _findings(practice: Practice) -> tuple[Finding, ...]:
    if practice.missing_values == "none":
        return (
            Finding(
                check="missing_values",
                severity=Severity.MINOR,
                rule="absent",
                message="Missing values are not looked at.",
                expected="a count of gaps and a decision about them",
                fix="Count gaps per column and say what is done with each.",
                innocent="The data may have been checked outside the submission.",
            ),
        )
    severity = Severity.PRAISE if practice.missing_values == "handled" else Severity.INFO
    return tuple(
        Finding(
            check="missing_values",
            severity=severity,
            rule=practice.missing_values,
            where=seen.where,
            seen=seen.what,
            message=f"Gaps are {practice.missing_values} ({seen.what}).",
            level=Level.CONSEQUENCE,
        )
        for seen in practice.missing_places[:10]
    )
