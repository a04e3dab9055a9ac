"""Reads the pairs. What is known of each is left to you."""

import csv
from pathlib import Path

COLUMNS = ("pair_id", "orders_7d", "spend_30d", "sessions_7d", "last_event", "top_category")


def build(data: Path, out: Path) -> None:
    pairs = read_pairs(data / "pairs.csv")
    raise NotImplementedError(f"{len(pairs)} rows of {', '.join(COLUMNS)} belong in {out}")


def read_pairs(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
