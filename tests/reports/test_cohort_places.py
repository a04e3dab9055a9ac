"""Where a group of a cohort stands on the ladder, in words."""

import pytest

from harness.model.cohort import TiedGroup
from reports.cohort_ladder import _where

UPWARD = [("dummy", 0.1), ("naive", 0.3), ("reference", 0.7), ("strong", 0.9)]
DOWNWARD = [("dummy", 9.0), ("naive", 7.0), ("reference", 3.0), ("strong", 1.0)]


@pytest.mark.parametrize(
    ("low", "high", "rungs", "words"),
    [
        (0.1, 0.1, UPWARD, "at dummy"),
        (3.0, 3.0, DOWNWARD, "at reference"),
        (0.05, 0.1, UPWARD, "from below dummy to dummy"),
        (0.1, 0.2, UPWARD, "from dummy to naive"),
        (0.2, 0.4, UPWARD, "from dummy to reference"),
        (0.9, 0.9, UPWARD, "at strong"),
        (0.95, 0.99, UPWARD, "from strong to above strong"),
        (6.0, 8.0, DOWNWARD, "from dummy to reference"),
    ],
)
def test_a_group_is_placed_between_rungs_or_at_the_one_it_lies_on(
    low: float, high: float, rungs: list[tuple[str, float]], words: str
) -> None:
    assert _where(TiedGroup(members=("heron",), low=low, high=high), rungs) == words
