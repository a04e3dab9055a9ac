"""Inside the sandbox: time limits that a busy host stretches and a slow program does not.

The kernel tells for every thread how long it ran and how long it stood ready without a processor. Where the programs of
this place waited much and ran little, and no processor that they may use stood idle, the host was short of processors, and
that is nobody's fault in here. Programs that fill the processors they have and wait for more are slow, however much they
wait; so are those that crowd on one while another is idle.
"""

import os
import time

WAITED, RAN, IDLE = 0.25, 0.4, 0.25
"""Shares of the time, of one processor, of all that are allowed, of all that may be used: more waiting, less running and
less idling is a starved place."""
STRETCH = 3.0
AS_OLD_S = 0.25
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class Load:
    """How long the other programs in here ran, and how long they stood ready in vain. Needs /proc/PID/task/TID/schedstat."""

    def __init__(self, processors: float, proc: str = "/proc") -> None:
        self.processors = processors
        self._proc = proc
        self._usable = {f"cpu{number}" for number in os.sched_getaffinity(0)}
        self._threads: dict[str, tuple[int, int]] = {}
        self._gone = (0, 0)
        self._seen_at = 0.0

    def totals(self) -> tuple[float, float]:
        """Seconds of running and of waiting so far; threads that are gone keep what they had."""
        now = time.monotonic()
        if now - self._seen_at > AS_OLD_S:
            self._seen_at = now
            self._look()
        ran, waited = (gone + sum(one[place] for one in self._threads.values()) for place, gone in enumerate(self._gone))
        return ran / 1e9, waited / 1e9

    def idle(self) -> float:
        """Seconds that the processors which may be used have stood idle, on the average; 0 where the kernel does not tell."""
        try:
            with open(f"{self._proc}/stat", encoding="ascii") as file:
                lines = [line.split() for line in file if line.startswith("cpu")]
            return sum(int(words[4]) for words in lines if words[0] in self._usable) / TICKS_A_SECOND / len(self._usable)
        except (OSError, ValueError, IndexError):
            return 0.0

    def _look(self) -> None:
        before, self._threads = self._threads, self._seen()
        ended = [told for name, told in before.items() if name not in self._threads]
        ran, waited = self._gone
        self._gone = ran + sum(one[0] for one in ended), waited + sum(one[1] for one in ended)

    def _seen(self) -> dict[str, tuple[int, int]]:
        seen = {}
        ours = {"1", str(os.getpid())}
        for process in os.listdir(self._proc):
            if not process.isdigit() or process in ours:
                continue
            try:
                for thread in os.listdir(f"{self._proc}/{process}/task"):
                    with open(f"{self._proc}/{process}/task/{thread}/schedstat", encoding="ascii") as file:
                        ran, waited, *_ = file.read(200).split()
                    seen[f"{process}/{thread}"] = int(ran), int(waited)
            except (OSError, ValueError):
                continue  # it ended while it was looked at, or this kernel does not tell
        return seen


class Patience:
    """A number of seconds, or up to three times as many where the place is starved; as many and no more with a stretch of 1."""

    def __init__(self, seconds: float, load: Load, stretch: float = STRETCH) -> None:
        self._seconds, self._load, self._most = seconds, load, stretch * seconds
        self._began = time.monotonic()
        self._at_first, self._idle_at_first = load.totals(), load.idle()
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
        gone, ran, waited = self._so_far()
        return waited > WAITED * gone and ran < RAN * gone * self._load.processors and self._crowded(gone)

    def deprived(self) -> bool:
        """Whether it got less than a third of what it was ready to use, and was ready for half of the time: on such a host
        nothing can be said of how long it takes."""
        gone, ran, waited = self._so_far()
        wanted = min(ran + waited, self._load.processors * gone)
        return wanted > gone / 2 and ran < wanted / 3 and self._crowded(gone)

    def _so_far(self) -> tuple[float, float, float]:
        gone = max(1e-6, time.monotonic() - self._began)
        ran, waited = (now - then for now, then in zip(self._load.totals(), self._at_first, strict=True))
        return gone, ran, waited

    def _crowded(self, gone: float) -> bool:
        return self._load.idle() - self._idle_at_first < IDLE * gone
