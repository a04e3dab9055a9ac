"""The build's log. A line never begins with a candidate's text, so that none of it can be read as a command of the system."""

from collections.abc import Iterator

from harness.model.feedback import Feedback, ShownFinding, ShownStep
from reports import wording
from reports.escape import terminal
from reports.feedback.words import NOT_THE_GRADE, head, place, safe, source, validation

MOST_FINDINGS = 60
_MARK = "| "
_COMMANDS = (("::", ": :"), ("section_start:", "section_start :"), ("section_end:", "section_end :"))


def render(feedback: Feedback) -> str:
    return "\n".join(_lines(safe(feedback))) + "\n"


def quoted(text: str) -> str:
    """A candidate's text as one line that means nothing to any build system."""
    return _MARK + _plain(text)


def _plain(text: str) -> str:
    shown = terminal(text)
    for mark, broken in _COMMANDS:
        shown = shown.replace(mark, broken)
    return shown


def _lines(feedback: Feedback) -> Iterator[str]:
    pack = feedback.pack
    yield f"harness: {_plain(head(feedback))}"
    yield f"  {NOT_THE_GRADE}"
    yield f"  assignment {_plain(pack.id)} {_plain(pack.version)}; looked at"
    yield quoted(source(feedback))
    yield ""
    yield from _checks(feedback)
    if feedback.validation is not None:
        yield ""
        yield f"Public validation: {_plain(validation(feedback.validation))}"
    yield ""
    yield f"Steps in the sandbox ({feedback.sandbox or 'none was used'}):"
    for step in feedback.steps:
        yield from _step(step)
    for skipped in feedback.skipped:
        yield f"  step {_plain(skipped.name)}: not run"
        yield quoted(skipped.reason)
    yield ""
    yield f"Findings: {len(feedback.findings)}" + (
        f", and {feedback.findings_not_listed} that are not listed" if feedback.findings_not_listed else ""
    )
    for finding in feedback.findings[:MOST_FINDINGS]:
        yield from _finding(finding)
    left = len(feedback.findings) - MOST_FINDINGS
    if left > 0:
        yield f"  {left} more in the report"
    yield from (f"note: {_plain(note)}" for note in feedback.notes)


def _checks(feedback: Feedback) -> Iterator[str]:
    width = max((len(check.check) for check in feedback.checks), default=0)
    for check in feedback.checks:
        score = "  --" if check.score is None else f"{100 * check.score:4.0f}"
        fault = f" ({wording.FAULT[check.fault]})" if check.fault else ""
        yield f"  {check.check:<{width}} {wording.VERDICT[check.verdict]:<12} {score}{fault}"
        yield quoted(check.summary)


def _step(step: ShownStep) -> Iterator[str]:
    yield f"  step {_plain(step.name)}: {_plain(step.ended)}, {step.wall_s:g} s"
    if step.target:
        yield quoted(step.target)
    yield from (quoted(line) for line in step.last_words)


def _finding(finding: ShownFinding) -> Iterator[str]:
    yield f"  {finding.severity.value}: {_plain(finding.check)}"
    yield quoted(f"{place(finding)}: {finding.message}" if place(finding) else finding.message)
    for label, text in (("seen", finding.seen), ("expected", finding.expected), ("do", finding.fix)):
        if text:
            yield quoted(f"{label}: {text}")
