"""A forked process that works out one answer under limits on memory and time, and takes nothing with it when it dies."""

import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from typing import Any

MEMORY_LIMIT_BYTES = 6 << 30


class Child:
    """A forked, limited child at work; it is gone when the block that asked for it is left, however that is left."""

    def __init__(self, work: Callable[[], list[Any]]) -> None:
        self._reader, writer = os.pipe()
        self._began = time.monotonic()
        self._process = os.fork()
        if self._process == 0:
            os.close(self._reader)
            _work_and_leave(work, writer)
        os.close(writer)

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._reader)
        os.kill(self._process, signal.SIGKILL)  # not yet waited for, so the number is still its own
        os.waitpid(self._process, 0)

    def answer(self, seconds: float) -> list[Any] | None:
        """What it found out; None when it died or ran out of its limits."""
        text = _read_all(self._reader, self._began + seconds)
        try:
            answer = json.loads(text)
        except ValueError:
            return None
        return answer if isinstance(answer, list) else None


def _work_and_leave(work: Callable[[], list[Any]], writer: int) -> None:
    """In the child: work, write, and leave without running anything of the parent's."""
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        data = json.dumps(work()).encode()
        with os.fdopen(writer, "wb") as out:
            out.write(data)
        code = 0
    finally:
        os._exit(code)


def _read_all(reader: int, deadline: float) -> bytes:
    chunks: list[bytes] = []
    while True:
        left = deadline - time.monotonic()
        ready, _, _ = select.select([reader], [], [], max(0.0, left))
        if not ready:
            return b""
        chunk = os.read(reader, 1 << 20)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
