"""What a trial is: files, what a reader knows of the task, and which detectors must or must not speak."""

from dataclasses import dataclass, field
from typing import Literal

from bench.detectors.programs import Files
from harness.model.facts import Facts

Group = Literal["planted", "rewrite", "clean", "attack", "twin"]
"""planted and rewrite: the watched detectors must speak. clean, attack and twin: they must not."""


@dataclass(frozen=True)
class Known:
    """What the task tells beside the submission."""

    facts: Facts | None = None
    columns: tuple[str, ...] = ()
    brief: str = ""
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """One case. `watched` are the detectors, as check:rule, whose answer is counted."""

    name: str
    group: Group
    watched: tuple[str, ...]
    files: Files
    known: Known = field(default_factory=Known)
    plain: str = ""
    """Of a rewrite: the trial that says the same plainly. A defect that is missed there cannot be lost by rewriting."""

    @property
    def true(self) -> bool:
        return self.group in ("planted", "rewrite")
