"""How much of the truth is known by now.

A chargeback is known some time after the purchase, 18 days on average. A young row with
a 0 is therefore not an innocent row: it may only not have been disputed yet. The delay
is taken as gamma distributed with shape 2, the simplest curve that starts at zero and
has a long end; `exploration.ipynb` holds it against the decline of the last weeks.
"""

import numpy as np
import pandas as pd

MEAN_DELAY_DAYS = 18.0
LEAST_KNOWN = 0.1  # below this share a weight would rest on almost nothing


def share_known(age_days: np.ndarray, mean: float = MEAN_DELAY_DAYS) -> np.ndarray:
    """The share of chargebacks of this age that have arrived."""
    x = np.maximum(age_days, 0) / (mean / 2)
    return 1 - np.exp(-x) * (1 + x)


def age_days(times: pd.Series) -> np.ndarray:
    """Days from each purchase to the extract: the midnight after the last purchase."""
    extract = times.max().normalize() + pd.Timedelta(days=1)
    return ((extract - times).dt.total_seconds() / 86_400).to_numpy()


def weight_of_positive(age: np.ndarray) -> np.ndarray:
    """Each known chargeback stands for itself and those of its age still to come."""
    return 1 / np.maximum(share_known(age), LEAST_KNOWN)


def chance_of_positive(
    label: np.ndarray, suspicion: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """The chance that a row will be charged back in the end, given its label so far.

    By Bayes, from a first model's suspicion: a 0 speaks for innocence only as far as a
    chargeback would have arrived.
    """
    still_open = suspicion * (1 - share_known(age))
    return np.where(label == 1, 1.0, still_open / (1 - suspicion + still_open))


def known_earlier(
    label: np.ndarray, age: np.ndarray, days: float, rng: np.random.Generator
) -> np.ndarray:
    """Labels as they may have been known some days ago: the younger, the fewer.

    Dates of arrival are not in the data, so each known chargeback is kept with the
    chance that it had arrived by then, given that it has by now.
    """
    then = share_known(age - days)
    chance = np.divide(then, share_known(age), out=np.zeros(len(age)), where=then > 0)
    return label * (rng.random(len(age)) < chance)
