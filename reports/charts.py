"""Our own small pictures, as SVG text. Each is an image with a title; its numbers stand in a table beside it.

Colours come from the style sheet by class, and never carry meaning alone: checks are solid, people outlined, open hatched.
No ids, no links, no style attributes, no scripts: several pictures can share a page, and a strict policy lets them through.
"""

from collections.abc import Callable, Sequence

from reports.escape import svg
from reports.rows import LadderRow, ProfileRow, StepRow, Sum

BAR_WIDTH, BAR_HEIGHT = 240, 18
WIDE, LADDER_HEIGHT = 912, 148
FLOOR_POINTS = 0.40
"""Level 2: what a must-have has to reach."""
_HATCH_STEP = 6

Scale = Callable[[float], float]
"""From a position of 0 to 1 to a place in the picture."""


def profile_bar(row: ProfileRow) -> str:
    """One criterion: points from checks, points from people, what is still open, and the floor."""
    parts = [_box("track", 0.5, 2.5, BAR_WIDTH - 1, BAR_HEIGHT - 5)]
    left = 1.0
    for share, kind in ((row.by_checks, "checks"), (row.by_people, "people"), (row.open, "open")):
        width = _held(share) * (BAR_WIDTH - 2)
        if width >= 0.5:
            parts.append(_part(kind, left, 3, width, BAR_HEIGHT - 6))
            left += width
    if row.has_floor:
        x = 1 + FLOOR_POINTS * (BAR_WIDTH - 2)
        parts += [line("halo", x, 2.5, x, BAR_HEIGHT - 2.5), line("floor", x, 0, x, BAR_HEIGHT)]
    return image("bar", BAR_WIDTH, BAR_HEIGHT, f"{row.id} {row.title}, weight {row.weight}. {row.sentence}", parts)


def total_track(total: Sum) -> str:
    """The reachable range from 0 to 100, the final total in it once there is one, and then the lines."""
    height, top, thick = 66, 24, 14
    scale = WIDE - 2.0

    def at(value: float) -> float:
        return 1 + _held(value / 100) * scale

    parts = [_box("track", 1, top, scale, thick), _part("checks", 1, top, at(total.from_checks) - 1, thick)]
    parts.append(_part("people", at(total.from_checks), top, at(total.low) - at(total.from_checks), thick))
    parts.append(_part("open", at(total.low), top, at(total.high) - at(total.low), thick))
    parts += [text("tick", 0, top + thick + 18, "0", "start"), text("tick", WIDE, top + thick + 18, "100", "end")]
    for value, _words in total.lines:
        parts += [line("rung", at(value), y, at(value), y + 5) for y in (top - 5, top + thick)]
        parts.append(text("tick", at(value), top + thick + 18, f"line {value:g}", "middle"))
    if total.final_value is not None:
        x = at(total.final_value)
        parts += [
            line("halo", x, top, x, top + thick),
            line("final", x, top - 6, x, top + thick + 6),
            text("name strong", x, top - 11, total.final, "middle"),
        ]
    known = f"Total {total.final} of 100. " if total.final else ""
    title = f"{known}Reachable from {total.reachable} of 100; {total.coverage}."
    return image("wide", WIDE, height, title, parts)


def ladder(row: LadderRow) -> str:
    """The submission's point and interval between the rungs, and the value it declared."""
    left, scale, axis = 8, WIDE - 16, 88

    def at(position: float) -> float:
        return left + _held(position) * scale

    parts = [line("axis", left, axis, left + scale, axis)]
    for rung in row.rungs:
        x = at(rung.position)
        edge = "start" if rung.position < 0.05 else "end" if rung.position > 0.95 else "middle"
        shift = {"start": -6.0, "end": 6.0, "middle": 0.0}[edge]
        parts += [line("rung", x, axis - 7, x, axis + 7), text("name", x + shift, axis + 26, rung.name, edge)]
        parts.append(text("tick", x + shift, axis + 43, rung.value, edge))
    parts += _declared(row, at, axis) + _measured(row, at, axis)
    title = f"{row.title}, {row.direction}: {row.measured}, {row.place}. {row.comparison}"
    return image("wide", WIDE, LADDER_HEIGHT, title, parts)


def timeline(steps: Sequence[StepRow]) -> str:
    """Steps one after the other by wall time; one that did not end normally is hatched."""
    row_height, left, right = 26, 150, 90
    total = sum(step.wall_s for step in steps) or 1.0
    scale = WIDE - left - right
    parts: list[str] = []
    begun = 0.0
    for index, step in enumerate(steps):
        y = index * row_height + 6.0
        x, width = left + begun / total * scale, max(2.0, step.wall_s / total * scale)
        parts += [text("name", 0, y + 12, _short(step.name), "start"), line("grid", left, y + 8, left + scale, y + 8)]
        parts.append(_part("checks" if step.normal else "open", x, y, min(width, left + scale + 2 - x), 16))
        parts.append(text("tick", WIDE, y + 12, step.wall, "end"))
        begun += step.wall_s
    told = "; ".join(f"{step.name} {step.wall}, {step.outcome}" for step in steps)
    return image("wide", WIDE, max(1, len(steps)) * row_height + 8, f"Steps by wall time: {told}", parts)


def share_bar(share: float, title: str) -> str:
    """A share of a whole."""
    parts = [_box("track", 0.5, 2.5, 119, 9), _part("checks", 1, 3, _held(share) * 118, 8)]
    return image("share", 120, 14, title, parts)


def _declared(row: LadderRow, at: Scale, axis: float) -> list[str]:
    if row.declared_position is None:
        return []
    x, top = at(row.declared_position), axis - 60
    diamond = f'<path class="declared" d="M{x:.1f} {axis - 9:g}l7 9l-7 9l-7 -9z"/>'
    edge = _edge(row.declared_position)
    return [
        line("leader", x, top + 6, x, axis - 10),
        diamond,
        text("name", x, top, f"declared {row.declared} ({row.declared_note})", edge),
    ]


def _measured(row: LadderRow, at: Scale, axis: float) -> list[str]:
    if row.position is None:
        return []
    x = at(row.position)
    parts: list[str] = []
    if row.low is not None and row.high is not None:
        low, high = at(row.low), at(row.high)
        parts += [line("spread", low, axis, high, axis)]
        parts += [line("cap", end, axis - 8, end, axis + 8) for end in (low, high)]
    parts.append(f'<circle class="measured" cx="{x:.1f}" cy="{axis:g}" r="7"/>')
    parts.append(text("name strong", x, axis - 22, f"measured {row.measured}", _edge(row.position)))
    return parts


def _edge(position: float) -> str:
    return "start" if position < 0.1 else "end" if position > 0.9 else "middle"


def _part(kind: str, x: float, y: float, width: float, height: float) -> str:
    """A filled, outlined or hatched stretch."""
    if width <= 0:
        return ""
    if kind != "open":
        inset = 0.5 if kind == "people" else 0.0
        return _box(kind, x + inset, y + inset, max(0.5, width - 2 * inset), height - 2 * inset)
    return _box("openbox", x, y, width, height) + f'<path class="hatch" d="{_hatching(x, y, width, height)}"/>'


def _hatching(x: float, y: float, width: float, height: float) -> str:
    """Slanted lines held to a box by arithmetic, so that no picture needs an id for a pattern."""
    strokes = []
    offset = -height + _HATCH_STEP / 2
    while offset < width:
        start, end = max(0.0, offset), min(width, offset + height)
        if end > start:
            strokes.append(
                f"M{x + start:.1f} {y + height - (start - offset):.1f}L{x + end:.1f} {y + height - (end - offset):.1f}"
            )
        offset += _HATCH_STEP
    return "".join(strokes)


def image(kind: str, width: float, height: float, title: str, parts: Sequence[str]) -> str:
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" role="img" {size}>'
    return f"{head}<title>{svg(title)}</title>{''.join(parts)}</svg>"


def _box(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}"/>'


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def text(kind: str, x: float, y: float, words: str, anchor: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{svg(words)}</text>'


def _short(name: str, limit: int = 18) -> str:
    return name if len(name) <= limit else name[: limit - 1] + "…"


def _held(share: float) -> float:
    return min(1.0, max(0.0, share)) if share == share else 0.0


def key(kind: str) -> str:
    """A small sample of one kind of stretch, for the legend."""
    sample = line("floor", 11, 0, 11, 14) if kind == "floor" else _part(kind, 1, 2, 20, 10)
    names = {"checks": "solid", "people": "outlined", "open": "hatched", "floor": "upright mark"}
    return image("sample", 22, 14, names[kind], [sample])
