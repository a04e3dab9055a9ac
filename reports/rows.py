"""The rows of a report: what every human format shows, already in words, in the order of the page."""

from dataclasses import dataclass

SHORT_DETAILS = 400
PEOPLE_ONLY, CHECKS_ONLY = "people only", "checks only"


@dataclass(frozen=True)
class Pair:
    """A label and its text."""

    label: str
    text: str


@dataclass(frozen=True)
class Point:
    """A finding, ready to be shown."""

    text: str
    place: str = ""
    confidence: str = ""
    about: str = ""
    """Severity, confidence and strength of the evidence."""
    check: str = ""
    anchor: str = ""
    """Our own numbering of the check on the page; never made of anybody's text."""
    seen: str = ""
    expected: str = ""
    fix: str = ""
    rates: str = ""
    """How its detector did on generated cases, or that this is not known."""
    known_rates: str = ""
    """The same where it is known, at the first finding of its kind."""
    innocent: str = ""
    title: str = ""

    @property
    def brief(self) -> bool:
        """Whether the details are short enough to stand open."""
        return sum(len(pair.text) for pair in self.details) <= SHORT_DETAILS

    @property
    def details(self) -> tuple[Pair, ...]:
        pairs = (Pair("Seen", self.seen), Pair("Expected", self.expected), Pair("Remedy", self.fix))
        return tuple(pair for pair in pairs if pair.text)


@dataclass(frozen=True)
class Status:
    """Block 0: one glance."""

    title: str
    state: str
    reasons: tuple[str, ...]
    facts: tuple[Pair, ...]
    covered: str
    advice: str


@dataclass(frozen=True)
class Sum:
    """The total, its coverage and its reachable range; the final total and its band once people have rated."""

    automatic: str
    automatic_value: float | None
    automatic_note: str
    coverage: str
    reachable: str
    low: float
    high: float
    from_checks: float
    """The part of `low` that checks gave; people gave the rest."""
    why_no_final: str
    final: str = ""
    final_value: float | None = None
    band: str = ""
    lines: tuple[tuple[float, str], ...] = ()
    lines_note: str = ""


@dataclass(frozen=True)
class ProfileRow:
    """One criterion of the strip. The four shares are of its own points and sum to at most 1."""

    id: str
    title: str
    weight: str
    automatic: str
    people: str
    state: str
    floor: str
    by_checks: float
    by_people: float
    open: float
    has_floor: bool
    applies: bool
    anchor: str

    @property
    def sentence(self) -> str:
        if self.automatic == PEOPLE_ONLY:
            parts = [f"Decided by people: {self.people}"]
        elif self.people == CHECKS_ONLY:
            parts = [f"Decided by checks: {self.automatic}"]
        else:
            parts = [f"Checks: {self.automatic}", f"people: {self.people}"]
        parts += [self.state, f"floor {self.floor}" if self.floor else ""]
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True)
class QuestionRow:
    ask: str
    why: str
    strong: str
    weak: str
    criterion: str
    minutes: int
    about: str


@dataclass(frozen=True)
class RungRow:
    name: str
    position: float
    value: str


@dataclass(frozen=True)
class LadderRow:
    """Where the result stands between the rungs; positions are 0 to 1, absent when not measured."""

    title: str
    direction: str
    rungs: tuple[RungRow, ...]
    measured: str
    interval: str
    place: str
    declared: str
    declared_note: str
    comparison: str
    position: float | None
    low: float | None
    high: float | None
    declared_position: float | None


@dataclass(frozen=True)
class MeasureRow:
    name: str
    value: str
    interval: str


@dataclass(frozen=True)
class CheckRow:
    id: str
    title: str
    anchor: str
    verdict: str
    score: str
    summary: str
    fault: str
    points: tuple[Point, ...]
    not_listed: str
    measures: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class CriterionBlock:
    id: str
    title: str
    anchor: str
    plain: str
    state: str
    reason: str
    anchors: tuple[Pair, ...]
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True)
class StepRow:
    name: str
    target: str
    outcome: str
    normal: bool
    wall_s: float
    wall: str
    cpu: str
    peak: str
    limits: str
    notes: tuple[str, ...]
    logs: tuple[Pair, ...]


@dataclass(frozen=True)
class TimingRow:
    """A stage of the harness itself."""

    name: str
    wall_s: float
    wall: str
    cpu: str
    peak: str


@dataclass(frozen=True)
class RunBlock:
    entry: str
    steps: tuple[StepRow, ...]
    skipped: tuple[Pair, ...]
    stages: tuple[TimingRow, ...]
    sandbox: str
    controls: tuple[tuple[str, str, str], ...]
    gaps: tuple[Pair, ...]


@dataclass(frozen=True)
class KindRow:
    kind: str
    count: int
    size: str
    share: float


@dataclass(frozen=True)
class WorkBlock:
    summary: str
    kinds: tuple[KindRow, ...]
    files: tuple[Pair, ...]
    files_not_listed: str
    refusals: tuple[tuple[str, str, str], ...]
    refusals_not_listed: str


@dataclass(frozen=True)
class MethodBlock:
    formula: str
    weights: tuple[tuple[str, str, str, str], ...]
    lines: tuple[Pair, ...]
    calibration: str
    versions: tuple[Pair, ...]
    check_versions: str


@dataclass(frozen=True)
class View:
    """A whole report, block by block."""

    run_id: str
    status: Status
    total: Sum
    sentences: tuple[Pair, ...]
    profile: tuple[ProfileRow, ...]
    check_yourself: tuple[Point, ...]
    strengths: tuple[Point, ...]
    concerns: tuple[Point, ...]
    questions: tuple[QuestionRow, ...]
    question_minutes: int
    ladder: LadderRow | None
    measures: tuple[MeasureRow, ...]
    gates: tuple[Pair, ...]
    red_flags: tuple[Point, ...]
    praise: tuple[Point, ...]
    criteria: tuple[CriterionBlock, ...]
    other_checks: tuple[CheckRow, ...]
    run: RunBlock
    work: WorkBlock
    method: MethodBlock
    rights: tuple[str, ...]
