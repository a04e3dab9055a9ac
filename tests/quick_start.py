"""The command line, started a hundred times for the price of one: a process that has imported it, and forks for each command.

What runs in the fork is `harness.cli.main` with its words, environment and folder, as in a process of its own. Tests of how
a process starts (folders on the import path, variables of the interpreter) start a fresh one instead. See `commands.py`.
"""

import json
import os
import signal
import sys
from types import FrameType
from typing import Any


def serve() -> None:
    """One request a line on standard input, one answer a line on standard output: the exit code, and the most memory in MB."""
    warm_up()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            become(request)
        status, peak_kb = awaited(child, request["seconds"])
        print(os.waitstatus_to_exitcode(status), peak_kb >> 10, flush=True)


def warm_up() -> None:
    import numpy  # noqa: F401

    import harness.commands.grade
    import harness.pipeline  # noqa: F401
    import reports.formats  # noqa: F401
    import sandbox.bubblewrap
    import sandbox.docker  # noqa: F401
    from harness.checking import catalogue
    from harness.packs import BUILT_IN, read_pack

    catalogue()
    read_pack(next(root for root in sorted(BUILT_IN.iterdir()) if (root / "pack.yaml").is_file()))


def awaited(child: int, seconds: float) -> tuple[int, int]:
    """How the child ended, and the most memory it took in kB. One that is not over by then is killed."""

    def end_it(_number: int, _frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, end_it)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    _, status, used = os.wait4(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return status, used.ru_maxrss


def become(request: dict[str, Any]) -> None:
    """In the fork: take on what a new process would have been started with, then be the command line."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    os.setsid()
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, request["stdout"], os.O_WRONLY | os.O_CREAT),
        (2, request["stderr"], os.O_WRONLY | os.O_CREAT),
    ):
        descriptor = os.open(path, flags, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["harness", *request["words"]]
    from harness.cli import main

    main()  # leaves by SystemExit, through the interpreter's own end: threads are waited for, buffers are written


if __name__ == "__main__":
    serve()
