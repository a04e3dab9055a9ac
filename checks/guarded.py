"""Running a trusted tool over untrusted files: no environment, hard limits, capped output, and an end in any case."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_START = """
import os, resource, sys
seconds, megabytes = int(sys.argv[1]), int(sys.argv[2])
for limit, value in (
    (resource.RLIMIT_CPU, seconds),
    (resource.RLIMIT_AS, megabytes << 20),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_NOFILE, 256),
):
    resource.setrlimit(limit, (value, value))
os.execv(sys.argv[3], sys.argv[3:])
"""
_PIECE = 1 << 16


def run_guarded(
    argv: Sequence[str], folder: Path, *, seconds: int, memory_mb: int, output_mb: int, good_codes: Sequence[int] = (0,)
) -> bytes | None:
    """What the tool printed; None when it failed, crashed, took too long or printed too much.

    The limits are set by a small interpreter that then becomes the tool: no code runs between fork and exec, so this is
    safe in a process with threads. The folder is the working directory; the tool may write no file at all.
    """
    command = [sys.executable, "-I", "-S", "-c", _START, str(seconds), str(memory_mb), *argv]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={"RAYON_NUM_THREADS": "2", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    with process.stdout as stream:
        output = _read(stream.fileno(), time.monotonic() + seconds, output_mb << 20)
    if output is None:
        os.killpg(process.pid, signal.SIGKILL)
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None
    return output if code in good_codes else None


def _read(stream: int, deadline: float, limit: int) -> bytes | None:
    pieces: list[bytes] = []
    size = 0
    while True:
        ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return None
        piece = os.read(stream, _PIECE)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            return None
