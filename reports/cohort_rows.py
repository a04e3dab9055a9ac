"""The rows of a cohort's page: everything already in words, in the order of the page."""

from dataclasses import dataclass

from reports.rows import Pair


@dataclass(frozen=True)
class BinRow:
    """One stretch of the distribution."""

    span: str
    fully: int
    partly: int

    @property
    def count(self) -> int:
        return self.fully + self.partly


@dataclass(frozen=True)
class SpreadBlock:
    """How automatic totals are spread."""

    sentence: str
    bins: tuple[BinRow, ...]


@dataclass(frozen=True)
class Mark:
    """A rung on the axis of the picture, as a share of its width."""

    name: str
    value: str
    at: float


@dataclass(frozen=True)
class Placed:
    """One submission on the ladder; places are shares of the picture's width."""

    id: str
    value: str
    interval: str
    at: float
    low: float
    high: float


@dataclass(frozen=True)
class GroupRow:
    """Submissions that cannot be told apart."""

    where: str
    span: str
    members: tuple[Placed, ...]

    @property
    def tied(self) -> str:
        return "alone" if len(self.members) == 1 else f"{len(self.members)} tied"


@dataclass(frozen=True)
class LadderBlock:
    """The places of all."""

    title: str
    direction: str
    how: str
    axis: str
    marks: tuple[Mark, ...]
    groups: tuple[GroupRow, ...]
    not_placed: tuple[str, ...]
    drawn: bool
    """Whether there are few enough for a picture."""


@dataclass(frozen=True)
class MemberRow:
    """One submission in the table of all."""

    id: str
    link: str
    """Relative to the page; empty when there is no page for people."""
    state: str
    automatic: str
    measured: str
    reachable: str
    result: str
    asks: str
    took: str


@dataclass(frozen=True)
class CriterionRow:
    title: str
    id: str
    measured: str
    quartiles: str
    median: str


@dataclass(frozen=True)
class GapRow:
    """A check that could not be asked in some submissions."""

    title: str
    fault: str
    count: str


@dataclass(frozen=True)
class UngradedRow:
    id: str
    doing: str
    reason: str


@dataclass(frozen=True)
class CohortView:
    """The whole page."""

    title: str
    state: str
    advice: str
    facts: tuple[Pair, ...]
    summary: tuple[str, ...]
    spread: SpreadBlock | None
    why_no_spread: str
    ladder: LadderBlock | None
    members: tuple[MemberRow, ...]
    criteria: tuple[CriterionRow, ...]
    small: str
    """Why spreads of criteria are left out, where they are."""
    gaps: tuple[GapRow, ...]
    ungraded: tuple[UngradedRow, ...]
    waiting: tuple[str, ...]
    footing: tuple[Pair, ...]
    rights: tuple[str, ...]
