"""Follow-up questions, and the bands that exemplars must land in: `interview.yaml` and `expected.yaml`, as records."""

from typing import Literal

from pydantic import Field

from harness.model.record import Identifier, Record


class Question(Record):
    """One entry of interview.yaml."""

    id: Identifier
    ask: str
    why: str
    strong_sign: str
    weak_sign: str
    criterion: str
    minutes: int = Field(default=5, ge=1, le=20)
    always: bool = False
    when_check: str | None = Field(default=None, description="Asked when this check ended as in when_verdict.")
    when_verdict: tuple[Literal["met", "partial", "not_met", "not_measured"], ...] = ("not_met", "partial")
    when_rule: str | None = Field(default=None, description="Asked when a finding of this rule was raised.")
    kind: Literal["core", "change_request", "new_constraint", "doubt", "learning"] = "doubt"


class Interview(Record):
    """interview.yaml."""

    questions: tuple[Question, ...]
    max_questions: int = Field(default=5, ge=1, le=8)


class Expected(Record):
    """expected.yaml of an exemplar: the bands it must land in."""

    automatic: tuple[float, float] = Field(description="Band of the automatic total, 0 to 100.")
    ladder: tuple[float, float] | None = None
    findings: tuple[str, ...] = Field(default=(), description="Rules, as check:rule, that must be raised.")
    no_findings: tuple[str, ...] = Field(default=(), description="Rules that must not be raised.")
    note: str = ""
