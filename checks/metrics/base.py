"""What a metric is.

A metric is prepared once for one set of rows and then evaluated for many weightings of those rows at a time. The value
on the data is the weighting of all ones; a bootstrap draw is a weighting by how often each row was drawn. So the number
that is shown and the interval around it come from the same lines of code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from harness.model.record import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Weighed = Callable[["Floats"], "Floats"]
"""From weights of shape (draws, rows) to one value for each draw; NaN where a draw leaves the metric undefined."""

Wants = Literal["ranking", "probability", "decision", "number"]


class NoMetricSettings(Record):
    """For metrics that nothing can be set on."""


@dataclass(frozen=True)
class Rows:
    """Truth and prediction of each holdout row, and further columns that a metric may ask for: highest prediction first."""

    truth: Floats
    predicted: Floats
    columns: Mapping[str, Floats]

    @classmethod
    def ranked(
        cls, truth: Floats, predicted: Floats, columns: Mapping[str, Floats] | None = None
    ) -> tuple[Rows, NDArray[np.int64]]:
        """Sorted once here, so that no draw of a bootstrap has to be; the order is given back for what else is by row."""
        import numpy as np

        order = np.argsort(-predicted, kind="stable")
        further = {name: values[order] for name, values in (columns or {}).items()}
        return cls(truth[order], predicted[order], further), order


@dataclass(frozen=True)
class MetricSpec:
    """A registered metric. Direction and range belong to it and are never guessed."""

    name: str
    title: str
    higher_is_better: bool
    low: float | None
    high: float | None
    wants: Wants
    """What predictions it is meant for: an order, probabilities, yes-or-no, or amounts."""
    binary: bool
    """Whether the target must be 0 or 1, with both present."""
    settings: type[Record]
    prepare: Callable[[Rows, Any], Weighed]
    columns: Callable[[Any], tuple[str, ...]] = lambda settings: ()
    """Columns of the label file, beside the target, that it needs under these settings."""

    def better(self, one: float, other: float) -> bool:
        return one > other if self.higher_is_better else one < other
