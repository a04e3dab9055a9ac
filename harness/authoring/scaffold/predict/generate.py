"""Makes the data: (seed, profile) -> public/ and private/. Private to graders. Canary: CANARY

TO DO: one process with entities, time and behaviour; then an observation layer with its faults; then the traps.
Everything follows from the seed: no clock, no network, no order of sets.
"""

import argparse
import csv
import json
import pathlib
import random


def rows(source, count, first):
    """Rows whose label follows x1 and, a little, x2."""
    for number in range(count):
        x1, x2, noise = source.gauss(0, 1), source.gauss(0, 1), source.gauss(0, 1)
        yield [f"R{first + number:06d}", f"{x1:.6f}", f"{x2:.6f}", int(2 * x1 + x2 + noise > 2.8)]


def write(path, header, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *lines])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--profile", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    asked = parser.parse_args()
    profile = {"train": 2000, "holdout": 2000, **json.loads(asked.profile.read_text("utf-8"))}
    source = random.Random(asked.seed)
    train = list(rows(source, profile["train"], 0))
    holdout = list(rows(source, profile["holdout"], 500_000))
    write(asked.out / "public" / "train.csv", ["row_id", "x1", "x2", "label"], train)
    write(asked.out / "public" / "score.csv", ["row_id", "x1", "x2"], [row[:3] for row in holdout])
    write(asked.out / "private" / "labels.csv", ["row_id", "label"], [[row[0], row[3]] for row in holdout])


if __name__ == "__main__":
    main()
