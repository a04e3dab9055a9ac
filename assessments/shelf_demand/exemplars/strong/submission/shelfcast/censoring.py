"""Days on which the shelf ran empty: sales are then a lower bound of demand."""

import numpy as np
import pandas as pd

from shelfcast.data import SERIES, TARGET

NEIGHBOURS = 57  # days around a sold-out day that tell what was usual
LEAST = 4
MORE_THAN_SOLD = 1.15  # a shelf that ran empty turned somebody away


def repaired(history: pd.DataFrame) -> pd.Series:
    """Estimated demand: as sold, but on sold-out days at least what was usual then.

    Usual is the mean of the days around it on which there was something left. Sold-out
    days that sold more than usual keep what they sold.
    """
    table = history[[*SERIES, "date", TARGET, "sold_out"]]
    seen = table[TARGET].where(~table["sold_out"])
    wide = table.assign(seen=seen).pivot(index="date", columns=SERIES, values="seen")
    wide = wide.reindex(pd.date_range(wide.index.min(), wide.index.max()))
    usual = wide.rolling(NEIGHBOURS, center=True, min_periods=LEAST).mean()
    long = usual.stack(SERIES, future_stack=True).rename("usual")
    long.index = long.index.set_names(["date", *SERIES])
    joined = table.join(long, on=["date", *SERIES])
    lifted = np.fmax(joined[TARGET], joined["usual"])
    return joined[TARGET].where(~joined["sold_out"], lifted)


def lifted(history: pd.DataFrame, usual: np.ndarray) -> pd.Series:
    """As sold; on sold-out days what a model says was usual, and more than was sold."""
    sold = history[TARGET].astype(float)
    wanted = np.maximum(sold * MORE_THAN_SOLD, usual)
    return sold.where(~history["sold_out"], wanted)
