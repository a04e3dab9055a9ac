"""What is known of labels by their age."""

import numpy as np
import pandas as pd
import pytest

from fraudrank.maturity import (
    LEAST_KNOWN,
    age_days,
    chance_of_positive,
    known_earlier,
    share_known,
    weight_of_positive,
)


def test_nothing_is_known_at_once_and_everything_in_the_end() -> None:
    known = share_known(np.array([-1.0, 0.0, 18.0, 365.0]))
    assert known[:2].tolist() == [0, 0]
    assert known[2] == pytest.approx(1 - 3 * np.exp(-2))
    assert known[3] == pytest.approx(1)


def test_the_delay_is_18_days_on_average() -> None:
    days = np.arange(0, 400, 0.01)
    mean = (1 - share_known(days)).sum() * 0.01
    assert mean == pytest.approx(18, abs=0.01)


def test_age_counts_from_the_midnight_after_the_last_purchase() -> None:
    times = pd.Series(pd.to_datetime(["2025-08-28 12:00", "2025-08-29 18:00"]))
    assert age_days(times).tolist() == [1.5, 0.25]


def test_weights_give_back_the_number_that_will_be_known() -> None:
    """Of many positives of one age, the known ones weighted make up for the others."""
    rng = np.random.default_rng(0)
    age = np.full(20_000, 15.0)
    known = rng.random(len(age)) < share_known(age)
    assert weight_of_positive(age[known]).sum() == pytest.approx(len(age), rel=0.03)


def test_a_weight_is_bounded_however_young_the_row() -> None:
    assert weight_of_positive(np.array([0.0])).tolist() == [1 / LEAST_KNOWN]


def test_a_known_chargeback_is_certain_whatever_was_suspected() -> None:
    chance = chance_of_positive(np.array([1]), np.array([0.01]), np.array([2.0]))
    assert chance.tolist() == [1.0]


def test_a_zero_clears_an_old_row_and_says_nothing_of_a_new_one() -> None:
    label, suspicion = np.zeros(2, int), np.full(2, 0.4)
    old, new = chance_of_positive(label, suspicion, np.array([365.0, 0.0]))
    assert old == pytest.approx(0)
    assert new == pytest.approx(0.4)


def test_labels_of_an_earlier_day_are_those_that_had_arrived() -> None:
    rng = np.random.default_rng(4)
    age = np.repeat([25.0, 40.0, 400.0], 20_000)
    known_now = (rng.random(len(age)) < share_known(age)).astype(int)
    then = known_earlier(known_now, age, 30, rng).reshape(3, -1)
    assert then[0].sum() == 0
    assert then[1].mean() == pytest.approx(share_known(np.array([10.0]))[0], abs=0.01)
    assert then[2].mean() == pytest.approx(1, abs=0.001)


def test_no_label_is_known_earlier_that_is_not_known_now() -> None:
    age, label = np.full(50, 60.0), np.tile([0, 1], 25)
    earlier = known_earlier(label, age, 20, np.random.default_rng(0))
    assert (earlier <= label).all()
