"""Which rows a table holds, as hashes that can be compared: cheap, bounded, and never touching the table.

A row's identity is a hash of its values. Columns are hashed as 64-bit floats, so a frame and the array made of it agree.
Above some hundreds of rows only those are kept whose hash ends in enough zero bits, so that samples of two tables can be
compared with each other. Rows that came out of a transformation carry the identity of the rows that went in.
"""

import sys
from typing import Any

from . import hashing

MAX_COLUMNS, MAX_TEXT_COLUMNS, ENOUGH_NUMBERS = 16, 3, 3
MAX_ELEMENTS, MAX_ROWS, MAX_LINKS = 2_000_000, 2_000_000, 20_000
ALL_ELEMENTS = 120_000_000
TEXT_COST = 40
"""Hashing a text costs about as much as this many numbers."""


class Table:
    """One table as it was met: its size, and a sample of its rows by content and by index label."""

    def __init__(self, rows: int, columns: int, names: tuple[str, ...] = ()) -> None:
        self.rows, self.columns, self.names = int(rows), int(columns), names
        self.kept: Any = None
        self.places: Any = None
        self.labels: Any = None
        self.bits = self.label_bits = 0
        self.distinct = 1.0
        self.plain = self.linked = False

    def as_record(self, numpy: Any) -> dict[str, Any]:
        record: dict[str, Any] = {"rows": self.rows, "columns": self.columns}
        if self.names:
            record["names"] = self.names
        if self.kept is not None:
            record.update(content=hashing.as_text(self.kept, numpy), bits=self.bits, distinct=self.distinct, linked=self.linked)
        if self.labels is not None:
            record.update(labels=hashing.as_text(self.labels, numpy), label_bits=self.label_bits, plain=self.plain)
        return record


class RowReader:
    """Reads tables, remembering what has to be the same from one to the next."""

    def __init__(self) -> None:
        self.columns_of_width: dict[tuple[int, int], int] = {}
        self.links: dict[int, tuple[Any, Any, Any]] = {}
        self.link_count, self.elements_left = 0, ALL_ELEMENTS

    def read(self, data: Any) -> Table | None:
        """The table, with identities where they are cheap enough; None when it is no table."""
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if numpy is None:
            return None
        data = plain_lists(data, numpy)
        table = sized(data, pandas)
        if table is None or not 0 < table.rows <= MAX_ROWS:
            return table
        if pandas is not None and isinstance(data, (pandas.DataFrame, pandas.Series)):
            self.label(table, data.index, numpy, pandas)
        hashes = self.hashes(data, table, numpy, pandas)
        if hashes is not None and not self.recognise(table, hashes, numpy):
            places, bits = hashing.sample(hashes, numpy)
            self.keep(table, hashes[places], places, bits, numpy)
        return table

    def label(self, table: Table, index: Any, numpy: Any, pandas: Any) -> None:
        """Index labels outlive selections of rows and columns, and tell rows apart that are equal."""
        table.plain = isinstance(index, pandas.RangeIndex) and index.start == 0 and index.step == 1
        if isinstance(index, pandas.MultiIndex):
            return
        bits = self.affordable_bits(index.to_numpy(), numpy, pandas)
        if bits is not None:
            hashes = hashing.mixed(bits, numpy)
            places, table.label_bits = hashing.sample(hashes, numpy)
            table.labels = hashes[places]

    def hashes(self, data: Any, table: Table, numpy: Any, pandas: Any) -> Any:
        """One hash for each row, or None when that is not possible or too dear."""
        if hasattr(data, "indptr") and hasattr(data, "tocsr"):
            matrix = data.tocsr()
            if len(matrix.data) > min(MAX_ELEMENTS, self.elements_left):
                return None
            self.elements_left -= len(matrix.data)
            return hashing.sparse_hashes(matrix, numpy)
        if pandas is not None and isinstance(data, pandas.Series):
            data = data.to_frame()
        if pandas is not None and isinstance(data, pandas.DataFrame):
            kinds = [getattr(kind, "kind", "O") for kind in data.dtypes]
            columns = [data.iloc[:, place].to_numpy() for place in self.choose(kinds, table)]
        elif isinstance(data, numpy.ndarray):
            matrix = data.reshape(len(data), -1)
            columns = [matrix[:, place] for place in self.choose([data.dtype.kind] * matrix.shape[1], table)]
        else:
            return None
        if not columns:
            return None
        return hashing.row_hashes((self.affordable_bits(one, numpy, pandas) for one in columns), table.rows, numpy)

    def choose(self, kinds: list[str], table: Table) -> list[int]:
        """Places of the columns to hash: the same for every table of this width, spread over all of them."""
        numbers = [place for place, kind in enumerate(kinds) if kind in "biufmM"]
        width = (table.columns, len(numbers))
        if width not in self.columns_of_width:
            self.columns_of_width[width] = max(2, min(MAX_COLUMNS, MAX_ELEMENTS // table.rows))
        count = min(self.columns_of_width[width], len(numbers))
        chosen = [numbers[turn * len(numbers) // count] for turn in range(count)]
        if len(numbers) < ENOUGH_NUMBERS:
            chosen += [place for place, kind in enumerate(kinds) if kind not in "biufmM"][:MAX_TEXT_COLUMNS]
        return chosen

    def affordable_bits(self, values: Any, numpy: Any, pandas: Any) -> Any:
        cost = len(values) * (1 if values.dtype.kind in "biufmM" else TEXT_COST)
        if cost > self.elements_left or cost > 4 * MAX_ELEMENTS:
            return None
        self.elements_left -= cost
        return hashing.value_bits(values, numpy, pandas)

    def recognise(self, table: Table, hashes: Any, numpy: Any) -> bool:
        """Whether these are rows that came out of a transformation; they then get the identity they went in with."""
        if table.columns not in self.links:
            return False
        keys, origins, origin_bits = self.links[table.columns]
        at = numpy.searchsorted(keys, hashes)
        at[at == len(keys)] = 0
        places = numpy.flatnonzero(keys[at] == hashes)
        if not len(places):
            return False
        roots, bits = origins[at[places]], int(origin_bits[at[places]].max())
        if len(places) * 3 < table.rows >> bits:
            return False
        chosen = hashing.ending_in_zeros(roots, bits, numpy)
        self.keep(table, roots[chosen], places[chosen], bits, numpy)
        table.linked = True
        return True

    def keep(self, table: Table, kept: Any, places: Any, bits: int, numpy: Any) -> None:
        table.kept, table.places, table.bits = kept, places, bits
        table.distinct = round(len(numpy.unique(kept)) / max(1, len(kept)), 3)

    def link(self, given: Table | None, made: Any) -> None:
        """Remember that the rows of `made` are those of `given`, transformed."""
        numpy, pandas = sys.modules["numpy"], sys.modules.get("pandas")
        table = sized(made, pandas)
        if table is None or given is None or given.kept is None or table.rows != given.rows or self.link_count > MAX_LINKS:
            return
        hashes = self.hashes(made, table, numpy, pandas)
        if hashes is None:
            return
        fresh = hashes[given.places], given.kept, numpy.full(len(given.kept), given.bits, numpy.int64)
        old = self.links.get(table.columns)
        keys, origins, bits = fresh if old is None else (numpy.concatenate(pair) for pair in zip(old, fresh))  # noqa: B905 - both are triples
        keys, first = numpy.unique(keys, return_index=True)
        self.links[table.columns] = keys, origins[first], bits[first]
        self.link_count += len(given.kept)


def sized(data: Any, pandas: Any) -> Table | None:
    """The table with nothing but its size and its columns' names."""
    if pandas is not None and isinstance(data, pandas.DataFrame):
        return Table(len(data), data.shape[1], tuple(str(name)[:60] for name in list(data.columns)[:40]))
    if pandas is not None and isinstance(data, pandas.Series):
        return Table(len(data), 1, (str(data.name)[:60],))
    if isinstance(data, (list, tuple)):
        return Table(len(data), 1)
    shape = getattr(data, "shape", None)
    if not isinstance(shape, tuple) or not 0 < len(shape) <= 2:
        return None
    return Table(shape[0], shape[1] if len(shape) == 2 else 1)


def plain_lists(data: Any, numpy: Any) -> Any:
    """A short list of numbers, or of lists of them, as the array that the library will make of it."""
    if not isinstance(data, (list, tuple)) or not 0 < len(data) <= 5_000:
        return data
    rows = data if isinstance(data[0], (list, tuple)) else [data]
    even = all(isinstance(row, (list, tuple)) and len(row) == len(rows[0]) for row in rows)
    if even and len(rows[0]) <= 5_000 and all(type(value) in (int, float, bool) for row in rows for value in row):
        return numpy.asarray(data, dtype=numpy.float64)
    return data
