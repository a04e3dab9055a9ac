"""From files to forecasts."""

import json
from pathlib import Path

import pandas as pd
import pytest

from shelfcast.__main__ import ORDERS_FILE, main
from shelfcast.evaluate import wape
from tests.builders import shop

CUT = "2025-05-19"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's files; a model is trained on them once."""
    folder = tmp_path_factory.mktemp("files")
    raw = shop()
    late = raw["date"] >= CUT
    raw[~late].drop(columns="demand_in_truth").to_csv(folder / "train.csv", index=False)
    hidden = ["units", "closing_stock", "demand_in_truth"]
    raw[late].drop(columns=hidden).to_csv(folder / "score.csv", index=False)
    raw[late].to_csv(folder / "truth.csv", index=False)
    return folder


def run(files: Path, command: str, out: str) -> pd.DataFrame:
    where = ["--data", str(files), "--model", str(files / "model")]
    if not (files / "model").exists():
        main(["train", *where])
    main([command, *where, "--out", str(files / out)])
    return pd.read_csv(files / out).set_index("row_id")


def test_the_forecast_beats_the_mean_of_the_past(files: Path) -> None:
    forecast = run(files, "predict", "p.csv")["demand"]
    truth = pd.read_csv(files / "truth.csv").set_index("row_id")["demand_in_truth"]
    past = pd.read_csv(files / "train.csv")["units"].mean()
    error = wape(truth.to_numpy(), forecast[truth.index].to_numpy())
    assert error < 0.6 * wape(truth.to_numpy(), (truth * 0 + past).to_numpy())


def test_two_runs_give_the_same_file(files: Path) -> None:
    run(files, "predict", "one.csv")
    run(files, "predict", "two.csv")
    assert (files / "one.csv").read_bytes() == (files / "two.csv").read_bytes()


def test_later_rows_change_nothing_before_them(files: Path) -> None:
    whole = run(files, "predict", "p.csv")["demand"]
    score = pd.read_csv(files / "score.csv")
    score[score["date"] < "2025-05-26"].to_csv(files / "score.csv", index=False)
    early = run(files, "predict", "early.csv")["demand"]
    score.to_csv(files / "score.csv", index=False)
    assert len(early) == 7 * 6
    pd.testing.assert_series_equal(early, whole[early.index])


def test_orders_cover_more_than_the_forecast(files: Path) -> None:
    stock = run(files, "order", "orders.csv")["stock"]
    forecast = run(files, "predict", "p.csv")["demand"]
    assert (stock >= forecast.round() - 1).all()
    assert stock.sum() > forecast.sum()


def test_the_quantile_in_use_is_the_one_of_the_costs() -> None:
    chosen = json.loads(ORDERS_FILE.read_text(encoding="utf-8"))
    assert 0.5 < chosen["quantile"] < 1
