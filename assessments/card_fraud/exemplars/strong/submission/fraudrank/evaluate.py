"""Honest estimates: fit on the past, judge on the following month."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

CAPACITY = 0.005  # share of transactions that the analysts can look at


@dataclass(frozen=True)
class Split:
    """Rows to fit on and later rows to judge on."""

    fit: np.ndarray
    judge: np.ndarray


def by_time(table: pd.DataFrame, days: int = 30) -> Split:
    """The last `days` days are judged, all before them may be learned from."""
    start = table["time"].max().normalize() - pd.Timedelta(days=days - 1)
    judge = (table["time"] >= start).to_numpy()
    return Split(fit=~judge, judge=judge)


def threshold_for(scores: np.ndarray, share: float = CAPACITY) -> float:
    """The score from which exactly the share that can be reviewed is reviewed."""
    if not 0 < share < 1:
        raise ValueError(f"a share lies between 0 and 1, got {share}")
    reviewed = max(1, int(len(scores) * share))
    return float(np.sort(scores)[-reviewed])


def to_review(
    table: pd.DataFrame, scores: np.ndarray, threshold: float
) -> pd.DataFrame:
    """The transactions at or above the threshold, most suspicious first."""
    columns = ["txn_id", "time", "card_id", "merchant_id", "amount"]
    listed = table.loc[scores >= threshold, columns].copy()
    listed["score"] = scores[scores >= threshold].round(4)
    return listed.sort_values("score", ascending=False)


def judge(truth: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """The agreed metric, and what the analysts would see at their capacity."""
    threshold = threshold_for(scores)
    reviewed = scores >= threshold
    return {
        "average_precision": float(average_precision_score(truth, scores)),
        "precision_at_capacity": float(truth[reviewed].mean()),
        "recall_at_capacity": float(truth[reviewed].sum() / truth.sum()),
        "threshold": threshold,
    }


def interval(
    truth: np.ndarray, scores: np.ndarray, draws: int = 300, seed: int = 7
) -> tuple[float, float]:
    """A 95 % bootstrap interval of the average precision."""
    rng = np.random.default_rng(seed)
    positives, negatives = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
    values = []
    for _ in range(draws):
        rows = np.concatenate(
            [
                rng.choice(positives, len(positives)),
                rng.choice(negatives, len(negatives)),
            ]
        )
        values.append(average_precision_score(truth[rows], scores[rows]))
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
