"""Give every pair the same row: a customer of whom nothing is known."""

import csv
import sys
from pathlib import Path

COLUMNS = ["pair_id", "orders_7d", "spend_30d", "sessions_7d", "last_event", "top_category"]
NOTHING_KNOWN = ["0", "0.00", "0", "", ""]


def read_ids(path: Path) -> list[str]:
    """The ids of all pairs, in the order of the file."""
    with path.open(newline="", encoding="utf-8") as file:
        return [row["pair_id"] for row in csv.DictReader(file)]


def write_rows(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """A comma-separated file with a header."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    rows = [[pair_id, *NOTHING_KNOWN] for pair_id in read_ids(data / "pairs.csv")]
    write_rows(out, COLUMNS, rows)
    write_rows(out.with_name("quarantine.csv"), ["file", "row", "reason"], [])


if __name__ == "__main__":
    main()
