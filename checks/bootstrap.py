"""Bootstrap intervals: 2,000 draws with a fixed seed, stratified by class, all draws of a block at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from checks.metrics.base import Floats, Weighed

DRAWS = 2000
SEED = 20_260_101
COVERAGE = 0.95
_BLOCK_CELLS = 500_000
_MAX_CELLS = 400_000_000


@dataclass(frozen=True)
class Interval:
    """A value on the data as it is, the ends of its percentile interval, and the spread of the draws."""

    value: float
    low: float
    high: float
    standard_error: float


def intervals(
    metrics: Mapping[str, Weighed], strata: NDArray[np.int64], clusters: NDArray[np.int64] | None = None
) -> dict[str, Interval]:
    """The interval of each metric over the same draws; a metric that is undefined on these rows is left out.

    Rows are drawn within their stratum, so that every draw keeps the share of each class. Where rows of one entity
    repeat, `clusters` names the entity of each row and whole entities are drawn instead. Very large tables get fewer
    draws, never fewer than 200.
    """
    import numpy as np

    rows = len(strata)
    values = {name: float(weighed(np.ones((1, rows)))[0]) for name, weighed in metrics.items()}
    defined = {name: metrics[name] for name, value in values.items() if np.isfinite(value)}
    draws = int(np.clip(_MAX_CELLS // rows, 200, DRAWS))
    drawn: dict[str, list[Floats]] = {name: [] for name in defined}
    source = np.random.default_rng(SEED)
    for block in _drawn_rows(source, strata, draws) if clusters is None else _drawn_clusters(source, clusters, draws):
        for name, weighed in defined.items():
            drawn[name].append(weighed(block))
    return {name: _interval(values[name], np.concatenate(drawn[name])) for name in defined}


def _interval(value: float, drawn: Floats) -> Interval:
    import numpy as np

    finite = drawn[np.isfinite(drawn)]
    if len(finite) < len(drawn) / 2:
        return Interval(value, value, value, 0.0)
    tail = (1.0 - COVERAGE) / 2
    low, high = (float(end) for end in np.quantile(finite, [tail, 1.0 - tail]))
    return Interval(value, min(low, value), max(high, value), float(finite.std(ddof=1)))


def _drawn_rows(source: np.random.Generator, strata: NDArray[np.int64], draws: int) -> Iterator[Floats]:
    import numpy as np

    rows = len(strata)
    members = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    for size in _blocks(draws, rows):
        picked = np.empty((size, rows), dtype=np.int64)
        start = 0
        for places in members:
            picked[:, start : start + len(places)] = places[source.integers(0, len(places), size=(size, len(places)))]
            start += len(places)
        yield _counts(picked, rows)


def _drawn_clusters(source: np.random.Generator, clusters: NDArray[np.int64], draws: int) -> Iterator[Floats]:
    import numpy as np

    names, belongs = np.unique(clusters, return_inverse=True)
    for size in _blocks(draws, len(clusters)):
        yield _counts(source.integers(0, len(names), size=(size, len(names))), len(names))[:, belongs]


def _counts(picked: NDArray[np.int64], rows: int) -> Floats:
    """How often each row was picked in each draw."""
    import numpy as np

    draws = len(picked)
    picked += np.arange(draws)[:, None] * rows
    return np.bincount(picked.ravel(), minlength=draws * rows).reshape(draws, rows).astype(np.float64)


def _blocks(draws: int, rows: int) -> Iterator[int]:
    size = max(1, _BLOCK_CELLS // rows)
    for start in range(0, draws, size):
        yield min(size, draws - start)
