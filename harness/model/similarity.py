"""Words of similarity: passages that two submissions share, once what everybody was given is taken away."""

from typing import Literal

from pydantic import Field

from harness.model.record import Record, Share


class Passage(Record):
    """Lines of one submission that say the same as lines of another, whatever their names and numbers."""

    one_file: str
    one_lines: tuple[int, int]
    other_file: str
    other_lines: tuple[int, int]


class Pair(Record):
    """Two submissions with passages in common. A reason to ask both, and no more than that."""

    one: str
    other: str
    one_share: Share = Field(description="How much of the first one's own code the other has too.")
    other_share: Share
    passages: tuple[Passage, ...]


class Similarity(Record):
    """What `harness similarity` prints."""

    schema_version: Literal[1] = 1
    pack: str
    submissions: int
    least_share: Share
    unreadable: dict[str, str] = Field(default_factory=dict, description="Submissions that could not be read, and why.")
    too_short: tuple[str, ...] = Field(default=(), description="Too little code of their own to compare.")
    pairs: tuple[Pair, ...]
    limits: str = (
        "Code is compared by its shape: renamed, reformatted and moved code is found, rewritten code is not, and two people "
        "who followed one tutorial look alike. Text, data and results are not compared."
    )
