"""GitHub's annotations as workflow commands, the heaviest findings first, within what one step may show."""

from collections.abc import Iterator

from harness.model.feedback import Feedback, ShownFinding
from harness.model.finding import Severity
from reports.escape import terminal
from reports.feedback.words import place, safe

LIMIT = 10
"""Errors, warnings and notices that are shown of one step, each."""
MAX_MESSAGE = 1000
_COMMANDS = {Severity.BLOCKER: "error", Severity.MAJOR: "warning", Severity.MINOR: "notice"}


def render(feedback: Feedback) -> tuple[str, ...]:
    """One line a command. What does not fit is counted in a last notice, which takes the place of one."""
    by_command: dict[str, list[ShownFinding]] = {command: [] for command in _COMMANDS.values()}
    for finding in safe(feedback).findings:
        by_command[_COMMANDS[finding.severity]].append(finding)
    too_many = feedback.findings_not_listed > 0 or any(len(found) > LIMIT for found in by_command.values())
    room = {"error": LIMIT, "warning": LIMIT, "notice": LIMIT - 1 if too_many else LIMIT}
    shown = [(command, one) for command, found in by_command.items() for one in found[: room[command]]]
    left = len(feedback.findings) - len(shown) + feedback.findings_not_listed
    lines = [_command(command, one) for command, one in shown]
    return (*lines, f"::notice title=harness::{left} more in the report") if left else tuple(lines)


def failure(sentence: str) -> str:
    """An annotation for a failure that is no finding."""
    return f"::error title=harness::{_data(terminal(sentence))}"


def _command(command: str, finding: ShownFinding) -> str:
    properties = {} if finding.path is None else {"file": finding.path}
    if finding.path is not None and finding.line is not None and finding.cell is None:
        properties |= {"line": str(finding.line), "endLine": str(finding.line)}
    properties["title"] = f"{finding.check}: {finding.rule.replace('_', ' ')}" if finding.rule else finding.check
    named = ",".join(f"{name}={_property(terminal(value))}" for name, value in properties.items())
    return f"::{command} {named}::{_data(terminal(' '.join(_sentences(finding)))[:MAX_MESSAGE])}"


def _sentences(finding: ShownFinding) -> Iterator[str]:
    """Our own words first. A line of a notebook's cell is no line of its file, so it is told in words."""
    yield f"{place(finding)}: {finding.message}" if finding.cell is not None else finding.message
    for label, text in (("Seen", finding.seen), ("Expected", finding.expected), ("Do", finding.fix)):
        if text:
            yield _ended(f"{label}: {text}")
    if finding.innocent:
        yield f"Innocent explanation: {finding.innocent}"


def _ended(text: str) -> str:
    """With a full stop, so that it does not run into what follows on the same line."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
