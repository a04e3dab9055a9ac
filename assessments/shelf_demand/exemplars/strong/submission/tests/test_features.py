"""Features are known 28 days ahead, and survive what the next weeks bring."""

import numpy as np
import pandas as pd
import pytest

from shelfcast.data import clean
from shelfcast.features import HORIZON, build
from tests.builders import raw_rows, shop


def table() -> pd.DataFrame:
    cleaned = clean(shop())
    return cleaned.assign(demand=cleaned["units"].astype(float))


def test_the_last_28_days_change_nothing() -> None:
    """The test that would have found every lag that is too short."""
    known = table()
    last = known[known["date"] == known["date"].max()]
    old = known["date"] <= last["date"].max() - pd.Timedelta(days=HORIZON)
    changed = known.assign(demand=known["demand"].where(old, 999.0))
    pd.testing.assert_frame_equal(build(known, last), build(changed, last))


def test_the_day_28_days_before_is_used() -> None:
    known = table()
    last = known[known["date"] == known["date"].max()]
    there = known["date"] == last["date"].max() - pd.Timedelta(days=HORIZON)
    changed = known.assign(demand=known["demand"].mask(there, 999.0))
    assert (build(changed, last)["mean_7"] > build(known, last)["mean_7"] + 50).all()


def test_rows_in_another_order_get_the_same_numbers() -> None:
    known = table()
    rows = known.tail(60)
    shuffled = rows.sample(frac=1, random_state=1)
    numbers = build(known, shuffled).loc[rows.index]
    pd.testing.assert_frame_equal(numbers, build(known, rows))


def test_the_same_weekday_is_a_mean_of_four_weeks() -> None:
    days = [{"units": float(n)} for n in range(80)]
    known = clean(raw_rows(*days)).assign(demand=np.arange(80.0))
    numbers = build(known, known.tail(1))
    lags = [79 - 28, 79 - 35, 79 - 42, 79 - 49]
    assert numbers["same_weekday"].iloc[0] == pytest.approx(np.mean(lags))
    assert numbers["mean_7"].iloc[0] == pytest.approx(np.mean(range(45, 52)))


def test_a_product_without_a_past_has_gaps_and_no_error() -> None:
    known = table()
    new = {"product": "P120", "category": "meal_kits", "date": "2025-06-10"}
    numbers = build(known, clean(raw_rows(new)))
    assert numbers[["mean_28", "category"]].isna().all(axis=None)
    assert numbers["product"].tolist() == [120]
