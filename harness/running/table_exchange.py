"""The exchange of a returned table: other rows than those that were shown, under new ids, and the SQL tables renamed.

What is asked for lies in private/ until now, so that a table which was computed at home answers nothing. The groups of
the SQL tables lose some of their number and get other names, and the expected rows with them.
"""

import hashlib
import random
from pathlib import Path

from harness.errors import PackError
from harness.model.answers import TableAnswer
from harness.model.pack import Pack, SqlPart
from harness.running.exchange import Exchange, fresh_ids, link_or_copy, read_table, write_table

SQL = "sql"
"""Beside public/: the folder that a database is made of."""


def make_table_exchange(pack: Pack, data: Path, key: bytes, destination: Path) -> Exchange:
    source = random.Random(key)  # noqa: S311 - reproducible from the key; secrecy comes from the key
    public, private = destination / "public", destination / "private"
    public.mkdir(parents=True)
    private.mkdir(mode=0o700)
    asked = data / "private" / pack.data.asked if pack.data.asked else data / "public" / pack.data.score
    rows, header = read_table(asked)
    golden, golden_header = read_table(data / "private" / pack.data.labels)
    shown, _ = read_table(data / "public" / pack.data.score)
    at, golden_at = _at(header, pack.data.id_column, asked.name), _at(golden_header, pack.data.id_column, pack.data.labels)
    old = [row[at] for row in rows]
    new = dict(zip(old, fresh_ids(old, source, {row[at] for row in (*rows, *shown)}), strict=True))
    if len(new) != len(rows) or {row[golden_at] for row in golden} != set(new) or len(golden) != len(rows):
        raise PackError(f"{asked.name} and {pack.data.labels} do not have the same ids, each once", where=str(data))
    source.shuffle(rows)
    for file in sorted((data / "public").iterdir()):
        if file.name != pack.data.score:
            link_or_copy(file, public / file.name)
    content = write_table(public / pack.data.score, header, [_with(row, at, new[row[at]]) for row in rows])
    write_table(private / pack.data.labels, golden_header, [_with(row, golden_at, new[row[golden_at]]) for row in golden])
    if isinstance(pack.answer, TableAnswer) and pack.answer.flagged:
        link_or_copy(data / "private" / pack.answer.flagged.planted, private / pack.answer.flagged.planted)
    if pack.steps.sql is not None:
        _exchange_sql(pack.steps.sql, data, source, destination)
    return Exchange(public, private / pack.data.labels, hashlib.sha256(content).hexdigest())


def _exchange_sql(part: SqlPart, data: Path, source: random.Random, destination: Path) -> None:
    """The tables and the expected answers, with the same groups left out of both and the others renamed in both."""
    folder = destination / SQL
    folder.mkdir()
    tables = {one.file: read_table(data / "public" / one.file) for one in part.tables}
    groups = sorted({row[_at(header, part.group_column, file)] for file, (rows, header) in tables.items() for row in rows})
    kept = sorted(source.sample(groups, max(1, round(part.kept * len(groups)))))
    new = dict(zip(kept, fresh_ids(kept, source, set(groups)), strict=True))
    for file, (rows, header) in tables.items():
        renamed = _renamed(rows, _at(header, part.group_column, file), new)
        source.shuffle(renamed)
        write_table(folder / file, header, renamed)
    for question in part.questions:
        rows, header = read_table(data / "private" / question.expected)
        at = _at(header, part.group_column, question.expected)
        write_table(destination / "private" / question.expected, header, _renamed(rows, at, new))


def _renamed(rows: list[list[str]], at: int, new: dict[str, str]) -> list[list[str]]:
    return [_with(row, at, new[row[at]]) for row in rows if row[at] in new]


def _at(header: list[str], name: str, file: str) -> int:
    if name not in header:
        raise PackError(f"{file} has no column {name!r}", expected=f"one of its columns {header[:12]}", where=file)
    return header.index(name)


def _with(row: list[str], at: int, value: str) -> list[str]:
    return [*row[:at], value, *row[at + 1 :]]
