"""Words of erasing: what is held of a candidate, what went, what stays and why."""

from typing import Literal

from pydantic import Field, model_validator

from harness.model.record import Record

Preset = Literal["fr", "us", "us-ca", "eu-ai-act"]
PRESETS: dict[Preset, tuple[int, int | None]] = {
    "fr": (0, 24),
    "us": (12, None),
    "us-ca": (48, None),
    "eu-ai-act": (6, None),
}
"""Months: kept at least, and at most. Starting points, not legal advice; check the current text for your case."""


class Retention(Record):
    """retention.yaml: how long results are kept. Duties to keep and duties to erase pull in opposite directions."""

    format: Literal[1]
    preset: Preset | None = None
    at_least_months: int | None = Field(default=None, ge=0, le=240)
    at_most_months: int | None = Field(default=None, ge=1, le=240)

    @property
    def least(self) -> int:
        preset = PRESETS[self.preset][0] if self.preset else 0
        return preset if self.at_least_months is None else self.at_least_months

    @property
    def most(self) -> int | None:
        preset = PRESETS[self.preset][1] if self.preset else None
        return preset if self.at_most_months is None else self.at_most_months

    @model_validator(mode="after")
    def _least_below_most(self) -> "Retention":
        if self.most is not None and self.least > self.most:
            message = f"at least {self.least} months is more than at most {self.most}"
            raise ValueError(message)
        return self


class Held(Record):
    """A place that holds data of a candidate."""

    kind: Literal["run", "batch", "watch"]
    place: str
    id: str = Field(description="What the candidate is called there.")
    since: str | None = Field(default=None, description="When the oldest result of theirs there was made.")
    hold: str | None = Field(default=None, description="Why it must not be erased now.")
    files: int
    bytes: int


class Stays(Record):
    """Something that erasing does not reach, and why."""

    what: str
    why: str


class Tombstone(Record):
    """What is left of an erasure: that there was one. Without the key that lies beside it, the mark says nothing."""

    mark: str = Field(description="Keyed hash of the candidate's id.")
    date: str
    reason: str


class Erasure(Record):
    """What `harness erase` found and did."""

    schema_version: Literal[1] = 1
    erased: bool = Field(description="False: only looked.")
    held: tuple[Held, ...]
    stays: tuple[Stays, ...]
    still_named_in: tuple[str, ...] = Field(default=(), description="Files that still hold the id or digests, after erasing.")
