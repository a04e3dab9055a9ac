"""The host's end of the runner's pipe: strict, bounded, and unimpressed.

Everything that arrives was made next to candidate code. A frame that breaks the rules ends the conversation and counts
against the submission; nothing that arrives can raise here, grow without bound, or name a place outside the spool.
"""

import json
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from harness.model.run import Artifact, Captured
from harness.model.sandbox import Limits
from sandbox.inside import wire
from sandbox.spool import MEGABYTE, Spool
from sandbox.streams import StreamKeeper

MAX_REFUSED = 300
MAX_REASON = 300


class Phase(IntEnum):
    STARTING = 0
    RUNNING = 1
    COLLECTING = 2
    FINISHED = 3


@dataclass(frozen=True)
class Ending:
    """How the job's first process ended, as the runner told it."""

    status: int
    """Exit code, or minus the number of the signal that ended it."""
    timed_out: bool
    starved: bool
    """Whether, when its time was up, the host had long been short of processors."""
    cpu_s: float
    peak_kb: int

    @property
    def exit_code(self) -> int:
        """As a shell tells it: 128 + n for signal n."""
        return self.status if self.status >= 0 else 128 - self.status


class Receiver:
    """Takes the runner's bytes as they come, and keeps what they say. `feed` never raises for what is in them."""

    def __init__(self, limits: Limits, collect: tuple[str, ...], spool: Path) -> None:
        self.phase = Phase.STARTING
        self.problem = ""
        """The first broken rule; nothing is read after it."""
        self.ending: Ending | None = None
        self._collect = collect
        self._flood = limits.flood_mb * MEGABYTE
        self._spool = Spool(spool, limits)
        self._streams = {
            wire.STDOUT: StreamKeeper(limits.stream_kb << 10),
            wire.STDERR: StreamKeeper(limits.stream_kb << 10),
        }
        self._refused: list[str] = []
        self._buffer = bytearray()

    @property
    def flooded(self) -> bool:
        return any(keeper.total > self._flood for keeper in self._streams.values())

    @property
    def stdout(self) -> Captured:
        return self._streams[wire.STDOUT].captured()

    @property
    def stderr(self) -> Captured:
        return self._streams[wire.STDERR].captured()

    def feed(self, data: bytes) -> None:
        if self.problem or self.flooded:
            return
        self._buffer += data
        while not self.problem and len(self._buffer) >= wire.HEADER.size:
            kind, length = wire.HEADER.unpack_from(self._buffer)
            if length > wire.MAX_PAYLOAD:
                self._fail(f"a frame of {length} bytes")
            elif len(self._buffer) < wire.HEADER.size + length:
                return
            else:
                payload = bytes(self._buffer[wire.HEADER.size : wire.HEADER.size + length])
                del self._buffer[: wire.HEADER.size + length]
                self._take(kind, payload)

    def refuse(self, reason: str) -> None:
        """Note why outputs stayed behind."""
        if len(self._refused) < MAX_REFUSED:
            self._refused.append(reason)

    def abandon_outputs(self, reason: str) -> None:
        """Keep no file of this job: it was stopped, or broke the rules, before they were whole."""
        self._spool.drop_all()
        self.refuse(reason)

    def fetch(self, destination: Path, step: str) -> tuple[tuple[Artifact, ...], tuple[str, ...]]:
        return self._spool.move_to(destination, step), tuple(self._refused)

    def _fail(self, problem: str) -> None:
        self.problem = problem
        self._buffer.clear()
        self.abandon_outputs(f"no file was taken, because the conversation with the sandbox was broken: {problem}")

    def _take(self, kind: bytes, payload: bytes) -> None:
        """One frame, in the one order that is allowed."""
        try:
            if kind == wire.STARTED and self.phase is Phase.STARTING and not payload:
                self.phase = Phase.RUNNING
            elif kind in self._streams and self.phase is Phase.RUNNING:
                self._streams[kind].add(payload)
            elif kind == wire.ENDED and self.phase is Phase.RUNNING:
                self.ending = _ending(payload)
                self.phase = Phase.COLLECTING
            elif self.phase is Phase.COLLECTING:
                self._take_output(kind, payload)
            else:
                self._fail(f"a frame of kind {kind!r} while {self.phase.name.lower()}")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            self._fail(f"a frame of kind {kind!r} that cannot be read: {type(error).__name__}")

    def _take_output(self, kind: bytes, payload: bytes) -> None:
        if kind == wire.DATA:
            self._spool.add(payload)
        elif self._spool.missing:
            self._fail("a file that ended early")
        elif kind == wire.FILE:
            self._begin_file(_fields(payload, name=str, size=int))
        elif kind == wire.REFUSED:
            fields = _fields(payload, name=str, reason=str)
            self.refuse(f"{_printable(fields['name'])}: {_printable(fields['reason'])}")
        elif kind == wire.FINISHED and not payload:
            self.phase = Phase.FINISHED
        else:
            self._fail(f"a frame of kind {kind!r} while outputs were brought out")

    def _begin_file(self, fields: dict[str, Any]) -> None:
        name, size = fields["name"], fields["size"]
        if size < 0 or not wire.matches(name, self._collect):
            self._fail("a file that was not asked for")
            return
        problem = self._spool.begin(name, size)
        if problem:
            self._fail(f"a file that may not come: {problem}")


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text[:MAX_REASON])


def _fields(payload: bytes, **wanted: type) -> dict[str, Any]:
    """A JSON object with exactly these fields of exactly these types."""
    value = json.loads(payload.decode("ascii"))
    if not isinstance(value, dict) or set(value) != set(wanted):
        message = "other fields than agreed"
        raise ValueError(message)
    if any(type(value[name]) is not kind for name, kind in wanted.items()):
        message = "a field of another type than agreed"
        raise TypeError(message)
    return value


def _ending(payload: bytes) -> Ending:
    fields = _fields(payload, status=int, timed_out=bool, starved=bool, cpu_s=float, peak_kb=int)
    if not (-128 <= fields["status"] <= 255 and 0 <= fields["cpu_s"] < 1e9 and 0 <= fields["peak_kb"] < 1 << 40):
        message = "a number out of range"
        raise ValueError(message)
    return Ending(**fields)
