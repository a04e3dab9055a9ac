"""A back end for tests: it runs nothing and answers from a script, under the same contract as the real ones."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import SandboxError
from harness.model.run import Artifact, Captured, Exited, Outcome
from harness.model.sandbox import Control, Environment, Gap, Hardening, Health
from sandbox.base import IN, Execution, Job, Owner
from sandbox.inside.wire import matches, name_problem


@dataclass(frozen=True)
class Answer:
    """What a job is said to have done."""

    outcome: Outcome = Exited(code=0)
    files: dict[str, bytes] = field(default_factory=dict)
    """Everything that is then in /out; only what the job asks for is brought out."""
    stdout: str = ""
    stderr: str = ""
    wall_s: float = 0.5
    cpu_s: float | None = 0.4
    peak_mb: float | None = 50.0
    memory_kill_seen: bool = False


Script = Callable[[Job, dict[str, bytes]], Answer]
"""Gives the answer to a job and the files that were put for it."""


@dataclass(frozen=True)
class Ran:
    """A job that was given to the fake, with the files put for it."""

    job: Job
    put: dict[str, bytes]
    owner: Owner


class FakeSandbox:
    def __init__(self, script: Script, ran: list[Ran], owner: Owner) -> None:
        self._script, self._ran, self._owner = script, ran, owner
        self._put: dict[str, bytes] = {}
        self._job: Job | None = None
        self._answer: Answer | None = None

    def put(self, name: str, data: bytes) -> str:
        if self._job is not None:
            raise SandboxError("a file was put after the job had run", where=name)
        if "/" in name or name.startswith(".") or not name or not name.isprintable() or name in self._put:
            raise SandboxError(f"{name!r} is not a plain file name, or was put before", expected="no slash, no leading dot")
        self._put[name] = data
        return f"{IN}/{name}"

    def run(self, job: Job) -> Execution:
        if self._job is not None:
            raise SandboxError("a sandbox runs one job, once", where=job.label, next_step="open a new sandbox for each job")
        self._job = job
        self._ran.append(Ran(job, dict(self._put), self._owner))
        self._answer = answer = self._script(job, dict(self._put))
        return Execution(
            outcome=answer.outcome,
            wall_s=answer.wall_s,
            cpu_s=answer.cpu_s,
            peak_mb=answer.peak_mb,
            stdout=Captured(head=answer.stdout),
            stderr=Captured(head=answer.stderr),
            memory_kill_seen=answer.memory_kill_seen,
        )

    def fetch(self, destination: Path) -> tuple[tuple[Artifact, ...], tuple[str, ...]]:
        if self._job is None or self._answer is None:
            raise SandboxError("there is nothing to fetch before a job has run", where=str(destination))
        destination.mkdir(parents=True)
        artifacts, refused = [], []
        for name, data in sorted(self._answer.files.items()):
            problem = name_problem(name)
            if matches(name, self._job.collect) and problem:
                refused.append(f"{ascii(name)[1:-1]}: {problem}")
            elif matches(name, self._job.collect):
                target = destination / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
                digest = hashlib.sha256(data).hexdigest()
                artifacts.append(Artifact(step=self._job.label, name=name, size=len(data), sha256=digest))
        return tuple(artifacts), tuple(refused)

    def close(self) -> None:
        self._put.clear()


class Fake:
    """Answers by the label of the job, without its number when there are several (execute-2).

    `ran` remembers every job with what was put for it.

    An answer may be a function of (job, put) when it depends on them. A job without an answer is an error of the test.
    """

    name: str = "fake"

    def __init__(self, answers: dict[str, Answer | Script] | None = None, *, unavailable: str = "") -> None:
        self.answers = dict(answers or {})
        self.ran: list[Ran] = []
        self._unavailable = unavailable

    def doctor(self) -> Health:
        return Health(backend="fake", available=not self._unavailable, reason=self._unavailable)

    def capabilities(self) -> tuple[Control, ...]:
        return (Control(name="everything", state="not_available", detail="nothing is run"),)

    def gaps(self) -> tuple[Gap, ...]:
        return (Gap(behaviour="everything", reason="nothing is run"),)

    def hardening(self) -> Hardening:
        return Hardening(backend="fake", version="1", controls=self.capabilities(), gaps=self.gaps())

    def prepare(self, lock: Path) -> Environment:
        digest = hashlib.sha256(lock.read_bytes()).hexdigest()
        return Environment(backend="fake", digest=digest, reference="fake", python="/opt/env/bin/python", python_version="3.11")

    @contextmanager
    def open(self, owner: Owner) -> Iterator[FakeSandbox]:
        sandbox = FakeSandbox(self._answer, self.ran, owner)
        try:
            yield sandbox
        finally:
            sandbox.close()

    def sweep(self, *, everything_mine: bool = False) -> Iterator[str]:  # noqa: ARG002  it leaves nothing behind
        yield from ()

    def _answer(self, job: Job, put: dict[str, bytes]) -> Answer:
        answer = self.answers.get(job.label) or self.answers.get(job.label.rstrip("0123456789").rstrip("-"))
        if answer is None:
            raise SandboxError("the fake has no answer for this job", where=job.label, expected=", ".join(self.answers))
        return answer if isinstance(answer, Answer) else answer(job, put)
