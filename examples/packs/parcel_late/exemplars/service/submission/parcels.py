"""Train on data/train.csv, or score every parcel of data/score.csv."""

import csv
import json
import pathlib
import sys

from ranking import fit, score


def read(path: pathlib.Path) -> list[dict[str, str]]:
    """A table as rows by column."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def train(data: str, model: str) -> None:
    """Learn from the parcels that are known."""
    learned = fit(read(pathlib.Path(data) / "train.csv"))
    (pathlib.Path(model) / "model.json").write_text(json.dumps(learned))


def predict(data: str, model: str, out: str) -> None:
    """Write a score for each parcel that is asked for."""
    learned = json.loads((pathlib.Path(model) / "model.json").read_text())
    rows = read(pathlib.Path(data) / "score.csv")
    with pathlib.Path(out).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["parcel_id", "score"])
        writer.writerows([row["parcel_id"], score(learned, row)] for row in rows)


if __name__ == "__main__":
    {"train": train, "predict": predict}[sys.argv[1]](*sys.argv[2:])
