"""Our intervals are those of scipy, and the same on every run."""

import numpy as np
import pytest
from scipy import stats

from checks.bootstrap import intervals
from checks.metrics.base import NoMetricSettings, Rows
from checks.metrics.registry import METRICS


def _sample(rows: int = 400) -> Rows:
    source = np.random.default_rng(3)
    truth = (np.arange(rows) < rows // 5).astype(float)
    return Rows.ranked(truth, source.normal(truth, 1.0))[0]


def test_the_interval_of_a_mean_agrees_with_scipy() -> None:
    rows = _sample()
    strata = np.zeros(len(rows.truth), dtype=np.int64)
    ours = intervals({"mae": METRICS["mae"].prepare(rows, NoMetricSettings())}, strata)["mae"]
    losses = abs(rows.truth - rows.predicted)
    theirs = stats.bootstrap((losses,), np.mean, n_resamples=4000, method="percentile", random_state=0)
    assert ours.value == pytest.approx(losses.mean())
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.15 * theirs.standard_error)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.15 * theirs.standard_error)
    assert ours.standard_error == pytest.approx(theirs.standard_error, rel=0.1)


def test_the_stratified_interval_of_a_ranking_agrees_with_scipy() -> None:
    """scipy draws its two samples apart, as strata are; AUC is the rank statistic of the two."""
    rows = _sample()
    ours = intervals({"auc": METRICS["roc_auc"].prepare(rows, NoMetricSettings())}, rows.truth.astype(np.int64))["auc"]

    def area(up: np.ndarray, down: np.ndarray) -> float:
        return float(stats.mannwhitneyu(up, down).statistic / (len(up) * len(down)))

    samples = (rows.predicted[rows.truth == 1], rows.predicted[rows.truth == 0])
    theirs = stats.bootstrap(samples, area, vectorized=False, n_resamples=1500, method="percentile", random_state=0)
    assert ours.value == pytest.approx(area(*samples))
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.25 * theirs.standard_error)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.25 * theirs.standard_error)


def test_the_same_rows_give_the_same_interval_again() -> None:
    rows = _sample()
    prepared = {"auc": METRICS["roc_auc"].prepare(rows, NoMetricSettings())}
    strata = rows.truth.astype(np.int64)
    assert intervals(prepared, strata) == intervals(prepared, strata)


def test_every_draw_keeps_the_share_of_each_class() -> None:
    rows = _sample()
    drawn: list[np.ndarray] = []

    def share(weights: np.ndarray) -> np.ndarray:
        drawn.append(weights @ rows.truth / weights.sum(axis=1))
        return drawn[-1]

    intervals({"share": share}, rows.truth.astype(np.int64))
    assert np.concatenate(drawn) == pytest.approx(0.2)


def test_drawing_whole_groups_widens_the_interval_where_rows_repeat() -> None:
    rows = _sample(60)
    repeated = Rows.ranked(np.repeat(rows.truth, 20), np.repeat(rows.predicted, 20))[0]
    groups = np.unique(repeated.predicted, return_inverse=True)[1]
    prepared = {"mae": METRICS["mae"].prepare(repeated, NoMetricSettings())}
    strata = np.zeros(len(repeated.truth), dtype=np.int64)
    alone, grouped = intervals(prepared, strata)["mae"], intervals(prepared, strata, groups)["mae"]
    assert grouped.standard_error > 3 * alone.standard_error


def test_a_metric_that_is_undefined_on_the_rows_is_left_out() -> None:
    rows = Rows.ranked(np.zeros(5), np.arange(5.0))[0]
    with np.errstate(all="ignore"):
        assert intervals({"wape": METRICS["wape"].prepare(rows, NoMetricSettings())}, np.zeros(5, dtype=np.int64)) == {}
