"""What the steps of one submission share, whatever its kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.model.facts import Facts
from harness.model.pack import Pack
from harness.model.run import SkippedStep, StepResult
from harness.model.sandbox import Limits
from harness.model.submission import Snapshot
from harness.running.entry import EntryChoice
from harness.running.exchange import Exchange
from harness.running.jobs import Order, Place
from harness.running.session import Session

Happened = tuple[list[StepResult], list[SkippedStep]]


@dataclass(frozen=True)
class Running:
    """One submission's run: what the steps share."""

    session: Session
    pack: Pack
    snapshot: Snapshot
    files: Path
    choice: EntryChoice
    public: Path
    """The data as the candidate was given it."""
    exchange: Exchange
    artifacts: Path
    facts: Facts | None = None

    @property
    def place(self) -> Place:
        return Place(self.session.environment, self.files, self.session.threads)

    def step(self, name: str, order: Order, limits: Limits, target: str | None = None) -> StepResult:
        """Run one step and record it; what came out lies below artifacts/NAME."""
        self.session.say(f"{name}: {target}" if target else name)
        job = replace(order.job, label=name)
        execution, artifacts, refused = self.session.run(job, order.put, self.artifacts / name)
        return StepResult(
            name=name,
            target=target,
            outcome=execution.outcome,
            wall_s=execution.wall_s,
            cpu_s=execution.cpu_s,
            peak_mb=execution.peak_mb,
            limits=limits,
            stdout=execution.stdout,
            stderr=execution.stderr,
            artifacts=tuple(one.changed(step=name) for one in artifacts),
            refused_outputs=refused,
            memory_kill_seen=execution.memory_kill_seen,
        )


Stage = Callable[[Running, Sequence[StepResult]], Happened]
"""Runs some steps; it is told what ran before."""
