"""Runs side by side: what each was measured on, what was measured, and what only one of them has."""

from typing import Literal

from pydantic import Field

from harness.model.finding import Finding
from harness.model.grade import Totals
from harness.model.record import Record, Share


class Side(Record):
    """One of the runs that are compared."""

    label: str = Field(description="A, B, C, ... in the order they were named.")
    run: str
    candidate: str
    run_id: str
    status: str
    totals: Totals


class FootingDifference(Record):
    """Something that could change a mark and is not the same in all runs."""

    what: str
    values: tuple[str, ...]
    weighs: Literal["values", "totals", "everything", "little"] = Field(description="What is not comparable because of it.")


class CriterionLine(Record):
    id: str
    title: str
    automatic: tuple[Share | None, ...] = Field(
        description="One value a run; null when not measured, or not a criterion there."
    )


class CheckLine(Record):
    check: str
    title: str
    verdicts: tuple[str | None, ...]
    scores: tuple[Share | None, ...]


class Span(Record):
    value: float
    low: float | None
    high: float | None


class Tie(Record):
    """Two runs on the ladder. `unknown` where one of them has no interval, or where they were graded in different ways."""

    one: str
    other: str
    state: Literal["tied", "apart", "unknown"]


class LadderLines(Record):
    metric: str
    title: str
    compared_by: Literal["value", "position"] = Field(description="Positions where the runs had different data.")
    values: tuple[Span | None, ...]
    positions: tuple[Span | None, ...]
    ties: tuple[Tie, ...]


class OwnFinding(Record):
    """A kind of finding that no other of the runs has."""

    label: str
    finding: Finding


class Comparison(Record):
    """What `harness compare --json` prints."""

    schema_version: Literal[1] = 1
    pack: str
    same_footing: bool
    differences: tuple[FootingDifference, ...]
    sides: tuple[Side, ...]
    criteria: tuple[CriterionLine, ...]
    checks: tuple[CheckLine, ...]
    ladder: LadderLines | None
    own_findings: tuple[OwnFinding, ...]
