"""Strict reading of prediction files and of the pack's label file.

A prediction file is a candidate's: nothing about it is guessed, no library that guesses is used, and ids are compared as
the strings they are. What is wrong is told once for each kind, with the first row of that kind and how many there were.
"""

import csv
import math
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from harness.model.answers import Predictions
from harness.model.text import one_line

MAX_FIELD = 200
MAX_NUMBER = 64
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_A_VALUE = frozenset({"", "nan", "na", "n/a", "null", "none", "inf", "-inf", "+inf", "infinity", "-infinity"})


@dataclass(frozen=True)
class Problem:
    """One kind of fault in a table, with its first example."""

    rule: str
    message: str
    row: int | None = None
    seen: str = ""
    expected: str = ""
    fix: str = ""
    count: int = 1


@dataclass(frozen=True)
class PredictionTable:
    """What a prediction file holds. It is valid, and complete, when there is no problem."""

    values: dict[str, float]
    problems: tuple[Problem, ...] = ()


def read_predictions(data: bytes, contract: Predictions, expected_ids: Collection[str] | None = None) -> PredictionTable:
    """Read two columns under the pack's contract; without `expected_ids` it is not known which ids must be there."""
    limit = contract.max_mb * 1_000_000
    if len(data) > limit:
        seen = f"{len(data):,} bytes"
        return _refused(Problem("too_large", "the file is too large", seen=seen, expected=f"at most {limit:,} bytes"))
    text = decoded(data)
    if isinstance(text, Problem):
        return _refused(text)
    header, _, body = text.partition("\n")
    id_first = _columns(header.removesuffix("\r"), contract)
    if isinstance(id_first, Problem):
        return _refused(id_first)
    reader = _RowReader(contract, id_first, None if expected_ids is None else frozenset(expected_ids))
    reader.read(body)
    return PredictionTable(reader.values, tuple(reader.problems.values()))


def _refused(problem: Problem) -> PredictionTable:
    return PredictionTable({}, (problem,))


def decoded(data: bytes) -> str | Problem:
    utf8 = "comma-separated text in UTF-8, not compressed"
    if not data.strip():
        return Problem("empty", "the file is empty", expected="a header and one row for each id")
    if data[:2] == b"\x1f\x8b" or data[:4] in (b"PK\x03\x04", b"PAR1") or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem("not_text", "the file is not plain UTF-8 text", seen=repr(data[:8]), expected=utf8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        seen = f"byte {error.start} is {data[error.start : error.start + 1]!r}"
        return Problem("not_text", "the file is not UTF-8", seen=seen, expected=utf8)
    return text.removeprefix("\ufeff")


def _columns(header: str, contract: Predictions) -> bool | Problem:
    """Whether the id column comes first."""
    seen = [name.strip('"') if name.count('"') in (0, 2) else name for name in header[:2000].split(",")]
    wanted = [contract.id_column, contract.value_column]
    if seen in (wanted, wanted[::-1]):
        return seen == wanted
    fix = f"write exactly the columns {wanted[0]} and {wanted[1]}"
    if len(seen) == 3 and seen[0] in ("", "Unnamed: 0") and seen[1:] == wanted:
        fix = "leave the index out: to_csv(..., index=False)"
    return Problem("header", "the header is not the agreed one", seen=short(header), expected=",".join(wanted), fix=fix)


class _RowReader:
    """Reads line by line, so that a stray quote can never swallow the rows that follow it."""

    def __init__(self, contract: Predictions, id_first: bool, expected: frozenset[str] | None) -> None:
        self.contract = contract
        self.id_first = id_first
        self.expected = expected
        self.values: dict[str, float] = {}
        self.problems: dict[str, Problem] = {}

    def read(self, body: str) -> None:
        lines = body.rstrip("\r\n").split("\n") if body.strip("\r\n") else []
        for row, line in enumerate(lines, start=1):
            bare = line.removesuffix("\r")
            if not self._read_plain(bare):
                self._read_row(row, bare)
        if not lines:
            self._note(Problem("empty", "the file has a header and no rows", expected="one row for each id"))
        if self.expected is not None:
            self._compare(self.expected)

    def _read_plain(self, line: str) -> bool:
        """Take a row about which there is nothing to say; most rows are so, and this is quick."""
        first, _, second = line.partition(",")
        key, number = (first, second) if self.id_first else (second, first)
        if len(number) > MAX_NUMBER or not NUMBER.fullmatch(number) or key in self.values or '"' in key or "," in key:
            return False
        if self.expected is not None and key not in self.expected:
            return False
        value = float(number)
        if not math.isfinite(value) or self._out_of_range(value):
            return False
        self.values[key] = value
        return True

    def _read_row(self, row: int, line: str) -> None:
        parts = line.split(",", 3)
        if len(parts) != 2:
            seen = f"{line.count(',') + 1} fields: {short(line)}" if line else "an empty line"
            self._note(Problem("row_shape", "a row does not have two fields", row, seen, "two fields and one comma"))
            return
        key, number = (unquoted(part) for part in (parts if self.id_first else parts[::-1]))
        value = self._number(row, number)
        if self.expected is not None and key not in self.expected:
            self._note(Problem("unknown_id", "an id is not one of those to predict", row, short(key), "ids as given, as text"))
        elif key in self.values:
            self._note(Problem("duplicate_id", "an id occurs more than once", row, short(key), "each id once"))
        elif value is None:
            self.values[key] = math.nan
        else:
            self.values[key] = value

    def _number(self, row: int, text: str) -> float | None:
        if text.strip().lower() in _NOT_A_VALUE:
            self._note(Problem("not_finite", "a prediction is missing or not finite", row, short(text), "a finite number"))
            return None
        if len(text) > MAX_NUMBER or not NUMBER.fullmatch(text):
            self._note(Problem("not_a_number", "a prediction is not a plain number", row, short(text), "a number such as 0.25"))
            return None
        value = float(text)
        if not math.isfinite(value):
            self._note(Problem("not_finite", "a prediction is too large to hold", row, short(text), "a finite number"))
            return None
        if self._out_of_range(value):
            low, high = ("any" if end is None else f"{end:g}" for end in (self.contract.low, self.contract.high))
            self._note(Problem("out_of_range", "a prediction is out of range", row, short(text), f"from {low} to {high}"))
            return None
        return value

    def _out_of_range(self, value: float) -> bool:
        low, high = self.contract.low, self.contract.high
        return (low is not None and value < low) or (high is not None and value > high)

    def _compare(self, expected: frozenset[str]) -> None:
        missing = expected - self.values.keys()
        if missing:
            message = "ids have no prediction"
            seen = f"{len(missing):,} of {len(expected):,} ids are missing, such as {short(min(missing))}"
            self._note(Problem("missing_ids", message, None, seen, "one row for each id", count=len(missing)))

    def _note(self, problem: Problem) -> None:
        known = self.problems.get(problem.rule)
        self.problems[problem.rule] = replace(known, count=known.count + 1) if known else problem


def unquoted(field: str) -> str:
    if len(field) >= 2 and field[0] == field[-1] == '"' and '"' not in field[1:-1]:
        return field[1:-1]
    return field


def short(text: str) -> str:
    return repr(one_line(text[:MAX_FIELD], 60))


class LabelsError(Exception):
    """The pack's label file cannot be used; the sentence says why."""


@dataclass(frozen=True)
class LabelTable:
    """The holdout's truth, row by row: ids, the target, and any further columns as text."""

    ids: tuple[str, ...]
    target: tuple[float, ...]
    columns: dict[str, tuple[str, ...]]

    def numbers(self, column: str) -> tuple[float, ...]:
        if column not in self.columns:
            message = f"the label file has no column {column!r}; it has {sorted(self.columns)}"
            raise LabelsError(message)
        return tuple(_finite(text, column, row) for row, text in enumerate(self.columns[column], start=1))


def read_labels(path: Path, id_column: str, target: str) -> LabelTable:
    """Read the pack's own label file; raises LabelsError when it breaks its own promise."""
    if not path.is_file():
        message = "the label file is not there"
        raise LabelsError(message)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        message = f"the label file is not a CSV in UTF-8 ({error})"
        raise LabelsError(message) from error
    header = rows[0] if rows else []
    if id_column not in header or target not in header or len(set(header)) != len(header):
        message = f"the label file has the columns {header}; {id_column!r} and {target!r} must be among them, each once"
        raise LabelsError(message)
    body = [row for row in rows[1:] if row]
    if not body or any(len(row) != len(header) for row in body):
        message = "the label file has no rows, or rows of different lengths"
        raise LabelsError(message)
    columns = {name: tuple(row[place] for row in body) for place, name in enumerate(header)}
    if len(set(columns[id_column])) != len(body):
        message = f"an id occurs twice in the label file's column {id_column!r}"
        raise LabelsError(message)
    truth = tuple(_finite(text, target, row) for row, text in enumerate(columns[target], start=1))
    return LabelTable(columns[id_column], truth, columns)


def _finite(text: str, column: str, row: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        message = f"column {column!r} of the label file holds {text!r} in row {row}, which is not a finite number"
        raise LabelsError(message)
    return value
