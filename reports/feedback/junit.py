"""The feedback as JUnit XML: one suite, one case a check, and one for each step that ran."""

from collections.abc import Iterator
from dataclasses import replace

from harness.model.feedback import Feedback, ShownCheck
from harness.model.finding import Fault, Verdict
from reports import wording
from reports.as_junit import Case, document
from reports.escape import terminal
from reports.feedback.words import NOT_THE_GRADE, place, safe

SUITE = "public_part"


def render(feedback: Feedback) -> str:
    feedback = safe(feedback)
    pack = f"{feedback.pack.id} {feedback.pack.version}"
    return document(_cases(feedback), feedback.created, (("pack", pack), ("advice", NOT_THE_GRADE)))


def _cases(feedback: Feedback) -> Iterator[Case]:
    for check in feedback.checks:
        yield _check(feedback, check)
    for step in feedback.steps:
        yield Case("steps", step.name, message=step.ended, text=step.ended, seconds=step.wall_s)


def _check(feedback: Feedback, check: ShownCheck) -> Case:
    found = [one for one in feedback.findings if one.check == check.check]
    lines = [f"- {terminal(one.message)}" + (f" [{terminal(place(one))}]" if place(one) else "") for one in found]
    case = Case(SUITE, check.check, message=check.summary, text="\n".join([f"{check.title}: {check.summary}", *lines]))
    if check.verdict is Verdict.NOT_MET:
        return replace(case, kind="failure")
    if check.fault is None:
        return case
    kind = "error" if check.fault is Fault.HARNESS else "skipped"
    return replace(case, kind=kind, message=f"{check.summary} Not measured: {wording.FAULT[check.fault]}.")
