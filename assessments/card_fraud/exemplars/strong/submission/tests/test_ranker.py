"""The training set of each model, and what maturity does to the ranking."""

import numpy as np
import pytest

from fraudrank.model import NEGATIVES_KEPT, Ranker, draw


def test_a_row_that_may_be_either_is_drawn_as_both_with_its_chances() -> None:
    chance = np.array([1.0, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    rows, labels, weights = draw(chance, np.random.default_rng(0))
    of_maybe = sorted(zip(labels[rows == 1], weights[rows == 1], strict=True))
    assert of_maybe == [(0, 0.75), (1, 0.25)]
    assert labels[rows == 0].tolist() == [1]


def test_the_weights_keep_the_number_of_each_class() -> None:
    chance = np.concatenate([np.ones(10), np.full(20, 0.3), np.zeros(1_000)])
    rows, labels, weights = draw(chance, np.random.default_rng(1))
    assert weights[labels == 1].sum() == pytest.approx(16)
    assert weights[labels == 0].sum() == pytest.approx(1_014)
    assert np.isin(rows, np.arange(30, 1_030)).sum() == 1_000 * NEGATIVES_KEPT


def young_pattern() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """An old pattern (first column) and one of the last days, mostly not yet known."""
    rng = np.random.default_rng(3)
    features = rng.normal(size=(6_000, 2))
    age = np.repeat([200.0, 6.0], 3_000)
    young = age < 10
    truth = np.where(young, features[:, 1] > 1.8, features[:, 0] > 1.8).astype(int)
    label = truth * np.where(young, rng.random(6_000) < 0.15, 1)
    return features, label, age, truth


def test_maturity_brings_a_pattern_up_that_is_mostly_not_yet_known() -> None:
    features, label, age, truth = young_pattern()
    new = (age < 10) & (truth == 1)
    plain = Ranker(models=1, mature=False).fit(features, label, age)
    mature = Ranker(models=1).fit(features, label, age)
    before, after = plain.score(features)[new], mature.score(features)[new]
    assert after.mean() > 1.5 * before.mean()


def test_scores_are_chances() -> None:
    features, label, age, _ = young_pattern()
    scores = Ranker(models=2).fit(features, label, age).score(features)
    assert scores.min() >= 0
    assert scores.max() <= 1
    assert np.unique(scores).size > 100
