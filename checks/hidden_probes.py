"""Whether functions of the submission do what was asked, on values that only the author knows."""

from checks.base import NoSettings, check, judged, not_measured
from checks.probe_answers import STEP, NoAnswers, ProbesError, find_answers, judge, read_probes
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where

ID = "hidden_probes"


@check("Functions do what was asked", group="result", needs=("files", "labels"))
def hidden_probes(evidence: Evidence, settings: NoSettings) -> CheckResult:
    """Functions that the task names are called in a sandbox with values the candidate has not seen.

    What they return is compared outside the sandbox with what the author expects; the score is the share of probes that
    hold. Each call has a process and a time limit of its own. It cannot see functions under other names than the task's.
    """
    try:
        probes = read_probes(evidence)
    except ProbesError as error:
        return not_measured(ID, Fault.PACK, f"{str(error)[:1].upper()}{str(error)[1:]}.")
    answers = find_answers(evidence)
    if isinstance(answers, NoAnswers):
        return not_measured(ID, answers.fault, answers.reason)
    held = judge(probes, answers)
    failed = [one for one in held.values() if not one.ok]
    findings = tuple(
        Finding(
            check=ID,
            severity=Severity.MAJOR,
            rule=f"not_so_{one.probe.id}",
            message=f"Not so: {one.probe.title}.",
            where=Where(step=STEP),
            seen=one.seen,
            level=Level.BEHAVIOUR,
        )
        for one in failed
    )
    summary = f"{len(held) - len(failed)} of {len(held)} things that functions were asked to do are so."
    counted = (Measurement(name="probes_held", value=len(held) - len(failed)),)
    return judged(ID, (len(held) - len(failed)) / len(held), summary, findings, counted)
