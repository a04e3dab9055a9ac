"""Features come from the past alone, and survive what the next month brings."""

import numpy as np
import pandas as pd
import pytest
from fraudrank.data import clean
from fraudrank.features import LEVELS, build

from tests.builders import busy_month, raw_rows


def test_later_rows_change_nothing_before_them() -> None:
    """The test that would have found every leak through a history."""
    table = clean(busy_month())
    cut = pd.Timestamp("2025-03-25")
    early = table[table["time"] < cut]
    expected = build(table).loc[early.index]
    pd.testing.assert_frame_equal(build(early), expected, check_exact=True)


def test_labels_are_not_looked_at() -> None:
    table = clean(busy_month(100))
    turned = table.assign(charged_back=1 - table["charged_back"])
    pd.testing.assert_frame_equal(build(table), build(turned))


def test_shuffled_rows_get_the_same_numbers() -> None:
    table = clean(busy_month(200))
    shuffled = table.sample(frac=1, random_state=4)
    pd.testing.assert_frame_equal(build(shuffled).loc[table.index], build(table))


def test_a_burst_shows_in_the_counts_of_its_card() -> None:
    times = ["10:00:00", "10:05:00", "10:20:30", "11:30:00"]
    table = clean(raw_rows(*[{"timestamp": f"2025-03-01 {t}"} for t in times]))
    numbers = build(table)
    assert numbers["card_count_15m"].tolist() == [0, 1, 0, 0]
    assert numbers["card_count_1h"].tolist() == [0, 1, 2, 0]
    assert numbers["card_count_1d"].tolist() == [0, 1, 2, 3]


def test_an_amount_is_compared_with_the_card_s_own_past() -> None:
    rows = [{"amount": a} for a in (10.01, 10.01, 100.1)]
    numbers = build(clean(raw_rows(*rows)))
    assert np.isnan(numbers["against_card"].iloc[0])
    assert numbers["against_card"].iloc[2] == pytest.approx(np.log(10))


def test_a_repeated_message_is_no_burst() -> None:
    same = {"timestamp": "2025-03-01 12:00:00"}
    numbers = build(clean(raw_rows(same, same)))
    assert numbers["card_count_15m"].tolist() == [0, 0]
    assert numbers.iloc[0].equals(numbers.iloc[1])


def test_a_level_that_training_never_saw_is_missing_not_an_error() -> None:
    new = {"category": "gift_cards", "programme": "partner"}
    numbers = build(clean(raw_rows(new)))
    assert numbers[["category", "programme"]].isna().all(axis=None)
    assert numbers["channel"].iloc[0] == LEVELS["channel"].index("online")
