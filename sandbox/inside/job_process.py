"""The job's processes: starting the first with its limits, reaping whoever dies, ending whoever is left."""

import ctypes
import os
import resource
import signal
from typing import Any

CANNOT_START, NOT_FOUND = 126, 127
"""Exit codes of a job that never ran, as shells give them."""

PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36


def shield_self() -> None:
    """Out of reach for processes of the same user; orphans come to us; no signal from inside stops us."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            continue  # the C library keeps a few real-time signals for itself


class Child:
    """The job's first process, in a session of its own, with its two output pipes."""

    def __init__(self, job: dict[str, Any]) -> None:
        (self.stdout, out_end), (self.stderr, err_end) = os.pipe(), os.pipe()
        self.status: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            become(job, out_end, err_end)
        os.close(out_end)
        os.close(err_end)

    def reap(self) -> bool:
        """Collect whoever has died, orphans included; False once no child is left at all."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.pid:
                self.status = os.waitstatus_to_exitcode(status)

    def signal_group(self, number: int) -> None:
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            return


def become(job: dict[str, Any], out_end: int, err_end: int) -> None:
    """In the forked child: take on the limits, then turn into the job. Never returns."""
    code = CANNOT_START
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out_end, 1)
        os.dup2(err_end, 2)
        os.closerange(3, 65_536)
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            try:
                signal.signal(number, signal.SIG_DFL)
            except OSError:
                continue
        prefer_as_memory_victim()
        for name, value in job["rlimits"].items():
            lower_limit(getattr(resource, name), value)
        os.umask(0o022)
        os.chdir(job["cwd"])
        os.execvpe(job["argv"][0], job["argv"], job["env"])
    except FileNotFoundError as error:
        code = NOT_FOUND
        os.write(2, f"{job['argv'][0]}: {error.strerror}\n".encode())
    except (OSError, ValueError) as error:
        os.write(2, f"{job['argv'][0]}: cannot be started: {error}\n".encode())
    finally:
        os._exit(code)


def lower_limit(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def prefer_as_memory_victim() -> None:
    """Out of memory must end the job, not the runner that tells of it."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # else /proc/self/oom_score_adj belongs to root
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
    except OSError:
        return


def kill_all_others() -> None:
    """Every process of the namespace but us and its process 1."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return
