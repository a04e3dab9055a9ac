"""Looking back, compared with the slow and obvious way of doing it."""

import numpy as np
import pandas as pd
import pytest

from fraudrank.history import FOREVER, History

RNG = np.random.default_rng(3)
keys = pd.Series(RNG.choice(list("abcd"), 80))
seconds = RNG.integers(1_000, 1_400, 80)
values = RNG.normal(size=80)


def earlier(row: int, span: int) -> np.ndarray:
    """Rows of the same key at most `span` seconds before, the row itself not."""
    same = (keys == keys[row]).to_numpy()
    near = (seconds <= seconds[row]) & (seconds >= seconds[row] - span)
    rows = np.flatnonzero(same & near)
    return rows[rows != row]


@pytest.mark.parametrize("span", [0, 7, 60, FOREVER])
def test_count_and_total_are_those_of_the_slow_way(span: int) -> None:
    history = History(keys, seconds)
    expected = [earlier(row, span) for row in range(len(keys))]
    assert history.count(span).tolist() == [len(rows) for rows in expected]
    sums = [values[rows].sum() for rows in expected]
    assert history.total(values, span) == pytest.approx(sums, abs=1e-4)


def test_a_total_of_nothing_is_exactly_nothing() -> None:
    """Noise of running sums once made two scores of the same row differ."""
    history = History(pd.Series(["a", "b"] * 50), np.arange(100) * 1_000)
    values = np.random.default_rng(8).uniform(0, 1e6, 100)
    assert history.total(values, span=10).tolist() == [0.0] * 100


def test_mean_is_missing_exactly_where_there_is_no_past() -> None:
    means = History(keys, seconds).mean(values)
    expected = [values[rows].mean() if len(rows) else np.nan for rows in _all_earlier()]
    assert means == pytest.approx(expected, abs=1e-4, nan_ok=True)


def test_time_since_last_looks_at_strictly_earlier_rows_of_the_key() -> None:
    history = History(pd.Series(["a", "b", "a", "a"]), np.array([10, 50, 100, 100]))
    gaps = history.since_last()
    assert np.isnan(gaps[:2]).all()
    assert gaps[2:].tolist() == [90, 90]


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = np.random.default_rng(1).permutation(len(keys))
    history = History(keys, seconds)
    other = History(keys.iloc[shuffled].reset_index(drop=True), seconds[shuffled])
    assert other.count(60).tolist() == history.count(60)[shuffled].tolist()
    assert other.since_last() == pytest.approx(
        history.since_last()[shuffled], nan_ok=True
    )


def _all_earlier() -> list[np.ndarray]:
    return [earlier(row, FOREVER) for row in range(len(keys))]
