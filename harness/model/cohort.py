"""A cohort: submissions of one pack on one footing, told side by side and never ranked."""

from typing import Literal

from pydantic import Field

from harness.model.finding import Fault
from harness.model.grade import Totals
from harness.model.record import Record, Share
from harness.model.report import LadderPlace, Rung

Doing = Literal["submission", "pack", "infrastructure", "harness", "time_limit"]
"""Whose doing it is that a submission has no grade; `time_limit` is the batch's own, on the whole of one submission."""

MemberState = Literal["graded", "not_graded"]
SMALL_COHORT = 5
"""Below this many, a distribution would show single people."""


class CriterionPoint(Record):
    """One criterion of one submission, as far as checks go."""

    id: str
    title: str
    automatic: Share | None
    measured: Share


class Unmeasured(Record):
    """A check that could not be asked, and whose doing that was."""

    check: str
    title: str
    fault: Fault
    reason: str


class Member(Record):
    """One submission of a cohort, under its pseudonym. Small: the report itself stays in the run folder."""

    schema_version: Literal[1] = 1
    id: str = Field(description="The pseudonym; names.json beside the cohort says whose it is.")
    state: MemberState
    footing: str = Field(description="Digest of what every member of the cohort is graded with.")
    key: str | None = Field(default=None, description="Content key of the result; null when there is none.")
    doing: Doing | None = Field(default=None, description="Whose doing it is that there is no grade.")
    reason: str = ""
    run: str | None = Field(default=None, description="The run folder, relative to the cohort's.")
    report: str | None = Field(default=None, description="The page for people, relative to the cohort's folder.")
    run_id: str | None = None
    submission_digest: str | None = None
    data_seed: int | None = None
    status: Literal["graded", "provisional", "not_gradable"] | None = None
    totals: Totals | None = None
    criteria: tuple[CriterionPoint, ...] = ()
    ladder: LadderPlace | None = None
    unmeasured: tuple[Unmeasured, ...] = ()
    gates: tuple[str, ...] = Field(default=(), description="What a gate says; somebody has to look.")
    red_flags: tuple[str, ...] = Field(default=(), description="Titles; each has an innocent explanation in the report.")
    wall_s: float | None = Field(default=None, description="All steps of the submission together.")
    cpu_s: float | None = None


class Bin(Record):
    """One stretch of the distribution of automatic totals."""

    low: float
    high: float
    fully_measured: int
    partly_measured: int

    @property
    def count(self) -> int:
        return self.fully_measured + self.partly_measured


class Distribution(Record):
    """How automatic totals are spread. Totals of which less was measured are counted apart."""

    members: int
    lowest: float
    lower_quartile: float
    median: float
    upper_quartile: float
    highest: float
    bins: tuple[Bin, ...]


class CriterionSpread(Record):
    """One criterion over the cohort."""

    id: str
    title: str
    measured: int = Field(description="In how many submissions checks measured any of it.")
    of: int
    lower_quartile: Share | None = None
    median: Share | None = Field(default=None, description="Null in a small cohort.")
    upper_quartile: Share | None = None


class TiedGroup(Record):
    """Submissions whose results cannot be told apart. In order of their ids, which says nothing about them."""

    members: tuple[str, ...]
    low: float
    high: float


class NotMeasured(Record):
    """A check, and in how many submissions it could not be asked, by whose doing."""

    check: str
    title: str
    fault: Fault
    count: int


class Ladder(Record):
    """What the places of all members mean."""

    metric: str
    title: str
    higher_is_better: bool
    rungs: tuple[Rung, ...] = Field(default=(), description="Empty where members have data of their own.")
    compared_by: Literal["value", "position"]
    groups: tuple[TiedGroup, ...] = Field(description="From the foot of the ladder to its top.")
    not_placed: tuple[str, ...] = Field(description="Members without a value or without an interval.")
    how: str


class Cohort(Record):
    """cohort.json."""

    schema_version: Literal[1] = 1
    created: str
    harness_version: str
    pack: str
    pack_version: str
    pack_title: str
    public_digest: str
    grading_digest: str
    profile: str
    backend: str
    environment_digest: str
    footing: str
    data_seed: int | None = Field(default=None, description="Null where each candidate has data of their own.")
    members: tuple[Member, ...]
    waiting: tuple[str, ...] = Field(default=(), description="Not graded yet: another shard's, or the batch was stopped.")
    distribution: Distribution | None = None
    why_no_distribution: str = ""
    criteria: tuple[CriterionSpread, ...] = ()
    ladder: Ladder | None = None
    not_measured: tuple[NotMeasured, ...] = ()

    def graded(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.state == "graded")
