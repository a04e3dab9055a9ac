"""Learning from labels of which some are not yet true, and scoring new transactions."""

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from fraudrank.data import TARGET
from fraudrank.features import build
from fraudrank.maturity import chance_of_positive, weight_of_positive

MODEL_FILE = "models.joblib"
NEGLIGIBLE = 0.003  # a row with less chance than this counts as surely negative
NEGATIVES_KEPT = 0.35


def boosted(seed: int = 0, **changes: object) -> HistGradientBoostingClassifier:
    """Boosted trees, small enough to resist 500 positives; sizes from compare.py."""
    settings = {
        "max_iter": 100,
        "learning_rate": 0.08,
        "max_leaf_nodes": 15,
        "min_samples_leaf": 20,
        "l2_regularization": 1.0,
        "max_features": 0.4,
        "early_stopping": False,
        "random_state": seed,
    }
    return HistGradientBoostingClassifier(**(settings | changes))


class Ranker:
    """A few boosted models that differ by chance alone, fitted to mature chances."""

    def __init__(self, models: int = 4, mature: bool = True) -> None:
        self.models = [boosted(seed) for seed in range(models)]
        self.mature = mature

    def fit(self, features: np.ndarray, label: np.ndarray, age: np.ndarray) -> "Ranker":
        """Learn the order; `age` is the days since each purchase."""
        chance = label.astype(float)
        if self.mature:
            first = boosted(99, max_iter=60)
            weight = np.where(label == 1, weight_of_positive(age), 1.0)
            first.fit(features, label, sample_weight=weight)
            suspicion = first.predict_proba(features)[:, 1]
            chance = chance_of_positive(label, suspicion, age)
        for seed, model in enumerate(self.models):
            rows, labels, weights = draw(chance, np.random.default_rng(seed))
            model.fit(features[rows], labels, sample_weight=weights)
        return self

    def score(self, features: np.ndarray) -> np.ndarray:
        """The mean of the models' chances, each from 0 to 1."""
        chances = [model.predict_proba(features)[:, 1] for model in self.models]
        return np.mean(chances, axis=0)


def draw(
    chance: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, labels and weights of one model's training set.

    A row that may be either becomes two, weighted by the chances of each. Of the many
    rows that are surely negative a random part stands for all of them, each with more
    weight: the models differ, fit faster, and the weights keep the true prevalence.
    """
    maybe = np.flatnonzero(chance > NEGLIGIBLE)
    not_sure = np.flatnonzero((chance > NEGLIGIBLE) & (chance < 1))
    sure = np.flatnonzero(chance <= NEGLIGIBLE)
    part = rng.choice(sure, int(len(sure) * NEGATIVES_KEPT), replace=False)
    rows = np.concatenate([maybe, not_sure, part])
    labels = np.repeat([1, 0], [len(maybe), len(not_sure) + len(part)])
    weights = [chance[maybe], 1 - chance[not_sure]]
    weights.append(np.full(len(part), len(sure) / max(1, len(part))))
    return rows, labels, np.concatenate(weights)


def fit(features: pd.DataFrame, table: pd.DataFrame, **settings: object) -> Ranker:
    """A ranker of the rows of table; repeats would count a case twice."""
    once = ~table["repeat"].to_numpy()
    label = table.loc[once, TARGET].to_numpy(int)
    age = table.loc[once, "age_days"].to_numpy()
    return Ranker(**settings).fit(features[once].to_numpy(), label, age)


def train(train_rows: pd.DataFrame, folder: Path) -> None:
    """Learn from all labelled rows and keep the models in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(fit(build(train_rows), train_rows), folder / MODEL_FILE)


def predict(
    train_rows: pd.DataFrame, score_rows: pd.DataFrame, folder: Path
) -> np.ndarray:
    """Scores of the score rows; the train rows are their history."""
    both = pd.concat([train_rows, score_rows], ignore_index=True)
    features = build(both).iloc[len(train_rows) :]
    return joblib.load(folder / MODEL_FILE).score(features.to_numpy())
