"""The summary on the page of a build: Markdown, the verdict first and never cut, the rest cut at a section."""

from collections.abc import Iterator, Sequence

from harness.model.feedback import Feedback, ShownFinding, ShownStep
from harness.model.finding import Severity
from reports import wording
from reports.escape import code_block, code_line, markdown
from reports.feedback.words import NOT_THE_GRADE, head, place, safe, source, validation

MAX_BYTES = 900_000
"""GitHub takes 1 MiB of one step; above it the whole summary is lost while the step stays green."""
_NOTE_ROOM = 200
_MOST_FINDINGS = 200
_TITLES = {Severity.BLOCKER: "To correct first", Severity.MAJOR: "Major", Severity.MINOR: "Minor"}


def render(feedback: Feedback, limit: int = MAX_BYTES) -> str:
    """Sections in the order of the page for as long as they fit; what is left out is counted."""
    shown = safe(feedback)
    text = "\n\n".join(_head(shown)) + "\n"
    sections = [section for section in _sections(shown) if section]
    for index, section in enumerate(sections):
        if len((text + section).encode("utf-8")) > limit - _NOTE_ROOM:
            return f"{text}\n_Cut here to fit the summary: {len(sections) - index} more sections are in the report's files._\n"
        text += f"\n{section}\n"
    return text


def _head(feedback: Feedback) -> Iterator[str]:
    yield f"## {markdown(head(feedback))}"
    yield f"**{NOT_THE_GRADE}**"
    pack = feedback.pack
    yield (
        f"- Assignment: {code_line(f'{pack.id} {pack.version}')}, {markdown(pack.title)}\n"
        f"- Looked at: {code_line(source(feedback))}"
    )


def _sections(feedback: Feedback) -> Iterator[str]:
    yield _checks(feedback)
    if feedback.validation is not None:
        yield f"### Public validation\n\n{markdown(validation(feedback.validation))}."
    for severity, title in _TITLES.items():
        found = [one for one in feedback.findings if one.severity is severity]
        yield from _findings(title, found)
    if feedback.findings_not_listed:
        yield f"_{feedback.findings_not_listed} more findings are not listed._"
    yield _steps(feedback)
    yield from (_words(step) for step in feedback.steps if step.last_words)
    notes = "\n".join(f"- {markdown(note)}" for note in feedback.notes)
    yield f"### Notes\n\n{notes}" if notes else ""


def _checks(feedback: Feedback) -> str:
    rows = [
        (
            markdown(check.title),
            wording.VERDICT[check.verdict],
            "" if check.score is None else f"{100 * check.score:.0f}",
            markdown(check.summary) + (f" Not measured: {wording.FAULT[check.fault]}." if check.fault else ""),
        )
        for check in feedback.checks
    ]
    return "### Checks\n\n" + _table(("Check", "Verdict", "Score", "What was seen"), rows)


def _findings(title: str, found: Sequence[ShownFinding]) -> Iterator[str]:
    """In pieces, so that a long list is cut between findings and not left out whole."""
    for start in range(0, len(found), _MOST_FINDINGS):
        part = found[start : start + _MOST_FINDINGS]
        named = f"{title} ({len(found)})" if len(found) <= _MOST_FINDINGS else f"{title} ({start + 1} to {start + len(part)})"
        yield f"### {named}\n\n" + "\n".join(_finding(one) for one in part)


def _finding(finding: ShownFinding) -> str:
    where = f" {code_line(place(finding))}" if place(finding) else ""
    lines = [f"- **{markdown(finding.check)}**{where}: {markdown(finding.message)}"]
    for label, text in (("Seen", finding.seen), ("Expected", finding.expected)):
        lines += [f"  {label}: {code_line(text)}"] if text else []
    lines += [f"  Do: {markdown(finding.fix)}"] if finding.fix else []
    lines += [f"  Innocent explanation: {markdown(finding.innocent)}"] if finding.innocent else []
    return "  \n".join(lines)


def _steps(feedback: Feedback) -> str:
    rows = [
        (markdown(one.name), markdown(one.target or ""), markdown(one.ended), f"{one.wall_s:g} s") for one in feedback.steps
    ]
    rows += [(markdown(one.name), "", f"not run: {markdown(one.reason)}", "") for one in feedback.skipped]
    used = f"In {markdown(feedback.sandbox)}, without a network." if feedback.sandbox else "No sandbox was used."
    return f"### What ran\n\n{used}\n\n" + (_table(("Step", "What", "How it ended", "Time"), rows) if rows else "")


def _words(step: ShownStep) -> str:
    text = "\n".join(step.last_words)
    return f"#### Last words of {markdown(step.name)}\n\n{code_block(text)}"


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [" | ".join(titles), " | ".join("---" for _ in titles), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines)
