"""Honest estimates: fit on the past, judge on the following month, mind late labels."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fraudrank.maturity import weight_of_positive

CAPACITY = 0.005  # share of transactions that the analysts can look at
REVIEW_EUROS = 6.0
FEE_EUROS = 15.0


@dataclass(frozen=True)
class Split:
    """Rows to fit on and later rows to judge on."""

    fit: np.ndarray
    judge: np.ndarray


def by_time(table: pd.DataFrame, days: int = 30, end: str | None = None) -> Split:
    """The `days` days up to `end` are judged, all before them may be learned from."""
    last = pd.Timestamp(end) if end else table["time"].max().normalize()
    start, stop = last - pd.Timedelta(days=days - 1), last + pd.Timedelta(days=1)
    judge = (table["time"] >= start) & (table["time"] < stop)
    return Split(fit=(table["time"] < start).to_numpy(), judge=judge.to_numpy())


def average_precision(
    label: np.ndarray, scores: np.ndarray, weight: np.ndarray | None = None
) -> float:
    """Average precision; with weights, as it will be once all labels are in.

    A positive of weight w stands for w positives of its age, known or not. Precision
    down to a row is then the weight found so far over the rows looked at so far. Rows
    with the same score are looked at together.
    """
    worth = label * (np.ones(len(label)) if weight is None else weight)
    order = np.argsort(-scores, kind="stable")
    found, looked = np.cumsum(worth[order]), np.arange(1, len(label) + 1)
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    found, looked = found[last_of_tie], looked[last_of_tie]
    precision = np.minimum(found / looked, 1.0)
    return float((precision * np.diff(found, prepend=0)).sum() / found[-1])


def judge(
    table: pd.DataFrame, label: np.ndarray, scores: np.ndarray
) -> dict[str, float]:
    """Quality of the order and of the list at capacity, as known and as expected."""
    weight = weight_of_positive(table["age_days"].to_numpy())
    reviewed = np.zeros(len(scores), dtype=bool)
    reviewed[np.argsort(-scores, kind="stable")[: places(len(scores))]] = True
    return {
        "average_precision": average_precision(label, scores),
        "when_mature": average_precision(label, scores, weight),
        "precision_at_capacity": float(label[reviewed].mean()),
        "euros_saved": saving(table["amount"].to_numpy(), label, reviewed),
    }


def places(transactions: int, share: float = CAPACITY) -> int:
    """How many transactions can be reviewed: whole ones, at least one."""
    if not 0 < share < 1:
        raise ValueError(f"a share lies between 0 and 1, got {share}")
    return max(1, int(transactions * share))


def threshold_for(scores: np.ndarray, share: float = CAPACITY) -> float:
    """The score from which the share that can be reviewed is reviewed."""
    return float(np.sort(scores)[-places(len(scores), share)])


def saving(amount: np.ndarray, label: np.ndarray, reviewed: np.ndarray) -> float:
    """Euros that reviewing these rows would have saved, reviews paid."""
    avoided = (np.abs(amount) + FEE_EUROS) * label
    return float(avoided[reviewed].sum() - REVIEW_EUROS * reviewed.sum())


def interval_by_card(
    table: pd.DataFrame,
    label: np.ndarray,
    scores: np.ndarray,
    draws: int = 200,
    seed: int = 7,
) -> tuple[float, float]:
    """A 95 % interval of the mature estimate; whole cards are drawn, as bursts are."""
    rng = np.random.default_rng(seed)
    weight = weight_of_positive(table["age_days"].to_numpy())
    cards = pd.factorize(table["card_id"])[0]
    rows_of = np.split(np.argsort(cards, kind="stable"), np.cumsum(np.bincount(cards)))
    values = []
    for _ in range(draws):
        drawn = rng.integers(0, cards.max() + 1, cards.max() + 1)
        rows = np.concatenate([rows_of[card] for card in drawn])
        if label[rows].any():
            values.append(average_precision(label[rows], scores[rows], weight[rows]))
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def to_review(
    table: pd.DataFrame, scores: np.ndarray, threshold: float
) -> pd.DataFrame:
    """The transactions at or above the threshold, most suspicious first."""
    columns = ["txn_id", "time", "card_id", "merchant_id", "amount"]
    listed = table.loc[scores >= threshold, columns].copy()
    listed["score"] = scores[scores >= threshold].round(4)
    return listed.sort_values("score", ascending=False)
