"""Altered copies of the holdout: the same rows in another order, fewer of them, or with one thing changed in some.

Everything here is data in, data out. Each variant keeps account of which of its rows is which row of the first run.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

TOUCHED_ROWS = 50
DAY_S = 86_400.0
_TIME_FORMATS = (
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y%m%d",
)  # fmt: skip
_SPARE_NAMES = ("export_batch", "source_file", "row_note", "load_number")


class UnsuitableError(Exception):
    """This data does not allow that variant; the sentence says why."""


class Row(NamedTuple):
    """One row of a variant: the id that it had in the first run, its cells, and what was changed in it."""

    base: str
    cells: tuple[str, ...]
    changed: str = ""


@dataclass(frozen=True)
class Draft:
    """A variant in the making; it still has the first run's ids."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    kinds: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def at(self, column: str) -> int:
        if column not in self.header:
            raise UnsuitableError(f"the holdout has no column {column!r}")
        return self.header.index(column)

    def values(self, column: str) -> list[str]:
        place = self.at(column)
        return [row.cells[place] for row in self.rows]

    def having(self, kind: str, *columns: str, rows: Sequence[Row] | None = None) -> "Draft":
        return replace(
            self,
            rows=self.rows if rows is None else tuple(rows),
            kinds=(*self.kinds, kind),
            columns=(*self.columns, *columns),
        )


Alter = Callable[[Draft, random.Random], Draft]


def draft_of(header: Sequence[str], rows: Sequence[Sequence[str]], id_column: str) -> Draft:
    at = list(header).index(id_column)
    return Draft(tuple(header), tuple(Row(cells[at], tuple(cells)) for cells in rows))


def repeated(draft: Draft, _: random.Random) -> Draft:
    return draft.having("repeat")


def reordered(draft: Draft, source: random.Random) -> Draft:
    rows = list(draft.rows)
    source.shuffle(rows)
    return draft.having("row_order", rows=rows)


def with_spare_column(draft: Draft, source: random.Random) -> Draft:
    """One more column, at the end, that means nothing."""
    name = next(name for name in _SPARE_NAMES if name not in draft.header)
    rows = [row._replace(cells=(*row.cells, str(source.randrange(1, 10)))) for row in draft.rows]
    return replace(draft, header=(*draft.header, name)).having("extra_column", name, rows=rows)


def scrambled(column: str, pool: Callable[[], Sequence[str]]) -> Alter:
    """Every value of the column drawn anew from those that the training data has.

    Where one value stands in most rows of training, every second row gets one of the others: drawn as they occur, a column
    that is zero but for the few rows that matter would hardly change.
    """

    def alter(draft: Draft, source: random.Random) -> Draft:
        at = draft.at(column)
        values = list(pool()) or draft.values(column)
        usual, count = Counter(values).most_common(1)[0]
        others = [value for value in values if value != usual]
        dominated = bool(others) and count > len(values) / 2

        def draw() -> str:
            if dominated:
                return source.choice(others) if source.random() < 0.5 else usual
            return source.choice(values)

        rows = [row._replace(cells=_with(row.cells, at, draw())) for row in draft.rows]
        return draft.having("trap_scramble", column, rows=rows)

    return alter


def with_unseen_category(column: str, known: Callable[[], Sequence[str]]) -> Alter:
    """A category, in some rows, that neither table has."""

    def alter(draft: Draft, source: random.Random) -> Draft:
        at = draft.at(column)
        seen = set(known()) | set(draft.values(column))
        numbers = [int(value) for value in seen if value.isascii() and value.isdigit() and len(value) < 10]
        new = str(max(numbers) + 1000) if len(numbers) == len(seen - {""}) and numbers else f"new_{column}"
        return _touch(draft, source, "unseen_category", column, lambda cells: _with(cells, at, new))

    return alter


def with_blanks(column: str) -> Alter:
    """No value, in some rows, in a column that may lack one."""

    def alter(draft: Draft, source: random.Random) -> Draft:
        at = draft.at(column)
        return _touch(draft, source, "blank_field", column, lambda cells: _with(cells, at, ""), lambda row: row.cells[at] != "")

    return alter


def with_duplicates(draft: Draft, source: random.Random) -> Draft:
    """Some rows a second time, right after the first, as another row."""
    places = _untouched(draft, source, lambda _: True)
    rows = [
        one
        for place, row in enumerate(draft.rows)
        for one in ((row, row._replace(changed="copy")) if place in places else (row,))
    ]
    return draft.having("duplicate_rows", rows=rows)


def batch_of(count: int, kind: str) -> Alter:
    """A few rows alone, in their order."""

    def alter(draft: Draft, source: random.Random) -> Draft:
        if len(draft.rows) <= count:
            raise UnsuitableError(f"the holdout has no more than {count} rows")
        places = sorted(source.sample(range(len(draft.rows)), count))
        return draft.having(kind, rows=[draft.rows[place] for place in places])

    return alter


def prefix_until(time_column: str, share: float) -> Alter:
    """The earlier rows alone. Rows of one day stay together, for what is known of a day may depend on all of it."""

    def alter(draft: Draft, _: random.Random) -> Draft:
        written = draft.values(time_column)
        moments = moments_of(written, time_column)
        span = 1.0 if all(_is_number(text) for text in written) else DAY_S
        days = [moment // span for moment in moments]
        cut = sorted(days)[max(0, min(len(days) - 1, int(share * len(days)) - 1))]
        if cut == max(days):
            cut = max((day for day in days if day < cut), default=cut)
        kept = [row for row, day in zip(draft.rows, days, strict=True) if day <= cut]
        if len(kept) == len(draft.rows):
            raise UnsuitableError(f"the column {time_column!r} does not tell earlier rows from later ones")
        return draft.having("prefix", time_column, rows=kept)

    return alter


def moments_of(values: Sequence[str], column: str) -> list[float]:
    """Times as seconds, or numbers as they are; several ways of writing a time may occur in one column."""
    known: dict[str, float | None] = {value: _moment(value) for value in set(values)}
    moments = [known[value] for value in values]
    unread = next((value for value, moment in zip(values, moments, strict=True) if moment is None), None)
    if unread is not None:
        raise UnsuitableError(f"the column {column!r} holds {unread[:40]!r}, which cannot be read as a time")
    return [moment for moment in moments if moment is not None]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _moment(text: str) -> float | None:
    if _is_number(text):
        return float(text)
    bare = text.strip()
    readers = [
        partial(datetime.fromisoformat, bare),
        *(partial(datetime.strptime, bare.removesuffix("Z"), form) for form in _TIME_FORMATS),
    ]
    for read in readers:
        try:
            moment: datetime = read()
        except ValueError:
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None


def _touch(
    draft: Draft,
    source: random.Random,
    kind: str,
    column: str,
    change: Callable[[tuple[str, ...]], tuple[str, ...]],
    wanted: Callable[[Row], bool] = lambda _: True,
) -> Draft:
    places = _untouched(draft, source, wanted)
    if not places:
        raise UnsuitableError(f"the column {column!r} has no value to change")
    rows = [
        row._replace(cells=change(row.cells), changed=kind) if place in places else row for place, row in enumerate(draft.rows)
    ]
    return draft.having(kind, column, rows=rows)


def _untouched(draft: Draft, source: random.Random, wanted: Callable[[Row], bool]) -> set[int]:
    places = [place for place, row in enumerate(draft.rows) if not row.changed and wanted(row)]
    return set(source.sample(places, min(TOUCHED_ROWS, max(1, len(places) // 4), len(places)))) if places else set()


def _with(cells: tuple[str, ...], at: int, value: str) -> tuple[str, ...]:
    return (*cells[:at], value, *cells[at + 1 :])
