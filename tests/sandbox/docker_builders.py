"""Engines, plans and lists for tests of the Docker back end."""

import socket
import threading
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from harness.model.sandbox import Limits
from sandbox.base import Job, Mount
from sandbox.docker_arguments import Plan
from sandbox.docker_facts import EngineFacts

ENGINE = EngineFacts(
    version="29.1.0",
    api_version="1.52",
    runc_version="1.3.3",
    runtime="runc",
    runtimes=("runc", "runsc"),
    storage_driver="overlayfs",
    root_folder="/var/lib/docker",
    kernel="6.12.0",
    machine="x86_64",
    cpus=8,
    memory_mb=16_000,
    cgroup_version="2",
    seccomp=True,
    apparmor=True,
    rootless=False,
    users_remapped=False,
    limits_memory=True,
    limits_swap=True,
    limits_processes=True,
    limits_cpu=True,
    warnings=(),
)


def engine(**changes: Any) -> EngineFacts:
    return replace(ENGINE, **changes)


def plan(**changes: Any) -> Plan:
    usual = Plan(
        engine=ENGINE,
        image="sha256:" + "1" * 64,
        argv=("/opt/env/bin/python", "-I", "-S", "/harness/runner.py", "/job.json"),
        limits=Limits(),
        labels={"takehome-harness.run": "r1"},
        mounts=(Mount(Path("/stage/harness"), "/harness"), Mount(Path("/stage/odd, name:x"), "/submission")),
    )
    return replace(usual, **changes)


def job(code: str, **limits: Any) -> Job:
    """A small Python program."""
    return Job(
        label="test", argv=("python3", "-I", "-S", "-c", code), limits=Limits(**{"wall_s": 30, "memory_mb": 256} | limits)
    )


class EngineProxy:
    """Stands between a client and the real engine, and can cut the line or go silent, as engines do."""

    def __init__(self, folder: Path, real: str = "/var/run/docker.sock") -> None:
        self.address = f"unix://{folder / 'engine.sock'}"
        self._real = real
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / "engine.sock"))
        self._listener.listen(16)
        self._lines: list[socket.socket] = []
        self._silent = threading.Event()
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    def __enter__(self) -> "EngineProxy":
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.cut()
        for thread in self._threads:
            thread.join(10)

    def cut(self) -> None:
        """The engine is gone: no line holds, none can be made."""
        for line in (self._listener, *self._lines):
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            line.close()

    def go_silent(self) -> None:
        """The engine hangs: lines hold, nothing comes through any more."""
        self._silent.set()

    def _begin(self, work: Any, *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._real)
            self._lines += [near, far]
            self._begin(self._carry, near, far)
            self._begin(self._carry, far, near)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(1 << 16):
                if not self._silent.is_set():
                    target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return
