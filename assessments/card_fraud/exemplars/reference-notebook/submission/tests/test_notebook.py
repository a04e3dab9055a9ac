"""Tests of the functions in ranking.ipynb."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score

from tests.notebook import library

lib = library()


def raw_rows(*rows: dict[str, object]) -> pd.DataFrame:
    """Rows as in train.csv; what is not given is ordinary."""
    ordinary = {
        "card_id": "c1",
        "programme": "standard",
        "home_zone": 3,
        "customer_days": 400,
        "merchant_id": "m1",
        "category": "fashion",
        "merchant_zone": 3,
        "channel": "online",
        "acquirer": "north",
        "amount": 20.5,
        "device_age_days": 120.0,
        "merchant_dispute_rate": 0.01,
        "queue_min": 0,
    }
    filled = []
    for n, row in enumerate(rows):
        named = {"txn_id": f"t{n}", "timestamp": f"2025-03-{n + 1:02} 12:00:00"}
        filled.append(named | ordinary | row)
    return pd.DataFrame(filled)


def many_rows(count: int = 300, seed: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = raw_rows(*[{"timestamp": "2025-03-01 12:00:00"} for _ in range(count)])
    seconds = pd.to_timedelta(rng.integers(0, 40 * 86_400, count), unit="s")
    table["timestamp"] = (pd.Timestamp("2025-03-01") + seconds).strftime(
        "%Y-%m-%d %H:%M:%S"
    )
    table["card_id"] = [f"c{n}" for n in rng.integers(0, 20, count)]
    table["merchant_id"] = [f"m{n}" for n in rng.integers(0, 8, count)]
    table["amount"] = np.round(rng.uniform(1, 90, count), 2) + 0.003
    return table


def test_day_first_times_are_not_read_month_first() -> None:
    times = lib.parse_times(pd.Series(["2025-04-03 17:05:00", "03/04/2025 17:05"]))
    assert times[0] == times[1] == pd.Timestamp("2025-04-03 17:05")


def test_an_unknown_time_format_is_refused() -> None:
    with pytest.raises(ValueError, match="April"):
        lib.parse_times(pd.Series(["April 3, 2025"]))


def test_cents_become_euros_and_euros_stay() -> None:
    cents = {"acquirer": "east", "timestamp": "2025-06-02 10:00:00"}
    euros = {"acquirer": "east", "timestamp": "2025-06-03 10:00:00"}
    rows = [cents | {"amount": 1999.0}, cents | {"amount": 450.0}]
    rows += [euros | {"amount": amount} for amount in (19.99, 4.5, 30.0)]
    amounts = lib.clean(raw_rows(*rows))["amount"]
    assert amounts.tolist() == pytest.approx([19.99, 4.5, 19.99, 4.5, 30.0])


def test_hindsight_is_dropped() -> None:
    columns = lib.clean(raw_rows({})).columns
    assert "queue_min" not in columns
    assert "merchant_dispute_rate" not in columns


def test_a_repeated_message_is_marked_and_is_no_burst() -> None:
    same = {"timestamp": "2025-03-01 12:00:00"}
    table = lib.clean(raw_rows(same, same, same | {"amount": 33.25}))
    assert table["repeat"].tolist() == [False, True, False]
    counts = lib.features(table)["card_count_15m"]
    assert counts.tolist() == [1, 1, 1]


@pytest.mark.parametrize("span", [0, 30, 10**9])
def test_looking_back_agrees_with_the_slow_way(span: int) -> None:
    rng = np.random.default_rng(3)
    keys, seconds = pd.Series(rng.choice(list("abc"), 60)), rng.integers(0, 200, 60)
    values = rng.normal(size=60)
    count, total = lib.look_back(keys, seconds, values, span)
    for row in range(60):
        near = (seconds <= seconds[row]) & (seconds >= seconds[row] - span)
        rows = np.flatnonzero((keys == keys[row]).to_numpy() & near)
        rows = rows[rows != row]
        assert count[row] == len(rows)
        assert total[row] == pytest.approx(values[rows].sum(), abs=1e-4)


def test_later_rows_change_nothing_before_them() -> None:
    table = lib.clean(many_rows())
    early = table[table["time"] < "2025-03-20"]
    expected = lib.features(table).loc[early.index]
    pd.testing.assert_frame_equal(lib.features(early), expected, check_exact=True)


def test_row_order_does_not_matter() -> None:
    table = lib.clean(many_rows())
    shuffled = lib.features(table.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled.loc[table.index], lib.features(table))


def test_an_amount_is_compared_with_what_the_card_usually_spends() -> None:
    rows = [{"amount": amount} for amount in (10.01, 10.01, 100.1)]
    against = lib.features(lib.clean(raw_rows(*rows)))["card_against_usual"]
    assert np.isnan(against[0])
    assert against[2] == pytest.approx(np.log(10))


def test_a_level_that_training_never_saw_is_missing() -> None:
    table = lib.clean(raw_rows({"category": "gift_cards"}))
    assert lib.features(table)["category"].isna().all()


def test_the_threshold_lets_through_what_can_be_reviewed() -> None:
    scores = np.random.default_rng(0).random(2_000)
    assert (scores >= lib.threshold_for(scores, 0.005)).sum() == 10


def test_a_share_outside_0_and_1_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        lib.threshold_for(np.array([0.1]), 1.5)


def test_the_model_finds_what_it_was_shown() -> None:
    rng = np.random.default_rng(1)
    shown = rng.normal(size=(2_000, 3))
    label = (shown[:, 0] > 1.5).astype(int)
    scores = lib.boosted(max_iter=50).fit(shown, label).predict_proba(shown)[:, 1]
    assert average_precision_score(label, scores) > 0.95
