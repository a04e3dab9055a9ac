"""The ladder of a cohort: one axis for all, the rungs on it, and groups of submissions that cannot be told apart."""

from collections.abc import Callable
from dataclasses import dataclass

from harness.model.cohort import Cohort, Ladder, TiedGroup
from harness.model.report import LadderPlace
from reports import numbers
from reports.cohort_rows import GroupRow, LadderBlock, Mark, Placed

MOST_DRAWN = 150
"""More lines than this are no picture any more; the table has them all."""
_MARGIN = 0.03
_POSITIONS = (("dummy", 0.0), ("naive", 0.25), ("reference", 0.75), ("strong", 1.0))


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float

    def at(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)


def ladder_block(cohort: Cohort) -> LadderBlock | None:
    ladder = cohort.ladder
    if ladder is None:
        return None
    places = {one.id: one.ladder for one in cohort.members if one.ladder is not None}
    spans = {name: _span(place, ladder) for name, place in places.items()}
    rungs = _rungs(ladder)
    axis = _axis([value for _, value in rungs], [value for span in spans.values() if span for value in span])
    groups = tuple(_group(group, ladder, rungs, places, axis) for group in ladder.groups)
    return LadderBlock(
        title=ladder.title,
        direction="higher is better" if ladder.higher_is_better else "lower is better",
        how=ladder.how,
        axis=ladder.title if ladder.compared_by == "value" else "place on each one's own ladder",
        marks=tuple(Mark(name, numbers.number(value), axis.at(value)) for name, value in rungs),
        groups=groups,
        not_placed=ladder.not_placed,
        drawn=sum(len(group.members) for group in groups) <= MOST_DRAWN,
    )


def _rungs(ladder: Ladder) -> list[tuple[str, float]]:
    if ladder.compared_by == "position":
        return list(_POSITIONS)
    return [(rung.name, rung.value) for rung in ladder.rungs]


def _axis(rungs: list[float], values: list[float]) -> _Axis:
    everything = [*rungs, *values] or [0.0, 1.0]
    low, high = min(everything), max(everything)
    edge = (high - low or 1.0) * _MARGIN
    return _Axis(low - edge, high + edge)


def _span(place: LadderPlace, ladder: Ladder) -> tuple[float, float, float] | None:
    """Value, low, high, in what is compared."""
    one = (
        (place.value, place.low, place.high)
        if ladder.compared_by == "value"
        else (place.position, place.position_low, place.position_high)
    )
    value, low, high = one
    return None if value is None or low is None or high is None else (value, min(low, high), max(low, high))


def _group(
    group: TiedGroup, ladder: Ladder, rungs: list[tuple[str, float]], places: dict[str, LadderPlace], axis: _Axis
) -> GroupRow:
    spans = {name: _span(places[name], ladder) for name in group.members if name in places}
    members = [_placed(name, span, axis) for name, span in spans.items() if span is not None]
    return GroupRow(_where(group, rungs), numbers.interval(group.low, group.high), tuple(members))


def _placed(name: str, span: tuple[float, float, float], axis: _Axis) -> Placed:
    value, low, high = span
    return Placed(name, numbers.number(value), numbers.interval(low, high), axis.at(value), axis.at(low), axis.at(high))


def _where(group: TiedGroup, rungs: list[tuple[str, float]]) -> str:
    """Between which rungs a group's intervals lie; rungs are told by their own order, whichever way is better."""
    upward = rungs[-1][1] >= rungs[0][1] if rungs else True
    beyond: Callable[[float, float], bool] = (lambda a, b: a >= b) if upward else (lambda a, b: a <= b)
    foot, top = (group.low, group.high) if upward else (group.high, group.low)
    reached = [name for name, value in rungs if beyond(foot, value)]
    open_above = [name for name, value in rungs if beyond(value, top)]
    if reached and open_above and reached[-1] == open_above[0]:
        return f"at {reached[-1]}"
    below = f"from {reached[-1]}" if reached else f"from below {rungs[0][0]}" if rungs else ""
    above = f"to {open_above[0]}" if open_above else f"to above {rungs[-1][0]}" if rungs else ""
    return f"{below} {above}".strip()
