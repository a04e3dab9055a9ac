"""An example of a test. Keep it, and add those of your own work."""

from pathlib import Path

import pandas as pd
import pytest

from fraudrank.data import write_predictions


def test_every_id_gets_its_score(tmp_path: Path) -> None:
    write_predictions(["a", "b"], [0.25, 0.75], tmp_path / "predictions.csv")
    written = pd.read_csv(tmp_path / "predictions.csv")
    assert dict(zip(written["txn_id"], written["score"])) == {"a": 0.25, "b": 0.75}


def test_a_score_that_is_not_finite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="finite"):
        write_predictions(["a"], [float("nan")], tmp_path / "predictions.csv")
