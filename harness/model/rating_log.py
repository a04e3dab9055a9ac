"""Words of reviewing: what raters entered, in a log that shows when it was altered, and what a rater is shown."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from harness.model.record import Record
from harness.model.report import Report

Level = Literal[1, 2, 3, 4]


class LoggedRating(Record):
    """One line of the log: a level, or a change of one, with the value that checks had computed beside it."""

    number: int = Field(ge=1)
    time: str
    rater: str
    criterion: str
    level: Level | None = Field(description="null: not applicable to this submission.")
    evidence: str
    reason: str = Field(default="", description="Of a change: why.")
    totals_open: bool = Field(default=False, description="Whether this rater had seen the totals by then.")
    automatic: float | None = Field(default=None, description="What checks gave this criterion, from 0 to 1.")
    previous: str = Field(description="Digest of the line before; empty for the first.")
    digest: str


@dataclass(frozen=True)
class RunRow:
    """One run in the list of what can be reviewed."""

    number: int
    candidate: str
    pack: str
    waiting: tuple[str, ...]
    """Criteria that this rater has not rated."""
    gates: tuple[str, ...]
    apart: tuple[str, ...]
    """Criteria on which raters differ by two levels or more: a third look is wanted."""
    problem: str = ""


@dataclass(frozen=True)
class ReviewPage:
    """One run as a rater sees it. Totals are shown once everything that is theirs to rate is rated."""

    number: int
    report: Report
    rater: str
    mine: dict[str, LoggedRating]
    to_rate: tuple[str, ...]
    others: dict[str, tuple[str, ...]]
    """What other raters gave, by criterion: shown only once this one's ratings are saved."""
    open: bool
    token: str
    said: str = ""
