"""shelf_demand: facts.yaml is true of the data, whatever the seed, and the data gives nothing away."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from harness.authoring import probes
from harness.authoring.linting import lint_pack
from harness.packs import BUILT_IN, read_pack
from tests.assessments.generated import Made, contents, generate, make, try_to_generate

ROOT = BUILT_IN / "shelf_demand"
SEEDS = (1, 2, 3, 4, 20260101)
SMALL = {"stores": 3, "products": 8, "days": 140}


@pytest.fixture(scope="module", params=SEEDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(ROOT, request.param, tmp_path_factory.mktemp("data") / "made")


def sales(made: Made) -> pd.DataFrame:
    """What was sold; negative rows are corrections."""
    return made.train[made.train["units"] >= 0]


@cache
def stated_rates() -> dict[str, float]:
    facts = read_pack(ROOT).facts
    return {dirt.id: dirt.rate for dirt in facts.dirt if dirt.rate is not None}


def near(seen: float, fact: str) -> bool:
    stated = stated_rates()[fact]
    return bool(0.8 * stated <= seen <= 1.25 * stated)


def ages(table: pd.DataFrame) -> pd.Series:
    return (pd.to_datetime(table["date"]) - pd.to_datetime(table["listed_on"])).dt.days


def test_the_pack_has_nothing_to_correct() -> None:
    assert [str(problem) for problem in lint_pack(ROOT) if problem.level == "error"] == []


def test_stated_gaps_traps_and_columns_are_those_of_the_data(made: Made) -> None:
    opened = read_pack(ROOT)
    wrong = [probe for probe in probes.facts(opened.pack, opened.facts, made.root) if not probe.ok]
    assert wrong == []


def test_no_column_order_or_id_tells_demand(made: Made) -> None:
    opened = read_pack(ROOT)
    wrong = [probe for probe in probes.leaks(opened.pack, opened.facts, made.root) if not probe.ok]
    assert wrong == []


def test_sizes_are_those_of_the_brief(made: Made) -> None:
    assert 58_000 <= len(made.train) <= 61_500
    assert 4_200 <= len(made.score) <= 4_480
    assert made.train["date"].max() == "2025-07-27"
    assert (made.score["date"].min(), made.score["date"].max()) == ("2025-07-28", "2025-08-24")


def test_a_quarter_of_the_days_is_sold_out_and_more_under_promotions(made: Made) -> None:
    empty = made.train["closing_stock"] == 0
    assert near(empty.mean(), "sold_out")
    assert empty[made.train["promo_status"] == "planned"].mean() > 1.15 * empty.mean()


def test_empty_shelves_are_forgotten_more_often_than_full_ones_and_s3_began_late(made: Made) -> None:
    gaps = sales(made)["closing_stock"].isna().groupby(sales(made)["store"]).mean()
    late = sales(made)[(sales(made)["store"] == "S3") & (sales(made)["date"] < "2024-06-03")]
    assert gaps.idxmax() == "S3"
    assert late["closing_stock"].isna().all()


def test_the_trap_is_the_day_s_own_sales_and_zero_in_the_hidden_weeks(made: Made) -> None:
    sent = sales(made)[sales(made)["closing_stock"].notna()]
    assert (sent["replen"] == sent["units"]).mean() > 0.85
    assert (made.score["replen"] == 0).all()


def test_absent_days_are_absent_rows_and_s5_was_closed(made: Made) -> None:
    one = sales(made)[sales(made)["product"] == "P102"].groupby("store")["date"].nunique()
    absent = 1 - one.drop("S5").sum() / (7 * 560)
    assert 0.5 * stated_rates()["absent_rows"] <= absent <= stated_rates()["absent_rows"]
    closed = made.train[made.train["store"].eq("S5") & made.train["date"].between("2024-07-29", "2024-09-01")]
    assert closed[closed["units"] >= 0].empty


def test_two_codes_share_one_product_until_they_are_merged(made: Made) -> None:
    old = made.train[made.train["product"] == "P901"]
    assert near(len(old) / len(made.train), "two_codes")
    assert old["date"].max() <= "2024-10-23"
    assert sales(made).loc[sales(made)["product"] == "P901", "date"].max() == "2024-10-20"


def test_cancelled_promotions_keep_their_depth_and_lift_nothing(made: Made) -> None:
    cancelled = made.train["promo_status"] == "cancelled"
    assert near(cancelled.mean(), "cancelled")
    assert (made.train.loc[cancelled, "promo_depth"] > 0).all()
    assert (made.score["promo_status"] == "cancelled").any()
    means = made.train.groupby("promo_status")["units"].mean()
    assert means["cancelled"] < 1.2 * means["none"] < means["planned"]


def test_corrections_are_negative_and_follow_a_day_that_was_too_high(made: Made) -> None:
    negative = made.train[made.train["units"] < 0]
    assert near(len(negative) / len(made.train), "corrections")
    assert negative["units"].between(-44, -6).all()


def test_a_fifth_of_the_hidden_rows_is_new_and_one_category_is_only_there(made: Made) -> None:
    assert near((ages(made.score) < 60).mean(), "launches")
    only_there = set(made.score["category"]) - set(made.train["category"])
    assert only_there == {"meal_kits"}
    assert near((made.score["category"] == "meal_kits").mean(), "new_category")


def test_slices_of_the_labels_are_those_of_the_table(made: Made) -> None:
    both = made.score.merge(made.labels, on="row_id", validate="one_to_one")
    assert len(both) == len(made.score) == len(made.labels)
    assert (both["promoted"] == (both["promo_status"] == "planned")).all()
    assert (both["launched"] == (ages(both) < 60)).all()


def test_demand_is_what_sales_would_be_without_empty_shelves(made: Made) -> None:
    """Sales of full-shelf days before the hidden weeks lie below the demand of those weeks for products of both."""
    old = set(made.train.loc[ages(made.train) > 400, "product"])
    hidden = made.score.merge(made.labels, on="row_id")
    hidden = hidden[hidden["product"].isin(old) & (hidden["promoted"] == 0)]
    past = sales(made)[sales(made)["product"].isin(old) & (sales(made)["date"] > "2025-05-01")]
    sold = past.loc[past["promo_status"] != "planned", "units"].mean()
    assert 1.02 < hidden["units"].mean() / sold < 1.6


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    one, again, other = (
        contents(generate(ROOT, seed, tmp_path / name, SMALL)) for name, seed in zip("abc", (7, 7, 8), strict=True)
    )
    assert one == again
    assert all(one[name] != other[name] for name in one)


def test_a_profile_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    ended = try_to_generate(ROOT, 7, tmp_path / "x", {"shops": 3})
    assert ended.returncode == 1
    assert "shops" in ended.stderr


def test_the_environment_is_the_one_of_card_fraud() -> None:
    """One built environment serves both packs."""
    assert (ROOT / "requirements.lock").read_bytes() == (ROOT.parent / "card_fraud" / "requirements.lock").read_bytes()
