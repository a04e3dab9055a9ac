"""The public validation split: rows of the public training data that are asked for in place of those to score.

Where the rows to score come after all others in time, so do the rows that are split off; elsewhere a hash of their ids
chooses them. Nothing private is needed for it, and its result says nothing of the hidden data.
"""

import csv
import hashlib
import math
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harness.ci.times import time_order
from harness.model.pack import Pack

LARGEST_SHARE = 0.25
FEWEST_ROWS = 20
_MOST_BYTES = 400_000_000


class NoSplitError(Exception):
    """Why there is no public validation; a sentence for the candidate."""


@dataclass(frozen=True)
class Table:
    header: list[str]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        at = self.header.index(name)
        return [row[at] for row in self.rows]


@dataclass(frozen=True)
class Split:
    """A folder with public/ and private/, as a generator would have written it."""

    root: Path
    rows: int
    how: str


def split(pack: Pack, data: Path, destination: Path) -> Split:
    """Write the split below `destination`; the other public files stay as they are."""
    train, score = _table(data / pack.data.train), _table(data / pack.data.score)
    for name, table, file in (
        (pack.data.id_column, train, pack.data.train),
        (pack.data.id_column, score, pack.data.score),
        (pack.data.target, train, pack.data.train),
    ):
        if name not in table.header:
            raise NoSplitError(f"{file} has no column {name!a}")
    wanted = min(len(score.rows), int(len(train.rows) * LARGEST_SHARE))
    if wanted < FEWEST_ROWS:
        raise NoSplitError(f"{len(train.rows)} rows are too few to split some off")
    chosen, how = _chosen(pack, train, score, wanted)
    asked = _usable(pack, train, chosen)
    if len(asked) < FEWEST_ROWS:
        raise NoSplitError(f"only {len(asked)} of the rows to split off have an id of their own and a number as target")
    _write(pack, data, destination, (train, score), (chosen, asked))
    return Split(destination, len(asked), how)


def _chosen(pack: Pack, train: Table, score: Table, wanted: int) -> tuple[set[int], str]:
    """Positions of the rows that are split off, and how they were chosen."""
    shared = [name for name in score.header if name in train.header and name != pack.data.id_column]
    order = time_order([(name, train.column(name), score.column(name)) for name in shared])
    if order is not None:
        column, times = order
        known = sorted(time for time in times if time is not None)
        since = known[-wanted]
        return {at for at, time in enumerate(times) if _from(time, since)}, f"the last ones by {column}, from {since} on"
    ids = train.column(pack.data.id_column)
    by_hash = sorted(range(len(ids)), key=lambda at: hashlib.sha256(ids[at].encode("utf-8", "surrogatepass")).digest())
    return set(by_hash[:wanted]), "by a hash of their ids"


def _from(time: datetime | None, since: datetime) -> bool:
    return time is not None and time >= since


def _usable(pack: Pack, train: Table, chosen: set[int]) -> list[int]:
    """Those that can be asked for: an id that stands once, and a target that is a number."""
    ids, targets = train.column(pack.data.id_column), train.column(pack.data.target)
    times = Counter(ids)
    return [at for at in sorted(chosen) if times[ids[at]] == 1 and _is_number(targets[at])]


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _write(
    pack: Pack, data: Path, destination: Path, tables: tuple[Table, Table], rows: tuple[set[int], Sequence[int]]
) -> None:
    (train, score), (chosen, asked) = tables, rows
    public, private = destination / "public", destination / "private"
    public.mkdir(parents=True)
    private.mkdir(mode=0o700)
    _copy_others(data, public, {pack.data.train, pack.data.score})
    kept = [row for at, row in enumerate(train.rows) if at not in chosen]
    _save(public / pack.data.train, train.header, kept)
    places = [train.header.index(name) if name in train.header else None for name in score.header]
    shown = [["" if at is None else train.rows[row][at] for at in places] for row in asked]
    _save(public / pack.data.score, score.header, shown)
    named = [train.header.index(pack.data.id_column), train.header.index(pack.data.target)]
    labels = [[train.rows[row][at] for at in named] for row in asked]
    _save(private / pack.data.labels, [pack.data.id_column, pack.data.target], labels)


def _copy_others(data: Path, public: Path, left_out: set[str]) -> None:
    """Plain files only: what was handed out has no folders where rows are predicted."""
    for path in sorted(data.iterdir()):
        if path.name not in left_out and path.is_file():
            shutil.copyfile(path, public / path.name)


def _table(path: Path) -> Table:
    """A public table, read as text; every row has as many fields as the header."""
    if not path.is_file():
        raise NoSplitError(f"there is no {path.name} in the data")
    if path.stat().st_size > _MOST_BYTES:
        raise NoSplitError(f"{path.name} is too large")
    csv.field_size_limit(10_000_000)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise NoSplitError(f"{path.name} is no CSV in UTF-8") from error
    if not rows or len(set(rows[0])) != len(rows[0]):
        raise NoSplitError(f"{path.name} has no header, or one with a name twice")
    if any(len(row) != len(rows[0]) for row in rows):
        raise NoSplitError(f"{path.name} has rows with another number of fields than its header")
    return Table(rows[0], rows[1:])


def _save(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
