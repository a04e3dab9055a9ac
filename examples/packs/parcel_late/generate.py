"""Makes the data: (seed, profile) -> public/ and private/. Private to graders. Canary: 14c584836bc98cb14793225108899f45

A depot sends out vans; how full they are, how far a parcel goes and the depot's own ways decide whether it comes in time.
What is recorded differs from what happened: one depot has no scale, and attempts are counted afterwards.
"""

import argparse
import csv
import datetime
import json
import math
import pathlib
import random

FIRST_DAY = datetime.date(2025, 9, 1)
DEPOTS = ("north", "south", "east", "west", "harbour", "airport")
COLUMNS = ["parcel_id", "picked_up", "depot", "distance_km", "load", "weight_kg", "attempts"]
NO_SCALE = "harbour"
HABITS = (-1.6, -1.0, -0.4, 0.4, 1.0, 1.6)
"""The same on every seed, at other depots: one candidate's task is as hard as another's."""


def parcels(source, profile):
    """Parcels day by day, with whether each came late."""
    habit = dict(zip(DEPOTS, source.sample(HABITS, len(HABITS)), strict=True))
    total = profile["days"] * profile["parcels_a_day"]
    ids = iter(source.sample(range(100_000, 1_000_000), total))
    for day in range(profile["days"]):
        loads = {name: min(1.6, max(0.4, source.gauss(1.0, 0.22))) for name in DEPOTS}
        for _ in range(profile["parcels_a_day"]):
            depot = source.choice(DEPOTS)
            distance = min(120.0, source.lognormvariate(2.6, 0.8))
            weight = source.lognormvariate(0.5, 0.7)
            crowded = max(0.0, loads[depot] - 1.0)
            pull = -4.2 + 0.02 * distance + 6.0 * crowded + 0.12 * distance * crowded + habit[depot]
            late = source.random() < 1 / (1 + math.exp(-pull))
            attempts = 1 + (source.random() < (0.75 if late else 0.04))
            picked = FIRST_DAY + datetime.timedelta(days=day)
            known = [f"P{next(ids)}", picked.isoformat(), depot, f"{distance:.1f}", f"{loads[depot]:.2f}"]
            yield [*known, f"{weight:.1f}", attempts], int(late)


def recorded(row, when_asked):
    """As the company's table has it: no weights from one depot, and no attempt has been made when a prediction is asked for."""
    row = list(row)
    row[5] = "" if row[2] == NO_SCALE else row[5]
    row[6] = 0 if when_asked else row[6]
    return row


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
    profile = {"days": 120, "holdout_days": 60, "parcels_a_day": 100, **json.loads(asked.profile.read_text("utf-8"))}
    source = random.Random(asked.seed)
    every = list(parcels(source, profile))
    cut = len(every) - profile["holdout_days"] * profile["parcels_a_day"]
    train, holdout = every[:cut], every[cut:]
    source.shuffle(holdout)
    write(asked.out / "public" / "train.csv", [*COLUMNS, "late"], [[*recorded(row, False), late] for row, late in train])
    write(asked.out / "public" / "score.csv", COLUMNS, [recorded(row, True) for row, _ in holdout])
    write(asked.out / "private" / "labels.csv", ["parcel_id", "late"], [[row[0], late] for row, late in holdout])


if __name__ == "__main__":
    main()
