"""Strict reading of a returned table and of the golden one, and when two of their cells are equal.

As with predictions nothing is guessed. What is wrong with single rows makes those rows wrong; what is wrong with the whole
file makes it unreadable.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from checks.tables import NUMBER, LabelsError, Problem, decoded, short, unquoted
from harness.model.answers import TableAnswer, TableColumn

MAX_CELL = 200
_ROUNDING = 1e-9


@dataclass(frozen=True)
class ReturnedTable:
    """Cells by id, in the contract's order of columns. `unreadable` is set when there is nothing to compare at all."""

    rows: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...] = ()
    unreadable: Problem | None = None


@dataclass(frozen=True)
class GoldenTable:
    """What is right: ids, cells in the contract's order of columns, and for each slice which rows are in it."""

    ids: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    slices: dict[str, tuple[bool, ...]]


def read_returned(data: bytes, contract: TableAnswer, ids: Collection[str] | None = None) -> ReturnedTable:
    """A candidate's table. An id that occurs twice has no row; without `ids` it is not known which must be there."""
    wanted = [contract.id_column, *(column.name for column in contract.columns)]
    table = read_columns(data, wanted, contract.max_mb)
    if isinstance(table, Problem):
        return ReturnedTable({}, unreadable=table)
    seen = Counter(cells[0] for cells in table if cells)
    expected = None if ids is None else frozenset(ids)
    rows: dict[str, tuple[str, ...]] = {}
    problems: dict[str, Problem] = {}
    for number, cells in enumerate(table, start=1):
        problem = _row_problem(cells, seen, expected, number)
        if problem is None:
            rows[cells[0]] = cells[1:]
        else:
            known = problems.get(problem.rule)
            problems[problem.rule] = replace(known, count=known.count + 1) if known else problem
    missing = (expected or frozenset()) - seen.keys()
    if missing:
        told = f"{len(missing):,} of {len(expected or ()):,}, such as {short(min(missing))}"
        problems["missing_ids"] = Problem(
            "missing_ids", "ids have no row", None, told, "one row for each id", count=len(missing)
        )
    return ReturnedTable(rows, tuple(problems.values()))


def read_columns(data: bytes, wanted: Sequence[str], max_mb: int) -> list[tuple[str, ...]] | Problem:
    """Rows of a CSV that has exactly these columns, put into this order; a row of another shape is an empty tuple."""
    if len(data) > max_mb * 1_000_000:
        return Problem("too_large", "the file is too large", None, f"{len(data):,} bytes", f"at most {max_mb} MB")
    text = decoded(data)
    if isinstance(text, Problem):
        return text
    first, *lines = text.rstrip("\r\n").split("\n")
    header = [unquoted(name) for name in first.removesuffix("\r").split(",")]
    if sorted(header) != sorted(wanted):
        index_left = len(header) == len(wanted) + 1 and sorted(header[1:]) == sorted(wanted)
        fix = "leave the index out" if index_left else f"write exactly the columns {', '.join(wanted)}"
        return Problem("header", "the header is not the agreed one", None, short(first), ",".join(wanted), fix)
    places = [header.index(name) for name in wanted]
    return [tuple(cells[place] for place in places) if cells else () for cells in _split(lines, len(wanted))]


def _split(lines: Sequence[str], width: int) -> Iterator[list[str]]:
    """Line by line, so that a stray quote can never swallow the rows that follow it."""
    for line in lines:
        try:
            cells = next(csv.reader([line.removesuffix("\r")], strict=True), [])
        except csv.Error:
            cells = []
        yield cells if len(cells) == width and all(len(cell) <= MAX_CELL for cell in cells) else []


def _row_problem(cells: tuple[str, ...], seen: Counter[str], expected: frozenset[str] | None, number: int) -> Problem | None:
    if not cells:
        return Problem("row_shape", "a row does not have the agreed fields", number, "", "one cell for each column")
    if expected is not None and cells[0] not in expected:
        return Problem("unknown_id", "an id is not one of those asked for", number, short(cells[0]), "ids as given, as text")
    if seen[cells[0]] > 1:
        return Problem("duplicate_id", "an id occurs more than once", number, short(cells[0]), "each id once")
    return None


def read_golden(path: Path, contract: TableAnswer, id_column: str) -> GoldenTable:
    """The pack's own table; raises LabelsError when it breaks its own promise."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *body = csv.reader(file)
    except (OSError, ValueError, csv.Error) as error:
        message = f"the golden table cannot be read ({error})"
        raise LabelsError(message) from error
    wanted = [id_column, *(column.name for column in contract.columns), *contract.slices]
    lacking = [name for name in wanted if header.count(name) != 1]
    if lacking or not body or any(len(row) != len(header) for row in body):
        message = f"the golden table has the columns {header} and {len(body)} rows; each of {wanted} must be there once"
        raise LabelsError(message)
    ids = tuple(row[header.index(id_column)] for row in body)
    if len(set(ids)) != len(ids):
        message = "an id occurs twice in the golden table"
        raise LabelsError(message)
    places = [header.index(column.name) for column in contract.columns]
    slices = {name: tuple(row[header.index(name)] == "1" for row in body) for name in contract.slices}
    empty = [name for name, marks in slices.items() if not any(marks)]
    if empty:
        message = f"no row of the golden table is in the slice {empty[0]!r}"
        raise LabelsError(message)
    return GoldenTable(ids, tuple(tuple(row[place] for place in places) for row in body), slices)


def same_cell(column: TableColumn, right: str, given: str) -> bool:
    """Whether a given cell says what the right one says."""
    right, given = right.strip(), given.strip()
    if right == given:
        return True
    if column.type == "text" or not right or not given:
        return False
    one, other = (_number(right), _number(given)) if column.type == "number" else (_moment(right), _moment(given))
    return one is not None and other is not None and abs(one - other) <= column.tolerance + _ROUNDING


def _number(text: str) -> float | None:
    return float(text) if NUMBER.fullmatch(text) and len(text) <= MAX_CELL else None


def _moment(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
