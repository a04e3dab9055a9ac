"""From a forecast to a shelf: how much to have so that it lasts on most days."""

import numpy as np
import pandas as pd
from scipy.stats import nbinom

CALM = 10.0  # spread of demand around its mean; see "Results" in REPORT.md


def order_quantities(
    rows: pd.DataFrame, forecast: np.ndarray, quantile: float
) -> pd.DataFrame:
    """The stock that covers demand on the given share of days."""
    if not 0 < quantile < 1:
        raise ValueError(f"a quantile lies between 0 and 1, got {quantile}")
    mean = np.maximum(forecast, 1e-6)
    stock = nbinom.ppf(quantile, CALM, CALM / (CALM + mean))
    listed = rows[["row_id", "date", "store", "product"]].copy()
    listed["stock"] = stock.astype(int)
    return listed


def cost(stock: np.ndarray, demand: np.ndarray, waste: float, miss: float) -> float:
    """Mean cost of a day: what is left over, and what customers did not find."""
    left = np.maximum(stock - demand, 0)
    missed = np.maximum(demand - stock, 0)
    return float((waste * left + miss * missed).mean())
