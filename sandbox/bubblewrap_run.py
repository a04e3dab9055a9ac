"""One sandbox of the bubblewrap back end: from a job to its execution, leaving nothing behind."""

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from harness.errors import SandboxError
from harness.model.run import Artifact
from sandbox import process, seccomp
from sandbox.base import IN, Execution, Job, Mount, Owner
from sandbox.bubblewrap_host import Host, user_to_become
from sandbox.bubblewrap_interpreter import InterpreterFor
from sandbox.bubblewrap_plan import binds_of, description, launch_plan
from sandbox.cgroups import Group
from sandbox.frames import Receiver
from sandbox.staging import Staging
from sandbox.watchdog import MemoryWatch

LAUNCHER = Path(__file__).with_name("bubblewrap_launch.py")
LAST_WORDS = 2000
PATIENCE_S = 10.0


class BubblewrapSandbox:
    """One fresh place for one job."""

    def __init__(self, host: Host, interpreter_for: InterpreterFor, owner: Owner) -> None:
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


class Running:
    """The processes, control groups and pipes of a job in progress."""

    def __init__(self, host: Host, staging: Staging, job: Job, mounts: tuple[Mount, ...]) -> None:
        self._job = job
        self._uid = user_to_become()
        self._group = Group(host.trees, job.limits)
        self._watch = None if "memory" in host.controllers() else MemoryWatch(job.limits.memory_mb)
        self._words = staging.folder / "words"
        self._status, status_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        program = _filter_descriptor(memory_is_watched=self._watch is not None)
        self._facts: dict[str, int] = {}
        try:
            staging.write(staging.folder / "job.json", description(host, job))
            binds = binds_of(staging, job, mounts, copy=self._uid is not None)
            launch = launch_plan(host, job, binds, self._group.join, self._uid, (program, status_end))
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
        try:
            ended = os.pidfd_open(self._process.pid)
        except OSError:  # an old kernel
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE_S)
            return
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        poll.poll(PATIENCE_S * 1000)
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


def _filter_descriptor(*, memory_is_watched: bool) -> int:
    descriptor = os.memfd_create("seccomp", os.MFD_CLOEXEC)
    os.write(descriptor, seccomp.filter_here(memory_is_watched=memory_is_watched))
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
