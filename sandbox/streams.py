"""What is kept of an output stream: its head and its tail."""

from harness.model.run import Captured
from sandbox.inside.wire import MAX_PAYLOAD


class StreamKeeper:
    """The head and the tail of a stream; what lies between is only counted."""

    def __init__(self, keep: int) -> None:
        self._half = max(1, keep // 2)
        self._head = bytearray()
        self._tail = bytearray()
        self.total = 0

    def add(self, piece: bytes) -> None:
        self.total += len(piece)
        room = self._half - len(self._head)
        self._head += piece[:room]
        self._tail += piece[room:] if room > 0 else piece
        if len(self._tail) > 2 * self._half + MAX_PAYLOAD:
            del self._tail[: -self._half]

    def captured(self) -> Captured:
        if self.total <= 2 * self._half:
            return Captured(head=_decoded(self._head + self._tail))
        head, tail = _whole_characters(bytes(self._head)), _from_character_start(bytes(self._tail[-self._half :]))
        dropped = self.total - len(head) - len(tail)
        return Captured(head=_decoded(head), tail=_decoded(tail), dropped_bytes=dropped)


def _decoded(data: bytes | bytearray) -> str:
    return data.decode("utf-8", errors="backslashreplace")


def _whole_characters(data: bytes) -> bytes:
    """Without a character that the cut went through at the end."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data[:-back] if back < needed else data
        if byte < 0x80:
            break
    return data


def _from_character_start(data: bytes) -> bytes:
    """Without the rest of a character that the cut went through at the beginning."""
    for skipped in range(min(4, len(data))):
        if data[skipped] & 0xC0 != 0x80:
            return data[skipped:]
    return data
