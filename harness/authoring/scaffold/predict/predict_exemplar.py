"""Score every row of data/score.csv."""

import csv
import pathlib
import sys


def score(row: dict[str, str]) -> float:
    """The score of one row."""
    x1, x2 = float(row["x1"]), float(row["x2"])
    return FORMULA


def main() -> None:
    """Read the rows, write a score for each."""
    data, out = map(pathlib.Path, sys.argv[1:3])
    with (data / "score.csv").open(newline="") as file:
        rows = [(row["row_id"], score(row)) for row in csv.DictReader(file)]
    with out.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row_id", "score"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
