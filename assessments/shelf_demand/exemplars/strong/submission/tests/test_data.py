"""Cleaning: codes, corrections, cancelled promotions, and columns that must not be used."""

from pathlib import Path

import pandas as pd
import pytest

from shelfcast.data import clean, known_columns, write_predictions
from tests.builders import raw_rows


def test_two_codes_of_one_product_become_one_row() -> None:
    day = {"date": "2024-05-06"}
    rows = raw_rows(
        day | {"product": "P101", "units": 7}, day | {"product": "P901", "units": 4}
    )
    table = clean(rows)
    assert table["product"].tolist() == ["P101"]
    assert table["units"].tolist() == [11]


def test_a_correction_is_taken_back_from_the_large_day_before_it() -> None:
    units = [4, 36, 5, -30, 3]
    table = clean(raw_rows(*[{"units": u} for u in units]))
    assert table["units"].tolist() == [4, 6, 5, 3]


def test_two_corrections_never_make_a_day_negative() -> None:
    units = [5, -4, -4]
    table = clean(raw_rows(*[{"units": u} for u in units]))
    assert table["units"].tolist() == [0]


def test_a_correction_without_its_day_changes_nothing() -> None:
    far = {"units": -30, "date": "2025-06-01"}
    assert clean(raw_rows({"units": 40}, far))["units"].tolist() == [40]


def test_an_empty_shelf_is_sold_out_and_an_uncounted_one_is_not() -> None:
    stocks = [0.0, 3.0, float("nan")]
    table = clean(raw_rows(*[{"closing_stock": stock} for stock in stocks]))
    assert table["sold_out"].tolist() == [True, False, False]


def test_the_order_of_the_evening_is_gone() -> None:
    assert "replen" not in clean(raw_rows({"replen": 9}))


def test_a_cancelled_promotion_gives_no_discount() -> None:
    deep = {"promo_depth": 0.4}
    rows = raw_rows(
        deep | {"promo_status": "planned"}, deep | {"promo_status": "cancelled"}
    )
    assert clean(rows)["discount"].tolist() == [0.4, 0.0]


def test_a_missing_price_is_that_of_the_product_and_else_of_all() -> None:
    rows = raw_rows({"price": None}, {"product": "P120", "price": None})
    prices = pd.Series({"P105": 2.5, "P106": 4.5})
    assert known_columns(rows, prices)["price"].tolist() == [2.5, 3.5]


def test_age_counts_from_the_listing_in_the_store() -> None:
    rows = raw_rows({"date": "2025-03-10", "listed_on": "2025-03-03"})
    assert clean(rows)["age"].tolist() == [7]


def test_predictions_have_the_agreed_form(tmp_path: Path) -> None:
    write_predictions(["a", "b"], [0.25, 7], tmp_path / "p.csv")
    text = (tmp_path / "p.csv").read_text(encoding="utf-8")
    assert text.split() == ["row_id,demand", "a,0.25", "b,7.0"]


@pytest.mark.parametrize("forecast", [[0.5], [0.5, float("nan")], [0.5, -0.1]])
def test_what_cannot_be_demand_is_refused(
    tmp_path: Path, forecast: list[float]
) -> None:
    with pytest.raises(ValueError, match="forecast"):
        write_predictions(["a", "b"], forecast, tmp_path / "p.csv")
    assert not (tmp_path / "p.csv").exists()
