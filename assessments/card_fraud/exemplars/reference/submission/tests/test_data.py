"""Cleaning: formats, units, repeats, and columns that must not be used."""

from pathlib import Path

import pandas as pd
import pytest
from fraudrank.data import clean, parse_times, read, write_predictions

from tests.builders import busy_month, raw_rows


def test_both_time_formats_give_the_same_moment() -> None:
    times = parse_times(pd.Series(["2025-04-03 17:05:00", "03/04/2025 17:05"]))
    assert times[0] == times[1] == pd.Timestamp("2025-04-03 17:05")


def test_the_day_comes_first_even_where_a_month_could() -> None:
    (time,) = parse_times(pd.Series(["05/04/2025 09:00"]))
    assert (time.day, time.month) == (5, 4)


def test_a_third_time_format_is_refused_and_shown() -> None:
    with pytest.raises(ValueError, match="April 3"):
        parse_times(pd.Series(["2025-04-03 17:05:00", "April 3, 2025"]))


def cents_then_euros() -> pd.DataFrame:
    cents = [{"acquirer": "east", "amount": a} for a in (1999.0, 450.0, 12340.0)]
    euros = [{"acquirer": "east", "amount": a} for a in (19.99, 4.5, 123.4, 30.0)]
    others = [{"acquirer": "north", "amount": a} for a in (30.0, 19.99, 45.1)]
    first, second = "2025-06-02 10:00:00", "2025-06-03 10:00:00"
    dated = [row | {"timestamp": first} for row in (*cents, *others)]
    return raw_rows(*dated, *(row | {"timestamp": second} for row in euros))


def test_cents_become_euros_on_the_days_on_which_they_are_sent() -> None:
    amounts = clean(cents_then_euros())["amount"].tolist()
    assert amounts[:3] == pytest.approx([19.99, 4.5, 123.4])


def test_euros_stay_as_they_are_after_the_feed_is_repaired() -> None:
    amounts = clean(cents_then_euros())["amount"].tolist()
    assert amounts[3:] == pytest.approx([30.0, 19.99, 45.1, 19.99, 4.5, 123.4, 30.0])


def test_a_repeated_message_is_marked_once() -> None:
    same = {"timestamp": "2025-03-01 12:00:00"}
    table = clean(raw_rows(same, same, same | {"amount": 20.75}))
    assert table["repeat"].tolist() == [False, True, False]


def test_columns_that_know_the_outcome_are_gone() -> None:
    columns = set(clean(raw_rows({}))).intersection(
        {"queue_min", "merchant_dispute_rate"}
    )
    assert columns == set()


def test_train_and_score_are_cut_apart_where_they_were_joined(tmp_path: Path) -> None:
    raw = busy_month(50)
    raw.iloc[:60].to_csv(tmp_path / "train.csv", index=False)
    later = raw.iloc[60:].drop(columns="charged_back")
    later.to_csv(tmp_path / "score.csv", index=False)
    train, score = read(tmp_path)
    assert train["txn_id"].tolist() == raw["txn_id"].iloc[:60].tolist()
    assert score["txn_id"].tolist() == raw["txn_id"].iloc[60:].tolist()


def test_predictions_have_the_agreed_form(tmp_path: Path) -> None:
    write_predictions(["a", "b"], [0.25, 0.75], tmp_path / "p.csv")
    text = (tmp_path / "p.csv").read_text(encoding="utf-8")
    assert text.split() == ["txn_id,score", "a,0.25", "b,0.75"]


@pytest.mark.parametrize("scores", [[0.5], [0.5, float("nan")], [0.5, float("inf")]])
def test_scores_that_cannot_be_ranked_are_refused(
    tmp_path: Path, scores: list[float]
) -> None:
    with pytest.raises(ValueError, match="score"):
        write_predictions(["a", "b"], scores, tmp_path / "p.csv")
    assert not (tmp_path / "p.csv").exists()
