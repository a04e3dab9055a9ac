"""Learning from past transactions, and scoring new ones."""

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from fraudrank.data import TARGET
from fraudrank.features import build

MODEL_FILE = "model.joblib"


def new_model(**changes: object) -> HistGradientBoostingClassifier:
    """Boosted trees, small enough to resist 480 positives; chosen in compare.py."""
    settings = {
        "max_iter": 100,
        "learning_rate": 0.08,
        "max_leaf_nodes": 15,
        "min_samples_leaf": 20,
        "l2_regularization": 1.0,
        "early_stopping": False,
        "random_state": 7,
    }
    return HistGradientBoostingClassifier(**(settings | changes))


def fit(features: pd.DataFrame, table: pd.DataFrame) -> HistGradientBoostingClassifier:
    """Learn from the rows of table, repeats left out: they count a case twice."""
    once = ~table["repeat"].to_numpy()
    return new_model().fit(features[once], table.loc[once, TARGET].astype(int))


def train(train_rows: pd.DataFrame, folder: Path) -> None:
    """Learn from all labelled rows and keep the model in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(fit(build(train_rows), train_rows), folder / MODEL_FILE)


def predict(
    train_rows: pd.DataFrame, score_rows: pd.DataFrame, folder: Path
) -> np.ndarray:
    """Scores of the score rows; the train rows are their history."""
    both = pd.concat([train_rows, score_rows], ignore_index=True)
    features = build(both).iloc[len(train_rows) :]
    model = joblib.load(folder / MODEL_FILE)
    return model.predict_proba(features)[:, 1]
