"""Words of watching: which repositories, until when, how often a push is graded, and what is told of a commit."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from harness.model.record import Record

Pseudonym = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
"""Fit for the name of a folder, on any file system."""
Counted = Literal["last", "tagged"]
RefName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$")]
When = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?\s?(Z|[+-]\d{2}:\d{2})?$")]
"""A day and a time; an offset, or the configuration's time zone, says where."""


class WatchedRepository(Record):
    """One candidate's repository. What is left out is as the configuration says for everybody."""

    candidate: Pseudonym = Field(description="The candidate's pseudonym; chooses their data and names their folders.")
    repository: str = Field(min_length=1, description="An address, or a path seen from the configuration's own folder.")
    branches: tuple[RefName, ...] | None = Field(
        default=None, description="Branches to look at. [default: the one its HEAD names]"
    )
    deadline: When | None = None
    max_graded_pushes: int | None = Field(default=None, ge=1)
    counted_push: Counted | None = None


class WatchConfig(Record):
    """watch.yaml."""

    format: Literal[1]
    pack: str = Field(min_length=1, description="A pack's id, or the path of its folder.")
    out: str = Field(default="watch", min_length=1, description="Where everything is kept, seen from this file's folder.")
    interval_s: float = Field(default=300, ge=1, le=86_400, description="Between two looks at a repository.")
    jobs: int = Field(default=1, ge=1, le=64, description="Submissions graded at the same time.")
    profile: str | None = None
    formats: tuple[str, ...] | None = Field(default=None, description="Of html, json, md, junit, sarif. [default: all]")
    time_zone: str | None = Field(default=None, description="Of deadlines that have no offset, such as Europe/Berlin.")
    deadline: When | None = None
    max_graded_pushes: int = Field(default=5, ge=1, description="A candidate's holdout is scored at most this often.")
    counted_push: Counted = Field(
        default="last", description="last: what stands at the deadline; tagged: what the tag names, if there is one by then."
    )
    tag: RefName = "submission"
    token_env: str | None = Field(
        default=None,
        pattern=r"^[A-Z_][A-Z0-9_]*$",
        description="Variable of the environment that holds `user:token` for https addresses: no token needs to stand here.",
    )
    candidates: tuple[WatchedRepository, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_candidate_once(self) -> "WatchConfig":
        names = [one.candidate.casefold() for one in self.candidates]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"these candidates are named twice: {', '.join(twice)}"
            raise ValueError(message)
        return self


class CommitStatus(Record):
    """What a candidate may see of a commit: the body of a commit status as hosting services take it. Never a result."""

    context: str
    state: Literal["pending", "success", "failure", "error"]
    description: str = Field(max_length=140)


Arrival = Literal["in_time", "unclear", "late"]


class WatchedPush(Record):
    """One commit of one candidate, for the employer."""

    commit: str
    first_seen: str
    not_there_at: str | None = Field(description="The last look before it, if there was one.")
    arrival: Arrival
    state: Literal["seen", "kept", "grading", "graded", "refused", "trouble"]
    counts: bool = Field(description="Whether it is the push that counts, as far as is known now.")
    reason: str = ""
    run: str | None = Field(default=None, description="Its run folder, seen from the folder of the watch.")


class WatchedCandidate(Record):
    candidate: str
    deadline: str | None
    settled: bool = Field(description="The deadline is over, and what stood there then is known.")
    graded_pushes: int
    max_graded_pushes: int
    looked_at: str | None
    problem: str = Field(default="", description="Why the last look failed.")
    next_look: str | None = None
    notes: tuple[str, ...] = Field(default=(), description="What a person should know, or has to decide.")
    pushes: tuple[WatchedPush, ...] = ()


class WatchOverview(Record):
    """watch.json: where everybody stands. For the employer; holds no result, only where the results lie."""

    schema_version: Literal[1] = 1
    pack: str
    pack_version: str
    told: str
    candidates: tuple[WatchedCandidate, ...]
