"""Inside the sandbox: time limits that a busy host stretches and a slow program does not.

The kernel tells for every thread how long it ran and how long it stood ready without a processor. Where the programs of
this place waited much and ran little, the host was short of processors, and that is nobody's fault in here. Programs that
fill the processors they have and wait for more are slow, however much they wait.
"""

import os
import time

WAITED, RAN = 0.25, 0.4
"""Shares of the time, of one processor and of all that are allowed: more waiting and less running is a starved place."""
STRETCH = 3.0
AS_OLD_S = 0.25


class Load:
    """How long the other programs in here ran, and how long they stood ready in vain. Needs /proc/PID/task/TID/schedstat."""

    def __init__(self, processors: float, proc: str = "/proc") -> None:
        self.processors = processors
        self._proc = proc
        self._threads: dict[str, tuple[int, int]] = {}
        self._seen_at = 0.0

    def totals(self) -> tuple[float, float]:
        """Seconds of running and of waiting so far; threads that are gone keep what they had."""
        now = time.monotonic()
        if now - self._seen_at > AS_OLD_S:
            self._seen_at = now
            self._look()
        ran, waited = (sum(one[place] for one in self._threads.values()) for place in (0, 1))
        return ran / 1e9, waited / 1e9

    def _look(self) -> None:
        ours = {"1", str(os.getpid())}
        for process in os.listdir(self._proc):
            if not process.isdigit() or process in ours:
                continue
            try:
                for thread in os.listdir(f"{self._proc}/{process}/task"):
                    with open(f"{self._proc}/{process}/task/{thread}/schedstat", encoding="ascii") as file:
                        ran, waited, *_ = file.read(200).split()
                    self._threads[f"{process}/{thread}"] = int(ran), int(waited)
            except (OSError, ValueError):
                continue  # it ended while it was looked at, or this kernel does not tell


class Patience:
    """A number of seconds, or up to three times as many where the place is starved; as many and no more with a stretch of 1."""

    def __init__(self, seconds: float, load: Load, stretch: float = STRETCH) -> None:
        self._seconds, self._load, self._most = seconds, load, stretch * seconds
        self._began = time.monotonic()
        self._at_first = load.totals()
        self._limit = seconds

    def left(self) -> float:
        gone = time.monotonic() - self._began
        if gone >= self._limit and self._limit < self._most and self.starved():
            self._limit = min(self._most, gone + self._seconds / 4)
        if gone >= self._limit / 2:
            self._load.totals()
        return self._limit - gone

    def starved(self) -> bool:
        """Whether what ran in here since the beginning stood ready for much of the time without a processor."""
        gone = max(1e-6, time.monotonic() - self._began)
        ran, waited = (now - then for now, then in zip(self._load.totals(), self._at_first, strict=True))
        return waited > WAITED * gone and ran < RAN * gone * self._load.processors
