"""Makes the data: (seed, profile) -> public/ and private/. Private to graders. Canary: CANARY

TO DO: the process behind the events, then how they were delivered, with each fault of the deliveries and its slice.
Everything follows from the seed: no clock, no network, no order of sets.
"""

import argparse
import csv
import datetime
import json
import pathlib
import random

FIRST_DAY = datetime.date(2025, 3, 3)
EVENTS = ["event_id", "customer", "day", "amount"]
FEATURES = ["orders", "spent"]
SLICES = ["plain", "later", "repeated"]


def day(number):
    return (FIRST_DAY + datetime.timedelta(days=number)).isoformat()


def events(source, count):
    """Orders of each customer: some only early, some late as well, some delivered twice."""
    ids = iter(source.sample(range(100_000, 999_999), 12 * count))
    for number in range(count):
        kind = source.choice(SLICES)
        days = [source.randrange(0, 10) for _ in range(source.randrange(2, 5))]
        days += [source.randrange(20, 30) for _ in range(2)] if kind == "later" else []
        for place, at in enumerate(days):
            row = [f"E{next(ids)}", f"C{number:05d}", day(at), f"{source.uniform(3, 90):.2f}"]
            yield kind, row
            if kind == "repeated" and place == 0:
                yield kind, row


def spoilt(source, rows, count):
    """Rows that cannot be used, by reason."""
    for number in range(count):
        row = list(source.choice(rows))
        row[0] = f"X{number:05d}"
        reason = source.choice(["no_customer", "bad_amount"])
        row[1 if reason == "no_customer" else 3] = "" if reason == "no_customer" else "n/a"
        yield reason, row


def golden(pairs, rows, kinds):
    """What is right for each pair: orders up to and with the day, each counted once."""
    by_customer = {}
    for event, customer, at, amount in rows:
        by_customer.setdefault(customer, {})[event] = (at, float(amount))
    for pair, customer, as_of in pairs:
        known = [amount for at, amount in by_customer[customer].values() if at <= as_of]
        marks = [int(kinds[customer] == name) for name in SLICES]
        yield [pair, len(known), f"{sum(known):.2f}", *marks]


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
    profile = {"customers": 900, "spoilt": 40, **json.loads(asked.profile.read_text("utf-8"))}
    source = random.Random(asked.seed)
    marked = list(events(source, profile["customers"]))
    rows, kinds = [row for _, row in marked], {row[1]: kind for kind, row in marked}
    lines = [("", row) for row in rows] + list(spoilt(source, rows, profile["spoilt"]))
    source.shuffle(lines)
    half = len(lines) // 2
    planted = []
    for number, part in enumerate((lines[:half], lines[half:]), 1):
        name = f"events_{number}.csv"
        write(asked.out / "public" / name, EVENTS, [row for _, row in part])
        planted += [[name, place, reason] for place, (reason, _) in enumerate(part, 1) if reason]
    customers = sorted(kinds)
    source.shuffle(customers)
    ids = source.sample(range(10_000, 99_999), len(customers))
    pairs = [[f"P{key}", customer, day(12 + n % 5)] for n, (key, customer) in enumerate(zip(ids, customers))]
    shown, hidden = pairs[:200], pairs[200:]
    write(asked.out / "public" / "pairs.csv", ["pair_id", "customer", "as_of"], shown)
    write(asked.out / "private" / "asked.csv", ["pair_id", "customer", "as_of"], hidden)
    for name, part in (("golden", hidden), ("shown", shown)):
        write(asked.out / "private" / f"{name}.csv", ["pair_id", *FEATURES, *SLICES], golden(part, rows, kinds))
    write(asked.out / "private" / "planted.csv", ["file", "row", "reason"], planted)


if __name__ == "__main__":
    main()
