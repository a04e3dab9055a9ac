"""Blocks of code that stand in a submission more than once."""

from collections.abc import Sequence
from dataclasses import dataclass

WINDOW = 8
"""So many lines of code in a row, spaces and comments aside, make a block."""


@dataclass(frozen=True)
class Line:
    path: str
    cell: int | None
    number: int
    text: str


@dataclass(frozen=True)
class Duplicate:
    """A block that stands at `again` as it does at `first`."""

    first: Line
    again: Line
    lines: int


def code_lines(path: str, cell: int | None, source: str) -> list[Line]:
    """Lines that hold code: no blank ones, no comments, no single words or brackets."""
    found = []
    for number, raw in enumerate(source.split("\n"), start=1):
        text = raw.split("#", 1)[0].strip() if '"' not in raw and "'" not in raw else raw.strip()
        if len(text) > 2 and not text.startswith(("#", "import ", "from ")):
            found.append(Line(path, cell, number, text))
    return found


def duplicates(blocks: Sequence[Sequence[Line]]) -> list[Duplicate]:
    """Each stretch of at least WINDOW lines that stood before, in this file or another, at its full length."""
    seen: dict[tuple[str, ...], tuple[int, int]] = {}
    found: list[Duplicate] = []
    for where, lines in enumerate(blocks):
        place = 0
        while place + WINDOW <= len(lines):
            window = tuple(line.text for line in lines[place : place + WINDOW])
            known = seen.get(window)
            overlaps = known is not None and known[0] == where and known[1] + WINDOW > place
            if known is None or overlaps or len(set(window)) < WINDOW // 2:
                seen.setdefault(window, (where, place))
                place += 1
                continue
            length = _extent(blocks[known[0]], known[1], lines, place, same=known[0] == where)
            found.append(Duplicate(blocks[known[0]][known[1]], lines[place], length))
            place += length
    return found


def _extent(first: Sequence[Line], start: int, again: Sequence[Line], place: int, *, same: bool) -> int:
    length = WINDOW
    while (
        start + length < (place if same else len(first))
        and place + length < len(again)
        and first[start + length].text == again[place + length].text
    ):
        length += 1
    return length
