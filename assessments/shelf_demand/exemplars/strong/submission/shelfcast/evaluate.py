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


def origins(table: pd.DataFrame, count: int = 3) -> list[pd.Timestamp]:
    """The first days of the last `count` stretches of 28 days, the latest first."""
    end = table["date"].max() + pd.Timedelta(days=1)
    return [end - pd.Timedelta(days=HORIZON * (back + 1)) for back in range(count)]


def until(start: pd.Timestamp) -> pd.Timestamp:
    """The day after the last one that is forecast from an origin."""
    return start + pd.Timedelta(days=HORIZON)


def parted(table: pd.DataFrame, start: pd.Timestamp) -> Split:
    """Everything from the origin on is judged, all before it may be learned from."""
    judge = (table["date"] >= start).to_numpy()
    return Split(fit=~judge, judge=judge)


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
