"""Sold-out days are lifted to what was usual, and all others are left alone."""

import numpy as np

from shelfcast.censoring import MORE_THAN_SOLD, lifted, repaired
from shelfcast.data import clean
from tests.builders import raw_rows, shop


def test_a_sold_out_day_is_lifted_to_the_usual() -> None:
    days = [{"units": 10}] * 6 + [{"units": 1, "closing_stock": 0.0}]
    assert repaired(clean(raw_rows(*days))).tolist() == [10] * 7


def test_a_sold_out_day_that_sold_more_keeps_what_it_sold() -> None:
    days = [{"units": 10}] * 6 + [{"units": 25, "closing_stock": 0.0}]
    assert repaired(clean(raw_rows(*days))).iloc[-1] == 25


def test_days_with_something_left_are_as_sold() -> None:
    table = clean(shop(60))
    left = ~table["sold_out"]
    assert repaired(table)[left].tolist() == table.loc[left, "units"].tolist()


def test_the_repair_brings_the_mean_nearer_to_the_truth() -> None:
    raw = shop(120)
    table = clean(raw)
    truth = raw["demand_in_truth"].mean()
    before, after = table["units"].mean(), repaired(table).mean()
    assert abs(after - truth) < 0.5 * abs(before - truth)
    assert np.isfinite(repaired(table)).all()


def test_a_model_lifts_sold_out_days_alone_and_always_above_what_was_sold() -> None:
    days = [{"units": 10}, {"units": 10, "closing_stock": 0.0}]
    days += [{"units": 30, "closing_stock": 0.0}]
    table = clean(raw_rows(*days))
    assert lifted(table, np.full(3, 20.0)).tolist() == [10, 20, 30 * MORE_THAN_SOLD]
