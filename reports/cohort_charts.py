"""The cohort's two pictures: how totals are spread, and the ladder of all with intervals. Same rules as reports.charts."""

from reports.charts import WIDE, Scale, image, line, text
from reports.cohort_rows import LadderBlock, Mark, Placed, SpreadBlock

_ROW, _LABEL, _TOP = 22, 190, 56
_HEIGHT, _FOOT = 150, 24
_ROOM = 74
"""Two rung names closer than this are set in two lines."""


def spread(block: SpreadBlock) -> str:
    """Columns by stretches of ten: solid where everything was measured, outlined where not."""
    most = max((one.count for one in block.bins), default=0) or 1
    width = WIDE / max(1, len(block.bins))
    ground = _TOP / 2 + _HEIGHT
    parts = [line("axis", 0, ground, WIDE, ground)]
    for index, one in enumerate(block.bins):
        x = index * width
        full, part = (count / most * _HEIGHT for count in (one.fully, one.partly))
        if one.fully:
            parts.append(_box("checks", x + 6, ground - full, width - 12, full))
        if one.partly:
            parts.append(_box("people", x + 6.5, ground - full - part + 0.5, width - 13, part - 1))
        if one.count:
            parts.append(text("name", x + width / 2, ground - full - part - 7, str(one.count), "middle"))
        parts.append(text("tick", x + width / 2, ground + 18, one.span, "middle"))
    return image("wide", WIDE, ground + _FOOT, block.sentence, parts)


def ladder(block: LadderBlock) -> str:
    """A line for each submission, groups set apart by space, rungs as upright lines through all."""
    scale = WIDE - _LABEL - 10
    rows = sum(len(group.members) for group in block.groups)
    height = _TOP + rows * _ROW + len(block.groups) * 10

    def at(share: float) -> float:
        return _LABEL + min(1.0, max(0.0, share)) * scale

    parts = _rungs(block.marks, at, height)
    y = _TOP + 10.0
    for group in block.groups:
        for member in group.members:
            parts += _member(member, at, y)
            y += _ROW
        parts.append(line("grid", 0, y - 6, WIDE, y - 6))
        y += 10
    title = f"{block.title} of {rows} submissions, each with its interval; {len(block.groups)} groups that can be told apart"
    return image("wide", WIDE, height + 6, title, parts)


def _rungs(marks: tuple[Mark, ...], at: Scale, height: float) -> list[str]:
    parts: list[str] = []
    last = -1e9
    lower = False
    for mark in sorted(marks, key=lambda one: one.at):
        x = at(mark.at)
        lower = x - last < _ROOM and not lower
        last = x
        y = 30 if lower else 12
        parts += [line("grid", x, y + 6, x, height), text("tick", x, y, f"{mark.name} {mark.value}", "middle")]
    return parts


def _member(one: Placed, at: Scale, y: float) -> list[str]:
    low, high, x = at(one.low), at(one.high), at(one.at)
    return [
        text("name", 0, y + 4, one.id if len(one.id) <= 24 else one.id[:23] + "…", "start"),
        line("spread", low, y, high, y),
        *(line("cap", end, y - 5, end, y + 5) for end in (low, high)),
        f'<circle class="measured" cx="{x:.1f}" cy="{y:g}" r="5"/>',
    ]


def _box(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{max(0.0, height):.1f}"/>'
