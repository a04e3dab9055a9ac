"""Words of a review task: what was planted in the repository, and what a reviewer says about it."""

from typing import Literal

from pydantic import Field, model_validator

from harness.model.record import Identifier, Record, Share


class Place(Record):
    """Lines of a file of the repository, both ends included."""

    file: str
    first: int = Field(ge=1)
    last: int = Field(ge=1)

    @model_validator(mode="after")
    def _ascends(self) -> "Place":
        if self.last < self.first:
            message = f"a range of lines must ascend, got {self.first} to {self.last}"
            raise ValueError(message)
        return self

    def overlaps(self, other: "Place", slack: int = 0) -> bool:
        return self.file == other.file and self.first <= other.last + slack and other.first <= self.last + slack

    def __str__(self) -> str:
        lines = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.file}:{lines}"


class PlantedBug(Record):
    """A fault that was put into the repository. Any of its places counts as having found it."""

    id: Identifier
    title: str
    places: tuple[Place, ...] = Field(min_length=1)
    mechanism: str
    equivalents: tuple[str, ...] = Field(default=(), description="Other mechanisms by which it may rightly be called.")
    severity: Literal[1, 2, 3]
    area: str = Field(description="The class of fault, for the table by class.")
    probes: tuple[str, ...] = Field(default=(), description="Hidden probes that hold once it is repaired.")

    @property
    def names(self) -> frozenset[str]:
        return frozenset((self.mechanism, *self.equivalents))


class Decoy(Record):
    """Code that looks odd and is right."""

    id: Identifier
    title: str
    places: tuple[Place, ...] = Field(min_length=1)
    tempts: tuple[str, ...] = Field(min_length=1, description="Mechanisms that a hasty reviewer would call it by.")
    why_right: str


class Planted(Record):
    """planted.json: private."""

    format: Literal[1] = 1
    canary: str = ""
    bugs: tuple[PlantedBug, ...] = Field(min_length=1)
    decoys: tuple[Decoy, ...] = ()


class ReviewFinding(Record):
    """One entry of a candidate's review.json, after strict reading and cleaning."""

    index: int = Field(ge=0, description="Its number in the file, from 0.")
    place: Place
    mechanism: str
    severity: Literal[1, 2, 3]
    confidence: Share
    evidence: str = ""
    fix: str = ""


class ReviewSettings(Record):
    """How points are made of a review: settings of the metric `review_points`."""

    alarm_share: Share = Field(default=0.5, description="Taken off when every decoy is called a fault.")
    proof_share: Share = Field(default=0.15, description="Added when every planted fault is repaired under the hidden probes.")


class Anchor(Record):
    """A place in a repository whose lines differ between seeds: the line that holds this code, and how many follow."""

    file: str
    code: str
    lines: int = Field(default=1, ge=1)


class TemplateFinding(Record):
    """A finding of an exemplar. The first anchor that stands in the seed's repository exactly once is used."""

    at: tuple[Anchor, ...] = Field(min_length=1)
    mechanism: str
    severity: Literal[1, 2, 3]
    confidence: Share = 0.8
    evidence: str = ""
    fix: str = ""
    where_present: bool = Field(default=False, description="Left out on seeds that have none of the places.")


class Change(Record):
    """Whole lines to find, at any indentation, and what to put there."""

    file: str
    find: str
    put: str


class Edit(Record):
    """One change, written for each variant that a seed may have drawn."""

    any_of: tuple[Change, ...] = Field(min_length=1)


class Captured(Record):
    """A name that differs between seeds, read from the repository: the first group of a pattern."""

    file: str
    pattern: str


class ReviewTemplate(Record):
    """review.template.yaml of an exemplar. `@name@` stands for a captured name."""

    names: dict[str, Captured] = Field(default_factory=dict)
    findings: tuple[TemplateFinding, ...] = ()
    patches: dict[str, tuple[Edit, ...]] = Field(default_factory=dict, description="By the patch's name.")
