"""Which rows of which data a value holds: the origin that was read, and the sides of the splits it came through."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

MAX_SIDES = 10
MAX_REGIONS = 12


class Side(NamedTuple):
    """One side of one split. Sides of the same split that are named apart hold no row in common."""

    split: str
    side: str


_APART = frozenset([("train", "test"), ("in", "out"), ("train", "rest"), ("test", "rest"), ("fold", "held")])


@dataclass(frozen=True, slots=True)
class Region:
    """Rows of one origin, after the sides they were taken from."""

    origin: str
    sides: frozenset[Side] = frozenset()

    def on(self, split: str, side: str) -> "Region":
        if len(self.sides) >= MAX_SIDES:
            return self
        return Region(self.origin, self.sides | {Side(split, side)})


Rows = frozenset[Region]
NO_ROWS: Rows = frozenset()


def sides_apart(one: str, other: str) -> bool:
    if one == other:
        return False
    if (one, other) in _APART or (other, one) in _APART:
        return True
    one_kind, _, one_value = one.partition(" ")
    other_kind, _, other_value = other.partition(" ")
    if one_kind == other_kind == "is" or one_kind == other_kind == "piece" or {one_kind, other_kind} == {"below", "above"}:
        return True
    if one_kind == "piece" or other_kind == "piece":
        piece, edge, kind = (one_value, other_value, other_kind) if one_kind == "piece" else (other_value, one_value, one_kind)
        start, _, end = piece.partition(":")
        return bool(edge) and ((kind == "below" and start == edge) or (kind == "above" and end == edge))
    return {one_kind, other_kind} == {"is", "not"} and one_value == other_value


@lru_cache(maxsize=65536)
def regions_overlap(one: Region, other: Region) -> bool:
    if one.origin != other.origin:
        return False
    return separating(one, other) is None


def separating(one: Region, other: Region) -> str | None:
    """The split that keeps two regions of one origin apart, if one does."""
    for mine in one.sides:
        for theirs in other.sides:
            if mine.split == theirs.split and sides_apart(mine.side, theirs.side):
                return mine.split
    return None


@lru_cache(maxsize=65536)
def overlap(one: Rows, other: Rows) -> bool:
    """Whether two sets of rows may share a row."""
    return any(regions_overlap(mine, theirs) for mine in one for theirs in other)


@lru_cache(maxsize=16384)
def separating_split(one: Rows, other: Rows) -> str | None:
    """A split that keeps the two apart where they come from the same origin."""
    for mine in one:
        for theirs in other:
            if mine.origin == theirs.origin:
                split = separating(mine, theirs)
                if split is not None:
                    return split
    return None


def origins(rows: Rows) -> frozenset[str]:
    return frozenset(region.origin for region in rows)


def on_side(rows: Rows, split: str, side: str) -> Rows:
    return frozenset(region.on(split, side) for region in rows)


def on_sides(rows: Rows, sides: tuple[tuple[str, str], ...] | None) -> Rows:
    for split, side in sides or ():
        rows = on_side(rows, split, side)
    return rows


def joined(*many: Rows) -> Rows:
    rows = frozenset().union(*many) if many else NO_ROWS
    return _coarser(rows) if len(rows) > MAX_REGIONS else rows


def _coarser(rows: Rows) -> Rows:
    """So many regions that only their origins are kept; this can make rows look shared, never apart."""
    common: dict[str, frozenset[Side]] = {}
    for region in rows:
        common[region.origin] = common.get(region.origin, region.sides) & region.sides
    kept = sorted(common.items(), key=lambda item: item[0])[:MAX_REGIONS]
    return frozenset(Region(origin, sides) for origin, sides in kept)


def has_side(rows: Rows, *names: str) -> bool:
    return any(side.side.partition(" ")[0] in names for region in rows for side in region.sides)
