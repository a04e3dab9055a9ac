"""Reading the two files, and writing the predictions."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd


def read_train(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "train.csv")


def read_score(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "score.csv")


def write_predictions(ids: Sequence[str], scores: Sequence[float], path: Path) -> None:
    """Write one score for each id; refuses what could not be ranked."""
    values = np.asarray(scores, dtype=float)
    if len(ids) != len(values):
        raise ValueError(f"there are {len(ids)} ids and {len(values)} scores")
    if not np.isfinite(values).all():
        raise ValueError("every score has to be a finite number")
    table = pd.DataFrame({"txn_id": list(ids), "score": values})
    table.to_csv(path, index=False)
