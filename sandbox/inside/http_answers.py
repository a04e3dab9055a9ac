"""Inside the sandbox: one question over HTTP, and an answer that is read with a limit on its time and on its size.

The other end is a candidate's program: it may answer byte by byte, endlessly, with another length than it names, or with
the address of somewhere else. Nothing it sends is followed, and nothing it does makes this wait longer than was said.
"""

import re
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_HEAD = 32_000
TICK_S = 0.25
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: |$)")
_DIGITS = re.compile(rb"[0-9]{1,12}")
_CHUNK = re.compile(rb"[0-9A-Fa-f]{1,8}")


class TroubleError(Exception):
    """Why there is no answer: a word for the kind, and a sentence that follows "the service"."""

    def __init__(self, kind: str, told: str) -> None:
        super().__init__(told)
        self.kind, self.told = kind, told


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Line:
    """How one question is asked: where, how long the answer is waited for, and how large it may be."""

    port: int
    seconds_left: Callable[[], float]
    most_bytes: int


def ask(line: Line, method: str, path: str, body: bytes = b"") -> Answer:
    """The answer to one question, on a connection of its own. Interim answers (1xx) are passed over."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{line.port}\r\nConnection: close\r\nAccept: application/json\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    with socket.socket() as connection:
        connection.setblocking(False)
        _connect(connection, line)
        reader = _Reader(connection, line)
        reader.send(f"{head}\r\n".encode("ascii") + body)
        answer = reader.answer()
        while 100 <= answer.status < 200:
            answer = reader.answer()
        return answer


def _connect(connection: socket.socket, line: Line) -> None:
    try:
        connection.connect(("127.0.0.1", line.port))
    except BlockingIOError:
        _wait(connection, select.POLLOUT, line)
    except OSError as problem:
        raise TroubleError("refused", f"takes no connection ({problem.strerror})") from None
    error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise TroubleError("refused", "takes no connection")


def _wait(connection: socket.socket, events: int, line: Line) -> None:
    waiting = select.poll()
    waiting.register(connection, events)
    while True:
        left = line.seconds_left()
        if left <= 0:
            raise TroubleError("late", "does not answer in time")
        if waiting.poll(1000 * min(left, TICK_S)):
            return


class _Reader:
    """What comes over one connection, piece by piece."""

    def __init__(self, connection: socket.socket, line: Line) -> None:
        self._connection, self._line = connection, line
        self._buffer = bytearray()
        self._ended = False

    def send(self, data: bytes) -> None:
        """All of it, while taking in what is said meanwhile: a service may answer before it has read everything."""
        rest = memoryview(data)
        while rest:
            _wait(self._connection, select.POLLOUT | select.POLLIN, self._line)
            try:
                rest = rest[self._connection.send(rest) :]
            except BlockingIOError:
                if not self._more():
                    return
            except OSError:
                self._take_what_came()
                return

    def answer(self) -> Answer:
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > LONGEST_HEAD:
                raise TroubleError("broken", "answers with a head of more than 32 kB")
            self._need_more("its answer's head ends early")
        head, _, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        self._buffer = bytearray(rest)
        first, *lines = head.split(b"\r\n")
        status = _STATUS.match(first)
        if status is None or len(head) > LONGEST_HEAD:
            raise TroubleError("broken", "does not answer in HTTP")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        number = int(status.group(1))
        content_type = fields.get(b"content-type", b"").decode("ascii", errors="replace")[:80]
        if 100 <= number < 200 or number in (204, 304):
            return Answer(number, content_type, b"")
        return Answer(number, content_type, self._body(fields))

    def _body(self, fields: dict[bytes, bytes]) -> bytes:
        if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
            return self._chunks()
        length = fields.get(b"content-length")
        if length is None:
            while self._more():
                continue
            self._check_size(len(self._buffer))
            return bytes(self._buffer)
        if not _DIGITS.fullmatch(length):
            raise TroubleError("broken", "names a length that is no number")
        self._check_size(int(length))
        return self._exactly(int(length))

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            while (end := self._buffer.find(b"\r\n", 0, 20)) < 0:
                if len(self._buffer) >= 20:
                    raise TroubleError("broken", "sends a piece without a length")
                self._need_more("its answer ends early")
            size_text = bytes(self._buffer[:end])
            del self._buffer[: end + 2]
            if not _CHUNK.fullmatch(size_text):
                raise TroubleError("broken", "sends a piece without a length")
            size = int(size_text, 16)
            if size == 0:
                return bytes(body)
            self._check_size(len(body) + size)
            body += self._exactly(size + 2)[:-2]

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._need_more("its answer is shorter than it says")
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _check_size(self, size: int) -> None:
        if size > self._line.most_bytes:
            raise TroubleError("too_large", f"answers with more than {self._line.most_bytes:,} bytes")

    def _need_more(self, otherwise: str) -> None:
        if not self._more():
            raise TroubleError("broken", f"breaks off: {otherwise}")

    def _more(self) -> bool:
        """Wait for the next piece; False when there is none to come."""
        if self._ended:
            return False
        _wait(self._connection, select.POLLIN, self._line)
        try:
            piece = self._connection.recv(1 << 16)
        except BlockingIOError:
            return True
        except OSError:
            piece = b""
        self._buffer += piece
        self._check_size(len(self._buffer) - LONGEST_HEAD)
        self._ended = not piece
        return bool(piece)

    def _take_what_came(self) -> None:
        """The other end closed while it was asked; it may have said why."""
        try:
            while len(self._buffer) <= LONGEST_HEAD and self._more():
                continue
        except TroubleError:
            self._ended = True
