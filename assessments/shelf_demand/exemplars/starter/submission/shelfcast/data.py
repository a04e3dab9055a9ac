"""Reading the two files, and writing the predictions."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd


def read_history(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "train.csv")


def read_future(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "score.csv")


def write_predictions(ids: Sequence[str], forecast: Sequence[float], path: Path) -> None:
    """Write one forecast for each id; refuses what cannot be demand."""
    values = np.asarray(forecast, dtype=float)
    if len(ids) != len(values):
        raise ValueError(f"there are {len(ids)} ids and {len(values)} forecasts")
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("every forecast has to be a finite number, not below zero")
    table = pd.DataFrame({"row_id": list(ids), "demand": values})
    table.to_csv(path, index=False)
