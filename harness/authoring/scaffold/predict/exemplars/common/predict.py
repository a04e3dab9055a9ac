"""Score every row of data/score.csv."""

import csv
import pathlib
import sys

from formula import score


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
