"""How a submission is weighed: criteria, levels with anchors, weights by role profile, floors, gates, red flags."""

from typing import Literal

from pydantic import Field, model_validator

from harness.model.record import Identifier, Record

CRITERION_PATTERN = r"^[A-Z][A-Z0-9_]{1,15}$"
LEVEL_POINTS = {1: 0.0, 2: 0.40, 3: 0.75, 4: 1.0}
"""Points of a human level. Level 3 is what we would accept from a colleague in this time box."""


class CheckShare(Record):
    """A check that feeds a criterion, with its weight among the criterion's checks."""

    check: Identifier
    weight: float = Field(default=1.0, gt=0)


class Anchors(Record):
    """What each level looks like."""

    one: str
    two: str
    three: str
    four: str


class Criterion(Record):
    """One thing that is judged, partly by checks and partly by a person."""

    id: str = Field(pattern=CRITERION_PATTERN)
    title: str
    plain: str = Field(description="For a reader who does not know machine learning, in 40 words or fewer.")
    family: Literal["thinking", "data", "modelling", "result", "engineering", "communication"]
    automatic_share: int = Field(ge=0, le=100, description="Percent of the weight that checks decide; the rest is a person's.")
    checks: tuple[CheckShare, ...] = ()
    anchors: Anchors
    manual_minutes: int = Field(default=2, ge=0, le=30)

    @model_validator(mode="after")
    def _automatic_needs_checks(self) -> "Criterion":
        if self.automatic_share and not self.checks:
            message = f"criterion {self.id} has an automatic share of {self.automatic_share} % and no check that feeds it"
            raise ValueError(message)
        return self


class Profile(Record):
    """Weights for one role, and the must-haves: criteria that have to reach level 2."""

    weights: dict[str, float]
    floors: tuple[str, ...] = Field(default=(), max_length=4)
    raters: int = Field(default=1, ge=1, le=5, description="So many people rate each criterion before a band is named.")

    @model_validator(mode="after")
    def _weights_sum_to_100(self) -> "Profile":
        total = sum(self.weights.values())
        if abs(total - 100) > 1e-9:
            message = f"the weights of a profile sum to 100, these sum to {total:g}"
            raise ValueError(message)
        return self


class RoleProfiles(Record):
    """harness/profiles/roles.yaml: what any pack with the standard criteria can be weighed by."""

    profiles: dict[str, Profile]


class Preset(Record):
    """How a company of some size goes about it: whose weights, how many raters, what is written."""

    says: str
    profile: str | None = Field(default=None, description="A role; without one, the pack's default profile.")
    raters: int = Field(default=1, ge=1, le=5)
    formats: tuple[Literal["html", "json", "md", "junit", "sarif"], ...] = Field(min_length=1)


class Presets(Record):
    """harness/profiles/presets.yaml."""

    presets: dict[str, Preset]


class Gate(Record):
    """A condition that stops and asks a person. It never fails anybody."""

    id: Literal["G-RUN", "G-SCHEMA", "G-INTEGRITY", "G-SCOPE", "G-LIMIT"]
    when_check: Identifier | None = None
    when_verdict: tuple[Literal["not_met", "not_measured"], ...] = ("not_met",)
    when_rule: str | None = None
    say: str
    withholds_total: bool = False


class RedFlag(Record):
    """A finding that deserves a question, with its innocent explanation. Carries no points: the criteria hold those."""

    id: Identifier
    title: str
    when_check: Identifier
    when_rule: str
    innocent: str


class Line(Record):
    """A band of the final total, in the words the report uses."""

    at_least: float = Field(ge=0, le=100)
    words: str


class Rubric(Record):
    """rubric.yaml."""

    format: Literal[1]
    criteria: tuple[Criterion, ...]
    profiles: dict[str, Profile]
    default_profile: str
    gates: tuple[Gate, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    lines: tuple[Line, ...]
    calibrated: bool = Field(default=False, description="True once ten borderline pilots have set the lines.")
    margin: float = Field(default=3.0, ge=0, description="Within this of a line the band reads: too close to call.")

    @model_validator(mode="after")
    def _names_agree(self) -> "Rubric":
        known = [criterion.id for criterion in self.criteria]
        if len(set(known)) != len(known):
            message = "two criteria share an id"
            raise ValueError(message)
        if self.default_profile not in self.profiles:
            message = f"default_profile is {self.default_profile!r}; the profiles are {sorted(self.profiles)}"
            raise ValueError(message)
        for name, profile in self.profiles.items():
            unknown = set(profile.weights) ^ set(known)
            if unknown:
                message = f"profile {name} must weigh exactly the criteria; these differ: {sorted(unknown)}"
                raise ValueError(message)
            if not set(profile.floors) <= set(known):
                message = f"profile {name} has floors that are no criteria: {sorted(set(profile.floors) - set(known))}"
                raise ValueError(message)
        return self


class Rating(Record):
    """A person's level for one criterion, or not applicable, with one sentence of evidence."""

    criterion: str
    level: Literal[1, 2, 3, 4] | None = Field(description="null: not applicable to this submission.")
    rater: str
    evidence: str = ""


class Ratings(Record):
    """A ratings file: what people have entered so far."""

    format: Literal[1] = 1
    ratings: tuple[Rating, ...] = ()
