"""Telling how a batch goes, on standard error: a live table on a terminal, plain lines anywhere else, nothing when asked."""

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from harness.batch.engine import Watch
from harness.batch.units import Answer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_WORDS = {"kept": "graded before", "stored": "its result was taken from the store", "graded": "graded"}
_DOING = {
    "submission": "not graded: the submission could not be used",
    "pack": "not graded: the pack's doing",
    "infrastructure": "not graded: this machine's doing",
    "harness": "not graded: a fault of the harness",
    "time_limit": "not graded",
}
_MOST_SAID = 60


class BatchWatch(Watch, Protocol):
    """Who is told about a whole batch."""

    def plan(self, count: int) -> None: ...
    def ended(self, member: str, answer: Answer, seconds: float) -> None: ...
    def warn(self, member: str, sentence: str) -> None: ...
    def close(self) -> None: ...


def watch_for(quiet: bool) -> BatchWatch:
    """By what standard error is."""
    if quiet:
        return Silent()
    if sys.stderr.isatty():
        from rich.console import Console

        return LiveTable(Console(stderr=True))
    return PlainLines()


def sentence_of(answer: Answer) -> str:
    """How it ended, in a few words; no totals, which belong beside their evidence."""
    if answer.found == "fault":
        return f"{_DOING[answer.doing or 'harness']}; {answer.reason}"
    if answer.automatic is None:
        return f"{_WORDS[answer.found]}, and nothing could be measured"
    return _WORDS[answer.found] + ("" if answer.fully_measured else ", not everything could be measured")


class Silent:
    """Says nothing."""

    def plan(self, count: int) -> None: ...
    def began(self, task: str, wall_s: float) -> None: ...
    def said(self, task: str, sentence: str) -> None: ...
    def left(self, task: str) -> None: ...
    def look(self) -> None: ...
    def ended(self, member: str, answer: Answer, seconds: float) -> None: ...
    def warn(self, member: str, sentence: str) -> None: ...
    def close(self) -> None: ...


@dataclass
class _Active:
    began: float
    wall_s: float
    said: str = ""


@dataclass
class Counts:
    """What both kinds of progress count."""

    total: int = 0
    done: int = 0
    faults: int = 0
    before: int = 0
    graded_s: list[float] = field(default_factory=lambda: [0.0, 0.0])
    """How many were graded now, and their seconds together."""

    def count(self, answer: Answer, seconds: float) -> None:
        self.done += 1
        self.faults += answer.found == "fault"
        self.before += answer.found in ("kept", "stored")
        if answer.found == "graded":
            self.graded_s[0] += 1
            self.graded_s[1] += seconds

    def left_s(self, slots: int) -> float | None:
        """What is left at the pace so far, or None before anything is known."""
        number, seconds = self.graded_s
        return None if not number else (self.total - self.done) * seconds / number / max(1, slots)


class PlainLines:
    """One line for each end; in between, a line when nothing has ended for a while."""

    SILENCE_S = 30.0

    def __init__(self) -> None:
        self._counts = Counts()
        self._active: dict[str, _Active] = {}
        self._spoke = time.monotonic()

    def plan(self, count: int) -> None:
        self._counts.total = count
        self._line(f"{count} submissions")

    def began(self, task: str, wall_s: float) -> None:
        self._active[task] = _Active(time.monotonic(), wall_s)

    def said(self, task: str, sentence: str) -> None:
        active = self._active.get(task)
        if active:
            active.said = sentence
        if not self._counts.total:
            self._line(sentence)

    def left(self, task: str) -> None:
        self._active.pop(task, None)

    def look(self) -> None:
        if time.monotonic() - self._spoke > self.SILENCE_S and self._active:
            now = time.monotonic()
            told = "; ".join(
                f"{task} {one.said[:_MOST_SAID] or 'begun'} ({now - one.began:.0f} s)"
                for task, one in list(self._active.items())[:8]
            )
            self._line(f"in progress: {told}")

    def ended(self, member: str, answer: Answer, seconds: float) -> None:
        self._counts.count(answer, seconds)
        took = f" in {seconds:.1f} s" if answer.found == "graded" else ""
        self._line(f"{self._counts.done}/{self._counts.total} {member}: {sentence_of(answer)}{took}")

    def warn(self, member: str, sentence: str) -> None:
        self._line(f"{member}: {sentence}" if member else sentence)

    def close(self) -> None: ...

    def _line(self, text: str) -> None:
        self._spoke = time.monotonic()
        sys.stderr.write(f"  {text}\n")
        sys.stderr.flush()


class LiveTable:
    """A line for each submission in progress, and one for the whole; what needs attention scrolls past above."""

    REFRESH_S = 0.25

    def __init__(self, console: "Console") -> None:
        from rich.live import Live

        self._console = console
        self._counts = Counts()
        self._active: dict[str, _Active] = {}
        self._refreshed = 0.0
        # No thread of its own: workers are forked from this process.
        self._live: Live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()

    def plan(self, count: int) -> None:
        self._counts.total = count

    def began(self, task: str, wall_s: float) -> None:
        self._active[task] = _Active(time.monotonic(), wall_s)

    def said(self, task: str, sentence: str) -> None:
        active = self._active.get(task)
        if active:
            active.said = sentence

    def left(self, task: str) -> None:
        self._active.pop(task, None)

    def look(self) -> None:
        if time.monotonic() - self._refreshed >= self.REFRESH_S:
            self._refreshed = time.monotonic()
            self._live.update(self._table(), refresh=True)

    def ended(self, member: str, answer: Answer, seconds: float) -> None:
        self._counts.count(answer, seconds)
        if answer.found in ("graded", "fault"):
            took = f" in {seconds:.1f} s" if answer.found == "graded" else ""
            self._print(f"{member}: {sentence_of(answer)}{took}")

    def warn(self, member: str, sentence: str) -> None:
        self._print(f"{member}: {sentence}" if member else sentence)

    def close(self) -> None:
        self._live.stop()

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, emoji=False, soft_wrap=True)

    def _table(self) -> "Table":
        from rich.table import Table
        from rich.text import Text

        def text(words: str, style: str = "") -> Any:
            return Text(words, style=style, no_wrap=True, overflow="ellipsis")

        table = Table.grid(padding=(0, 2))
        now = time.monotonic()
        for task, one in self._active.items():
            limit = f"{now - one.began:.0f} of {one.wall_s:.0f} s"
            table.add_row(text(task, "bold"), text(one.said[:_MOST_SAID] or "begun"), text(limit, "dim"))
        counts = self._counts
        left_s = counts.left_s(len(self._active))
        rest = f", about {max(1, round(left_s / 60))} min left" if left_s else ""
        told = f"{counts.before} graded before, {counts.faults} not graded{rest}"
        table.add_row(text(f"{counts.done} of {counts.total}" if counts.total else "preparing"), text(told), text(""))
        return table
