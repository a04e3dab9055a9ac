"""Which rows of which data a value holds: the origin that was read, and the sides of the splits it came through."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from checks.practice.sides import apart, opposite

MAX_SIDES = 10
MAX_REGIONS = 12


class Side(NamedTuple):
    """One side of one split. Sides of the same split that are named apart hold no row in common."""

    split: str
    side: str


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


@lru_cache(maxsize=65536)
def regions_overlap(one: Region, other: Region) -> bool:
    if one.origin != other.origin:
        return False
    return separating(one, other) is None


def separating(one: Region, other: Region, *, certainly: bool = False) -> str | None:
    """The split that keeps two regions of one origin apart, if one does."""
    return next(iter(separating_splits(one, other, certainly=certainly)), None)


def separating_splits(one: Region, other: Region, *, certainly: bool = False) -> list[str]:
    """The splits that keep two regions apart. Bounds that nothing is known of count, unless both lie within the same side."""
    found = []
    for split in sorted({side.split for side in one.sides} & {side.split for side in other.sides}):
        mine = {side.side for side in one.sides if side.split == split}
        theirs = {side.side for side in other.sides if side.split == split}
        told = {apart(first, second) for first in mine for second in theirs if mine != theirs}
        if "yes" in told or ("perhaps" in told and not certainly and not mine & theirs):
            found.append(split)
    return found


@lru_cache(maxsize=65536)
def overlap(one: Rows, other: Rows) -> bool:
    """Whether two sets of rows may share a row."""
    return any(regions_overlap(mine, theirs) for mine in one for theirs in other)


@lru_cache(maxsize=16384)
def parting(one: Rows, other: Rows, *, certainly: bool = False) -> frozenset[str]:
    """The splits that keep the two apart where they come from the same origin."""
    return frozenset(
        split
        for mine in one
        for theirs in other
        if mine.origin == theirs.origin
        for split in separating_splits(mine, theirs, certainly=certainly)
    )


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


def restricted(rows: Rows, by: Rows) -> Rows:
    """The rows that an index picks: on the sides that all of the index is on."""
    sides = _common_sides(by)
    return frozenset(Region(region.origin, region.sides | sides) for region in rows)


def _common_sides(rows: Rows) -> frozenset[Side]:
    found: frozenset[Side] | None = None
    for region in rows:
        found = region.sides if found is None else found & region.sides
    return found or frozenset()


def without(rows: Rows, taken: Rows) -> Rows:
    """The rows that remain when an index is dropped: the other side of the last splits of that index."""
    sides = _common_sides(taken)
    kept = []
    for region in rows:
        fresh = [side for side in sides if side not in region.sides]
        flipped = {Side(side.split, opposite(side.side)) for side in fresh[:1]}
        kept.append(Region(region.origin, region.sides | flipped))
    return frozenset(kept)
