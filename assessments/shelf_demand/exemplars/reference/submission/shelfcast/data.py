"""Reading the two files, putting right what is wrong in them, writing forecasts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

TARGET = "units"
SERIES = ["store", "product"]
# Written from the day's own sales: see "Data findings" in REPORT.md.
NOT_KNOWN_IN_TIME = ["replen"]
MERGED_CODES = {"P901": "P101"}
CORRECTED_WITHIN = 3  # days


def read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cleaned past and the rows to forecast, with the same known columns."""
    raw = pd.read_csv(folder / "train.csv")
    future = pd.read_csv(folder / "score.csv")
    history = clean(raw)
    return history, known_columns(future, last_prices(raw))


def clean(raw: pd.DataFrame) -> pd.DataFrame:
    """One row for each store, product and day on which something was recorded."""
    table = raw.drop(columns=NOT_KNOWN_IN_TIME, errors="ignore").copy()
    table["product"] = table["product"].replace(MERGED_CODES)
    table["date"] = pd.to_datetime(table["date"])
    corrections = table[table[TARGET] < 0]
    sales = table[table[TARGET] >= 0]
    days = sales.groupby(["date", *SERIES], as_index=False).agg(
        {
            "category": "first", "listed_on": "first", "price": "median",
            "promo_depth": "max", "promo_status": "first", "holiday": "max",
            "closing_stock": "min", TARGET: "sum",
        }
    )  # fmt: skip
    days = take_back(days, corrections)
    # Nothing left in the evening: some customers may have found an empty shelf.
    days["sold_out"] = days["closing_stock"].eq(0)
    return known_columns(days, last_prices(raw))


def last_prices(raw: pd.DataFrame) -> pd.Series:
    """The latest price of each product that a price file told."""
    told = raw.dropna(subset=["price"]).sort_values("date")
    return told.drop_duplicates("product", keep="last").set_index("product")["price"]


def take_back(days: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Subtract each correction from the largest of the days that it may belong to."""
    places: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(days["store"], days["product"])):
        places.setdefault(key, []).append(row)
    dates, units = days["date"].to_numpy(), days[TARGET].tolist()
    for fault in corrections.itertuples():
        rows = np.array(places.get((fault.store, fault.product), []), dtype=int)
        ago = (fault.date.to_datetime64() - dates[rows]) / np.timedelta64(1, "D")
        near = rows[(ago >= 1) & (ago <= CORRECTED_WITHIN)]
        if len(near):
            wrong = max(near, key=lambda row: units[row])
            units[wrong] = max(units[wrong] + fault.units, 0)
    return days.assign(**{TARGET: units})


def known_columns(table: pd.DataFrame, prices: pd.Series) -> pd.DataFrame:
    """What is known of a row weeks ahead: prices filled, promotions that do run."""
    known = table.copy()
    known["date"] = pd.to_datetime(known["date"])
    known["age"] = (known["date"] - pd.to_datetime(known["listed_on"])).dt.days
    filled = known["price"].fillna(known["product"].map(prices))
    known["price"] = filled.fillna(prices.median())
    runs = known["promo_status"] == "planned"
    known["discount"] = known["promo_depth"].where(runs, 0.0)
    return known


def write_predictions(
    ids: Sequence[str], forecast: Sequence[float], path: Path
) -> None:
    """Write one forecast for each id; refuses what cannot be demand."""
    values = np.asarray(forecast, dtype=float)
    if len(ids) != len(values):
        raise ValueError(f"there are {len(ids)} ids and {len(values)} forecasts")
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("every forecast has to be a finite number, not below zero")
    table = pd.DataFrame({"row_id": list(ids), "demand": values})
    table.to_csv(path, index=False)
