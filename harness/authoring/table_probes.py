"""Probes of a pack whose candidates return a table: what is planted, what could be read off, and the scorer."""

import csv
import io
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from harness import checking
from harness.errors import HarnessError
from harness.model.answers import TableAnswer
from harness.model.authoring import Probe
from harness.model.pack import Pack

if TYPE_CHECKING:
    from harness.authoring.validate import Tried

FEWEST_ROWS = 100
"""Rows of a slice below which chance moves its share by more than a tenth."""
MOST_ORDER = 0.075
BROKEN = ("too short", "with an extra row", "with an id twice", "with a column less")

Rows = list[dict[str, str]]


def planted(tried: "Tried") -> Iterator[Probe]:
    """Every slice is large enough, and the unusable rows are where they are said to be."""
    pack, data = tried.opened.pack, tried.data.root
    contract = _contract(pack)
    golden = _rows(data / "private" / pack.data.labels)
    sizes = {name: sum(row.get(name) == "1" for row in golden) for name in contract.slices}
    yield Probe(
        name="every slice has enough rows",
        ok=all(size >= FEWEST_ROWS for size in sizes.values()),
        seen=", ".join(f"{name} {size}" for name, size in sizes.items()) or "no slices",
        expected=f"at least {FEWEST_ROWS} of {len(golden)} rows in each",
    )
    if contract.flagged is None:
        return
    flagged = _rows(data / "private" / contract.flagged.planted)
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) - 1 for path in tried.data.public.glob("*.csv")}
    nowhere = [
        f"{row[contract.flagged.file_column]} row {row[contract.flagged.row_column]}"
        for row in flagged
        if not 1 <= int(row[contract.flagged.row_column]) <= lengths.get(row[contract.flagged.file_column], 0)
    ]
    kinds = Counter(row[contract.flagged.reason_column] for row in flagged)
    yield Probe(
        name="unusable rows are planted, each kind of them",
        ok=not nowhere and set(kinds) == set(contract.flagged.reasons),
        seen=", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        + "".join(f"; not there: {one}" for one in nowhere[:3]),
        expected="every reason of the contract, at rows that exist",
    )


def leaks(tried: "Tried") -> Iterator[Probe]:
    """What is asked for was not shown, and neither ids nor order tell what is difficult."""
    pack, data = tried.opened.pack, tried.data.root
    key = pack.data.id_column
    if pack.data.asked:
        shown = {_without(row, key) for row in _rows(tried.data.public / pack.data.score)}
        again = sum(_without(row, key) in shown for row in _rows(data / "private" / pack.data.asked))
        yield Probe(
            name="what is asked for was not shown", ok=not again, seen=f"{again} rows stand in both", expected="none in both"
        )
    order = [row[key] for row in _rows(tried.exchange.public / pack.data.score)]
    golden = {row[key]: row for row in _rows(tried.exchange.labels)}
    for name in _contract(pack).slices:
        marks = [float(golden[one].get(name) == "1") for one in order]
        together = _correlation(marks)
        yield Probe(
            name=f"row order tells nothing of {name}",
            ok=abs(together) <= MOST_ORDER,
            seen=f"correlation {together:+.3f}",
            expected=f"within {MOST_ORDER:g} of none",
        )
    columns = {column.name for column in _contract(pack).columns}
    told = columns & set(_rows(tried.data.public / pack.data.score)[0])
    yield Probe(name="the pairs hold no answer", ok=not told, seen=", ".join(sorted(told)) or "none of its columns")


def scorer(tried: "Tried") -> Iterator[Probe]:
    """Perfect, constant, shuffled, one wrong cell a row, and four kinds of broken tables."""
    pack, labels = tried.opened.pack, tried.exchange.labels
    tables = answer_tables(pack, labels)

    def value(name: str) -> float | None:
        try:
            return checking.metric_value(pack, pack.metric, tables[name], labels)
        except HarnessError:
            return None

    values = {name: value(name) for name in ("perfect", "constant", "shuffled", "one cell wrong")}
    told = ", ".join(f"{name} {'none' if one is None else f'{one:.4f}'}" for name, one in values.items())
    worst = max(one for name in ("constant", "shuffled", "one cell wrong") if (one := values[name]) is not None)
    yield Probe(
        name="only the right table is perfect",
        ok=None not in values.values() and values["perfect"] == 1.0 and worst < 0.5,
        seen=told,
        expected="1 for the golden table, little for all others",
    )
    refused = [name for name in BROKEN if value(name) is None]
    yield Probe(
        name="broken tables are refused",
        ok=set(refused) == set(BROKEN),
        seen="refused: " + (", ".join(refused) or "none"),
        expected="all of " + ", ".join(BROKEN),
    )


def answer_tables(pack: Pack, labels: Path) -> dict[str, bytes]:
    """Tables that a sound scorer must tell apart."""
    golden = _rows(labels)
    names = [pack.data.id_column, *(column.name for column in _contract(pack).columns)]
    right = [[row[name] for name in names] for row in golden]
    cells = [row[1:] for row in right]
    random.Random(0).shuffle(cells)  # noqa: S311 - a fixed order, nothing secret
    return {
        "perfect": _csv(names, right),
        "constant": _csv(names, [[row[0], *right[0][1:]] for row in right]),
        "shuffled": _csv(names, [[row[0], *other] for row, other in zip(right, cells, strict=True)]),
        "one cell wrong": _csv(names, [[row[0], f"{row[1]}9", *row[2:]] for row in right]),
        "too short": _csv(names, right[1:]),
        "with an extra row": _csv(names, [*right, ["unknown-row", *right[0][1:]]]),
        "with an id twice": _csv(names, [*right, right[0]]),
        "with a column less": _csv(names[:-1], [row[:-1] for row in right]),
    }


def _contract(pack: Pack) -> TableAnswer:
    if not isinstance(pack.answer, TableAnswer):
        message = f"a pack of the kind {pack.kind} returns no table"
        raise TypeError(message)
    return pack.answer


def _csv(header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _rows(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _without(row: dict[str, str], key: str) -> tuple[str, ...]:
    return tuple(value for name, value in row.items() if name != key)


def _correlation(marks: list[float]) -> float:
    """Of marks with their places; 0 where all are alike."""
    count = len(marks)
    middle, mean = (count - 1) / 2, sum(marks) / count
    spread = sum((mark - mean) ** 2 for mark in marks) * sum((place - middle) ** 2 for place in range(count))
    return sum((mark - mean) * (place - middle) for place, mark in enumerate(marks)) / spread**0.5 if spread else 0.0
