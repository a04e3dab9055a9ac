"""The exchange: the holdout as the submission meets it, with new row ids and a new order, and the labels under those ids.

Predictions that were shipped, memorised or copied from elsewhere then match nothing. The new ids look like the old ones
(same letters, same number of digits), so that honest code which parses them goes on working. The key is derived from the
pack's private digest and the submission's own digest: the same submission meets the same exchange on every machine.
"""

import csv
import hashlib
import hmac
import os
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from harness.errors import PackError
from harness.model.pack import Pack

csv.field_size_limit(10_000_000)

_DIGITS = re.compile(r"\d+", re.ASCII)
LEAST_DIGITS = 5
"""An id with fewer could not be told from a count."""
MOST_EXACT = 10**15
"""Up to here a random float reaches every whole number; and it is drawn quickly."""


@dataclass(frozen=True)
class Exchange:
    """Two folders that never meet: `public` may enter a sandbox, `labels` is read after all sandboxes are gone."""

    public: Path
    labels: Path
    digest: str


def make_exchange(pack: Pack, data: Path, key: bytes, destination: Path) -> Exchange:
    """Write the re-keyed, shuffled holdout and its labels below `destination`."""
    rows, header = read_table(data / "public" / pack.data.score)
    labels, label_header = read_table(data / "private" / pack.data.labels)
    id_at, label_id_at = (
        _column(header, pack.data.id_column, pack.data.score),
        _column(label_header, pack.data.id_column, pack.data.labels),
    )
    source = random.Random(key)  # noqa: S311 - reproducible from the key; secrecy comes from the key
    taken = {row[id_at] for row in rows} | _ids(data / "public" / pack.data.train, pack.data.id_column)
    new_ids = {row[id_at]: _fresh(row[id_at], source, taken) for row in rows}
    if len(new_ids) != len(rows):
        raise PackError(f"{pack.data.score} holds an id twice", where=str(data), next_step="correct the generator")
    source.shuffle(rows)
    public, private = destination / "public", destination / "private"
    public.mkdir(parents=True)
    private.mkdir(mode=0o700)
    for file in sorted((data / "public").iterdir()):
        if file.name != pack.data.score:
            link_or_copy(file, public / file.name)
    content = write_table(public / pack.data.score, header, [_with(row, id_at, new_ids[row[id_at]]) for row in rows])
    try:
        relabelled = [_with(row, label_id_at, new_ids[row[label_id_at]]) for row in labels]
    except KeyError as missing:
        raise PackError(f"{pack.data.labels} has an id that {pack.data.score} has not: {missing}", where=str(data)) from missing
    if len(relabelled) != len(rows):
        raise PackError(
            f"{len(relabelled)} labels for {len(rows)} holdout rows", where=str(data), next_step="correct the generator"
        )
    write_table(private / pack.data.labels, label_header, relabelled)
    return Exchange(public, private / pack.data.labels, hashlib.sha256(content).hexdigest())


def exchange_key(grading_digest: str, submission_digest: str) -> bytes:
    return hmac.new(grading_digest.encode(), submission_digest.encode(), hashlib.sha256).digest()


def fresh_ids(old: Sequence[str], source: random.Random, taken: set[str]) -> list[str]:
    """A new id for each old one, in the same order by the alphabet: what breaks ties by id goes on doing so alike."""
    drawn = sorted(_fresh(one, source, taken) for one in old)
    new = [""] * len(old)
    for rank, place in enumerate(sorted(range(len(old)), key=lambda place: old[place])):
        new[place] = drawn[rank]
    return new


def _fresh(old: str, source: random.Random, taken: set[str]) -> str:
    digits = sum(map(len, _DIGITS.findall(old)))
    for _ in range(200):
        new = _DIGITS.sub(partial(_number, source), old) if digits >= LEAST_DIGITS else f"r{source.getrandbits(48):012x}"
        if new not in taken:
            taken.add(new)
            return new
    return _fresh("", source, taken)


def _number(source: random.Random, old: re.Match[str]) -> str:
    """As many digits; the first is never 0, so that a reader which takes ids for integers loses nothing."""
    end = 10 ** (old.end() - old.start())
    least = max(1, end // 10)
    return str(least + (int(source.random() * (end - least)) if end < MOST_EXACT else source.randrange(end - least)))


def read_table(path: Path) -> tuple[list[list[str]], list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            rows = [row for row in reader if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise PackError(f"cannot be read as a table: {error}", where=str(path), next_step="correct the generator") from error
    except OSError as error:
        raise PackError(f"the generator did not write {path.name}", where=str(path), next_step="harness pack lint") from error
    ragged = next((number for number, row in enumerate(rows, start=2) if len(row) != len(header)), None)
    if ragged is not None:
        raise PackError(
            f"row {ragged} has {len(rows[ragged - 2])} fields, the header has {len(header)}",
            where=str(path),
            next_step="correct the generator",
        )
    return rows, header


def _ids(path: Path, column: str) -> set[str]:
    """The ids of the main public table, where a kind of task has one."""
    if not path.is_file():
        return set()
    rows, header = read_table(path)
    at = header.index(column) if column in header else None
    return set() if at is None else {row[at] for row in rows}


def _column(header: list[str], name: str, file: str) -> int:
    if name not in header:
        raise PackError(f"{file} has no column {name!r}", expected=f"one of its columns to be the id: {header[:12]}")
    return header.index(name)


def _with(row: list[str], at: int, value: str) -> list[str]:
    return [*row[:at], value, *row[at + 1 :]]


def write_table(path: Path, header: list[str], rows: list[list[str]]) -> bytes:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path.read_bytes()


def link_or_copy(source: Path, target: Path) -> None:
    """A hard link where the cache and the staging folder share a file system: the file is read-only to everybody."""
    import shutil

    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
