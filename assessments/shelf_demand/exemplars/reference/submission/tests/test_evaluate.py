"""Origins, the metric and its interval."""

import numpy as np
import pandas as pd
import pytest

from shelfcast.data import clean
from shelfcast.evaluate import interval, origins, parted, until, wape
from tests.builders import shop


def test_everything_judged_is_later_than_everything_learned_from() -> None:
    table = clean(shop())
    for start in origins(table):
        split = parted(table, start)
        assert table.loc[split.fit, "date"].max() < start
        assert table.loc[split.judge, "date"].min() == start
        assert (split.fit ^ split.judge).all()


def test_origins_follow_each_other_without_overlap_up_to_the_end() -> None:
    table = clean(shop())
    starts = origins(table)
    assert until(starts[0]) == table["date"].max() + pd.Timedelta(days=1)
    assert [until(start) for start in starts[1:]] == starts[:-1]


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
