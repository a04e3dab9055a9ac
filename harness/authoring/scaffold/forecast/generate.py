"""Makes the data: (seed, profile) -> public/ and private/. Private to graders. Canary: CANARY

TO DO: the process behind the series (levels, seasons, events), then how it was recorded, with its faults.
Everything follows from the seed: no clock, no network, no order of sets.
"""

import argparse
import csv
import datetime
import json
import pathlib
import random

FIRST_DAY = datetime.date(2025, 1, 6)
COLUMNS = ["row_id", "series", "day", "promo"]


def rows(source, profile):
    """A row for each series and day: a level of its own, a week that all share, and promotions that lift."""
    week = [source.uniform(0.6, 1.4) for _ in range(7)]
    ids = iter(source.sample(range(100_000, 900_000), profile["series"] * profile["days"]))
    for number in range(profile["series"]):
        level = 40 * 2 ** source.uniform(-1, 1)
        for day in range(profile["days"]):
            promo = int(source.random() < 0.15)
            expected = level * week[day % 7] * (1.5 if promo else 1.0)
            sold = max(0, round(source.gauss(expected, expected**0.5)))
            date = FIRST_DAY + datetime.timedelta(days=day)
            yield [f"R{next(ids)}", f"S{number + 1:02d}", date.isoformat(), promo, sold]


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
    profile = {"series": 12, "days": 196, "holdout_days": 28, **json.loads(asked.profile.read_text("utf-8"))}
    source = random.Random(asked.seed)
    last = FIRST_DAY + datetime.timedelta(days=profile["days"] - profile["holdout_days"])
    every = list(rows(source, profile))
    train = [row for row in every if row[2] < last.isoformat()]
    holdout = [row for row in every if row[2] >= last.isoformat()]
    source.shuffle(holdout)
    write(asked.out / "public" / "train.csv", [*COLUMNS, "sold"], train)
    write(asked.out / "public" / "score.csv", COLUMNS, [row[:4] for row in holdout])
    write(asked.out / "private" / "labels.csv", ["row_id", "series", "sold"], [[row[0], row[1], row[4]] for row in holdout])


if __name__ == "__main__":
    main()
