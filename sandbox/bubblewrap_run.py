"""One sandbox of the bubblewrap back end: from a job to its execution, leaving nothing behind."""

import json
import os
import random
import select
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from harness.errors import SandboxError
from harness.model.run import Artifact
from harness.model.sandbox import Environment
from sandbox import process, seccomp
from sandbox.base import DATA, IN, INSIDE, MODEL, SUBMISSION, Execution, Job, Mount, Owner
from sandbox.bubblewrap_arguments import JOB, Bind, Plan, arguments
from sandbox.bubblewrap_host import Host, stage_place, user_to_become
from sandbox.cgroups import OWN_PROCESSES, Group
from sandbox.frames import Receiver
from sandbox.inside import runner
from sandbox.staging import Staging
from sandbox.watchdog import MemoryWatch

LAUNCHER = Path(__file__).with_name("bubblewrap_launch.py")
INSIDE_FOLDER = Path(runner.__file__).parent
MOUNTABLE = (SUBMISSION, DATA, MODEL)
LAST_WORDS = 2000
PATIENCE_S = 10.0


@dataclass(frozen=True)
class Interpreter:
    """What a job runs on: its environment, and what of the host is bound for it."""

    environment: Environment
    mounts: tuple[Mount, ...]


class BubblewrapSandbox:
    """One fresh place for one job."""

    def __init__(self, host: Host, interpreter_for: "InterpreterFor", owner: Owner) -> None:
        self._host = host
        self._interpreter_for = interpreter_for
        self._staging = Staging(owner)
        self._receiver: Receiver | None = None
        self._running: Running | None = None
        self._label = ""

    def put(self, name: str, data: bytes) -> str:
        if self._receiver is not None:
            raise SandboxError("a file was put after the job had run", where=name)
        if "/" in name or name.startswith(".") or not name or not name.isprintable():
            raise SandboxError(f"{name!r} is not a plain file name", expected="no slash, no leading dot")
        try:
            self._staging.write(self._staging.inputs / name, data)
        except OSError as error:
            raise SandboxError(f"the file cannot be placed: {error.strerror}", where=name) from error
        return f"{IN}/{name}"

    def run(self, job: Job) -> Execution:
        if self._receiver is not None:
            raise SandboxError("a sandbox runs one job, once", where=job.label, next_step="open a new sandbox for each job")
        interpreter = self._interpreter_for(job.environment)
        job = replace(job, environment=interpreter.environment)
        self._label = job.label
        self._receiver = Receiver(job.limits, job.collect, self._staging.spool)
        try:
            self._running = Running(self._host, self._staging, job, interpreter.mounts)
            return self._running.to_its_end(self._receiver)
        except OSError as error:
            raise SandboxError(f"the sandbox cannot be made: {error}", where=job.label) from error
        finally:
            self._stop()

    def fetch(self, destination: Path) -> tuple[tuple[Artifact, ...], tuple[str, ...]]:
        if self._receiver is None:
            raise SandboxError("there is nothing to fetch before a job has run", where=str(destination))
        return self._receiver.fetch(destination, self._label)

    def close(self) -> None:
        self._stop()
        self._staging.remove()

    def _stop(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.stop()


class InterpreterFor:
    """Finds what a job's environment needs; asks once for each."""

    def __init__(self) -> None:
        self._known: dict[str, Interpreter] = {}

    def __call__(self, environment: Environment | None) -> Interpreter:
        from sandbox.image.venv import build_venv, mounts

        key = environment.reference if environment else ""
        if key not in self._known:
            wanted = environment or build_venv(None)
            self._known[key] = Interpreter(wanted, mounts(wanted))
        return self._known[key]


class Running:
    """The processes, control groups and pipes of a job in progress."""

    def __init__(self, host: Host, staging: Staging, job: Job, mounts: tuple[Mount, ...]) -> None:
        self._job = job
        self._uid = user_to_become()
        self._group = Group(host.trees, job.limits)
        self._watch = None if "memory" in host.controllers() else MemoryWatch(job.limits.memory_mb)
        self._words = staging.folder / "words"
        self._status, status_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        program = _filter_descriptor()
        self._facts: dict[str, int] = {}
        try:
            staging.write(staging.folder / "job.json", _description(host, job))
            binds = _binds(staging, job, mounts, copy=self._uid is not None)
            launch = _launch_plan(host, job, binds, self._group.join, self._uid, (program, status_end))
            with self._words.open("xb") as words:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(LAUNCHER)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=words,
                    pass_fds=(program, status_end),
                    cwd="/",
                    env={},
                    start_new_session=True,
                )
        except BaseException:
            self._group.remove()
            os.close(self._status)
            raise
        finally:
            os.close(program)
            os.close(status_end)
        self._tell(launch)

    def _tell(self, plan: bytes) -> None:
        stdin = self._process.stdin
        if stdin is not None:
            with suppress(BrokenPipeError):  # it has ended already; its last words tell why
                stdin.write(plan)
                stdin.flush()
            with suppress(BrokenPipeError):
                stdin.close()

    def to_its_end(self, receiver: Receiver) -> Execution:
        stdout = self._process.stdout
        if stdout is None:
            raise SandboxError("the sandbox has no output", where=self._job.label)
        over = self._over_memory if self._watch else None
        talk = process.listen(process.reader(stdout.fileno()), receiver, self._job.limits.wall_s, over)
        if talk.why in {"finished", "closed"}:
            self._await_end()
        self._end_processes()
        tripped = self._watch.tripped if self._watch else self._group.memory_kill_seen()
        usage = process.Usage(cpu_s=self._group.cpu_s(), memory_kill_seen=tripped)
        return process.judge(self._job, receiver, talk, usage, self._last_words())

    def _await_end(self) -> None:
        """Sleep until bwrap has ended; subprocess's own wait with a timeout would look only now and then."""
        ended = os.pidfd_open(self._process.pid)
        try:
            poll = select.poll()
            poll.register(ended, select.POLLIN)
            poll.poll(PATIENCE_S * 1000)
        finally:
            os.close(ended)

    def _over_memory(self) -> bool:
        if self._watch is None:
            return False
        self._read_status()
        self._watch.namespace = self._facts.get("pid-namespace")
        return self._watch.over()

    def _read_status(self) -> None:
        """What bwrap says about the sandbox on its status pipe; the job cannot write there."""
        if self._facts:
            return
        with suppress(BlockingIOError):
            for line in os.read(self._status, 4096).splitlines():
                with suppress(ValueError):
                    said = json.loads(line)
                    self._facts.update({name: value for name, value in said.items() if isinstance(value, int)})

    def _end_processes(self) -> None:
        """Kill process 1 of the namespace, which takes all others along, then bwrap."""
        if self._process.poll() is None:
            self._read_status()
            pid, namespace = self._facts.get("child-pid"), self._facts.get("pid-namespace")
            with suppress(OSError):
                if pid and Path(f"/proc/{pid}/ns/pid").stat().st_ino == namespace:
                    os.kill(pid, signal.SIGKILL)
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE_S)

    def _last_words(self) -> str:
        with self._words.open("rb") as words:
            words.seek(max(0, self._words.stat().st_size - LAST_WORDS))
            return words.read().decode("utf-8", errors="backslashreplace").strip()

    def stop(self) -> None:
        self._end_processes()
        if self._process.stdout:
            self._process.stdout.close()
        os.close(self._status)
        self._group.remove()


def _filter_descriptor() -> int:
    descriptor = os.memfd_create("seccomp", os.MFD_CLOEXEC)
    os.write(descriptor, seccomp.filter_here())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _description(host: Host, job: Job) -> bytes:
    by_rlimit = "pids" not in host.controllers() and host.processes_by_rlimit
    return process.describe(job, processes=job.limits.pids + OWN_PROCESSES if by_rlimit else None, as_init=True)


def _binds(staging: Staging, job: Job, mounts: tuple[Mount, ...], *, copy: bool) -> list[Bind]:
    """Everything shown read-only, outer folders first. `copy`: another user has to be able to read it."""
    for mount in job.mounts:
        if str(PurePosixPath(mount.target)) not in MOUNTABLE:
            raise SandboxError(f"nothing is mounted at {mount.target}", where=job.label, expected=", ".join(MOUNTABLE))
    own = [
        Mount(INSIDE_FOLDER, INSIDE),
        Mount(staging.folder / "job.json", JOB),
        Mount(staging.inputs, IN),
        *(Mount(file, f"/etc/{file.name}") for file in sorted(staging.etc.iterdir())),
    ]
    checked = [*own, *job.mounts]
    binds = [Bind(str(mount.source.resolve()), mount.target) for mount in mounts]
    for mount in checked:
        source = mount.source.resolve()
        binds.append(Bind(str(staging.readable(source) if copy else source), mount.target))
    return binds


def _launch_plan(
    host: Host, job: Job, binds: list[Bind], join: tuple[Path, ...], uid: int | None, descriptors: tuple[int, int]
) -> bytes:
    """What the launcher needs: with a user to become, sources are bound below a stage that this user can walk to."""
    place = stage_place() if uid is not None else ""
    bwrap, staged = str(host.binary.path), []
    if uid is not None:
        staged = [{"source": bind.source, "name": str(number)} for number, bind in enumerate(binds)]
        binds = [Bind(f"{place}/{number}", bind.target) for number, bind in enumerate(binds)]
        staged += [{"source": str(folder), "name": f"bwrap/{folder.name}"} for folder in host.binary.package]
        if host.binary.package:
            bwrap = f"{place}/bwrap/{host.binary.path.relative_to(host.binary.package[0].parent)}"
    program, status = descriptors
    environment = job.environment
    plan = Plan(
        bwrap=bwrap,
        python=environment.python if environment else "",
        binds=tuple(binds),
        limits=job.limits,
        seccomp_fd=program,
        status_fd=status,
        disable_userns=host.binary.disable_userns,
        hide_local=not any(bind.target.startswith("/usr/local") for bind in binds)
        and not sys.base_prefix.startswith("/usr/local"),
    )
    return json.dumps(
        {
            "join": [str(file) for file in join],
            "processors": _processors(job.limits.cpus) if "cpu" not in host.controllers() else [],
            "uid": uid,
            "stage": place,
            "binds": staged,
            "argv": arguments(plan),
        }
    ).encode("ascii")


def _processors(cpus: float) -> list[int]:
    """As many processors as the job may use, picked at random so that jobs side by side spread out."""
    allowed = sorted(os.sched_getaffinity(0))
    return random.SystemRandom().sample(allowed, max(1, min(len(allowed), round(cpus))))
