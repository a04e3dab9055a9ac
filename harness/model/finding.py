"""What a check has to say: findings with their places, and one verdict."""

from enum import StrEnum

from pydantic import Field, model_validator

from harness.model.record import Record, Share


class Severity(StrEnum):
    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"
    PRAISE = "praise"


class Level(StrEnum):
    """How strong evidence is. E0 alone never scores; full marks need E1 and (E2 or E3), or E4."""

    MENTION = "E0"
    LIVE_CALL = "E1"
    EXECUTED = "E2"
    CONSEQUENCE = "E3"
    BEHAVIOUR = "E4"


class Verdict(StrEnum):
    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not_met"
    NOT_MEASURED = "not_measured"


class Fault(StrEnum):
    """Whose doing it is that something could not be measured."""

    SUBMISSION = "submission"
    PACK = "pack"
    HARNESS = "harness"
    UNSUPPORTED = "unsupported"
    PENDING_HUMAN = "pending_human"


class Where(Record):
    """A place: a file and line, a notebook cell and line, or a row of data."""

    path: str | None = None
    cell: int | None = Field(default=None, ge=0, description="Index of the notebook cell, counting all cells from 0.")
    line: int | None = Field(default=None, ge=1, description="Line in the file, or in the cell when a cell is given.")
    column: int | None = Field(default=None, ge=1)
    row: int | None = Field(default=None, ge=1, description="Data row of a table, the header not counted.")
    step: str | None = None

    def __str__(self) -> str:
        parts = [self.path or "", f"cell {self.cell}" if self.cell is not None else ""]
        parts += [f"line {self.line}" if self.line is not None else "", f"row {self.row}" if self.row is not None else ""]
        parts += [f"step {self.step}" if self.step else ""]
        return ", ".join(part for part in parts if part)


class Finding(Record):
    """One observation with its place. Renderers arrange the fields; nobody parses the sentence."""

    check: str
    severity: Severity
    message: str = Field(description="One sentence.")
    rule: str = Field(default="", description="The kind of finding within its check, stable across versions.")
    where: Where = Where()
    seen: str = ""
    expected: str = ""
    fix: str = ""
    confidence: Share = 1.0
    level: Level = Level.LIVE_CALL
    innocent: str = Field(default="", description="The innocent explanation that is printed beside a red flag.")


class Measurement(Record):
    """A number with its interval, where it has one."""

    name: str
    value: float = Field(allow_inf_nan=False)
    low: float | None = Field(default=None, allow_inf_nan=False)
    high: float | None = Field(default=None, allow_inf_nan=False)


class CheckResult(Record):
    """A check's verdict. `score` is null exactly when nothing was measured, and then `fault` says whose doing that is."""

    check: str
    title: str = ""
    verdict: Verdict
    score: Share | None = None
    fault: Fault | None = None
    summary: str = Field(description="One sentence that a reader can trust without opening the findings.")
    findings: tuple[Finding, ...] = ()
    findings_not_listed: int = Field(default=0, ge=0)
    measurements: tuple[Measurement, ...] = ()

    @model_validator(mode="after")
    def _score_and_fault_agree(self) -> "CheckResult":
        measured = self.verdict is not Verdict.NOT_MEASURED
        if measured and (self.score is None or self.fault is not None):
            message = f"{self.check}: a measured verdict needs a score and no fault"
            raise ValueError(message)
        if not measured and (self.score is not None or self.fault is None):
            message = f"{self.check}: not_measured needs a fault and no score"
            raise ValueError(message)
        return self
