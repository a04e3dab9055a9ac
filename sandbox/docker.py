"""The Docker back end: every job in a fresh, hardened container of its own, which is proved gone afterwards."""

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import SandboxError
from harness.model.run import Artifact, SandboxLost
from harness.model.sandbox import Control, Environment, Gap, Hardening, Health
from sandbox import docker_cleanup, docker_doctor, owners, staging
from sandbox.base import DATA, IN, INSIDE, MODEL, SUBMISSION, Execution, Job, Mount, Owner
from sandbox.docker_arguments import Plan, create_arguments
from sandbox.docker_container import Container, State, settled
from sandbox.docker_engine import connect
from sandbox.docker_facts import EngineFacts, read_facts
from sandbox.docker_failure import engine_failure, last_words
from sandbox.docker_host import controls_of, gaps_of
from sandbox.frames import Receiver
from sandbox.image.base_image import BaseImage, choose_base
from sandbox.image.docker_image import ImageBuilder
from sandbox.process import Conversation, Usage, describe, judge, listen
from sandbox.staging import Staging

if TYPE_CHECKING:
    from docker import APIClient

JOB_FILE = "/job.json"
FIRST_CONTACT_S, SAVING_TIMEOUT_S = 10, 15 * 60
MOUNTABLE = (SUBMISSION, DATA, MODEL)
_INSIDE_FOLDER = Path(__file__).with_name("inside")
_MEMORY_FLAG_PATIENCE_S = 0.6
_SIGKILLED = 137


class DockerSandbox:
    """One container's worth of work: files in, one job, files out, nothing left."""

    def __init__(self, client: "APIClient", engine: EngineFacts, base: BaseImage, base_python: str, owner: Owner) -> None:
        self._client, self._engine, self._owner = client, engine, owner
        self._base, self._base_python = base, base_python
        self._staging = Staging(owner)
        self._receiver: Receiver | None = None
        self._label = ""

    def put(self, name: str, data: bytes) -> str:
        if self._receiver is not None:
            raise SandboxError("a file was put after the job had run", where=name)
        if not name or "/" in name or name.startswith((".", "-")) or not name.isprintable():
            raise SandboxError(f"{name!r} is not a plain file name", expected="no slash, no leading dot or dash")
        try:
            self._staging.write(self._staging.inputs / name, data)
        except OSError as problem:
            raise SandboxError(f"the file cannot be placed: {problem.strerror}", where=name) from problem
        return f"{IN}/{name}"

    def run(self, job: Job) -> Execution:
        if self._receiver is not None:
            raise SandboxError("a sandbox runs one job, once", where=job.label, next_step="open another sandbox")
        self._label = job.label
        self._receiver = receiver = Receiver(job.limits, job.collect, self._staging.spool)
        with Container(self._client, create_arguments(self._plan(job))) as container:
            attached = container.start()
            talk = listen(attached.read, receiver, job.limits.wall_s)
            # An engine whose listener does not read answers no other question about that container either.
            attached.close()
            state = self._state_after(container, talk, receiver)
            container.kill()
            failure = engine_failure(talk, state)
            usage = Usage(memory_kill_seen=state is not None and state.memory_kill_seen)
            execution = judge(job, receiver, talk, usage, last_words(state, attached.errors()))
        if failure:
            receiver.abandon_outputs(f"no file was taken: {failure}")
            return dataclasses.replace(execution, outcome=SandboxLost(reason=failure))
        return execution

    def fetch(self, destination: Path) -> tuple[tuple[Artifact, ...], tuple[str, ...]]:
        if self._receiver is None:
            raise SandboxError("nothing has run yet", where=str(destination), next_step="run() a job before fetch()")
        return self._receiver.fetch(destination, self._label)

    def close(self) -> None:
        self._staging.remove()

    def _state_after(self, container: Container, talk: Conversation, receiver: Receiver) -> State | None:
        """The engine's word at the end; asked again where its flag for a memory kill may still be on its way."""
        state = settled(container) if talk.why in ("finished", "closed") else container.state()
        killed = receiver.ending is not None and receiver.ending.exit_code == _SIGKILLED
        if killed or (talk.why == "closed" and state is not None and state.exit_code == _SIGKILLED):
            return container.state_with_memory_flag(_MEMORY_FLAG_PATIENCE_S) or state
        return state

    def _plan(self, job: Job) -> Plan:
        environment = job.environment
        if environment is not None and environment.backend != "docker":
            raise SandboxError(
                f"the environment was built for {environment.backend}", where=job.label, expected="one that prepare() gave"
            )
        plan = Plan(
            engine=self._engine,
            image=environment.reference if environment else self._base.id,
            argv=(environment.python if environment else self._base_python, "-I", "-S", f"{INSIDE}/runner.py", JOB_FILE),
            limits=job.limits,
            labels=owners.labels(self._owner),
        )
        return dataclasses.replace(plan, mounts=self._mounts(job, plan.uid))

    def _mounts(self, job: Job, uid: int) -> tuple[Mount, ...]:
        """Our own staging folders and files, and what the job may read. All read-only."""
        place = self._staging
        for mount in job.mounts:
            if mount.target not in MOUNTABLE:
                raise SandboxError(f"nothing is mounted at {mount.target}", where=job.label, expected=", ".join(MOUNTABLE))
        files = {
            JOB_FILE: describe(job, as_init=True),
            # Programs look up the name of their user; the image cannot know a user that is drawn by lot.
            "/etc/passwd": f"root:x:0:0:root:/nonexistent:/bin/sh\nsandbox:x:{uid}:{uid}:sandbox:/tmp:/bin/sh\n".encode(),
            "/etc/group": f"root:x:0:\nsandbox:x:{uid}:\n".encode(),
        }
        mounts = [Mount(place.readable(_INSIDE_FOLDER), INSIDE), Mount(place.inputs, IN)]
        for target, data in files.items():
            file = place.folder / target.rpartition("/")[2]
            place.write(file, data)
            mounts.append(Mount(file, target))
        mounts += [Mount(place.etc / name, f"/etc/{name}") for name in ("hosts", "nsswitch.conf")]
        return (*mounts, *(Mount(place.readable(mount.source.resolve()), mount.target) for mount in job.mounts))


class Docker:
    """Sandboxes in containers of the engine that answers here."""

    name: str = "docker"

    def __init__(self) -> None:
        self._facts: EngineFacts | None = None
        self._base: tuple[BaseImage, str] | None = None
        self._health: Health | None = None

    def doctor(self) -> Health:
        if self._health is None:
            self._health = docker_doctor.examine(self)
        return self._health

    def capabilities(self) -> tuple[Control, ...]:
        return controls_of(self.engine())

    def gaps(self) -> tuple[Gap, ...]:
        return gaps_of(self.engine())

    def hardening(self) -> Hardening:
        engine = self.engine()
        version = f"{engine.version} ({engine.runtime})"
        return Hardening(backend=self.name, version=version, controls=controls_of(engine), gaps=gaps_of(engine))

    def prepare(self, lock: Path) -> Environment:
        with contextlib.closing(connect(SAVING_TIMEOUT_S)) as client:
            builder = ImageBuilder(client, self.engine(), choose_base(client), owners.new_owner("prepare"))
            return builder.environment(lock)

    @contextlib.contextmanager
    def open(self, owner: Owner) -> Iterator[DockerSandbox]:
        with contextlib.closing(connect()) as client:
            base, python = self._base_of(client, owner)
            sandbox = DockerSandbox(client, self.engine(), base, python, owner)
            try:
                yield sandbox
            finally:
                sandbox.close()

    def sweep(self, *, everything_mine: bool = False) -> Iterator[str]:
        yield from staging.sweep(everything_mine=everything_mine)
        with contextlib.closing(connect()) as client:
            yield from docker_cleanup.sweep_engine(client, everything_mine=everything_mine)

    def engine(self) -> EngineFacts:
        """What the engine says of itself, asked once."""
        if self._facts is None:
            with contextlib.closing(connect(FIRST_CONTACT_S)) as client:
                self._facts = read_facts(client)
        return self._facts

    def _base_of(self, client: "APIClient", owner: Owner) -> tuple[BaseImage, str]:
        if self._base is None:
            base = choose_base(client)
            self._base = base, ImageBuilder(client, self.engine(), base, owner).ask_base().executable
        return self._base
