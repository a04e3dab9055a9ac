"""Runs side by side, as plain lines for a terminal. Every text that a candidate could have written is made harmless."""

from collections.abc import Iterator, Sequence

from harness.model.comparison import Comparison, Span
from harness.model.finding import Verdict
from reports import numbers, wording
from reports.escape import terminal

_MOST_FINDINGS = 12
_NAME, _CELL = 34, 26
_LADDER_NAME = 24
"""Narrower: an interval fills its cell, and two of them are to fit into 80 columns."""
_DIGEST = 12


def render(comparison: Comparison) -> str:
    return "\n".join(line.rstrip() for line in _lines(comparison)) + "\n"


def _lines(shown: Comparison) -> Iterator[str]:
    sides = shown.sides
    for side in sides:
        yield terminal(f"{side.label}  {side.candidate}  ({side.run})")
    yield ""
    yield from _footing(shown)
    yield _row("", [side.label for side in sides])
    yield _row("automatic total of 100", [numbers.points(side.totals.automatic) for side in sides])
    yield _row("measured of what checks decide", [numbers.percent(side.totals.automatic_coverage) for side in sides])
    yield _row("still reachable", [f"{side.totals.low:.0f} to {side.totals.high:.0f}" for side in sides])
    yield from _table(
        "Criteria, by checks", [(one.title, [numbers.percent(v) for v in one.automatic]) for one in shown.criteria]
    )
    checks = [
        (one.title, [_verdict(verdict, score) for verdict, score in zip(one.verdicts, one.scores, strict=True)])
        for one in shown.checks
    ]
    yield from _table("Checks", checks)
    yield from _ladder(shown)
    yield from _own(shown)


def _footing(shown: Comparison) -> Iterator[str]:
    if shown.differences:
        yield (
            "Nearly on one footing; these differ:"
            if shown.same_footing
            else "NOT ON ONE FOOTING. These differ, so numbers below are not all comparable:"
        )
        meaning = {
            "values": "values are not comparable; places on the ladder are, within their intervals",
            "totals": "totals are not comparable",
            "everything": "nothing measured is comparable",
            "little": "",
        }
        for one in shown.differences:
            values = ", ".join(f"{side.label} {_short(value)}" for side, value in zip(shown.sides, one.values, strict=True))
            yield terminal(f"  {one.what}: {values}" + (f" ({meaning[one.weighs]})" if meaning[one.weighs] else ""))
        yield ""
    else:
        yield "On one footing: same pack, data, rubric, profile, checks, environment and harness."
        yield ""


def _table(title: str, rows: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    if rows:
        yield ""
        yield title
        for name, cells in rows:
            yield _row(f"  {name}", cells)


def _ladder(shown: Comparison) -> Iterator[str]:
    ladder = shown.ladder
    if ladder is None:
        return
    yield ""
    yield terminal(f"Hidden data: {ladder.title}, with 95 % intervals")
    yield _row("  value", [_span(one) for one in ladder.values], _LADDER_NAME)
    yield _row("  place on the ladder", [_span(one) for one in ladder.positions], _LADDER_NAME)
    by = "values on the same hidden rows" if ladder.compared_by == "value" else "places on each one's own ladder"
    words = {
        "tied": "tied: their intervals touch",
        "apart": "apart: their intervals do not touch",
        "unknown": "not compared: an interval is missing, or they were graded in different ways",
    }
    for tie in ladder.ties:
        yield f"  {tie.one} and {tie.other}: {words[tie.state]}" + (f" (by {by})" if tie.state != "unknown" else "")


def _own(shown: Comparison) -> Iterator[str]:
    for side in shown.sides:
        mine = [own.finding for own in shown.own_findings if own.label == side.label]
        if not mine:
            continue
        yield ""
        yield f"Only in {side.label}"
        for finding in mine[:_MOST_FINDINGS]:
            place = f" [{finding.where}]" if str(finding.where) else ""
            yield terminal(f"  {wording.SEVERITY[finding.severity]}: {finding.message}{place}")
        if len(mine) > _MOST_FINDINGS:
            yield f"  and {len(mine) - _MOST_FINDINGS} more kinds, in its report"


def _verdict(verdict: str | None, score: float | None) -> str:
    if verdict is None:
        return "not asked"
    words = wording.VERDICT[Verdict(verdict)]
    return words if score is None else f"{words}, {score:.2f}"


def _span(span: Span | None) -> str:
    if span is None:
        return "not measured"
    interval = numbers.interval(span.low, span.high)
    return f"{numbers.number(span.value)} ({interval})" if interval else numbers.number(span.value)


def _row(name: str, cells: Sequence[str], width: int = _NAME) -> str:
    """A name and its values. A name that is too long ends in dots, so that nobody takes the rest for all of it."""
    shown = name if len(name) < width else name[: width - 2].rstrip(" ,") + "…"
    return terminal(shown.ljust(width) + "".join(cell.ljust(_CELL) for cell in cells))


def _short(value: str) -> str:
    plain = len(value) >= 40 and all(character in "0123456789abcdef" for character in value)
    return f"{value[:_DIGEST]}…" if plain else value
