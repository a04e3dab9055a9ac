"""The local engine: so many tasks at a time, each in a process of its own, until the queue is empty or somebody says stop."""

import contextlib
import signal
import time
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from types import FrameType
from typing import Any, Literal, Protocol

from harness.batch.child import Child, Task, wait_for_any

GRACE_S = 10.0
"""Between asking a child to close its sandboxes and killing it."""
_LOOK_S = 0.25

End = Literal["answered", "over_limit", "died"]


class Watch(Protocol):
    """Who is told while tasks are in progress."""

    def began(self, task: str, wall_s: float) -> None: ...
    def said(self, task: str, sentence: str) -> None: ...
    def left(self, task: str) -> None: ...
    def look(self) -> None:
        """Called several times a second."""


@dataclass(frozen=True)
class Done:
    """How a task ended."""

    task: Task
    end: End
    answer: dict[str, Any] | None
    code: int
    seconds: float
    cpu_s: float
    last_said: str = ""


class Interrupted(Exception):  # noqa: N818  a signal, not an error
    """A signal asked the batch to end. Every child is gone by the time this is raised."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Signals:
    """SIGINT, SIGTERM and SIGHUP, counted instead of obeyed at once."""

    HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.received: list[int] = []
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Signals":
        for number in self.HEEDED:
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def raise_if_any(self) -> None:
        if self.received:
            raise Interrupted(self.received[0])

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.received.append(number)


class LocalEngine:
    """Runs tasks on this machine."""

    def __init__(self, jobs: int, signals: Signals, watch: Watch) -> None:
        self._jobs = jobs
        self._signals = signals
        self._watch = watch
        self._running: list[Child] = []

    def run(self, queue: deque[Task]) -> Generator[Done, None, None]:
        """Each task's end, as it comes. More may be put into the queue meanwhile. Leaving early stops what is running."""
        try:
            while queue or self._running:
                self._signals.raise_if_any()
                while queue and len(self._running) < self._jobs:
                    self._start(queue.popleft())
                wait_for_any(self._running, _LOOK_S)
                self._watch.look()
                for child in list(self._running):
                    done = self._attend(child)
                    if done is not None:
                        yield done
        finally:
            self._stop_all()

    def one(self, task: Task) -> Done:
        """A single task."""
        (done,) = self.run(deque([task]))
        return done

    def _start(self, task: Task) -> None:
        self._running.append(Child(task))
        self._watch.began(task.name, task.wall_s)

    def _attend(self, child: Child) -> Done | None:
        """Listen to a child, hold it to its limit, and tell its end once it has come. Never waits."""
        ended = child.has_ended()
        for sentence in child.listen():
            self._watch.said(child.task.name, sentence)
        if ended:
            return self._done(child)
        if child.asked_at is not None:
            if time.monotonic() - child.asked_at > GRACE_S:
                child.kill()
        elif child.over_limit:
            child.ask_to_end()
        return None

    def _done(self, child: Child) -> Done:
        self._release(child)
        end: End = "answered" if child.answer is not None else "over_limit" if child.asked_at is not None else "died"
        code = child.code if child.code is not None else -1
        return Done(child.task, end, child.answer, code, child.seconds, child.cpu_s, child.said)

    def _release(self, child: Child) -> None:
        self._running.remove(child)
        child.close()
        self._watch.left(child.task.name)
        with contextlib.suppress(OSError):
            if not child.task.log.stat().st_size:
                child.task.log.unlink()

    def _stop_all(self) -> None:
        """Ask every child to end, and kill whatever is left when the grace is over or one more signal comes."""
        signals_before = len(self._signals.received)
        for child in self._running:
            child.ask_to_end()
        deadline = time.monotonic() + GRACE_S
        while left := [child for child in self._running if not child.has_ended()]:
            if time.monotonic() > deadline or len(self._signals.received) > signals_before:
                for child in left:
                    child.kill()
            wait_for_any(left, _LOOK_S)
            for child in left:
                list(child.listen())
        for child in list(self._running):
            self._release(child)
