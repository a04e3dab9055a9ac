"""What is ordered covers demand as often as was asked."""

import numpy as np
import pytest

from shelfcast.data import clean
from shelfcast.orders import CALM, cost, order_quantities
from tests.builders import raw_rows


def test_demand_stays_below_the_order_on_the_share_of_days() -> None:
    rows = clean(raw_rows({})).assign(row_id="r0")
    stock = order_quantities(rows, np.array([20.0]), 0.8)["stock"].iloc[0]
    rng = np.random.default_rng(1)
    demand = rng.poisson(20 * rng.gamma(CALM, 1 / CALM, 20_000))
    assert 0.79 < (demand <= stock).mean() < 0.84


@pytest.mark.parametrize("quantile", [0, 1, 1.2])
def test_a_quantile_outside_0_and_1_is_refused(quantile: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        order_quantities(clean(raw_rows({})), np.array([1.0]), quantile)


def test_cost_counts_what_is_left_and_what_is_missed() -> None:
    assert cost(np.array([5, 5]), np.array([3, 9]), waste=0.5, miss=1.4) == 3.3
