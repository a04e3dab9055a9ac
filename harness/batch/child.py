"""A forked process that does one task: it can crash, hang or be killed, and takes nothing else with it.

It ends with its parent (by the kernel's own signal), is deaf to the terminal's interrupt (its parent tells it), and says
where it is and what came out through one pipe of JSON lines.
"""

import contextlib
import ctypes
import faulthandler
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from harness.model.text import one_line

_PR_SET_PDEATHSIG = 1
_MOST_BYTES = 8_000_000
_HEEDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
OUR_BUG, TERMINATED = 70, 143


@dataclass(frozen=True)
class Tell:
    """The child's voice."""

    pipe: int

    def say(self, sentence: str) -> None:
        self._write({"say": one_line(sentence)})

    def restart_clock(self) -> None:
        """The time limit counts from here: what came before was waiting for somebody else."""
        self._write({"restart": True})

    def answer(self, document: dict[str, Any]) -> None:
        self._write({"answer": document})

    def _write(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode("ascii") + b"\n"
        while data:
            data = data[os.write(self.pipe, data) :]


@dataclass(frozen=True)
class Task:
    """What a child is to do."""

    name: str
    work: Callable[[Tell], dict[str, Any]]
    log: Path
    """Where everything the child prints goes: warnings, tracebacks."""
    wall_s: float


class Child:
    """A task in progress."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.said = ""
        self.answer: dict[str, Any] | None = None
        self.started = self.clock = time.monotonic()
        self.asked_at: float | None = None
        """When it was asked to end."""
        self.code: int | None = None
        self.cpu_s = 0.0
        self.silent = False
        """Its end of the pipe is closed: it has said everything."""
        self._buffer = b""
        self.pipe, writer = os.pipe2(os.O_CLOEXEC)
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _HEEDED)  # the child gets no signal before it has its own handlers
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.pipe)
            _be_the_child(task, Tell(writer), parent)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(writer)
        os.set_blocking(self.pipe, False)
        self.ended = os.pidfd_open(self.pid)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    @property
    def over_limit(self) -> bool:
        return time.monotonic() - self.clock > self.task.wall_s

    def listen(self) -> Iterator[str]:
        """What the child has said since; remembers its answer."""
        for message in self._messages():
            if "say" in message:
                self.said = str(message["say"])
                yield self.said
            elif "restart" in message:
                self.clock = time.monotonic()
            elif "answer" in message:
                self.answer = message["answer"]

    def has_ended(self) -> bool:
        """Whether it is over; then its exit code and its processor time, with those of its own children, are known."""
        if self.code is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                self.cpu_s = usage.ru_utime + usage.ru_stime
        return self.code is not None

    def ask_to_end(self) -> None:
        """It closes its sandboxes on the way out."""
        self.asked_at = time.monotonic()
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def close(self) -> None:
        """Once it has ended."""
        os.close(self.pipe)
        os.close(self.ended)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.ended, number)

    def _messages(self) -> Iterator[dict[str, Any]]:
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.pipe, 1 << 16):
                self._buffer = (self._buffer + data)[-_MOST_BYTES:]
            self.silent = True
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            with contextlib.suppress(ValueError):
                message = json.loads(line)
                if isinstance(message, dict):
                    yield message


def wait_for_any(children: list[Child], seconds: float) -> None:
    """Until one of them says something or ends, or the time is over."""
    poll = select.poll()
    for child in children:
        poll.register(child.ended, select.POLLIN)
        if not child.silent:
            poll.register(child.pipe, select.POLLIN)
    poll.poll(max(0.0, seconds) * 1000)


def _be_the_child(task: Task, tell: Tell, parent: int) -> NoReturn:
    """Do the task and leave, without running anything of the parent's on the way out."""
    code = OUR_BUG
    try:
        _settle(task.log, parent)
        tell.answer(task.work(tell))
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else OUR_BUG
    except BaseException:  # whatever it was, it ends here: the next submission is not touched by it
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code)


def _settle(log: Path, parent: int) -> None:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEEDED)
    if os.getppid() != parent:
        raise SystemExit(TERMINATED)
    log.parent.mkdir(parents=True, exist_ok=True)
    nothing = os.open(os.devnull, os.O_RDONLY)
    words = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    for source, target in ((nothing, 0), (words, 1), (words, 2)):
        os.dup2(source, target)
    for source in {nothing, words} - {0, 1, 2}:
        os.close(source)
    sys.stdout = sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    faulthandler.enable(sys.stderr)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)
