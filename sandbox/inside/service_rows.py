"""Inside the sandbox: rows of a table as a service is sent them, and its answers as they are written down."""

import csv
import os
import re
from collections.abc import Iterator
from typing import Any

TYPED_ROWS = 20_000
CLOSE = 1e-6
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")


def read_table(path: str) -> tuple[list[str], list[list[str]]]:
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        return header, [row for row in rows if row]


def numeric_columns(header: list[str], rows: list[list[str]], train: str, id_column: str) -> set[str]:
    """Columns in which every value that is there, of training as well, is a number; ids are text."""
    texts = {id_column}
    for name, cells in cells_by_column(header, rows, train):
        if name not in texts and any(cell and not _NUMBER.fullmatch(cell) for cell in cells):
            texts.add(name)
    return set(header) - texts


def cells_by_column(header: list[str], rows: list[list[str]], train: str) -> Iterator[tuple[str, list[str]]]:
    for place, name in enumerate(header):
        yield name, [row[place] for row in rows]
    if os.path.isfile(train):
        with open(train, encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            known = next(reader)
            first = [row for _, row in zip(range(TYPED_ROWS), reader, strict=False) if len(row) == len(known)]
        for place, name in enumerate(known):
            yield name, [row[place] for row in first]


def as_object(header: list[str], numbers: set[str], row: list[str]) -> dict[str, Any]:
    return {name: as_value(cell, name in numbers) for name, cell in zip(header, row, strict=True)}


def as_value(cell: str, is_number: bool) -> Any:
    if cell == "":
        return None
    if not is_number:
        return cell
    return int(cell) if cell.lstrip("-").isdigit() else float(cell)


def alike(one: Any, other: Any) -> bool:
    """Whether two answers are the same prediction; what is no number is compared as it is."""
    try:
        before, now = float(one), float(other)
    except (TypeError, ValueError, OverflowError):
        return bool(one == other)
    return abs(before - now) <= CLOSE * (1 + abs(before)) or (before != before and now != now)


def as_text(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return repr(float(value))
        except OverflowError:
            return "inf"
    return str(value)[:60]


def write_predictions(descriptor: int, request: dict[str, Any], ids: list[str], values: list[Any]) -> None:
    lines = [
        [request["id_column"], request["value_column"]],
        *([key, as_text(one)] for key, one in zip(ids, values, strict=True)),
    ]
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
