"""Inside the sandbox: the last word of a program of ours is written when nobody is left who could write after it.

What is told of a run stays a claim, because candidate code ran beside it. But it should be no easier to forge than that.
"""

import ctypes
import os
import signal

PR_SET_DUMPABLE = 4
_RUNNER = b"/harness/runner.py"


def step_out_of_reach() -> None:
    """No process of the same user may look into this one's memory or pipes; programs that it starts are as ever."""
    if _runner_is_first():
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def end_all_others() -> None:
    """Everything in the sandbox but this process and the runner: kernels that stayed, what they started, what waits."""
    if _runner_is_first():
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            return


def _runner_is_first() -> bool:
    """Whether process 1 is our runner, so that this is a sandbox and nobody outside can be meant."""
    try:
        with open("/proc/1/cmdline", "rb") as words:
            return _RUNNER in words.read(4096).split(b"\0") and os.getppid() == 1
    except OSError:
        return False
