"""The ranking: what it may look at, and which way it goes."""

import pytest
from ranking import features, fit, score


def parcel(distance=10.0, load=1.0, late=0, **more):
    """A parcel as a row of the table."""
    row = {"depot": "north", "distance_km": str(distance), "load": str(load), "weight_kg": "1.0", "attempts": "1"}
    return {**row, "late": str(late), **more}


@pytest.fixture
def learned():
    return fit([parcel(distance, 1.2, int(distance > 40)) for distance in range(5, 80)])


def test_what_is_counted_afterwards_changes_nothing(learned):
    assert score(learned, parcel(attempts="2")) == score(learned, parcel(attempts="0"))


def test_farther_is_later(learned):
    near, far = score(learned, parcel(10)), score(learned, parcel(70))
    assert 0 < near < 0.3
    assert 0.7 < far < 1


def test_a_parcel_without_a_weight_is_scored(learned):
    assert 0 < score(learned, parcel(weight_kg="")) < 1


def test_features_are_numbers_of_the_parcel_alone():
    assert features(parcel(12.0, 1.5))[:2] == [12.0, pytest.approx(0.5)]


def test_a_new_depot_is_scored_without_a_habit(learned):
    assert 0 < score(learned, parcel(depot="moon")) < 1
