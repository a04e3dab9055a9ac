"""Looking back: what had happened to the same card or merchant before each row."""

import numpy as np
import pandas as pd

FOREVER = 10**9  # seconds; longer than any history


class History:
    """Rows by key and time.

    "Before" includes other rows of the same second, and never the row itself, so that
    the answer does not depend on the order of the rows. Later rows do not exist.
    """

    def __init__(self, keys: pd.Series, seconds: np.ndarray) -> None:
        codes = pd.factorize(keys)[0].astype(np.int64)
        order = np.lexsort((seconds, codes))
        # One sorted number for key and time: windows are then two binary searches.
        place = codes * 2 * FOREVER + (seconds - seconds.min()) + FOREVER
        self._place = place
        self._sorted = place[order]
        self._order = order
        self._end = np.searchsorted(self._sorted, place, side="right")

    def _start(self, span: int) -> np.ndarray:
        return np.searchsorted(self._sorted, self._place - span, side="left")

    def count(self, span: int = FOREVER) -> np.ndarray:
        """How many other rows of the key lie in the span before each row."""
        return self._end - self._start(span) - 1

    def total(self, values: np.ndarray, span: int = FOREVER) -> np.ndarray:
        """Sum of their values, to a millionth.

        Summed as whole numbers: a difference of running sums of floats carries noise
        from all other rows, and a tree that splits at zero would see it.
        """
        millionths = np.round(values * 1e6).astype(np.int64)
        running = np.concatenate([[0], np.cumsum(millionths[self._order])])
        total = running[self._end] - running[self._start(span)] - millionths
        return total / 1e6

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Mean of all earlier values; missing for the first row of a key."""
        count = self.count()
        total = self.total(values)
        none = np.full(len(count), np.nan)
        return np.divide(total, count, out=none, where=count > 0)

    def since_last(self) -> np.ndarray:
        """Seconds since the last strictly earlier row of the key; missing if none."""
        before = np.searchsorted(self._sorted, self._place, side="left") - 1
        gap = (self._place - self._sorted[np.maximum(before, 0)]).astype(float)
        return np.where((before >= 0) & (gap <= FOREVER), gap, np.nan)
