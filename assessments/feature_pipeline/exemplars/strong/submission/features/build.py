"""One build: read, decide what was known, compute, and publish whole files."""

import csv
import json
import os
from dataclasses import astuple, fields
from datetime import UTC, datetime
from pathlib import Path

from features.known import by_customer, known_events
from features.reading import Delivered, read_deliveries
from features.table import Features, features_of


def build(data: Path, out: Path) -> None:
    """Write the table for data/pairs.csv, with quarantine.csv and lineage.json beside it."""
    delivered = read_deliveries(data)
    deliveries = by_customer(delivered.events)
    rows = []
    for pair_id, customer, as_of in read_pairs(data / "pairs.csv"):
        known = known_events(deliveries.get(customer, []), as_of)
        rows.append((pair_id, *astuple(features_of(known, as_of))))
    publish_rows(out, ("pair_id", *(field.name for field in fields(Features))), rows)
    aside = [(one.file, str(one.row), one.reason) for one in delivered.set_aside]
    publish_rows(out.with_name("quarantine.csv"), ("file", "row", "reason"), aside)
    publish(out.with_name("lineage.json"), json.dumps(lineage(delivered, len(rows)), indent=1) + "\n")


def read_pairs(path: Path) -> list[tuple[str, str, int]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["pair_id"], row["customer"], _second(row["as_of"])) for row in csv.DictReader(file)]


def lineage(delivered: Delivered, pairs: int) -> dict[str, object]:
    """Where every row went; what does not add up stops the build."""
    for name, counted in delivered.counts.items():
        if counted["rows"] != counted["used"] + counted["set_aside"]:
            raise ValueError(f"{name}: {counted['rows']} rows came, {dict(counted)} are accounted for")
    return {
        "files": {name: dict(counted) for name, counted in delivered.counts.items()},
        "deliveries": len(delivered.events),
        "events": len({event.event_id for event in delivered.events}),
        "pairs": pairs,
    }


def publish_rows(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    text = "\n".join(",".join(cells) for cells in (header, *rows))
    publish(path, text + "\n")


def publish(path: Path, text: str) -> None:
    """Write beside the place and rename, so that a reader sees the old file or the new one and nothing between."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, "utf-8")
    os.replace(draft, path)


def _second(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp())
