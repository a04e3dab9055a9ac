"""One container from creation to proven absence, and its two streams.

Create, then start: the name is ours and known before anything runs, so that even a call that died in the middle can be
cleaned up after. The end of a job is the end of the *container*; what the client library saw of it proves nothing.
"""

import select
import struct
import time
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sandbox.docker_engine import answering, first_line
from sandbox.streams import StreamKeeper

if TYPE_CHECKING:
    from docker import APIClient

LAST_WORDS_BYTES = 8 << 10
REMOVAL_PATIENCE_S = 10.0
_HEADER = struct.Struct(">BxxxL")
_STDOUT, _STDERR = 1, 2
_PIECE = 1 << 16


@dataclass(frozen=True)
class State:
    """What the engine says about a container."""

    running: bool
    exit_code: int
    memory_kill_seen: bool
    """True also when only a child was killed for memory, and the first process went on."""
    error: str


class Attached:
    """The container's streams as one reading function for standard output; the end of standard error is kept aside.

    `read` waits on our own clock: a client library's time-outs are about sockets, not about jobs.
    """

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._receive = raw.recv if hasattr(raw, "recv") else raw.read
        self._pending_in_tls = raw.pending if hasattr(raw, "pending") else lambda: 0
        self._poll = select.poll()
        self._poll.register(raw.fileno(), select.POLLIN)
        self._buffer = bytearray()
        self._kind = 0
        self._left = 0
        self._errors = StreamKeeper(LAST_WORDS_BYTES)

    def read(self, seconds: float) -> bytes | None:
        """Standard output as it comes: b"" at the end, None when nothing came in time."""
        until = time.monotonic() + max(0.0, seconds)
        while True:
            out = self._take_apart()
            if out:
                return out
            wait = until - time.monotonic()
            if not self._pending_in_tls() and not self._poll.poll(max(0.0, wait) * 1000):
                return None
            piece = self._piece()
            if piece == b"":
                return b""
            self._buffer += piece or b""

    def errors(self) -> str:
        """The beginning and end of what was written to standard error."""
        return self._errors.captured().text()

    def close(self) -> None:
        """Close the connection itself: the client library hands out a view of it, and keeps the rest for its own reuse."""
        connection = getattr(self._raw, "_sock", None)
        for part in (self._raw, connection):
            try:
                if part is not None:
                    part.close()
            except OSError:
                continue

    def _piece(self) -> bytes | None:
        try:
            piece: bytes | None = self._receive(_PIECE)
        except (BlockingIOError, TimeoutError):
            return None
        except OSError:
            return b""  # a connection that breaks is a conversation that ended; why, the engine is asked afterwards
        return piece

    def _take_apart(self) -> bytes:
        """The engine mixes both streams: eight bytes of header (which one, how long), then that many of its bytes."""
        out = bytearray()
        while True:
            if not self._left:
                if len(self._buffer) < _HEADER.size:
                    return bytes(out)
                self._kind, self._left = _HEADER.unpack_from(self._buffer)
                del self._buffer[: _HEADER.size]
            part = bytes(self._buffer[: self._left])
            if not part and self._left:
                return bytes(out)
            del self._buffer[: len(part)]
            self._left -= len(part)
            if self._kind == _STDOUT:
                out += part
            elif self._kind == _STDERR:
                self._errors.add(part)


class Container:
    """A container that is certainly removed: used as a context."""

    def __init__(self, client: "APIClient", arguments: dict[str, Any]) -> None:
        self._client = client
        self._arguments = arguments
        self._attached: Attached | None = None
        self.name = str(arguments["name"])
        self.removed = False

    def __enter__(self) -> "Container":
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.remove()

    def start(self) -> Attached:
        """Create it, listen, start it: in this order, so that no byte is missed."""
        with answering("making a container"):
            self._client.create_container(**self._arguments)
            raw = self._client.attach_socket(self.name, params={"stdout": 1, "stderr": 1, "stream": 1})
            self._attached = Attached(raw)
            self._client.start(self.name)
        return self._attached

    def state(self) -> State | None:
        """What the engine says of it; None when the engine does not say, or does not know it."""
        found = ask_state(self._client, self.name)
        return found if isinstance(found, State) else None

    def state_with_memory_flag(self, patience_s: float) -> State | None:
        """Its state, asked until the engine's flag for a memory kill is set: the kernel's word arrives a little later."""
        until = time.monotonic() + patience_s
        while True:
            state = self.state()
            if state is None or state.memory_kill_seen or time.monotonic() > until:
                return state
            time.sleep(0.05)

    def kill(self) -> bool:
        """Kill every process in it, by its name; whether the engine did, or had nothing to kill."""
        from docker.errors import APIError, DockerException
        from requests.exceptions import RequestException

        try:
            self._client.kill(self.name)
        except APIError as problem:
            return problem.status_code in (404, 409)
        except (DockerException, RequestException, OSError):
            return False
        return True

    def remove(self) -> bool:
        """Remove it with its volumes, and see that it is gone. False leaves it to the next sweep, by its labels."""
        if self._attached is not None:
            self._attached.close()
            self._attached = None
        if not self.removed:
            self.removed = remove_container(self._client, self.name)
        return self.removed


def ask_state(client: "APIClient", name: str) -> State | str | None:
    """Its state; None when the engine knows no such container; the reason as text when the engine does not answer."""
    from docker.errors import DockerException, NotFound
    from requests.exceptions import RequestException

    try:
        found = client.inspect_container(name)["State"]
    except NotFound:
        return None
    except (DockerException, RequestException, OSError) as problem:
        return first_line(problem)
    return State(
        running=bool(found.get("Running")),
        exit_code=int(found.get("ExitCode", 0)),
        memory_kill_seen=bool(found.get("OOMKilled")),
        error=str(found.get("Error") or ""),
    )


def remove_container(client: "APIClient", name: str) -> bool:
    """Kill and remove until the engine says that there is no such container; False when it never did.

    A creation that was cut off may complete later, and a removal may be under way: both are reasons to ask again.
    """
    from docker.errors import DockerException, NotFound
    from requests.exceptions import RequestException

    until = time.monotonic() + REMOVAL_PATIENCE_S
    pause = 0.02
    while True:
        try:
            client.remove_container(name, force=True, v=True)
        except NotFound:
            pass
        except (DockerException, RequestException, OSError):
            pause = max(pause, 0.2)
        if ask_state(client, name) is None:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(pause)
        pause = min(1.0, pause * 2)


@dataclass(frozen=True)
class Ran:
    """What a container of our own program did."""

    exit_code: int | None
    """None: it was stopped for taking too long."""
    stdout: str
    stderr: str


def run_own(container: Container, wall_s: float) -> Ran:
    """Run a new container's program, one of ours, to its end."""
    attached = container.start()
    kept, until = StreamKeeper(1 << 20), time.monotonic() + wall_s
    while (piece := attached.read(until - time.monotonic())) is not None and piece:
        kept.add(piece)
    state = settled(container) if piece == b"" else None
    return Ran(state.exit_code if state else None, kept.captured().text(), attached.errors())


def settled(container: Container, patience_s: float = 5.0) -> State | None:
    """Its state once it no longer runs; the last state seen when it does not come to rest."""
    until = time.monotonic() + patience_s
    while True:
        state = container.state()
        if state is None or not state.running or time.monotonic() > until:
            return state
        time.sleep(0.01)
