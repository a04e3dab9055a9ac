"""Demand as a product of factors that all series share: the design of the pooled model.

A product that a store lists next week has no past there. It has a price, a category, a
week, perhaps a promotion, perhaps a past in other stores; each of these is a factor that
other series have taught. Penalised factors fall back on the coarser ones above them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import OneHotEncoder

# Half-life of the extra demand for something new: read off the four launches of the
# past, see "Approach and decisions" in REPORT.md.
NOVELTY_DAYS = 15.0
YEAR = 365.25
# A smaller number shrinks a factor more: it has to earn its distance from the coarser.
BY_LEVEL = {
    "store": 1.0, "product": 0.3, "category": 1.0, "series": 0.7,
    "category_weekday": 1.0, "product_weekday": 0.5, "store_weekday": 0.3,
}  # fmt: skip
PROMOTION = 3.0
TYPICAL_PRICE = 2.5


@dataclass(frozen=True)
class Factors:
    """Encoders fitted to a history; rows with unknown levels get no factor of theirs."""

    encoders: dict[str, OneHotEncoder]
    start: pd.Timestamp
    own_promotions: bool

    def design(self, rows: pd.DataFrame) -> sparse.csr_matrix:
        """One line of factors for each row."""
        levels = _levels(rows)
        coded = {
            name: encoder.transform(levels[[name]])
            for name, encoder in self.encoders.items()
        }
        days = ((rows["date"] - self.start).dt.days / YEAR).to_numpy()
        turn = 2 * np.pi * days
        discount = PROMOTION * rows["discount"].to_numpy()
        novelty = np.exp(-rows["age"].clip(lower=0).to_numpy() / NOVELTY_DAYS)
        alone = np.column_stack(
            [
                discount,
                novelty,
                novelty * rows["discount"],
                rows["holiday"],
                np.log(rows["price"] / TYPICAL_PRICE),
                days,
            ]
        )
        parts = [coded[name] * weight for name, weight in BY_LEVEL.items()]
        parts += [
            _times(coded["product"], discount * self.own_promotions),
            _times(coded["category"], np.sin(turn)),
            _times(coded["category"], np.cos(turn)),
            sparse.csr_matrix(alone.astype(float)),
        ]
        return sparse.hstack(parts).tocsr()


def learn_factors(history: pd.DataFrame, own_promotions: bool = True) -> Factors:
    """Which stores, products, weekdays and pairs of them there are.

    Without own promotions, all products answer to a discount alike.
    """
    levels = _levels(history)
    encoders = {
        name: OneHotEncoder(handle_unknown="ignore").fit(levels[[name]])
        for name in BY_LEVEL
    }
    return Factors(encoders, history["date"].min(), own_promotions)


def _levels(rows: pd.DataFrame) -> pd.DataFrame:
    weekday = rows["date"].dt.day_of_week.astype(str)
    return pd.DataFrame(
        {
            "store": rows["store"],
            "product": rows["product"],
            "category": rows["category"],
            "series": rows["store"] + " " + rows["product"],
            "category_weekday": rows["category"] + " " + weekday,
            "product_weekday": rows["product"] + " " + weekday,
            "store_weekday": rows["store"] + " " + weekday,
        }
    )


def _times(codes: sparse.csr_matrix, values: np.ndarray) -> sparse.csr_matrix:
    return codes.multiply(values[:, None]).tocsr()
