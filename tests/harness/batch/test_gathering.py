"""From members to a cohort: spreads only of enough people, ties instead of ranks, gaps by whose doing."""

from typing import Any

import pytest

from harness.batch import gathering
from harness.model.cohort import CriterionPoint, Member, Unmeasured
from harness.model.grade import Totals
from harness.model.report import LadderPlace, Rung

RUNGS = tuple(
    Rung(name=name, position=position, value=value)
    for name, position, value in (("dummy", 0.0, 0.1), ("naive", 0.25, 0.3), ("reference", 0.75, 0.6), ("strong", 1.0, 0.8))
)


def totals(automatic: float | None, coverage: float = 1.0) -> Totals:
    return Totals(automatic=automatic, low=0, high=100, coverage=0.5, automatic_coverage=coverage)


def place(low: float | None, high: float | None, value: float | None = None, **values: Any) -> LadderPlace:
    middle = value if value is not None or low is None or high is None else (low + high) / 2
    return LadderPlace(
        **{
            "metric": "average_precision",
            "title": "Average precision",
            "higher_is_better": True,
            "rungs": RUNGS,
            "value": middle,
            "low": low,
            "high": high,
            "position": middle,
            "position_low": low,
            "position_high": high,
            **values,
        }
    )


def member(name: str, **values: Any) -> Member:
    return Member(**{"id": name, "state": "graded", "footing": "f", "data_seed": 1, **values})


def placed(**spans: tuple[float, float]) -> list[Member]:
    return [member(name, ladder=place(*span)) for name, span in spans.items()]


def groups(members: list[Member]) -> list[tuple[str, ...]]:
    ladder = gathering.ladder(members)
    assert ladder is not None
    return [group.members for group in ladder.groups]


def test_fewer_than_five_totals_show_no_distribution() -> None:
    four = [member(str(number), totals=totals(50 + number)) for number in range(4)]
    unmeasured = member("x", totals=totals(None))

    spread, why = gathering.distribution([*four, unmeasured])

    assert spread is None
    assert "4 of 5" in why


def test_a_distribution_counts_everybody_once_and_partly_measured_ones_apart() -> None:
    values = [0.0, 9.99, 10.0, 55.0, 100.0]
    members = [member(str(value), totals=totals(value, 1.0 if value > 10 else 0.5)) for value in values]

    spread, why = gathering.distribution(members)

    assert spread is not None
    assert why == ""
    assert {(one.low, one.fully_measured, one.partly_measured) for one in spread.bins if one.count} == {
        (0, 0, 2),
        (10, 0, 1),
        (50, 1, 0),
        (90, 1, 0),
    }
    assert (spread.lowest, spread.median, spread.highest) == (0.0, 10.0, 100.0)


def test_overlapping_intervals_are_one_group_and_others_stay_apart() -> None:
    assert groups(placed(d=(0.1, 0.2), b=(0.15, 0.3), c=(0.5, 0.6), a=(0.61, 0.7))) == [("b", "d"), ("c",), ("a",)]


def test_two_that_are_linked_by_a_third_are_in_one_group() -> None:
    assert groups(placed(a=(0.1, 0.2), b=(0.3, 0.4), c=(0.15, 0.35))) == [("a", "b", "c")]


def test_intervals_that_only_touch_are_tied() -> None:
    assert groups(placed(a=(0.1, 0.2), b=(0.2, 0.3))) == [("a", "b")]


def test_within_a_group_the_order_is_that_of_the_ids() -> None:
    assert groups(placed(z=(0.1, 0.9), a=(0.2, 0.95), m=(0.15, 0.99))) == [("a", "m", "z")]


def test_groups_go_from_the_foot_of_the_ladder_up_also_where_lower_is_better() -> None:
    members = [
        member(name, ladder=place(low, high, higher_is_better=False)) for name, low, high in (("a", 0.1, 0.2), ("b", 0.5, 0.6))
    ]

    assert groups(members) == [("b",), ("a",)]


def test_where_data_differ_places_are_compared_and_not_values() -> None:
    """The same value means something else on another seed's data."""
    one = member("a", data_seed=1, ladder=place(0.1, 0.2, position_low=0.7, position_high=0.8))
    other = member("b", data_seed=2, ladder=place(0.5, 0.6, position_low=0.75, position_high=0.9))

    ladder = gathering.ladder([one, other])

    assert ladder is not None
    assert ladder.compared_by == "position"
    assert [group.members for group in ladder.groups] == [("a", "b")]
    assert ladder.rungs == ()


def test_whoever_has_no_interval_is_named_and_not_placed() -> None:
    members = [*placed(a=(0.1, 0.2)), member("b", ladder=place(None, None)), member("c")]

    ladder = gathering.ladder(members)

    assert ladder is not None
    assert ladder.not_placed == ("b", "c")


def test_gaps_are_counted_by_check_and_by_whose_doing() -> None:
    gap = {"title": "Lint", "reason": "why"}
    members = [
        member("a", unmeasured=(Unmeasured(check="lint", fault="harness", **gap),)),
        member("b", unmeasured=(Unmeasured(check="lint", fault="submission", **gap),)),
        member("c", unmeasured=(Unmeasured(check="lint", fault="submission", **gap),)),
    ]

    assert [(one.fault.value, one.count) for one in gathering.not_measured(members)] == [("submission", 2), ("harness", 1)]


@pytest.mark.parametrize(("count", "shown"), [(4, False), (5, True)])
def test_a_criterion_shows_its_spread_only_for_five_or_more(count: int, shown: bool) -> None:
    members = [
        member(str(number), criteria=(CriterionPoint(id="CODE", title="Code", automatic=number / 10, measured=1.0),))
        for number in range(count)
    ]

    (spread,) = gathering.criteria(members)

    assert (spread.median is not None) is shown
    assert (spread.measured, spread.of) == (count, count)
