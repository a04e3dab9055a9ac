"""Build features.csv and quarantine.csv from the deliveries."""

import csv
import pathlib
import sys
from collections.abc import Iterator

from rules import features, problem


def deliveries(data: pathlib.Path) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Every delivered row with its file and its number."""
    for path in sorted(data.glob("events_*.csv")):
        with path.open(newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 1):
                yield path.name, number, row


def write(path: pathlib.Path, header: list[str], lines: list[list[object]]) -> None:
    """A table, whole or not at all."""
    draft = path.with_suffix(".part")
    with draft.open("w", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    draft.replace(path)


def main() -> None:
    """Sort out bad rows, then a row of features for each pair."""
    data, out = map(pathlib.Path, sys.argv[1:3])
    by_customer: dict[str, list[dict[str, str]]] = {}
    set_aside: list[list[object]] = []
    for name, number, row in deliveries(data):
        reason = problem(row)
        if reason:
            set_aside.append([name, number, reason])
        else:
            by_customer.setdefault(row["customer"], []).append(row)
    with (data / "pairs.csv").open(newline="") as file:
        pairs = list(csv.DictReader(file))
    table = [[pair["pair_id"], *features(by_customer.get(pair["customer"], []), pair["as_of"])] for pair in pairs]
    write(out.with_name("quarantine.csv"), ["file", "row", "reason"], set_aside)
    write(out, ["pair_id", "orders", "spent"], table)


if __name__ == "__main__":
    main()
