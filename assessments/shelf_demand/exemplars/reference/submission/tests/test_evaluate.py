"""Origins, the metric and its interval."""

import numpy as np
import pandas as pd
import pytest

from shelfcast.data import clean
from shelfcast.evaluate import interval, rolling_origins, wape
from tests.builders import shop


def test_everything_judged_is_later_than_everything_learned_from() -> None:
    table = clean(shop())
    for split in rolling_origins(table):
        last = table.loc[split.fit, "date"].max()
        judged = table.loc[split.judge, "date"]
        assert (judged.min() - last).days == 1
        assert judged.nunique() == 28


def test_origins_do_not_judge_a_day_twice() -> None:
    judged = sum(split.judge.astype(int) for split in rolling_origins(clean(shop())))
    assert judged.max() == 1
    assert judged.sum() == 3 * 28 * 6


def test_wape_is_error_over_demand() -> None:
    assert wape(np.array([10.0, 30.0]), np.array([14.0, 24.0])) == pytest.approx(0.25)


def test_the_interval_holds_the_value_and_draws_whole_series() -> None:
    rng = np.random.default_rng(2)
    truth = rng.poisson(9, 600).astype(float)
    series = pd.Series(np.repeat(np.arange(60), 10))
    low, high = interval(truth, np.full(600, 9.0), series, draws=100)
    assert low < wape(truth, np.full(600, 9.0)) < high
    alone = interval(truth, np.full(600, 9.0), pd.Series(np.zeros(600)), draws=20)
    assert alone[0] == alone[1]
