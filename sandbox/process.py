"""What every back end does around the runner: describe the job to it, listen with deadlines, judge how it ended."""

import json
import os
import select
import time
from collections.abc import Callable
from dataclasses import dataclass

from harness.errors import SandboxError
from harness.model.run import Exited, Outcome, OutOfMemory, OutputCapped, SandboxLost, TimedOut
from sandbox.base import WORK, Execution, Job
from sandbox.frames import Phase, Receiver
from sandbox.spool import MEGABYTE

GRACE_S = 2.0
"""Between TERM and KILL, inside."""
START_S, LATE_S, COLLECT_S = 60.0, 5.0, 60.0
"""How long the host waits: for the start, beyond the inside limit and its grace, and for the outputs."""

BROKEN_CONVERSATION = 125
"""Exit code told for a job that broke the runner's protocol."""


def environment_of(job: Job) -> dict[str, str]:
    """All variables of the job: a fixed few, then its own. Nothing of the host's."""
    folder = job.environment.python.rpartition("/")[0] + ":" if job.environment else ""
    threads = {name: str(job.threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    fixed = {
        "PATH": f"{folder}/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108  inside the sandbox, a file system of its own
        "TMPDIR": "/tmp",  # noqa: S108
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        # Threads that spin while they wait make two jobs on two cores five times slower than one after the other.
        "OMP_WAIT_POLICY": "PASSIVE",
    }
    return {**fixed, **threads, **job.env}


def describe(job: Job, *, processes: int | None = None, as_init: bool = False) -> bytes:
    """The job as the runner reads it. `processes`: a limit by rlimit, where it counts for this sandbox alone.

    `as_init`: the runner starts nothing unless it is process 1, which proves that the process-id namespace is a new one.
    """
    limits = job.limits
    rlimits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": limits.file_mb * MEGABYTE, "RLIMIT_NOFILE": limits.open_files}
    if processes is not None:
        rlimits["RLIMIT_NPROC"] = processes
    description = {
        "as_init": as_init,
        "argv": list(job.argv),
        "env": environment_of(job),
        "cwd": WORK,
        "wall_s": limits.wall_s,
        "processors": limits.cpus,
        "grace_s": GRACE_S,
        "copy_submission": job.copy_submission,
        "link_data": job.link_data,
        "collect": list(job.collect),
        "output_files": limits.output_files,
        "output_bytes": limits.output_mb * MEGABYTE,
        "rlimits": rlimits,
    }
    return json.dumps(description).encode("ascii")


Read = Callable[[float], bytes | None]
"""Waits at most so many seconds for the runner's bytes: b"" at their end, None when nothing came."""


def reader(descriptor: int) -> Read:
    """Reads from a pipe or a socket of the host."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)

    def read(seconds: float) -> bytes | None:
        return os.read(descriptor, MEGABYTE) if poll.poll(max(0.0, seconds) * 1000) else None

    return read


@dataclass(frozen=True)
class Conversation:
    """How listening to a runner ended."""

    why: str
    """finished, closed, broken, flooded, not_started, late, memory: only the first is the runner's own word."""
    wall_s: float


def listen(read: Read, receiver: Receiver, wall_s: float, over_memory: Callable[[], bool] | None = None) -> Conversation:
    """Feed the receiver until the runner has finished, or must be stopped. Killing is the caller's part, always.

    `over_memory` is asked every tenth of a second, where memory can only be watched and not limited.
    """
    began = time.monotonic()
    deadlines = {Phase.STARTING: began + START_S}
    moments = {Phase.STARTING: began}

    def told(why: str) -> Conversation:
        started = moments.get(Phase.RUNNING, began)
        return Conversation(why, moments.get(Phase.COLLECTING, time.monotonic()) - started)

    while receiver.phase is not Phase.FINISHED:
        phase, now = receiver.phase, time.monotonic()
        if phase not in moments:
            moments[phase] = now
            deadlines[phase] = now + (wall_s + GRACE_S + LATE_S if phase is Phase.RUNNING else COLLECT_S)
        if now >= deadlines[phase]:
            return told("not_started" if phase is Phase.STARTING else "late")
        data = read(min(deadlines[phase] - now, 0.1 if over_memory else 5.0))
        if data == b"":
            return told("closed")
        receiver.feed(data or b"")
        if receiver.problem or receiver.flooded:
            return told("broken" if receiver.problem else "flooded")
        if over_memory and over_memory():
            return told("memory")
    moments.setdefault(Phase.COLLECTING, time.monotonic())
    return told("finished")


@dataclass(frozen=True)
class Usage:
    """What the back end itself measured; None where it could not."""

    cpu_s: float | None = None
    peak_mb: float | None = None
    memory_kill_seen: bool = False


def judge(job: Job, receiver: Receiver, talk: Conversation, usage: Usage, last_words: str = "") -> Execution:
    """One execution out of what was heard and measured. Raises SandboxError when the place could not be made.

    A kill for memory is the outcome only of a job that did not succeed: an honest program may lose a worker and go on.
    """
    if receiver.phase is Phase.STARTING and not usage.memory_kill_seen and not receiver.problem:
        seen = "the sandbox did not start in time" if talk.why == "not_started" else "the sandbox did not start"
        raise SandboxError(f"{seen}: {last_words or 'it said nothing'}", where=job.label, next_step="see harness doctor")
    _explain_missing_outputs(receiver, talk)
    ending = receiver.ending
    return Execution(
        outcome=_outcome(job, receiver, talk, usage, last_words),
        wall_s=round(talk.wall_s, 3),
        cpu_s=usage.cpu_s if usage.cpu_s is not None else ending.cpu_s if ending else None,
        peak_mb=usage.peak_mb if usage.peak_mb is not None else round(ending.peak_kb / 1024, 1) if ending else None,
        stdout=receiver.stdout,
        stderr=receiver.stderr,
        memory_kill_seen=usage.memory_kill_seen,
    )


def _outcome(job: Job, receiver: Receiver, talk: Conversation, usage: Usage, last_words: str) -> Outcome:
    limits, ending = job.limits, receiver.ending
    if talk.why == "flooded":
        return OutputCapped(limit_mb=limits.flood_mb)
    if talk.why == "broken":
        return Exited(code=BROKEN_CONVERSATION)
    lost_to_memory = usage.memory_kill_seen and (talk.why == "closed" or ending is None or ending.exit_code != 0)
    if talk.why == "memory" or lost_to_memory:
        return OutOfMemory(limit_mb=limits.memory_mb)
    if ending is None and talk.why == "late":
        return TimedOut(after_s=limits.wall_s)
    if ending is None:
        return SandboxLost(reason=last_words or "the process that watched the job ended without a word")
    if ending.starved:
        return SandboxLost(reason=f"the host had too little processor time for it to end within {limits.wall_s:g} s")
    outcome = TimedOut(after_s=limits.wall_s) if ending.timed_out else Exited(code=ending.exit_code)
    if talk.why != "finished" and outcome.succeeded:
        return SandboxLost(reason=f"the job ended normally, but its outputs were lost. {last_words}".strip())
    return outcome


def _explain_missing_outputs(receiver: Receiver, talk: Conversation) -> None:
    reasons = {
        "closed": "the sandbox ended before they were whole",
        "late": "they did not come in time",
        "flooded": "the job was stopped for printing too much",
        "memory": "the job was stopped for its memory",
    }
    if talk.why in reasons:
        receiver.abandon_outputs(f"no file was taken: {reasons[talk.why]}")
