"""What happened when the submission ran: steps, their outcomes, and the data that came out."""

from typing import Annotated, Literal

from pydantic import Field

from harness.model.record import Record
from harness.model.sandbox import Environment, Hardening, Limits
from harness.model.submission import Entry


class Exited(Record):
    kind: Literal["exited"] = "exited"
    code: int

    @property
    def succeeded(self) -> bool:
        return self.code == 0

    def sentence(self) -> str:
        return "ended normally" if self.code == 0 else f"ended with exit code {self.code}"


class TimedOut(Record):
    kind: Literal["timed_out"] = "timed_out"
    after_s: float
    succeeded: Literal[False] = False

    def sentence(self) -> str:
        return f"was stopped at its time limit of {self.after_s:g} s"


class OutOfMemory(Record):
    kind: Literal["out_of_memory"] = "out_of_memory"
    limit_mb: int
    succeeded: Literal[False] = False

    def sentence(self) -> str:
        return f"was stopped at its memory limit of {self.limit_mb} MB"


class OutputCapped(Record):
    kind: Literal["output_capped"] = "output_capped"
    limit_mb: int
    succeeded: Literal[False] = False

    def sentence(self) -> str:
        return f"was stopped after printing more than {self.limit_mb} MB"


class SandboxLost(Record):
    """The sandbox itself failed: our fault or the host's, never the submission's."""

    kind: Literal["sandbox_lost"] = "sandbox_lost"
    reason: str
    succeeded: Literal[False] = False

    def sentence(self) -> str:
        return f"could not be run, because the sandbox was lost: {self.reason}"


Outcome = Annotated[Exited | TimedOut | OutOfMemory | OutputCapped | SandboxLost, Field(discriminator="kind")]


class Captured(Record):
    """What a stream printed: its beginning and its end, and how much between them was dropped."""

    head: str = ""
    tail: str = ""
    dropped_bytes: int = Field(default=0, ge=0)

    def text(self) -> str:
        if not self.dropped_bytes:
            return self.head + self.tail
        return f"{self.head}\n[... {self.dropped_bytes} bytes left out ...]\n{self.tail}"


class Artifact(Record):
    """A file that came out of a sandbox: data, never trusted, never executed."""

    step: str
    name: str = Field(description="POSIX path relative to the step's output folder.")
    size: int = Field(ge=0)
    sha256: str

    @property
    def path(self) -> str:
        """Relative to the run folder's artifacts/."""
        return f"{self.step}/{self.name}"


class Alteration(Record):
    """How the data of a further run of predict differed from the first; which row is which stands in its PROBE_ROWS."""

    kinds: tuple[str, ...] = Field(description="Such as row_order; several when one run tries them together.")
    columns: tuple[str, ...] = Field(default=(), description="Columns whose values were changed.")


PROBE_ROWS = "probe_rows.csv"
"""Written beside a further run's predictions by the harness: id, base_id, changed."""


_PYTEST_CODES = {1: "ended with tests that failed", 2: "ended before all tests could be collected", 5: "found no tests"}


class StepResult(Record):
    """One step, run in one fresh sandbox."""

    name: str = Field(description="execute, tests, train, predict, ...; numbered when there are several, as execute-2.")
    target: str | None = Field(default=None, description="What was run, e.g. the notebook's path.")
    outcome: Outcome
    wall_s: float = Field(ge=0)
    cpu_s: float | None = Field(default=None, ge=0)
    peak_mb: float | None = Field(default=None, ge=0)
    limits: Limits
    stdout: Captured = Captured()
    stderr: Captured = Captured()
    artifacts: tuple[Artifact, ...] = ()
    refused_outputs: tuple[str, ...] = Field(default=(), description="Outputs left behind, each with its reason.")
    memory_kill_seen: bool = Field(default=False, description="Some process was killed for memory, though the step went on.")
    altered: Alteration | None = Field(default=None, description="Set for a further run of predict that probes its behaviour.")

    def sentence(self) -> str:
        """How it ended; the exit codes of pytest have meanings of their own."""
        told = _PYTEST_CODES.get(self.outcome.code) if self.name == "tests" and isinstance(self.outcome, Exited) else None
        return told or self.outcome.sentence()


class SkippedStep(Record):
    """A step that was not run, and whose doing that was."""

    name: str
    reason: str
    fault: Literal["submission", "pack", "harness", "unsupported"]


class RunSet(Record):
    """All steps of one submission."""

    hardening: Hardening
    environment: Environment | None = None
    entry: Entry | None = Field(default=None, discriminator="kind", description="How predictions were asked for.")
    entry_found_by: str = ""
    steps: tuple[StepResult, ...] = ()
    skipped: tuple[SkippedStep, ...] = ()

    def step(self, name: str) -> StepResult | None:
        return next((step for step in self.steps if step.name == name), None)

    @property
    def probes(self) -> tuple[StepResult, ...]:
        """Further runs of predict on altered data."""
        return tuple(step for step in self.steps if step.altered is not None)

    def why_absent(self, name: str) -> SkippedStep | None:
        return next((step for step in self.skipped if step.name == name), None)
