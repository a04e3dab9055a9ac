"""From files to predictions."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fraudrank.__main__ import main
from fraudrank.evaluate import average_precision
from tests.builders import busy_month


@pytest.fixture
def files(tmp_path: Path) -> Path:
    raw = busy_month(900)
    times = pd.to_datetime(raw["timestamp"])
    late = times >= "2025-04-05"
    raw[~late].to_csv(tmp_path / "train.csv", index=False)
    raw[late].drop(columns="charged_back").to_csv(tmp_path / "score.csv", index=False)
    raw.loc[late, ["txn_id", "charged_back"]].to_csv(
        tmp_path / "truth.csv", index=False
    )
    return tmp_path


def run(files: Path, command: str, out: str) -> pd.DataFrame:
    where = ["--data", str(files), "--model", str(files / "model")]
    main(["train", *where])
    main([command, *where, "--out", str(files / out)])
    return pd.read_csv(files / out)


def test_bursts_are_ranked_above_ordinary_purchases(files: Path) -> None:
    predicted = run(files, "predict", "p.csv").set_index("txn_id")["score"]
    truth = pd.read_csv(files / "truth.csv").set_index("txn_id")["charged_back"]
    scores = predicted.loc[truth.index].to_numpy()
    assert average_precision(truth.to_numpy(), scores) > 0.9


def test_every_row_is_scored_once_and_twice_the_same(files: Path) -> None:
    first, second = run(files, "predict", "1.csv"), run(files, "predict", "2.csv")
    pd.testing.assert_frame_equal(first, second)
    assert first["txn_id"].is_unique
    expected = pd.read_csv(files / "score.csv")["txn_id"]
    assert set(first["txn_id"]) == set(expected)


def test_a_shuffled_file_gets_the_same_scores(files: Path) -> None:
    straight = run(files, "predict", "1.csv").set_index("txn_id")
    score = pd.read_csv(files / "score.csv")
    score.sample(frac=1, random_state=2).to_csv(files / "score.csv", index=False)
    shuffled = run(files, "predict", "2.csv").set_index("txn_id").loc[straight.index]
    assert np.allclose(straight["score"], shuffled["score"])


def test_the_review_list_holds_only_scores_at_or_above_the_threshold(
    files: Path,
) -> None:
    listed = run(files, "review", "review.csv")
    scored = run(files, "predict", "p.csv")["score"]
    assert 0 < len(listed) < len(scored)
    assert listed["score"].is_monotonic_decreasing
