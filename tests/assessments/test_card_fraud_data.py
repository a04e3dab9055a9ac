"""card_fraud's generator: the same seed gives the same bytes, and facts.yaml is true of what it makes."""

import os
from pathlib import Path

import pandas as pd
import pytest

from harness.authoring import probes
from harness.packs import BUILT_IN, read_pack
from tests.assessments.generated import Made, contents, generate, make, try_to_generate

ROOT = BUILT_IN / "card_fraud"
SMALL = {"cards": 600, "merchants": 120}


def moments(table: pd.DataFrame) -> pd.Series:
    """Both formats, read as the dictionary's owners know them to be."""
    iso = pd.to_datetime(table["timestamp"], format="%Y-%m-%d %H:%M:%S", errors="coerce")
    return iso.fillna(pd.to_datetime(table["timestamp"], format="%d/%m/%Y %H:%M", errors="coerce"))


def repeated(table: pd.DataFrame) -> pd.Series:
    """Which rows repeat an earlier one in everything but the id."""
    return table.drop(columns="txn_id").duplicated()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(ROOT, 5, tmp_path_factory.mktemp("data"), SMALL)


@pytest.fixture(scope="module")
def rates() -> dict[str, float]:
    return {dirt.id: dirt.rate for dirt in read_pack(ROOT).facts.dirt if dirt.rate is not None}


def test_the_same_seed_gives_the_same_bytes_wherever_it_runs(made: Made, tmp_path: Path) -> None:
    """Another hash seed, time zone and language: what a clock or an environment could leak in by."""
    elsewhere = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    again = contents(generate(ROOT, 5, tmp_path / "again", SMALL, **elsewhere))
    assert set(again) == {"public/train.csv", "public/score.csv", "private/labels.csv"}
    assert again == contents(made.root)


def test_another_seed_gives_other_data_and_other_ids(made: Made, tmp_path: Path) -> None:
    other = make(ROOT, 6, tmp_path, SMALL)
    assert len(set(other.both["txn_id"]) & set(made.both["txn_id"])) < 0.01 * len(made.both)
    assert other.train["amount"].sum() != made.train["amount"].sum()


def test_a_profile_with_an_unknown_field_is_refused_by_name(tmp_path: Path) -> None:
    ended = try_to_generate(ROOT, 1, tmp_path / "x", {"kards": 10})
    assert ended.returncode == 1
    assert "kards" in ended.stderr


def test_score_has_every_column_of_train_but_the_target(made: Made) -> None:
    assert [*made.score.columns, "charged_back"] == list(made.train.columns)


def test_labels_hold_each_hidden_row_once_with_what_the_metrics_need(made: Made) -> None:
    assert sorted(made.labels["txn_id"]) == sorted(made.score["txn_id"])
    assert made.both["txn_id"].is_unique
    positive = made.labels["charged_back"] == 1
    assert (made.labels.loc[positive, "loss"] - made.labels.loc[positive, "amount"]).round(2).eq(15).all()
    assert made.labels.loc[~positive, "loss"].eq(0).all()


def test_the_hidden_month_comes_after_all_that_is_known(made: Made) -> None:
    assert moments(made.both).notna().all()
    assert moments(made.train).max() < pd.Timestamp("2025-08-30") <= moments(made.score).min()


def test_repeated_messages_differ_in_their_id_alone_and_share_their_outcome(made: Made, rates: dict[str, float]) -> None:
    assert repeated(made.both).mean() == pytest.approx(rates["resent"], rel=0.2)
    both = made.score.merge(made.labels[["txn_id", "charged_back"]], on="txn_id")
    alike = [column for column in made.score if column != "txn_id"]
    assert both.groupby(alike, dropna=False)["charged_back"].nunique().eq(1).all()


def test_one_acquirer_sends_cents_from_june_on(made: Made, rates: dict[str, float]) -> None:
    east = made.both["acquirer"] == "east"
    late = moments(made.both) >= "2025-06-01"
    whole = made.both["amount"] == made.both["amount"].round()
    assert whole[east & late].all()
    assert whole[~(east & late)].mean() < 0.05
    positive = made.both["amount"] > 0
    ratio = made.both.loc[east & late & positive, "amount"].median() / made.both.loc[east & ~late & positive, "amount"].median()
    assert 50 < ratio < 200
    assert (east & late).mean() == pytest.approx(rates["cents"], abs=0.12)


def test_one_acquirer_writes_the_day_first_and_no_other_does(made: Made) -> None:
    slashes = made.both["timestamp"].str.contains("/")
    assert set(made.both.loc[slashes, "acquirer"]) == {"south"}
    assert slashes[made.both["acquirer"] == "south"].all()


def test_refunds_are_negative_and_never_charged_back(made: Made, rates: dict[str, float]) -> None:
    negative = made.train["amount"] < 0
    assert negative.mean() == pytest.approx(rates["refunds"], rel=0.3)
    assert made.train.loc[negative, "charged_back"].sum() == 0


def test_terminals_report_no_device_and_some_others_neither(made: Made) -> None:
    missing = made.both["device_age_days"].isna()
    online = made.both["channel"] == "online"
    assert missing[~online].all()
    assert missing[online].mean() == pytest.approx(0.08, abs=0.02)


def test_the_loud_trap_tells_nearly_all_in_train_and_nothing_in_the_hidden_month(made: Made) -> None:
    booked = made.train["queue_min"] > 0
    positive = made.train["charged_back"] == 1
    assert booked[positive].mean() > 0.9
    assert booked[~positive].mean() < 0.005
    assert made.score["queue_min"].eq(0).all()


def test_the_quiet_trap_is_the_mean_of_the_target_over_the_whole_file(made: Made) -> None:
    means = made.train.groupby("merchant_id")["charged_back"].mean()
    for table in (made.train, made.score):
        expected = table["merchant_id"].map(means)
        pd.testing.assert_series_equal(table["merchant_dispute_rate"], expected, atol=1e-5, check_names=False)
    assert made.score["merchant_dispute_rate"].isna().any()


def test_a_trade_and_a_programme_are_new_in_the_hidden_month(made: Made, rates: dict[str, float]) -> None:
    for column, level, fact in (("category", "gift_cards", "new_trade"), ("programme", "partner", "new_programme")):
        assert set(made.score[column]) - set(made.train[column]) == {level}
        assert (made.both[column] == level).mean() == pytest.approx(rates[fact], rel=0.6)
    partners = made.score[made.score["programme"] == "partner"]
    assert not set(partners["card_id"]) & set(made.train["card_id"])


def test_card_testing_begins_on_its_day_and_grows(made: Made, tmp_path: Path) -> None:
    """In the same world without it, tiny charged-back purchases of digital goods are hardly there."""
    hidden = made.score.merge(made.labels[["txn_id", "kind"]], on="txn_id")
    tested = hidden[hidden["kind"] == "testing"]
    assert set(tested["category"]) == {"digital_goods"}
    assert len(tested) > 0.35 * made.labels["charged_back"].sum()
    early = make(ROOT, 5, tmp_path, {**SMALL, "testing_from": 205})
    assert (early.labels["kind"] == "testing").sum() < len(tested)


def test_labels_of_the_last_weeks_are_incomplete(made: Made) -> None:
    rate = made.train.groupby(moments(made.train) >= "2025-08-16")["charged_back"].mean()
    assert rate[True] < made.labels["charged_back"].mean() / 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 20260101])
def test_everything_that_facts_declare_holds_on_whole_data(seed: int, tmp_path: Path) -> None:
    opened = read_pack(ROOT)
    whole = make(ROOT, seed, tmp_path)
    found = [*probes.facts(opened.pack, opened.facts, whole.root), *probes.leaks(opened.pack, opened.facts, whole.root)]
    assert [f"{one.name}: {one.seen}, not {one.expected}" for one in found if not one.ok] == []
    assert len(found) > 10
    assert whole.labels["charged_back"].sum() >= 190
