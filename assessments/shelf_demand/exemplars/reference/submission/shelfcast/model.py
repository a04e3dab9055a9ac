"""Learning demand from the past, and forecasting it."""

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor

from shelfcast.censoring import repaired
from shelfcast.features import build

MODEL_FILE = "model.joblib"
WARM_UP = 84  # days at the beginning that have hardly any past to look back on


def new_model(**changes: object) -> HistGradientBoostingRegressor:
    """Boosted trees for counts; chosen in compare.py."""
    settings = {
        "loss": "poisson",
        "max_iter": 120,
        "learning_rate": 0.08,
        "max_leaf_nodes": 24,
        "min_samples_leaf": 30,
        "random_state": 7,
    }
    return HistGradientBoostingRegressor(**(settings | changes))


def with_demand(history: pd.DataFrame) -> pd.DataFrame:
    """The history with the estimated demand beside what was sold."""
    return history.assign(demand=repaired(history))


def warm(table: pd.DataFrame) -> np.ndarray:
    """Rows with enough past before them to learn from."""
    return ((table["date"] - table["date"].min()).dt.days >= WARM_UP).to_numpy()


def fit(table: pd.DataFrame) -> HistGradientBoostingRegressor:
    """Learn from a history that has its demand."""
    learn = table[warm(table)]
    return new_model().fit(build(table, learn), learn["demand"])


def train(history: pd.DataFrame, folder: Path) -> None:
    """Learn from the whole past and keep the model in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(fit(with_demand(history)), folder / MODEL_FILE)


def predict(history: pd.DataFrame, future: pd.DataFrame, folder: Path) -> np.ndarray:
    """Demand of the future rows; never below zero."""
    model = joblib.load(folder / MODEL_FILE)
    numbers = build(with_demand(history), future)
    return np.maximum(model.predict(numbers), 0.0)
