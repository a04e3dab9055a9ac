"""The report as Markdown for a comment: verdict first and never cut, nothing in it that could act.

Paths and excerpts stand in code that they cannot leave; sentences are escaped, their mentions and links broken.
"""

import textwrap
from collections.abc import Iterator, Sequence

from harness.model.report import Report
from reports.escape import Caps, code_block, code_line, markdown
from reports.rows import CheckRow, Pair, Point, View
from reports.view import view

MAX_CHARACTERS = 60_000
CAPS = Caps(line=400, block=600, log=1500, findings=5, rows=60)
_NOTE_ROOM = 200
SHORT_EXCERPT = 160


def render(report: Report) -> str:
    """Blocks in the order of the page for as long as they fit; what is left out is counted in the last line."""
    shown = view(report, CAPS)
    text = "\n\n".join(_head(shown)) + "\n"
    blocks = [block for block in _body(shown) if block]
    for index, block in enumerate(blocks):
        if len(text) + len(block) + 2 > MAX_CHARACTERS - _NOTE_ROOM:
            return f"{text}\n_Cut here to fit a comment: {len(blocks) - index} more blocks are in report.html._\n"
        text += f"\n{block}\n"
    return text


def _head(shown: View) -> Iterator[str]:
    """The verdict: short by its caps, so that no text of a submission can push it out."""
    status, total = shown.status, shown.total
    yield f"# {markdown(status.title)}"
    yield f"**{status.state}.** {status.advice}"
    facts = [f"- {pair.label}: {code_line(pair.text)}" for pair in status.facts]
    yield "\n".join([*facts, *(f"- Why: {markdown(reason)}" for reason in status.reasons[:8])])
    yield f"{status.covered}."
    rows = [("Measured by checks", f"{total.automatic} of 100" if total.automatic_value is not None else total.automatic)]
    rows[0] = (rows[0][0], f"{rows[0][1]}; {total.automatic_note}")
    rows.append(("Total still reachable", f"{total.reachable}; {total.coverage}"))
    final = f"{total.final} of 100; {markdown(total.band)} ({total.lines_note})" if total.final else total.why_no_final
    rows.append(("Total with people's ratings", final))
    yield _table(("What", "Value"), rows)


def _body(shown: View) -> Iterator[str]:
    yield _section("In four sentences", [f"- **{pair.label}:** {markdown(pair.text)}" for pair in shown.sentences])
    yield _profile(shown)
    yield _section(
        "Check this yourself", [_point(one, rates=True) for one in shown.check_yourself], "No place was singled out."
    )
    yield _section("Strengths", [_point(one) for one in shown.strengths], "None could be shown by a check.")
    yield _section("Concerns", [_point(one, measured=True) for one in shown.concerns], "None was raised by a check.")
    yield _questions(shown)
    yield _hidden_data(shown)
    yield _section(
        "Gates", [f"- {markdown(one.label)} {markdown(one.text)}" for one in shown.gates], "No gate asks for a person."
    )
    yield _section("Red flags (no points; ask before concluding)", [_flag(one) for one in shown.red_flags], "None was raised.")
    yield _section("Positive notes", [_point(one) for one in shown.praise], _no_praise(shown))
    yield "## Evidence per criterion"
    for block in shown.criteria:
        reason = f" ({markdown(block.reason)})" if block.reason else ""
        yield f"### {markdown(block.id)} · {markdown(block.title)}\n\n{markdown(block.state)}{reason}."
        yield from (_check(row) for row in block.checks)
    if shown.other_checks:
        yield "### Checks without points"
        yield from (_check(row) for row in shown.other_checks)
    yield from _record(shown)


def _profile(shown: View) -> str:
    rows = [
        (f"{markdown(row.id)} {markdown(row.title)}", row.weight, row.automatic, row.people, row.floor) for row in shown.profile
    ]
    return "## Profile\n\n" + _table(("Criterion", "Weight", "Checks", "People", "Floor"), rows) if rows else ""


def _point(point: Point, *, rates: bool = False, measured: bool = False) -> str:
    said = (point.confidence, point.rates) if rates else (point.about, point.known_rates if measured else "")
    certainty = "; ".join(part for part in said if part)
    parts = [code_line(point.place) if point.place else "", markdown(certainty)]
    known = "; ".join(part for part in parts if part)
    return f"- {markdown(point.text)}" + (f" ({known})" if known else "")


def _excerpt(seen: str) -> str:
    """What was seen, under its point: in the line when it is short, else in a fence set in as far as the list."""
    if not seen:
        return ""
    if "\n" not in seen and len(seen) <= SHORT_EXCERPT:
        return f"\n  Seen: {code_line(seen)}"
    return "\n\n" + textwrap.indent(code_block(seen), "  ", lambda _line: True) + "\n"


def _no_praise(shown: View) -> str:
    return "No more than the strengths above." if shown.strengths else "None was noted by a check."


def _flag(point: Point) -> str:
    innocent = markdown(point.innocent or "none is on record; ask")
    return f"- **{markdown(point.title)}.** {_point(point, measured=True)[2:]} Innocent explanation: {innocent}"


def _questions(shown: View) -> str:
    lines = [
        f"{number}. **{markdown(one.ask)}** ({markdown(one.criterion)}, {one.minutes} min) {markdown(one.why)}"
        + (f" {code_line(one.about)}" if one.about else "")
        + f"\n   - Strong: {markdown(one.strong)}\n   - Weak: {markdown(one.weak)}"
        for number, one in enumerate(shown.questions, start=1)
    ]
    minutes = f" ({shown.question_minutes} minutes in all)" if lines else ""
    return _section(f"Ask these questions{minutes}", lines, "No question was chosen for this submission.")


def _hidden_data(shown: View) -> str:
    ladder = shown.ladder
    if ladder is None:
        return _section("Result on hidden data", [], "There was no ladder to place a result on.")
    rows = [(rung.name, rung.value, f"{rung.position:.2f} on the ladder") for rung in ladder.rungs]
    rows.append(
        ("this submission", ladder.measured, ladder.place + (f"; interval {ladder.interval}" if ladder.interval else ""))
    )
    if ladder.declared:
        rows.append(("declared by the submission", ladder.declared, ladder.declared_note))
    table = _table(("What", "Value", "Place"), rows)
    others = [(markdown(row.name), row.value, row.interval or "none") for row in shown.measures]
    more = "\n\n" + _table(("Other measurements", "Value", "Interval"), others) if others else ""
    title = f"{markdown(ladder.title)} ({ladder.direction}). {ladder.comparison}"
    return f"## Result on hidden data\n\n{title}\n\n{table}{more}"


def _check(row: CheckRow) -> str:
    score = f", {row.score}" if row.score else ""
    fault = f" Not measured: {row.fault}." if row.fault else ""
    lines = [f"**{markdown(row.title)}**: {row.verdict}{score}. {markdown(row.summary)}{fault}"]
    if row.points:
        lines.append("\n".join(_point(point, measured=True) + _excerpt(point.seen) for point in row.points))
    lines += [f"{row.not_listed}."] if row.not_listed else []
    return "\n\n".join(lines)


def _record(shown: View) -> Iterator[str]:
    run, work, method = shown.run, shown.work, shown.method
    steps = [(markdown(one.name), markdown(one.outcome), one.wall, one.cpu, one.peak) for one in run.steps]
    yield "## How it ran\n\n" + (
        _table(("Step", "Outcome", "Wall", "Processor", "Peak"), steps) if steps else "Nothing was run."
    )
    yield from (
        f"{markdown(step.name)}, {markdown(log.label)}:\n\n{code_block(log.text)}" for step in run.steps for log in step.logs
    )
    yield _bullets("Not run", run.skipped)
    controls = [(markdown(name), state, markdown(detail)) for name, state, detail in run.controls]
    yield f"### Sandbox {markdown(run.sandbox)}\n\n" + (_table(("Protection", "State", "Detail"), controls) if controls else "")
    yield _bullets("Known gap", run.gaps)
    refused = "\n".join(f"- {code_line(path)}: {markdown(reason)} ({kind})" for path, reason, kind in work.refusals)
    yield f"## Map of the work\n\n{markdown(work.summary)}." + (f"\n\nLeft out:\n\n{refused}" if refused else "")
    yield f"## How numbers are made\n\n{method.formula} {method.calibration}"
    yield "\n".join(f"- {pair.label}: {code_line(pair.text)}" for pair in method.versions)
    yield _section("Rights and contact", [f"- {sentence}" for sentence in shown.rights])


def _section(title: str, lines: Sequence[str], empty: str = "") -> str:
    return f"## {title}\n\n" + ("\n".join(lines) if lines else empty)


def _bullets(label: str, pairs: Sequence[Pair]) -> str:
    return "\n".join(f"- {label}: {markdown(pair.label)}: {markdown(pair.text)}" for pair in pairs)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells come escaped; a bar within one is escaped by `markdown`."""
    lines = [" | ".join(head), " | ".join("---" for _ in head), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines)
