"""The embedded back end: bubblewrap, with namespaces, a system-call filter, sized file systems and what limits the host has.

It needs no engine and no rights. Started by root it becomes another user before anything else happens.
"""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from harness.errors import SandboxError
from harness.model.run import Exited
from harness.model.sandbox import Control, Environment, Fact, Gap, Hardening, Health, Limits
from sandbox import cgroups, owners, seccomp, staging
from sandbox.base import Job, Owner
from sandbox.bubblewrap_host import Binary, Host, binaries, look, user_to_become
from sandbox.bubblewrap_interpreter import InterpreterFor
from sandbox.bubblewrap_run import BubblewrapSandbox

PROBE = Job(
    label="probe",
    argv=("python3", "-I", "-S", "-c", "import os; print(os.getuid(), os.getcwd())"),
    limits=Limits(wall_s=30, memory_mb=256, pids=64),
)
NEEDED_FOR = {
    "memory": ("losing_a_worker_is_not_the_end",),
    "processes": ("a_fork_bomb_is_contained", "threads_count_as_processes"),
    "cpu": ("processors_are_limited",),
}
"""Which behaviours rest on which limit."""


class Bubblewrap:
    """Sandboxes made of namespaces by the small program bwrap."""

    name: str = "bubblewrap"

    def __init__(self) -> None:
        self._host: Host | None = None
        self._health: Health | None = None
        self._interpreter_for = InterpreterFor()

    def doctor(self) -> Health:
        if self._health is None:
            self._health = self._examine()
        return self._health

    def capabilities(self) -> tuple[Control, ...]:
        return _controls(self._ready())

    def gaps(self) -> tuple[Gap, ...]:
        """Behaviours of the contract that need a limit which this host does not give."""
        controls = {control.name: control for control in self.capabilities()}
        return tuple(
            Gap(behaviour=behaviour, reason=controls[name].detail)
            for name, behaviours in NEEDED_FOR.items()
            for behaviour in behaviours
            if controls[name].state != "enforced"
        )

    def hardening(self) -> Hardening:
        version = f"bwrap {self._ready().binary.version}"
        return Hardening(backend="bubblewrap", version=version, controls=self.capabilities(), gaps=self.gaps())

    def prepare(self, lock: Path) -> Environment:
        from sandbox.image.fonts import warm_fonts
        from sandbox.image.venv import build_venv

        environment = build_venv(lock)
        warm_fonts(self, environment)
        return environment

    @contextmanager
    def open(self, owner: Owner) -> Iterator[BubblewrapSandbox]:
        sandbox = BubblewrapSandbox(self._ready(), self._interpreter_for, owner)
        try:
            yield sandbox
        finally:
            sandbox.close()

    def sweep(self, *, everything_mine: bool = False) -> Iterator[str]:
        trees = self._host.trees if self._host else cgroups.find_trees()
        yield from cgroups.sweep(trees, everything_mine=everything_mine)
        yield from staging.sweep(everything_mine=everything_mine)

    def _ready(self) -> Host:
        health = self.doctor()
        if self._host is None:
            raise SandboxError(
                f"bubblewrap does not work here: {health.reason}",
                expected="unprivileged user namespaces and a bwrap that may use them",
                next_step="see harness doctor, or use the docker back end",
            )
        return self._host

    def _examine(self) -> Health:
        """Start a real sandbox with each program, with and without extras, until one works."""
        try:
            seccomp.filter_here()
            user_to_become()
        except SandboxError as error:
            return Health(backend="bubblewrap", available=False, reason=error.seen)
        reasons = []
        for found in binaries():
            if isinstance(found, str):
                reasons.append(found)
                continue
            for binary in _variants(found):
                host = look(binary)
                problem = self._problem(host)
                if not problem:
                    self._host = host
                    return Health(backend="bubblewrap", available=True, facts=_facts(host))
                reasons.append(f"{binary.path}: {problem}")
        reason = "; ".join(dict.fromkeys(reasons)) or "there is no bwrap program on this host"
        return Health(backend="bubblewrap", available=False, reason=reason, facts=_facts(None))

    def _problem(self, host: Host) -> str:
        """Why a real start with this host's means fails; empty when it works."""
        sandbox = BubblewrapSandbox(host, self._interpreter_for, owners.new_owner("probe"))
        try:
            execution = sandbox.run(PROBE)
        except SandboxError as error:
            return error.seen
        finally:
            sandbox.close()
        worked = execution.outcome == Exited(code=0) and execution.stdout.head.split() == ["65534", "/work"]
        return "" if worked else f"a trial run {execution.outcome.sentence()}: {execution.stderr.text()[-300:]}"


def _variants(binary: Binary) -> Iterator[Binary]:
    """With user namespaces switched off inside, and, where a host does not let that happen, by the filter alone."""
    yield binary
    if binary.disable_userns:
        yield replace(binary, disable_userns=False)


def _facts(host: Host | None) -> tuple[Fact, ...]:
    kernel = Fact(name="kernel", value=platform.release(), ok=True)
    if host is None:
        meaning = (
            "if a security module of the distribution forbids them to programs it does not know, install its own bubblewrap"
        )
        return (kernel, Fact(name="user namespaces", value="do not work", ok=False, meaning=meaning))
    become = user_to_become()
    controllers = sorted(host.controllers())
    return (
        kernel,
        Fact(name="bwrap", value=f"{host.binary.version} ({host.binary.path})", ok=True),
        Fact(name="kernel user of jobs", value=f"one of its own, as {become}" if become else f"{os.geteuid()}", ok=True),
        Fact(name="system-call filter", value=f"for {platform.machine()}", ok=True),
        Fact(name="user namespaces inside", value="off" if host.binary.disable_userns else "off by the filter alone", ok=True),
        Fact(
            name="control groups",
            value=", ".join(controllers) or "none that can be used",
            ok={"memory", "pids", "cpu"} <= set(controllers),
            meaning="memory is watched instead of limited; for limits, run as a systemd user unit with Delegate=yes",
        ),
    )


def _controls(host: Host) -> tuple[Control, ...]:
    has = host.controllers()
    enforced = [
        ("user", "not root, inside and for the kernel"),
        ("capabilities", "none"),
        ("no_new_privileges", ""),
        ("system_calls", f"filter for {platform.machine()}"),
        ("network", "a namespace with nothing in it"),
        ("processes_isolated", "own process-id, ipc, mount and host-name namespaces"),
        ("read_only_root", ""),
        ("disk", "only file systems in memory, with sizes"),
        ("file_size", "by rlimit"),
        ("open_files", "by rlimit"),
        ("core_dumps", "none"),
        ("wall_clock", "inside and outside"),
        ("output", "streams and files are capped"),
    ]
    return (
        *(Control(name=name, state="enforced", detail=detail) for name, detail in enforced),
        _memory(has),
        _processes(host),
        _cpu(has),
    )


def _memory(has: frozenset[str]) -> Control:
    if "memory" in has:
        return Control(name="memory", state="enforced", detail="control group, swap included; files in memory count")
    detail = (
        "processes are summed ten times a second, and a job above its limit is ended whole; "
        "files in /work, /out, /tmp and /dev/shm come on top, up to their sizes, and what the kernel holds for sockets"
    )
    return Control(name="memory", state="polled", detail=detail)


def _processes(host: Host) -> Control:
    if "pids" in host.controllers():
        return Control(name="processes", state="enforced", detail="control group")
    if host.processes_by_rlimit:
        return Control(name="processes", state="enforced", detail="rlimit, counted for this sandbox alone")
    return Control(name="processes", state="not_available", detail="this kernel counts processes per user, not per sandbox")


def _cpu(has: frozenset[str]) -> Control:
    if "cpu" in has:
        return Control(name="cpu", state="enforced", detail="control group")
    detail = "jobs start on as many processors as they may use, but can spread out; the wall clock decides"
    return Control(name="cpu", state="not_available", detail=detail)
