"""Learning demand from the past, and forecasting it."""

from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.linear_model import PoissonRegressor

from shelfcast.censoring import lifted, repaired
from shelfcast.data import SERIES
from shelfcast.factors import Factors, learn_factors

MODEL_FILE = "model.joblib"
RECENT_DAYS = 42
PRIOR_UNITS = 30.0  # so much demand has to speak against the model to move it half way
ROUNDS = 2


@dataclass(frozen=True)
class Forecaster:
    """The pooled model, and how each series has stood against it of late."""

    factors: Factors
    pooled: PoissonRegressor
    recent: pd.Series

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Mean demand of each row; never below zero."""
        pooled = self.pooled.predict(self.factors.design(rows))
        keys = pd.MultiIndex.from_frame(rows[SERIES])
        return pooled * self.recent.reindex(keys).fillna(1.0).to_numpy()


def new_model(**changes: object) -> PoissonRegressor:
    """Penalised counts; the penalty is what pools. Chosen in compare.py."""
    settings = {"alpha": 1e-3, "solver": "newton-cholesky", "max_iter": 30}
    return PoissonRegressor(**(settings | changes))


def fit(
    history: pd.DataFrame, own_promotions: bool = True, rounds: int = ROUNDS
) -> Forecaster:
    """Learn factors, lift sold-out days to what they say, and learn once more."""
    factors = learn_factors(history, own_promotions)
    design = factors.design(history)
    demand = repaired(history)
    pooled = new_model(warm_start=True)
    for _ in range(rounds):
        pooled.fit(design, demand)
        usual = pooled.predict(design)
        demand = lifted(history, usual)
    return Forecaster(factors, pooled, recent_level(history, demand, usual))


def recent_level(
    history: pd.DataFrame, demand: pd.Series, usual: np.ndarray
) -> pd.Series:
    """Demand of the last six weeks against what the model says of them, by series."""
    late = history["date"] > history["date"].max() - pd.Timedelta(days=RECENT_DAYS)
    sums = (
        history[SERIES]
        .assign(demand=demand, usual=usual)[late]
        .groupby(SERIES)[["demand", "usual"]]
        .sum()
    )
    return (sums["demand"] + PRIOR_UNITS) / (sums["usual"] + PRIOR_UNITS)


def train(history: pd.DataFrame, folder: Path) -> None:
    """Learn from the whole past and keep the model in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(fit(history), folder / MODEL_FILE)


def predict(history: pd.DataFrame, future: pd.DataFrame, folder: Path) -> np.ndarray:
    """Demand of the future rows; what is needed of the past is in the model."""
    del history
    return joblib.load(folder / MODEL_FILE).predict(future)
