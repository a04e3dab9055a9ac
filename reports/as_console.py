"""The report as plain lines for a terminal: what an interviewer wants before opening the page."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from harness.model.report import Report
from reports.escape import Caps, terminal
from reports.rows import Point, ProfileRow, View
from reports.view import view

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 100
CAPS = Caps(line=300, block=300, log=200, findings=3, rows=20)
_BAR = 20
_HEADINGS = frozenset(
    (
        "In four sentences",
        "Profile",
        "Check this yourself",
        "Strengths",
        "Concerns",
        "Ask",
        "Hidden data",
        "Gates",
        "Red flags",
        "Ran",
    )
)


def render(report: Report, width: int = WIDTH) -> str:
    """Without colour; no line is longer than `width`, which is at least 40."""
    width = max(40, width)
    lines: list[str] = []
    for line in _lines(view(report, CAPS), width):
        lines += _fold(line, width)
    return "\n".join(lines) + "\n"


def print_report(report: Report, console: "Console") -> None:
    """The same lines on a console, headings set off when it has colours. Nothing in them is read as markup."""
    for index, line in enumerate(render(report, console.width).splitlines()):
        style = "bold" if index == 0 or line in _HEADINGS else None
        console.print(line, style=style, markup=False, highlight=False, emoji=False, soft_wrap=True)


def _lines(shown: View, width: int) -> Iterator[str]:
    status, total = shown.status, shown.total
    yield f"{status.state}: {status.title}"
    yield ", ".join(f"{pair.label.lower()} {pair.text}" for pair in status.facts)
    yield from (f"- {reason}" for reason in status.reasons)
    yield f"{status.covered}. {status.advice}"
    yield ""
    measured = f"{total.automatic} of 100" if total.automatic_value is not None else total.automatic
    yield f"Measured by checks    {measured} ({total.automatic_note})"
    yield f"Total still reachable {total.reachable} ({total.coverage})"
    final = f"{total.final} of 100: {total.band} ({total.lines_note})" if total.final else f"not given: {total.why_no_final}"
    yield f"With people's ratings {final}"
    yield from _headed("In four sentences", [f"{pair.label}: {pair.text}" for pair in shown.sentences])
    yield from _headed("Profile", [_profile(row, width) for row in shown.profile])
    yield from _headed("Check this yourself", [_point(one, one.rates) for one in shown.check_yourself])
    yield from _headed("Strengths", [_point(one) for one in shown.strengths])
    yield from _headed("Concerns", [_point(one, one.known_rates) for one in shown.concerns])
    yield from _headed(
        "Ask", [f"{n}. {one.ask} ({one.criterion}, {one.minutes} min)" for n, one in enumerate(shown.questions, 1)]
    )
    if shown.ladder:
        yield from _headed("Hidden data", [f"{shown.ladder.title}: {shown.ladder.place}", shown.ladder.comparison])
    yield from _headed("Gates", [f"{pair.label} {pair.text}" for pair in shown.gates])
    yield from _headed(
        "Red flags", [f"{one.title}. Innocent explanation: {one.innocent or 'none on record'}" for one in shown.red_flags]
    )
    ran = [f"{step.name}: {step.outcome}, {step.wall}, {step.peak}" for step in shown.run.steps]
    yield from _headed("Ran", [*ran, *(f"{pair.label}: not run; {pair.text}" for pair in shown.run.skipped)])


def _headed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)


def _point(point: Point, rates: str = "") -> str:
    return f"- {point.text}" + (f" [{point.place}]" if point.place else "") + (f" ({rates})" if rates else "")


def _profile(row: ProfileRow, width: int) -> str:
    """`#` from checks, `=` from people, `?` still open, `.` not earned."""
    bar = "".join(mark * round(share * _BAR) for mark, share in (("#", row.by_checks), ("=", row.by_people), ("?", row.open)))
    picture = f"[{bar[:_BAR].ljust(_BAR, '.')}] " if width >= 80 else ""
    return f"{row.id:<6} {picture}weight {row.weight:>2}, {row.sentence}"


def _fold(line: str, width: int) -> list[str]:
    """A line in lines of at most `width`, those after the first set in under it."""
    inset = " " * (len(line) - len(line.lstrip(" ")))
    folded = textwrap.wrap(
        terminal(line.strip()), width - 2, initial_indent=inset, subsequent_indent=inset + "  ", break_on_hyphens=False
    )
    return [_harmless(one) for one in folded] or [""]


def _harmless(line: str) -> str:
    """No line begins with what a build service would take for its command, however it was folded."""
    return f"| {line.lstrip()}" if line.lstrip().startswith("::") else line
