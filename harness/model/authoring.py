"""Words of pack authors: mutants, probes of the data, and the record of a calibration."""

from typing import Literal

from pydantic import Field

from harness.model.record import Identifier, Record


class Replacement(Record):
    """One edit of a mutant. `find` must stand exactly once in the file."""

    file: str
    find: str
    put: str


class Mutant(Record):
    """mutant.yaml: an exemplar made from another one by a single defect."""

    base: Identifier
    defect: str = Field(description="One sentence: what was broken.")
    replace: tuple[Replacement, ...] = ()
    remove: tuple[str, ...] = ()
    write: dict[str, str] = Field(default_factory=dict, description="Files to add, by path.")


class Probe(Record):
    """One thing that `pack validate` tried, and how it went."""

    name: str
    ok: bool
    level: Literal["error", "warning"] = "error"
    seen: str
    expected: str = ""


class Cell(Record):
    """One exemplar graded on one seed."""

    exemplar: str
    seed: int
    status: str
    automatic: float | None = None
    ladder: float | None = None
    rungs: tuple[float, ...] = Field(default=(), description="What dummy, naive, reference and strong reach on this seed.")
    criteria: dict[str, float | None] = Field(default_factory=dict)
    checks: dict[str, float | None] = Field(default_factory=dict)
    findings: tuple[str, ...] = Field(default=(), description="Rules raised at minor or above, as check:rule.")
    step_share: float = Field(default=0.0, description="The largest share of any step's time or memory limit that was used.")
    step_worst: str = ""
    seconds: float = 0.0
    elapsed_s: float = Field(default=0.0, description="From taking the submission to its report.")
    error: str = ""


class Ruling(Record):
    """One rule of calibration, applied."""

    rule: str
    ok: bool
    level: Literal["error", "warning"] = "error"
    told: str
    change: str = Field(default="", description="What to change in the pack when it does not hold.")


class Calibration(Record):
    """calibration.json."""

    schema_version: Literal[1] = 1
    pack: str
    version: str
    grading_digest: str
    harness_version: str
    backend: str
    host: str
    created: str
    seeds: tuple[int, ...]
    cells: tuple[Cell, ...]
    rulings: tuple[Ruling, ...]

    @property
    def holds(self) -> bool:
        return all(ruling.ok or ruling.level == "warning" for ruling in self.rulings)
