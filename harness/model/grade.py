"""What the evidence adds up to: points, coverage and reachable range. A person decides."""

from typing import Literal

from pydantic import Field

from harness.model.finding import Finding
from harness.model.record import Record, Share

CriterionState = Literal["scored", "not_measured", "pending_human", "not_applicable"]


class CriterionScore(Record):
    """One criterion: its automatic and its human part, kept apart."""

    id: str
    title: str
    weight: float
    state: CriterionState
    score: Share | None = Field(description="Both parts together; null until every part that has weight is known.")
    automatic: Share | None = Field(description="Mean of the measured checks; null when none was measured.")
    automatic_share: int
    measured: Share = Field(description="Share of the automatic part that was measured.")
    undelivered: Share = Field(default=0.0, description="Share that could not be measured because the submission lacks it.")
    manual: Share | None = None
    levels: tuple[int, ...] = Field(default=(), description="The level each rater gave.")
    checks: tuple[str, ...] = ()
    reason: str = Field(default="", description="Why it is not scored, in one sentence.")
    floor: Literal["met", "missed", "open"] | None = None


class Totals(Record):
    """The sum. `low` and `high` bound what is still reachable.

    `automatic` is what checks gave, 0 to 100, of what they could have given: parts that could not be measured through no
    doing of the submission are left out, parts that the submission did not deliver are not.
    """

    automatic: float | None
    low: float
    high: float
    coverage: Share = Field(description="Share of all weight that is known, automatic and human.")
    automatic_coverage: Share = Field(description="Share of the automatic weight that was measured.")
    final: float | None = None
    band: str | None = Field(default=None, description="Only once a person has rated every manual criterion.")


class OpenGate(Record):
    """A gate whose condition holds: somebody has to look."""

    id: str
    say: str
    withholds_total: bool
    because: str


class RaisedFlag(Record):
    """A red flag of the rubric, raised by a finding."""

    id: str
    title: str
    innocent: str
    finding: Finding


class Grade(Record):
    """grade.json."""

    schema_version: Literal[1] = 1
    profile: str
    status: Literal["graded", "provisional", "not_gradable"]
    reasons: tuple[str, ...] = Field(default=(), description="Why it is provisional or not gradable.")
    totals: Totals
    criteria: tuple[CriterionScore, ...]
    gates: tuple[OpenGate, ...] = ()
    red_flags: tuple[RaisedFlag, ...] = ()
    floors_missed: tuple[str, ...] = ()
