"""Small tables that look like the company's files."""

import numpy as np
import pandas as pd

BASE = {
    "programme": "standard",
    "home_zone": 3,
    "customer_days": 400,
    "category": "fashion",
    "merchant_zone": 3,
    "channel": "online",
    "acquirer": "north",
    "amount": 20.5,
    "device_age_days": 120.0,
    "merchant_dispute_rate": 0.01,
    "queue_min": 0,
    "charged_back": 0,
}


def raw_rows(*rows: dict[str, object]) -> pd.DataFrame:
    """Rows as in train.csv; what is not given is ordinary."""
    filled = []
    for number, row in enumerate(rows):
        ordinary = {
            "txn_id": f"t{number}",
            "timestamp": f"2025-03-0{number % 7 + 1} 12:00:00",
            "card_id": "c1",
            "merchant_id": "m1",
        }
        filled.append(ordinary | BASE | row)
    return pd.DataFrame(filled)


def busy_month(rows: int = 600, seed: int = 5) -> pd.DataFrame:
    """Many ordinary rows, and bursts of large purchases that are charged back."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2025-03-01")
    minutes = rng.integers(0, 60 * 24 * 60, rows)
    table = raw_rows(*[{} for _ in range(rows)])
    table["timestamp"] = [f"{start + pd.Timedelta(minutes=int(m))}" for m in minutes]
    table["card_id"] = [f"c{n}" for n in rng.integers(0, 40, rows)]
    table["merchant_id"] = [f"m{n}" for n in rng.integers(0, 15, rows)]
    table["amount"] = np.round(np.exp(rng.normal(3, 0.4, rows)), 2) + 0.01
    table["acquirer"] = rng.choice(["north", "east", "south", "west"], rows)
    return pd.concat([table, *(_burst(rng, n) for n in range(12))], ignore_index=True)


def _burst(rng: np.random.Generator, number: int) -> pd.DataFrame:
    begin = pd.Timestamp("2025-03-02 10:00") + pd.Timedelta(days=4.5 * number)
    rows = []
    for step in range(4):
        row = {
            "txn_id": f"b{number}-{step}",
            "timestamp": f"{(begin + pd.Timedelta(minutes=3 * step)).floor('s')}",
            "card_id": f"c{number}",
            "merchant_id": f"m{rng.integers(0, 15)}",
            "amount": 180.55 + step,
            "charged_back": 1,
        }
        rows.append(row)
    return raw_rows(*rows)
