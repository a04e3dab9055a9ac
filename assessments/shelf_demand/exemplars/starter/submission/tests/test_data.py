"""An example of a test. Keep it, and add those of your own work."""

from pathlib import Path

import pandas as pd
import pytest

from shelfcast.data import write_predictions


def test_every_id_gets_its_forecast(tmp_path: Path) -> None:
    write_predictions(["a", "b"], [2.5, 7.0], tmp_path / "predictions.csv")
    written = pd.read_csv(tmp_path / "predictions.csv")
    assert dict(zip(written["row_id"], written["demand"])) == {"a": 2.5, "b": 7.0}


@pytest.mark.parametrize("impossible", [float("nan"), -1.0])
def test_a_forecast_that_cannot_be_demand_is_refused(tmp_path: Path, impossible: float) -> None:
    with pytest.raises(ValueError, match="finite number, not below zero"):
        write_predictions(["a"], [impossible], tmp_path / "predictions.csv")
