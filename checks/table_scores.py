"""Row by row: which rows of a returned table are right, and what that makes for each slice of difficult rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.bootstrap import Interval, intervals
from checks.returned_tables import GoldenTable, ReturnedTable, same_cell
from harness.model.answers import TableAnswer

if TYPE_CHECKING:
    from checks.metrics.base import Floats, Weighed

OVERALL = "rows_matched"


@dataclass(frozen=True)
class Matched:
    """For each row of the golden table whether it was given as it is, and the same for each of its cells."""

    golden: GoldenTable
    cells: tuple[tuple[bool, ...], ...]

    @property
    def rows(self) -> tuple[bool, ...]:
        return tuple(all(cells) for cells in self.cells)

    def share(self, marks: tuple[bool, ...] | None = None) -> float:
        """Share of the right rows among those marked; 0 where none is marked."""
        chosen = [right for right, marked in zip(self.rows, marks or (True,) * len(self.cells), strict=True) if marked]
        return sum(chosen) / len(chosen) if chosen else 0.0

    def column_share(self, place: int) -> float:
        return sum(cells[place] for cells in self.cells) / len(self.cells)

    def only(self, name: str) -> tuple[bool, ...]:
        """Rows that are difficult in this one respect and in no other."""
        others = [marks for other, marks in self.golden.slices.items() if other != name]
        return tuple(mine and not any(rest) for mine, *rest in zip(self.golden.slices[name], *others, strict=True))


def match(golden: GoldenTable, returned: ReturnedTable, contract: TableAnswer) -> Matched:
    nothing = (False,) * len(contract.columns)
    cells = []
    for key, right in zip(golden.ids, golden.rows, strict=True):
        given = returned.rows.get(key)
        cells.append(nothing if given is None else tuple(map(same_cell, contract.columns, right, given)))
    return Matched(golden, tuple(cells))


def slice_match(matched: Matched) -> float:
    """The mean over slices of the share of right rows; over all rows where there are no slices."""
    shares = [matched.share(marks) for marks in matched.golden.slices.values()]
    return sum(shares) / len(shares) if shares else matched.share()


def slice_intervals(matched: Matched, name: str) -> dict[str, Interval]:
    """The metric under its name, every slice's share, and the share of all rows, over the same bootstrap draws."""
    import numpy as np

    right = np.array(matched.rows, dtype=np.float64)
    marks = {f"match_{one}": np.array(flags, dtype=np.float64) for one, flags in matched.golden.slices.items()}
    every: dict[str, Weighed] = {key: _share(right, flags) for key, flags in marks.items()}
    overall = _share(right, np.ones(len(right)))
    parts = tuple(every.values()) or (overall,)

    def mean(weights: Floats) -> Floats:
        together: Floats = np.mean([part(weights) for part in parts], axis=0)
        return together

    with np.errstate(all="ignore"):
        return intervals({name: mean, **every, OVERALL: overall}, np.zeros(len(right), dtype=np.int64))


def _share(right: Floats, flags: Floats) -> Weighed:
    def weighed(weights: Floats) -> Floats:
        shares: Floats = (weights @ (right * flags)) / (weights @ flags)
        return shares

    return weighed
