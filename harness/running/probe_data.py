"""What a probe is given and what is noted of it: folders of altered data, fresh ids, and which row is which."""

import csv
import hashlib
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from harness.model.facts import Facts
from harness.model.pack import Pack, Probes
from harness.model.run import PROBE_ROWS, Artifact, StepResult
from harness.model.submission import Entry
from harness.running import variants
from harness.running.exchange import fresh_ids, link_or_copy, read_table, write_table
from harness.running.jobs import Order, Place
from harness.running.variants import Draft

Step = Callable[[str, Order, "str | None"], StepResult]
"""Runs an order as a step of this name."""


@dataclass(frozen=True)
class Ground:
    """What all probes of one submission share."""

    pack: Pack
    probes: Probes
    facts: Facts | None
    entry: Entry
    place: Place
    exchange: Path
    """The public folder of the first run."""
    given: Path
    """The data as the candidate was given it."""
    model: Path | None
    artifacts: Path
    first: StepResult
    step: Step
    folder: Callable[[str], Path]

    def values(self, step: str) -> dict[str, float]:
        """Predictions by id as far as they can be read; only to decide whether single changes are worth a run each."""
        try:
            with (self.artifacts / step / self.pack.predictions.file).open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))[1:]
            return {row[0]: float(row[1]) for row in rows if len(row) == 2 and isfinite(float(row[1]))}
        except (OSError, ValueError, csv.Error):
            return {}


def base_draft(ground: Ground) -> Draft:
    rows, header = read_table(ground.exchange / ground.pack.data.score)
    return variants.draft_of(header, rows, ground.pack.data.id_column)


def train_columns(ground: Ground, wanted: Collection[str]) -> dict[str, list[str]]:
    rows, header = read_table(ground.given / ground.pack.data.train)
    return {name: [row[place] for row in rows] for place, name in enumerate(header) if name in wanted}


def new_ids(draft: Draft, source: random.Random) -> list[str]:
    old = [row.base for row in draft.rows]
    return fresh_ids(old, source, set(old))


def data_folder(ground: Ground, draft: Draft, ids: Sequence[str]) -> Path:
    """The public folder of the first run with another holdout in it, under a name that tells a job nothing."""
    folder = ground.folder("data")
    for file in sorted(ground.exchange.iterdir()):
        if file.name != ground.pack.data.score:
            link_or_copy(file, folder / file.name)
    at = draft.header.index(ground.pack.data.id_column)
    cells = [[*row.cells[:at], key, *row.cells[at + 1 :]] for row, key in zip(draft.rows, ids, strict=True)]
    write_table(folder / ground.pack.data.score, list(draft.header), cells)
    return folder


def shuffled_folder(ground: Ground, folder: Path) -> Path:
    """A folder of public data whose training labels have changed places."""
    copy = ground.folder("data")
    for file in sorted(folder.iterdir()):
        if file.name != ground.pack.data.train:
            link_or_copy(file, copy / file.name)
    rows, header = read_table(folder / ground.pack.data.train)
    at = header.index(ground.pack.data.target)
    labels = [row[at] for row in rows]
    source_of(ground, "labels").shuffle(labels)
    shuffled = [[*row[:at], label, *row[at + 1 :]] for row, label in zip(rows, labels, strict=True)]
    write_table(copy / ground.pack.data.train, header, shuffled)
    return copy


def note_rows(ground: Ground, result: StepResult, draft: Draft, ids: Sequence[str]) -> Artifact:
    """Which row of this run is which row of the first; written once the sandbox is gone."""
    place = ground.artifacts / result.name / PROBE_ROWS
    place.parent.mkdir(parents=True, exist_ok=True)
    cells = [[key, row.base, row.changed] for key, row in zip(ids, draft.rows, strict=True)]
    content = write_table(place, ["id", "base_id", "changed"], cells)
    return Artifact(step=result.name, name=PROBE_ROWS, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def source_of(ground: Ground, name: str) -> random.Random:
    """The same draws for the same holdout, whatever ran before."""
    content = (ground.exchange / ground.pack.data.score).read_bytes()
    return random.Random(hashlib.sha256(content + name.encode()).digest())  # noqa: S311 - reproducible, not secret
