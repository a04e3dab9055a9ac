"""What a candidate may see: the contract of an assignment, and the feedback on one push.

Both are allow-lists. A field that is not named here cannot reach a candidate's log, summary, annotation or file, whatever
the records it was made from hold; a test keeps the list.
"""

from typing import Any, Literal

from pydantic import Field

from harness.model.answers import Answer
from harness.model.finding import Fault, Severity, Verdict
from harness.model.pack import Kind, Offer
from harness.model.record import Identifier, Inside, Record, Share
from harness.model.sandbox import Limits

PUBLIC_CHECKS = (
    "lint", "docs", "secrets", "residue", "eda", "missing_values", "imbalance", "validation", "leakage", "iteration",
    "explanation", "limitations", "runs_clean", "own_tests", "predictions_valid", "review_valid",
)  # fmt: skip
"""Checks that need nothing but the submission and what its candidate was given. Those that measure on hidden data, or ask
hidden questions, are not among them."""


class PublicMetric(Record):
    """The metric that the brief names."""

    name: str
    settings: dict[str, Any] = Field(default_factory=dict)


class PublicLimits(Record):
    """Limits of the steps a candidate is told about. A step that is left out is not run."""

    execute: Limits | None = None
    tests: Limits | None = None
    train: Limits | None = None
    predict: Limits | None = None
    notebooks: int = Field(default=3, ge=0, le=20)


class Contract(Record):
    """`.assignment.json` in a candidate's folder: what their work is held to, as far as they are told."""

    format: Literal[1] = 1
    pack: Identifier
    version: str
    title: str
    kind: Kind
    required_files: tuple[Inside, ...]
    answer: Answer = Field(discriminator="kind")
    train: Inside
    score: Inside
    id_column: str
    target: str
    entry_points: tuple[Offer, ...] = ()
    metric: PublicMetric | None = None
    limits: PublicLimits = PublicLimits()
    checks: tuple[str, ...] = Field(default=PUBLIC_CHECKS, description="Public checks that are asked.")
    given: dict[str, str] = Field(
        default_factory=dict, description="sha256 of each file that was handed out beside the data, by path."
    )


class ShownPack(Record):
    id: str
    version: str
    title: str


class ShownSource(Record):
    """What was looked at, and what asked for it."""

    digest: str
    files: int
    commit: str | None = None
    system: Literal["github", "gitlab", "generic", "none"] = "none"
    event: str = ""
    ref: str = ""
    request: int | None = Field(default=None, description="Number of the pull or merge request.")
    from_fork: bool | None = None
    first_push: bool = False
    forced: bool | None = Field(default=None, description="Whether history was rewritten; null where the system does not say.")


class ShownCheck(Record):
    check: str
    title: str
    verdict: Verdict
    score: Share | None = None
    fault: Fault | None = None
    summary: str


class ShownFinding(Record):
    """One observation; `fingerprint` stays the same when other lines of the file move."""

    check: str
    rule: str
    severity: Severity
    message: str
    path: str | None = Field(default=None, description="Relative to the root of the checked-out repository.")
    cell: int | None = None
    line: int | None = None
    seen: str = ""
    expected: str = ""
    fix: str = ""
    innocent: str = ""
    confidence: Share = 1.0
    fingerprint: str


class ShownStep(Record):
    """A step that ran in the sandbox; its last words are told only when it did not end well."""

    name: str
    target: str | None = None
    ended: str
    succeeded: bool
    wall_s: float
    last_words: tuple[str, ...] = ()


class ShownSkip(Record):
    name: str
    reason: str
    fault: str


class ShownValidation(Record):
    """The answer's metric on rows that were split off the public training data. It says nothing of the hidden data."""

    metric: str
    value: float | None = Field(default=None, allow_inf_nan=False)
    rows: int = 0
    how: str = Field(description="How the rows were chosen, or why there is no value.")


class Feedback(Record):
    """Everything that `harness ci` tells, in one record: feedback.json is exactly this."""

    schema_version: Literal[1] = 1
    created: str
    harness_version: str
    pack: ShownPack
    source: ShownSource
    score: float | None = Field(default=None, description="Mean of the measured checks, 0 to 100. Not the grade.")
    bar: float | None = None
    below: str = Field(default="", description="Why the bar is not reached; empty when it is, or when none was asked for.")
    checks: tuple[ShownCheck, ...] = ()
    findings: tuple[ShownFinding, ...] = ()
    findings_not_listed: int = 0
    steps: tuple[ShownStep, ...] = ()
    skipped: tuple[ShownSkip, ...] = ()
    validation: ShownValidation | None = None
    sandbox: str = Field(default="", description="Name of the back end; empty when nothing was run.")
    notes: tuple[str, ...] = ()

    @property
    def measured(self) -> int:
        return sum(check.score is not None for check in self.checks)
