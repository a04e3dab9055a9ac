"""The split, the threshold and the judge."""

import numpy as np
import pandas as pd
import pytest
from fraudrank.data import clean
from fraudrank.evaluate import by_time, interval, judge, threshold_for, to_review

from tests.builders import busy_month, raw_rows


def test_everything_judged_is_later_than_everything_learned_from() -> None:
    table = clean(busy_month())
    split = by_time(table, days=20)
    assert table.loc[split.fit, "time"].max() < table.loc[split.judge, "time"].min()
    assert (split.fit ^ split.judge).all()
    assert table.loc[split.judge, "time"].dt.normalize().nunique() == 20


def test_the_threshold_lets_through_what_can_be_reviewed() -> None:
    scores = np.random.default_rng(0).random(2_000)
    assert (scores >= threshold_for(scores, 0.005)).sum() == 10


@pytest.mark.parametrize("share", [0, 1, -0.1])
def test_a_share_outside_0_and_1_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        threshold_for(np.array([0.1, 0.2]), share)


def test_a_perfect_order_is_judged_perfect() -> None:
    truth = np.repeat([0, 1], [990, 10])
    result = judge(truth, truth + np.linspace(0, 0.1, 1_000))
    assert result["average_precision"] == 1
    assert result["precision_at_capacity"] == 1
    assert result["recall_at_capacity"] == 0.5


def test_the_interval_holds_the_value() -> None:
    rng = np.random.default_rng(2)
    truth = (rng.random(2_000) < 0.05).astype(int)
    scores = truth * 0.5 + rng.random(2_000)
    low, high = interval(truth, scores, draws=100)
    assert low < judge(truth, scores)["average_precision"] < high


def test_the_review_list_begins_with_the_most_suspicious() -> None:
    table = clean(raw_rows({}, {}, {}))
    listed = to_review(table, np.array([0.4, 0.1, 0.9]), threshold=0.4)
    assert listed["txn_id"].tolist() == ["t2", "t0"]
    assert pd.Series(listed["score"]).tolist() == [0.9, 0.4]
