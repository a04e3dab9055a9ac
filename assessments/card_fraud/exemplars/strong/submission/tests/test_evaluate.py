"""The split, the metrics, the threshold and the list."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score

from fraudrank.data import clean
from fraudrank.evaluate import (
    average_precision,
    by_time,
    interval_by_card,
    judge,
    saving,
    threshold_for,
    to_review,
)
from fraudrank.maturity import age_days, share_known, weight_of_positive
from tests.builders import busy_month, raw_rows


def judged_table() -> pd.DataFrame:
    table = clean(busy_month())
    return table.assign(age_days=age_days(table["time"]))


def test_everything_judged_is_later_than_everything_learned_from() -> None:
    table = clean(busy_month())
    split = by_time(table, days=20)
    assert table.loc[split.fit, "time"].max() < table.loc[split.judge, "time"].min()
    assert (split.fit ^ split.judge).all()
    assert table.loc[split.judge, "time"].dt.normalize().nunique() == 20


def test_a_month_in_the_middle_leaves_out_what_came_after_it() -> None:
    table = clean(busy_month())
    split = by_time(table, days=10, end="2025-04-10")
    assert table.loc[split.judge, "time"].max() < pd.Timestamp("2025-04-11")
    assert table.loc[split.fit, "time"].max() < pd.Timestamp("2025-04-01")
    assert not (split.fit | split.judge).all()


@pytest.mark.parametrize("seed", range(5))
def test_average_precision_without_weights_is_the_usual_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    label = (rng.random(300) < 0.1).astype(int)
    scores = rng.integers(0, 20, 300) / 20
    expected = average_precision_score(label, scores)
    assert average_precision(label, scores) == pytest.approx(expected)


def test_weights_undo_labels_that_have_not_arrived() -> None:
    rng = np.random.default_rng(1)
    truth = (rng.random(60_000) < 0.05).astype(int)
    scores = truth * 0.7 + rng.normal(0, 0.4, len(truth))
    age = rng.uniform(5, 35, len(truth))
    label = truth * (rng.random(len(truth)) < share_known(age))
    complete = average_precision(truth, scores)
    assert average_precision(label, scores) < complete - 0.05
    mature = average_precision(label, scores, weight_of_positive(age))
    assert mature == pytest.approx(complete, abs=0.03)


def test_a_perfect_order_is_judged_perfect() -> None:
    table = judged_table()
    label = table["charged_back"].to_numpy()
    result = judge(table, label, label + np.linspace(0, 0.1, len(label)))
    assert result["average_precision"] == pytest.approx(1)
    assert result["precision_at_capacity"] == 1


def test_the_threshold_lets_through_what_can_be_reviewed() -> None:
    scores = np.random.default_rng(0).random(2_000)
    assert (scores >= threshold_for(scores, 0.005)).sum() == 10


@pytest.mark.parametrize("share", [0, 1, -0.1])
def test_a_share_outside_0_and_1_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        threshold_for(np.array([0.1, 0.2]), share)


def test_a_saving_counts_amount_and_fee_and_pays_for_every_review() -> None:
    amount, label = np.array([100.0, 40.0, 9.0]), np.array([1, 0, 1])
    reviewed = np.array([True, True, False])
    assert saving(amount, label, reviewed) == 100 + 15 - 2 * 6


def test_the_interval_by_card_holds_the_value_and_has_a_width() -> None:
    table = judged_table()
    label = table["charged_back"].to_numpy()
    noise = np.random.default_rng(2).random(len(label))
    low, high = interval_by_card(table, label, label * 0.5 + noise, draws=60)
    assert low < judge(table, label, label * 0.5 + noise)["when_mature"] < high


def test_the_review_list_begins_with_the_most_suspicious() -> None:
    table = clean(raw_rows({}, {}, {}))
    listed = to_review(table, np.array([0.4, 0.1, 0.9]), threshold=0.4)
    assert listed["txn_id"].tolist() == ["t2", "t0"]
    assert listed["score"].tolist() == [0.9, 0.4]
