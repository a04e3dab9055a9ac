"""From members to the cohort: how totals are spread, who cannot be told apart, what was not measured. Pure."""

from collections import Counter
from collections.abc import Sequence
from statistics import quantiles

from harness.model.cohort import (
    SMALL_COHORT,
    Bin,
    CriterionSpread,
    Distribution,
    Ladder,
    Member,
    NotMeasured,
    TiedGroup,
)
from harness.model.report import LadderPlace

_BIN = 10
_FULL = 0.9995
"""From here on a share counts as whole, whatever rounding did to it."""


def distribution(members: Sequence[Member]) -> tuple[Distribution | None, str]:
    """How automatic totals are spread; or why that is not shown."""
    measured = [
        (one.totals.automatic, one.totals.automatic_coverage >= _FULL)
        for one in members
        if one.totals is not None and one.totals.automatic is not None
    ]
    if len(measured) < SMALL_COHORT:
        return None, (
            f"{len(measured)} of {len(members)} submissions have an automatic total; "
            f"below {SMALL_COHORT} a distribution would show single people, so none is shown"
        )
    totals = sorted(total for total, _ in measured)
    lower, middle, upper = quantiles(totals, n=4, method="inclusive")
    bins = tuple(
        Bin(
            low=low,
            high=low + _BIN,
            fully_measured=sum(_in_bin(total, low) and full for total, full in measured),
            partly_measured=sum(_in_bin(total, low) and not full for total, full in measured),
        )
        for low in range(0, 100, _BIN)
    )
    spread = Distribution(
        members=len(measured),
        lowest=totals[0],
        lower_quartile=lower,
        median=middle,
        upper_quartile=upper,
        highest=totals[-1],
        bins=bins,
    )
    return spread, ""


def criteria(members: Sequence[Member]) -> tuple[CriterionSpread, ...]:
    """Each criterion over the cohort, in the rubric's order."""
    titles = {one.id: one.title for member in members for one in member.criteria}
    return tuple(_spread_of(name, title, members) for name, title in titles.items())


def not_measured(members: Sequence[Member]) -> tuple[NotMeasured, ...]:
    """Which checks could not be asked, and by whose doing; the most frequent first."""
    counts = Counter((one.check, one.title, one.fault) for member in members for one in member.unmeasured)
    rows = [NotMeasured(check=check, title=title, fault=fault, count=count) for (check, title, fault), count in counts.items()]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.check, row.fault)))


def ladder(members: Sequence[Member]) -> Ladder | None:
    """The places of all on the ladder, and who is tied with whom."""
    places = {one.id: one.ladder for one in members if one.ladder is not None}
    if not places:
        return None
    first = next(iter(places.values()))
    same_data = len({one.data_seed for one in members if one.ladder is not None}) == 1
    spans = {name: _span(place, by_value=same_data) for name, place in places.items()}
    placed = {name: span for name, span in spans.items() if span is not None}
    groups = _groups(placed)
    if same_data and not first.higher_is_better:
        groups = groups[::-1]
    return Ladder(
        metric=first.metric,
        title=first.title,
        higher_is_better=first.higher_is_better,
        rungs=first.rungs if same_data else (),
        compared_by="value" if same_data else "position",
        groups=groups,
        not_placed=tuple(sorted(one.id for one in members if one.id not in placed)),
        how=_how(first.title, same_data=same_data),
    )


def _how(title: str, *, same_data: bool) -> str:
    compared = (
        f"intervals of {title} on the same hidden rows"
        if same_data
        else "intervals of the place on each one's own ladder, because candidates have data of their own"
    )
    return (
        f"Compared are {compared}. Two submissions are tied when their intervals touch, and so are two that are linked by "
        "others between them. Two in one group may still differ; the intervals of two in different groups do not touch. "
        "Within a group the order is that of the ids, and says nothing."
    )


def _in_bin(total: float, low: float) -> bool:
    """The last bin holds its upper end too."""
    return low <= total < low + _BIN or (total >= 100 and low + _BIN == 100)


def _spread_of(name: str, title: str, members: Sequence[Member]) -> CriterionSpread:
    shares = [one.automatic for member in members for one in member.criteria if one.id == name and one.automatic is not None]
    if len(shares) < SMALL_COHORT:
        return CriterionSpread(id=name, title=title, measured=len(shares), of=len(members))
    lower, middle, upper = quantiles(shares, n=4, method="inclusive")
    return CriterionSpread(
        id=name,
        title=title,
        measured=len(shares),
        of=len(members),
        lower_quartile=lower,
        median=middle,
        upper_quartile=upper,
    )


def _span(place: LadderPlace, *, by_value: bool) -> tuple[float, float] | None:
    low, high = (place.low, place.high) if by_value else (place.position_low, place.position_high)
    return None if low is None or high is None else (min(low, high), max(low, high))


def _groups(spans: dict[str, tuple[float, float]]) -> tuple[TiedGroup, ...]:
    """Chains of touching intervals, from the lowest on."""
    groups: list[tuple[list[str], float, float]] = []
    for name, (low, high) in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        if groups and low <= groups[-1][2]:
            names, start, end = groups[-1]
            groups[-1] = ([*names, name], start, max(end, high))
        else:
            groups.append(([name], low, high))
    return tuple(TiedGroup(members=tuple(sorted(names)), low=low, high=high) for names, low, high in groups)
