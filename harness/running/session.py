"""A session: one back end on this host, the pack's environment, and a private staging folder that goes away with it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from harness import plugins
from harness.errors import SandboxError
from harness.model.run import Artifact, SandboxLost
from harness.model.sandbox import Environment
from harness.running.unnamed import Unnamed
from harness.settings import Settings
from sandbox.base import Backend, Execution, Job, Owner


@dataclass(frozen=True)
class Session:
    """What running needs, made once a run."""

    backend: Backend
    owner: Owner
    environment: Environment
    staging: Path
    """0700; for folders that are mounted read-only, removed when the session ends."""
    threads: int
    cache: Path
    say: Callable[[str], None]
    unnamed: Unnamed

    def run(
        self, job: Job, put: dict[str, bytes], destination: Path
    ) -> tuple[Execution, tuple[Artifact, ...], tuple[str, ...]]:
        """One job in one fresh sandbox; what came out lies below `destination`."""
        mounts = tuple(replace(mount, source=self.unnamed.place(mount.source)) for mount in job.mounts)
        try:
            with self.backend.open(self.owner) as box:
                for name, data in put.items():
                    box.put(name, data)
                execution = box.run(replace(job, mounts=mounts))
                artifacts, refused = box.fetch(destination)
                return execution, artifacts, refused
        except SandboxError as error:
            return Execution(SandboxLost(reason=error.seen), wall_s=0.0), (), ()

    def folder(self, name: str) -> Path:
        """A new, empty staging folder."""
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.staging))


@contextmanager
def open_session(settings: Settings, lock: Path, run_id: str, say: Callable[[str], None]) -> Iterator[Session]:
    """Choose a back end, sweep what dead runs left behind, build the environment, and hold a staging folder."""
    from sandbox.choose import choose
    from sandbox.owners import new_owner

    take_backends()
    backend = choose(settings.sandbox)
    for sentence in backend.sweep():
        say(sentence)
    environment = backend.prepare(lock)
    owner = new_owner(run_id)
    staging = Path(tempfile.mkdtemp(prefix="harness-stage-"))
    try:
        yield Session(backend, owner, environment, staging, settings.threads, settings.cache, say, Unnamed(staging))
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def take_backends() -> None:
    """Back ends that other distributions bring; refused here, before anything is run."""
    from sandbox.choose import accept

    plugins.join("backends", accept)


def sweep_leftovers(*, everything_mine: bool = False) -> Iterator[str]:
    """Remove what expired or dead runs left behind, over every back end that answers."""
    from sandbox.choose import available

    take_backends()
    for backend in available():
        yield from backend.sweep(everything_mine=everything_mine)
