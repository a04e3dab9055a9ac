"""Sides of one split: which keep rows apart for certain, which perhaps, and which do not."""

import pytest

from checks.practice.rows import Region, Side, overlap, parting
from checks.practice.sides import apart, opposite


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("train", "test", "yes"), ("train", "train", "no"), ("fold", "held", "yes"), ("in", "out", "yes"),
        ("below day", "above day", "yes"), ("below day", "above start", "perhaps"), ("below day", "below end", "no"),
        ("below 100", "above 0", "no"), ("below 2020", "above 2020", "yes"), ("below 800", "above -200", "perhaps"),
        ("below '2024-01-01'", "above '2024-06-01'", "yes"), ("below '2024-06-01'", "above '2024-01-01'", "no"),
        ("is 1", "is 2", "yes"), ("is 1", "not 1", "yes"), ("is 1", "not 2", "no"),
        ("is 2022", "below 2022", "yes"), ("is 2021", "below 2022", "no"), ("is YEAR", "below YEAR", "perhaps"),
        ("among ('A', 'B')", "is 'A'", "no"), ("among ('A', 'B')", "is 'C'", "yes"),
        ("among train_ids", "among test_ids", "perhaps"),
        ("among (1, 2)", "among (2, 3)", "no"), ("among (1, 2)", "among (3,)", "yes"), ("among ids", "beyond ids", "yes"),
        ("piece 0:100", "above 100", "yes"), ("piece 0:100", "above 50", "no"), ("piece a:b", "piece b:c", "yes"),
    ],
)  # fmt: skip
def test_two_sides_of_a_split(one: str, other: str, expected: str) -> None:
    assert apart(one, other) == apart(other, one) == expected


@pytest.mark.parametrize("side", ["train", "below 3", "above x", "is 'a'", "among ids", "in", "fold"])
def test_the_opposite_of_a_side_holds_other_rows(side: str) -> None:
    assert apart(side, opposite(side)) == "yes"


def region(*sides: str) -> frozenset[Region]:
    return frozenset({Region("file", frozenset(Side("cmp:a", side) for side in sides))})


def test_rows_between_two_bounds_share_rows_with_themselves_and_with_what_is_drawn_from_them() -> None:
    """`a > low` and `a < high` look like two sides of one split; together they are a filter."""
    between = region("above low", "below high")
    assert overlap(between, between)
    assert overlap(between, region("below high"))
    assert not overlap(between, region("above high"))


def test_unknown_bounds_part_rows_but_not_for_certain() -> None:
    before, after = region("below start"), region("above first_day", "below last_day")
    assert parting(before, after) == {"cmp:a"}
    assert parting(before, after, certainly=True) == set()
