"""Reading every delivery: events, rows set aside, and an account of both."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from features.events import Event, Unusable, parse_event


@dataclass(frozen=True)
class SetAside:
    """A row that cannot be used: data row of a file, counted from 1."""

    file: str
    row: int
    reason: str


@dataclass
class Delivered:
    """Everything that came, and how many rows of each file went where."""

    events: list[Event] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)


def read_deliveries(folder: Path) -> Delivered:
    """Read all event files. Their names and order mean nothing: the rows say when they came."""
    delivered = Delivered()
    for path in sorted(folder.glob("events_*.csv")):
        counted: Counter[str] = Counter()
        for number, row in _rows(path):
            counted["rows"] += 1
            try:
                delivered.events.append(parse_event(row))
                counted["used"] += 1
            except Unusable as problem:
                delivered.set_aside.append(SetAside(path.name, number, str(problem)))
                counted["set_aside"] += 1
        delivered.counts[path.name] = counted
    return delivered


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str | None]]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file), start=1)
