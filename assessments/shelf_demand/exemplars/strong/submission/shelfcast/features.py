"""Lags that are known 28 days ahead: for the boosted trees in compare.py."""

import numpy as np
import pandas as pd

from shelfcast.data import SERIES

HORIZON = 28  # the last day to forecast may look back on nothing younger
WINDOWS = (7, 28, 56)
OF_THE_PLAN = ["discount", "price", "age", "holiday", "weekday", "day_of_year"]
CODED = ["store", "product", "category"]


def build(history: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """One line of numbers for each row; only demand at least 28 days older is used.

    `history` holds date, store, product and the estimated `demand`.
    """
    first = history["date"].min()
    wide = history.pivot(index="date", columns=SERIES, values="demand")
    wide = wide.reindex(pd.date_range(first, rows["date"].max()))
    old = wide.shift(HORIZON)
    numbers = _plan(rows)
    day = (rows["date"] - first).dt.days.to_numpy()
    series = wide.columns.get_indexer(pd.MultiIndex.from_frame(rows[SERIES]))
    for days in WINDOWS:
        mean = old.rolling(days, min_periods=max(2, days // 10)).mean()
        numbers[f"mean_{days}"] = _pick(mean, day, series)
    weeks = np.stack([_pick(old.shift(7 * k), day, series) for k in range(4)])
    known = np.isfinite(weeks).sum(axis=0)
    total = np.nansum(weeks, axis=0)
    gaps = np.full(len(rows), np.nan)
    numbers["same_weekday"] = np.divide(total, known, out=gaps, where=known > 0)
    return numbers


def _plan(rows: pd.DataFrame) -> pd.DataFrame:
    numbers = rows[["discount", "price", "holiday"]].astype(float)
    numbers["age"] = rows["age"].clip(upper=200).astype(float)
    numbers["weekday"] = rows["date"].dt.day_of_week.astype(float)
    numbers["day_of_year"] = rows["date"].dt.day_of_year.astype(float)
    for column in CODED:
        # The codes carry their own order; a category unseen so far becomes missing.
        numbers[column] = rows[column].map(CODES[column]).astype(float)
    return numbers


def _pick(wide: pd.DataFrame, day: np.ndarray, series: np.ndarray) -> np.ndarray:
    """Values of days and series; missing for a series without any past."""
    values = wide.to_numpy()[day, np.maximum(series, 0)]
    return np.where(series >= 0, values, np.nan)


CODES = {
    "store": {f"S{number}": number for number in range(1, 9)},
    "product": {f"P{number}": number for number in range(101, 121)},
    "category": {
        name: place
        for place, name in enumerate(
            ["bakery", "dairy", "produce", "drinks", "snacks", "household"]
        )
    },
}
