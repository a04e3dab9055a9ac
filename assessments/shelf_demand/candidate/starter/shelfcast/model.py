"""Your part: learn from the past, and forecast demand."""

from pathlib import Path

import numpy as np
import pandas as pd


def train(history: pd.DataFrame, folder: Path) -> None:
    """Learn from what was sold; keep what `predict` needs in the folder."""
    raise NotImplementedError("write what is learned from the history into the folder")


def predict(history: pd.DataFrame, future: pd.DataFrame, folder: Path) -> np.ndarray:
    """Demand of each row of `future`, in units."""
    raise NotImplementedError("return one number for each row of future")
