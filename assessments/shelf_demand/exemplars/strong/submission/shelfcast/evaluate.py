"""Honest estimates: fit on the past, judge the four weeks after, several times."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import mean_absolute_error

HORIZON = 28


@dataclass(frozen=True)
class Split:
    """Rows to fit on and later rows to judge on."""

    fit: np.ndarray
    judge: np.ndarray


def rolling_origins(table: pd.DataFrame, count: int = 3) -> list[Split]:
    """The last `count` stretches of 28 days, each judged by what lies before it."""
    end = table["date"].max()
    splits = []
    for number in range(count):
        last = end - pd.Timedelta(days=HORIZON * number)
        start = last - pd.Timedelta(days=HORIZON - 1)
        before = (table["date"] < start).to_numpy()
        within = table["date"].between(start, last).to_numpy()
        splits.append(Split(before, within))
    return splits


def wape(truth: np.ndarray, forecast: np.ndarray) -> float:
    """Sum of absolute errors over the sum of demand."""
    return float(mean_absolute_error(truth, forecast) / np.mean(truth))


def interval(
    truth: np.ndarray, forecast: np.ndarray, series: pd.Series, draws: int = 300
) -> tuple[float, float]:
    """A 95 % bootstrap interval; whole series are drawn, as their days hang together."""
    sums = pd.DataFrame({"error": abs(truth - forecast), "size": truth})
    by_series = sums.groupby(series.to_numpy()).sum().to_numpy()
    rng = np.random.default_rng(7)
    drawn = rng.integers(0, len(by_series), (draws, len(by_series)))
    totals = by_series[drawn].sum(axis=1)
    low, high = np.quantile(totals[:, 0] / totals[:, 1], [0.025, 0.975])
    return float(low), float(high)
