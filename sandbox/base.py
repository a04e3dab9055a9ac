"""The contract of a sandbox back end.

A back end opens fresh places in which one job runs once. What comes back is data: an outcome, two capped streams, and
regular files that were read after every process of the job was dead. A job that fails is a *result* (`Execution`); a
sandbox that fails is an *exception* (`SandboxError`) or, once the job has begun, the outcome `SandboxLost`.

Inside every sandbox, whatever the back end:

    /submission   the snapshot, read-only            /work   a writable copy of it, size-capped; the working directory
    /data         the pack's public data, read-only  /out    a writable folder; what the job asks for is brought out of it
    /in           small files placed by put()        /tmp, /dev/shm   writable, size-capped
    /harness      the little of ours that runs within (sandbox/inside), read-only

No network, no new privileges, no capabilities, not root, no environment but the job's own and a few fixed variables.
The job ends with its first process: whatever else it started is killed before its files are looked at.

Exit codes are a shell's: 128 + n for a process that signal n ended, 127 and 126 for one that could not be started. 125
stands for a job that broke into the conversation between the sandbox and the host. `conformance.py` is all of this as a
list of behaviours that can be run.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from harness.model.run import Artifact, Captured, Outcome
from harness.model.sandbox import Control, Environment, Gap, Hardening, Health, Limits

WORK, OUT, DATA, IN, SUBMISSION, MODEL, INSIDE = "/work", "/out", "/data", "/in", "/submission", "/model", "/harness"


@dataclass(frozen=True)
class Mount:
    """A host folder that a job may read, at /submission, /data or /model. There is no writable mount."""

    source: Path
    target: str


@dataclass(frozen=True)
class Job:
    """One thing to run, once, in one fresh sandbox. `argv` is made of constants; a candidate's strings travel in files."""

    label: str
    argv: tuple[str, ...]
    limits: Limits
    environment: Environment | None = None
    """None: the plain interpreter of the back end's base, standard library only."""
    mounts: tuple[Mount, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    collect: tuple[str, ...] = ()
    """Glob patterns, relative to /out, of the files to bring out; `**` crosses folders."""
    copy_submission: bool = True
    """Whether /submission is copied to /work before the job starts."""
    link_data: str | None = "data"
    """Name in /work under which /data also appears, or None. Replaces what the submission has there."""
    threads: int = 1


@dataclass(frozen=True)
class Execution:
    """What one job did."""

    outcome: Outcome
    wall_s: float
    cpu_s: float | None = None
    peak_mb: float | None = None
    stdout: Captured = Captured()
    stderr: Captured = Captured()
    memory_kill_seen: bool = False


@dataclass(frozen=True)
class Owner:
    """Whose sandboxes these are: hung on everything created, so that only dead owners' leftovers are ever removed."""

    run_id: str
    host: str
    pid: int
    start_time: str
    expires: int
    """Unix seconds."""


class Sandbox(Protocol):
    """One fresh place for one job."""

    def put(self, name: str, data: bytes) -> str:
        """Place a read-only file in /in before run(); returns its path inside. Names are plain: no slash, no leading dot."""

    def run(self, job: Job) -> Execution:
        """Run the job to its end. Raises SandboxError when the place could not be made; may be called once."""

    def fetch(self, destination: Path) -> tuple[tuple[Artifact, ...], tuple[str, ...]]:
        """Write what came out to a new folder: regular files only. Returns them, and what was refused with its reason."""

    def close(self) -> None:
        """Leave nothing behind. Safe to call twice, and after a failure."""


class Backend(Protocol):
    """A way of making sandboxes on this host."""

    name: str

    def doctor(self) -> Health:
        """Whether this back end works here, proved by a real start. Never raises."""

    def capabilities(self) -> tuple[Control, ...]:
        """Each protection and how far it holds here: enforced, polled, or not available."""

    def gaps(self) -> tuple[Gap, ...]:
        """Behaviours of the contract that cannot be kept here, each with its reason."""

    def hardening(self) -> Hardening: ...

    def prepare(self, lock: Path) -> Environment:
        """Build, or find in the cache, the environment of a hashed requirements lock."""

    def open(self, owner: Owner) -> AbstractContextManager[Sandbox]: ...

    def sweep(self, *, everything_mine: bool = False) -> Iterator[str]:
        """Remove leftovers that are expired or whose owner is dead; yields a sentence for each."""
