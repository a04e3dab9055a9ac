"""What series share, and what a product without a past gets."""

import numpy as np
import pandas as pd

from shelfcast import model
from shelfcast.data import clean
from shelfcast.factors import learn_factors
from tests.builders import raw_rows, shop


def test_rows_in_another_order_get_the_same_factors() -> None:
    table = clean(shop(60))
    factors = learn_factors(table)
    shuffled = table.sample(frac=1, random_state=1)
    one, other = factors.design(table), factors.design(shuffled)
    assert abs(one[shuffled.index] - other).max() < 1e-12


def test_a_product_that_was_never_sold_has_a_forecast_like_its_neighbours() -> None:
    table = clean(shop(100))
    forecaster = model.fit(table)
    new = {"product": "P120", "category": "meal_kits", "date": "2025-04-21"}
    (forecast,) = forecaster.predict(clean(raw_rows(new)))
    assert 2 < forecast < 30


def test_a_launch_is_expected_to_calm_down() -> None:
    table = clean(shop(100))
    fresh = table["date"] < table["date"].min() + pd.Timedelta(days=60)
    wave = np.exp(-np.arange(len(table)) // 6 / 15)
    table["age"] = np.where(table["product"] == "P103", (np.arange(len(table)) // 6), 400)
    loud = (table["product"] == "P103") & fresh
    table["units"] = (table["units"] * np.where(loud, 1 + 2 * wave, 1)).round()
    forecaster = model.fit(table)
    row = clean(raw_rows({"product": "P102", "date": "2025-04-21"}))
    young = forecaster.predict(row.assign(age=0))
    assert young > 1.5 * forecaster.predict(row.assign(age=90))


def test_a_discount_lifts_the_product_that_answers_to_it() -> None:
    table = clean(shop())
    forecaster = model.fit(table)
    row = clean(raw_rows({"product": "P103", "store": "S2", "date": "2025-05-05"}))
    plain, cut = (forecaster.predict(row.assign(discount=d))[0] for d in (0.0, 0.3))
    assert 2.0 < cut / plain < 4.0


def test_the_recent_level_follows_the_last_weeks_and_not_chance() -> None:
    table = clean(shop(60))
    usual = np.full(len(table), 10.0)
    tripled = model.recent_level(table, pd.Series(30.0, index=table.index), usual)
    assert (tripled > 2.5).all()
    few = table.groupby(["store", "product"]).tail(1)
    once = model.recent_level(few, pd.Series(30.0, index=few.index), usual[: len(few)])
    assert (once < 1.6).all()
