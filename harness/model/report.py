"""Everything a report tells, in one record: report.json is exactly this."""

from typing import Literal

from pydantic import Field

from harness.model.finding import CheckResult, Finding, Measurement
from harness.model.grade import CriterionScore, OpenGate, RaisedFlag, Totals
from harness.model.record import Record, Share
from harness.model.rubric import Criterion, Line
from harness.model.run import RunSet
from harness.model.sandbox import Control, Gap
from harness.model.submission import DeclaredResult, FileEntry, Refusal


class PackRef(Record):
    id: str
    version: str
    title: str
    kind: str
    summary: str
    public_digest: str
    grading_digest: str


class SubmissionRef(Record):
    digest: str
    source: str
    source_kind: str
    commit: str | None = None
    candidate: str = Field(description="The pseudonym.")
    declared: DeclaredResult | None = None
    minutes_spent: int | None = None
    ai_use: str | None = None


class SandboxRef(Record):
    backend: str
    version: str = ""
    hardening: tuple[Control, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Rung(Record):
    """One rung of the ladder, measured on this seed by running an exemplar."""

    name: Literal["dummy", "naive", "reference", "strong"]
    position: float
    value: float


class LadderPlace(Record):
    """Where the submission's holdout result stands between the rungs."""

    metric: str
    title: str
    higher_is_better: bool
    rungs: tuple[Rung, ...]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    position: float | None = Field(default=None, description="0 dummy, 0.25 naive, 0.75 reference, 1.0 strong; clipped.")
    position_low: float | None = None
    position_high: float | None = None
    declared: float | None = None


class Asked(Record):
    """A follow-up question chosen for this submission."""

    id: str
    ask: str
    why: str
    strong_sign: str
    weak_sign: str
    criterion: str
    minutes: int
    about: str = Field(default="", description="The place in their own work it is about.")


class DetectorRates(Record):
    """How a detector did on generated cases: printed beside its findings, so that readers know when to doubt it."""

    planted: int = Field(ge=1, description="Cases with one planted defect, or with the good practice it looks for.")
    hits: int = Field(ge=0, description="Those of them at which it spoke.")
    hit_interval: tuple[Share, Share] = Field(description="Wilson interval of 95 % for the share of hits.")
    clean: int = Field(ge=1, description="Cases at which it must not speak: clean work, hidden evidence, corrected twins.")
    false_alarms: int = Field(ge=0, description="Those of them at which it spoke all the same.")
    alarm_interval: tuple[Share, Share] = Field(description="Wilson interval of 95 % for the share of false alarms.")


class DetectorTable(Record):
    """detector_rates.json: what `python -m bench.detectors` measured, shipped with the harness."""

    schema_version: Literal[1] = 1
    seed: int
    cases: int
    check_versions: dict[str, str] = Field(description="Versions of the checks that were tried; rates hold for these alone.")
    groups: dict[str, tuple[int, int]] = Field(description="By group of cases: answered as it should be, and tried.")
    detectors: dict[str, DetectorRates]


class Timing(Record):
    step: str
    wall_s: float
    cpu_s: float | None = None
    peak_mb: float | None = None


class PluginRef(Record):
    """A plug-in that took part: what it brought, and the distribution it came with."""

    group: Literal["checks", "metrics", "kinds", "renderers", "backends"]
    name: str
    distribution: str
    version: str


class Lock(Record):
    """lock.json: everything that could change a mark."""

    schema_version: Literal[1] = 1
    run_id: str
    harness_version: str
    pack: str
    pack_version: str
    public_digest: str
    grading_digest: str
    judging_digest: str = Field(default="", description="Of what the pack tells its checks.")
    rubric_digest: str = ""
    submission_digest: str
    commit: str | None = None
    backend: str
    backend_version: str = ""
    environment_digest: str | None = None
    environment_reference: str | None = None
    python_version: str = ""
    data_seed: int
    data_seed_kind: Literal["demo", "candidate", "given"]
    data_digest: str | None = None
    exchange_digest: str | None = Field(default=None, description="Digest of the re-keyed holdout.")
    rungs: tuple[Rung, ...] = ()
    threads: int = 1
    controls: tuple[Control, ...] = ()
    gaps: tuple[Gap, ...] = ()
    check_versions: dict[str, str] = Field(default_factory=dict)
    tools: dict[str, str] = Field(default_factory=dict, description="Versions of the tools that judged, such as ruff.")
    plugins: tuple[PluginRef, ...] = Field(default=(), description="Plug-ins that took part, beside what is built in.")
    created: str = ""


class Report(Record):
    """report.json."""

    schema_version: Literal[1] = 1
    run_id: str
    created: str
    harness_version: str
    status: Literal["graded", "provisional", "not_gradable"]
    reasons: tuple[str, ...] = ()
    profile: str
    pack: PackRef
    submission: SubmissionRef
    sandbox: SandboxRef
    totals: Totals
    criteria: tuple[CriterionScore, ...]
    checks: tuple[CheckResult, ...]
    measurements: dict[str, Measurement] = Field(default_factory=dict)
    ladder: LadderPlace | None = None
    gates: tuple[OpenGate, ...] = ()
    red_flags: tuple[RaisedFlag, ...] = ()
    strengths: tuple[Finding, ...] = ()
    concerns: tuple[Finding, ...] = ()
    check_yourself: tuple[Finding, ...] = ()
    questions: tuple[Asked, ...] = ()
    detector_rates: dict[str, DetectorRates] = Field(
        default_factory=dict, description="Known error rates, by check:rule or by check."
    )
    timings: tuple[Timing, ...] = ()
    files: tuple[FileEntry, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    runs: RunSet
    lock: Lock
    rubric: tuple[Criterion, ...] = ()
    lines: tuple[Line, ...] = ()
    lines_calibrated: bool = False
    floors: tuple[str, ...] = ()
