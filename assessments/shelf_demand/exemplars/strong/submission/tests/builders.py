"""Small tables that look like the company's files."""

import numpy as np
import pandas as pd

BASE = {
    "store": "S1",
    "product": "P105",
    "category": "snacks",
    "listed_on": "2023-01-01",
    "price": 2.0,
    "promo_depth": 0.0,
    "promo_status": "none",
    "holiday": 0,
    "replen": 0,
    "closing_stock": 5.0,
    "units": 4,
}


def raw_rows(*rows: dict[str, object]) -> pd.DataFrame:
    """Rows as in train.csv; what is not given is ordinary."""
    filled = []
    for number, row in enumerate(rows):
        date = pd.Timestamp("2025-03-03") + pd.Timedelta(days=number)
        ordinary = {"row_id": f"r{number}", "date": f"{date:%Y-%m-%d}"}
        filled.append(ordinary | BASE | row)
    return pd.DataFrame(filled)


def shop(days: int = 160, seed: int = 3) -> pd.DataFrame:
    """Two stores and three products: Saturdays are busy, discounts triple sales."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in pd.date_range("2025-01-06", periods=days):
        for store, size in (("S1", 1.0), ("S2", 2.0)):
            for product, level in (("P101", 5), ("P102", 9), ("P103", 14)):
                depth = 0.3 if (day.isocalendar().week + level) % 5 == 0 else 0.0
                lift = (3.0 if depth else 1.0) * (2.0 if day.day_of_week == 5 else 1.0)
                wanted = rng.poisson(level * size * lift)
                stock = int(level * size * rng.choice([0.4, 6.0], p=[0.2, 0.8]))
                rows.append(
                    {
                        "date": f"{day:%Y-%m-%d}",
                        "store": store,
                        "product": product,
                        "promo_depth": depth,
                        "promo_status": "planned" if depth else "none",
                        "units": min(wanted, stock),
                        "closing_stock": float(stock - min(wanted, stock)),
                        "demand_in_truth": wanted,
                    }
                )
    return raw_rows(*rows)
