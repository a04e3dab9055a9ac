"""Whether the Docker back end works here, proved by a real start, and if not, what is missing and which command helps."""

import contextlib
import os
import secrets
from typing import Protocol

from harness.errors import SandboxError
from harness.model.run import Exited
from harness.model.sandbox import Fact, Health, Limits
from sandbox import owners
from sandbox.base import Backend, Job
from sandbox.docker_engine import connect
from sandbox.docker_facts import EngineFacts
from sandbox.docker_host import facts_of, why_refused
from sandbox.image.base_image import HOW_TO_MAKE, choose_base

_LOOK_AROUND = "import os; print(os.getuid(), os.getcwd(), open('/in/token').read())"
_LIMITS = Limits(wall_s=30, memory_mb=256, pids=64)


class Examinable(Backend, Protocol):
    """The back end, and what its engine says of itself."""

    def engine(self) -> EngineFacts: ...


def examine(backend: Examinable) -> Health:
    """The health of the back end. Never raises."""
    facts: tuple[Fact, ...] = ()
    try:
        facts = facts_of(backend.engine())
        with contextlib.closing(connect()) as client:
            base = choose_base(client)
        facts = (*facts, Fact(name="base image", value=f"{base.name}, {base.size_mb} MB", ok=True))
        problem = why_refused(backend.engine()) or _trial(backend)
    except SandboxError as error:
        missing = Fact(name="missing", value=error.seen, ok=False, meaning=error.next_step or HOW_TO_MAKE)
        return Health(backend="docker", available=False, reason=error.seen, facts=(*facts, missing))
    trial = Fact(name="a real start", value=problem or "works", ok=not problem, meaning=_WHAT_A_FAILED_TRIAL_MEANS)
    return Health(backend="docker", available=not problem, reason=problem, facts=(*facts, trial))


_WHAT_A_FAILED_TRIAL_MEANS = (
    "a container must start as a user that is not root and read a file of this host's temporary folder; "
    "an engine on another machine, or one that may not see that folder (TMPDIR), cannot be used"
)


def _trial(backend: Backend) -> str:
    """Why a real start fails; empty when it works: as another user, in the right place, with a file of ours in reach."""
    token = secrets.token_hex(8)
    with backend.open(owners.new_owner("doctor")) as sandbox:
        sandbox.put("token", token.encode())
        done = sandbox.run(Job(label="doctor", argv=("python3", "-I", "-S", "-c", _LOOK_AROUND), limits=_LIMITS))
    words = done.stdout.text().split()
    if done.outcome != Exited(code=0):
        return f"a trial run {done.outcome.sentence()}: {done.stderr.text()[-300:].strip()}"
    if words[1:] != ["/work", token] or words[0] in ("0", str(os.getuid())):
        return f"a trial run saw {' '.join(words)[:200]!r} instead of its own user, place and file"
    return ""
