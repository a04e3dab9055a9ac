"""Every metric agrees with scikit-learn, or with a value worked out by hand, on ties and weights too."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as reference

from checks.metrics.base import Rows
from checks.metrics.registry import METRICS, choose
from harness.errors import PackError
from harness.model.pack import Metric

Floats = np.ndarray[Any, np.dtype[np.float64]]


def _value(name: str, truth: Any, predicted: Any, weights: Any = None, **settings: Any) -> float:
    columns = settings.pop("columns", None)
    rows, order = Rows.ranked(np.asarray(truth, float), np.asarray(predicted, float), columns)
    chosen = choose(Metric(name=name, settings=settings))
    counts = np.ones(len(order)) if weights is None else np.asarray(weights, float)[order]
    return float(chosen.spec.prepare(rows, chosen.settings)(counts[None, :])[0])


def _decided(metric: Callable[..., float]) -> Callable[..., float]:
    return lambda truth, predicted, **more: metric(truth, predicted >= 0.5, **more)


def _wape(truth: Floats, predicted: Floats, sample_weight: Floats) -> float:
    return float((sample_weight * abs(truth - predicted)).sum() / (sample_weight * abs(truth)).sum())


def _brier_skill(truth: Floats, predicted: Floats, sample_weight: Floats) -> float:
    share = np.average(truth, weights=sample_weight)
    flat = reference.brier_score_loss(truth, np.full_like(truth, share), sample_weight=sample_weight)
    return float(1 - reference.brier_score_loss(truth, predicted, sample_weight=sample_weight) / flat)


ORACLES: dict[str, Callable[..., float]] = {
    "average_precision": reference.average_precision_score,
    "roc_auc": reference.roc_auc_score,
    "brier": reference.brier_score_loss,
    "brier_skill": _brier_skill,
    "log_loss": reference.log_loss,
    "accuracy": _decided(reference.accuracy_score),
    "balanced_accuracy": _decided(reference.balanced_accuracy_score),
    "f1": _decided(reference.f1_score),
    "mae": reference.mean_absolute_error,
    "rmse": reference.root_mean_squared_error,
    "wape": _wape,
    "pinball": reference.mean_pinball_loss,
}


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("digits", [1, 8], ids=["many ties", "no ties"])
def test_a_metric_agrees_with_its_reference_under_weights(name: str, digits: int) -> None:
    source = np.random.default_rng(7)
    for _ in range(20):
        truth = np.append((source.random(60) < 0.3).astype(float), [0.0, 1.0])
        predicted = np.round(np.clip(source.random(62) * 0.8 + truth * 0.2, 0.01, 0.99), digits)
        weights = source.integers(0, 4, 62).astype(float)
        weights[-2:] = 1
        expected = ORACLES[name](truth, predicted, sample_weight=weights)
        assert _value(name, truth, predicted, weights) == pytest.approx(expected, rel=1e-9)


def test_every_registered_metric_is_tested_here() -> None:
    by_hand = {"precision_at_share", "recall_at_share", "expected_cost", "wape_where"}
    assert set(METRICS) == set(ORACLES) | by_hand


TRUTH = [1, 0, 1, 0, 0, 0, 1, 0, 0, 0]
ORDER = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0]


def test_precision_and_recall_in_the_top_share() -> None:
    assert _value("precision_at_share", TRUTH, ORDER, share=0.3) == pytest.approx(2 / 3)
    assert _value("recall_at_share", TRUTH, ORDER, share=0.3) == pytest.approx(2 / 3)


def test_a_share_of_less_than_one_row_is_one_row() -> None:
    assert _value("precision_at_share", TRUTH, ORDER, share=0.001) == 1.0


def test_a_share_is_whole_rows_even_where_floats_are_not_exact() -> None:
    assert _value("precision_at_share", [1] * 3 + [0] * 7, ORDER, share=0.1 + 0.2) == 1.0


def test_ties_at_the_edge_of_the_share_count_in_part() -> None:
    """Two of three rows fit; the tied pair holds one positive, so half of it is expected."""
    assert _value("precision_at_share", [1, 1, 0], [0.9, 0.5, 0.5], share=0.67) == pytest.approx(1.5 / 2)
    assert _value("precision_at_share", TRUTH, [0.5] * 10, share=0.5) == pytest.approx(0.3)


def test_cost_at_capacity_adds_reviews_and_missed_amounts() -> None:
    """Two reviews at 5; found: row 0 (100); missed: rows 2 and 6 (10 and 1), of which half is lost."""
    amounts = np.array([100, 50, 10, 1, 1, 1, 1, 1, 1, 1], dtype=float)
    cost = _value(
        "expected_cost",
        TRUTH,
        ORDER,
        share=0.2,
        review_cost=5,
        miss_cost=0.5,
        amount_column="amount",
        columns={"amount": amounts},
    )
    assert cost == pytest.approx(2 * 5 + 0.5 * (10 + 1))


def test_cost_without_amounts_counts_missed_rows() -> None:
    assert _value("expected_cost", TRUTH, ORDER, share=0.1, miss_cost=3) == pytest.approx(6.0)


def test_wape_of_some_rows_leaves_the_others_out() -> None:
    marked = {"promoted": np.array([1.0, 0.0, 1.0])}
    wape = _value("wape_where", [10, 100, 30], [14, 0, 24], where_column="promoted", columns=marked)
    assert wape == pytest.approx((4 + 6) / (10 + 30))


def test_a_pinball_loss_at_nine_tenths_charges_nine_times_for_what_is_missing() -> None:
    assert _value("pinball", [10], [8], quantile=0.9) == pytest.approx(9 * _value("pinball", [10], [12], quantile=0.9))
    assert _value("pinball", [10], [8], quantile=0.9) == pytest.approx(1.8)


def test_an_unknown_metric_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(PackError, match="no metric 'roc_acu'") as caught:
        choose(Metric(name="roc_acu"))
    assert "'roc_auc'" in caught.value.next_step


def test_settings_that_do_not_fit_are_refused() -> None:
    with pytest.raises(PackError, match="share"):
        choose(Metric(name="precision_at_share", settings={"share": 2}))
    with pytest.raises(PackError, match="treshold"):
        choose(Metric(name="f1", settings={"treshold": 0.1}))
