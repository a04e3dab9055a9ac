"""Bubblewrap with less memory, for hosts that have other things to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from harness.model.run import Artifact
from harness.model.sandbox import Control, Environment, Gap, Hardening, Health
from sandbox.base import Execution, Job, Owner, Sandbox
from sandbox.bubblewrap import Bubblewrap

MOST_MB = 2048


class Frugal:
    """What a sandbox has to keep, bubblewrap keeps; no job gets more than two gigabytes."""

    name = "frugal"

    def __init__(self) -> None:
        self._inner = Bubblewrap()

    def doctor(self) -> Health:
        return self._inner.doctor().changed(backend=self.name)

    def capabilities(self) -> tuple[Control, ...]:
        return self._inner.capabilities()

    def gaps(self) -> tuple[Gap, ...]:
        return self._inner.gaps()

    def hardening(self) -> Hardening:
        return self._inner.hardening().changed(backend=self.name)

    def prepare(self, lock: Path) -> Environment:
        return self._inner.prepare(lock)

    @contextmanager
    def open(self, owner: Owner) -> Iterator[Sandbox]:
        with self._inner.open(owner) as box:
            yield _FrugalBox(box)

    def sweep(self, *, everything_mine: bool = False) -> Iterator[str]:
        return self._inner.sweep(everything_mine=everything_mine)


class _FrugalBox:
    def __init__(self, inner: Sandbox) -> None:
        self._inner = inner

    def put(self, name: str, data: bytes) -> str:
        return self._inner.put(name, data)

    def run(self, job: Job) -> Execution:
        limits = job.limits.changed(memory_mb=min(job.limits.memory_mb, MOST_MB))
        return self._inner.run(replace(job, limits=limits))

    def fetch(self, destination: Path) -> tuple[tuple[Artifact, ...], tuple[str, ...]]:
        return self._inner.fetch(destination)

    def close(self) -> None:
        self._inner.close()
