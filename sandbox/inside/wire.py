"""What both sides of the runner's pipe agree on: the frames, and which names may cross.

One byte of kind, four bytes of length (big-endian), the payload:

    started  S  nothing            the job's process exists; its clock runs
    stdout   O  bytes              a piece of the job's standard output
    stderr   E  bytes
    ended    X  JSON               {"status", "timed_out", "starved", "cpu_s", "peak_kb"}; every process of the job is dead
    file     F  JSON               {"name", "size"}, then that many bytes in `data` frames
    data     D  bytes
    refused  R  JSON               {"name", "reason"}: an output that was left behind
    finished Z  nothing

The host believes nothing of what it reads here: see `sandbox/frames.py`.
"""

import json
import os
import struct
from fnmatch import fnmatchcase
from typing import Any

HEADER = struct.Struct(">cI")
MAX_PAYLOAD = 1 << 16
STARTED, STDOUT, STDERR, ENDED, FILE, DATA, REFUSED, FINISHED = b"S", b"O", b"E", b"X", b"F", b"D", b"R", b"Z"

MAX_DEPTH = 8
MAX_NAME_BYTES = 512
MAX_PART_BYTES = 200


def name_problem(name: str) -> str | None:
    """Why a relative POSIX path is not a name we bring out; None when it is fine. Used on both sides."""
    parts = name.split("/")
    if len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        return f"its name is longer than {MAX_NAME_BYTES} bytes"
    if len(parts) > MAX_DEPTH:
        return f"it lies deeper than {MAX_DEPTH} folders"
    if any(len(part.encode("utf-8", "surrogatepass")) > MAX_PART_BYTES for part in parts):
        return f"a part of its name is longer than {MAX_PART_BYTES} bytes"
    if not name.isprintable():
        return "its name holds control characters or is not valid UTF-8"
    if "\\" in name or any(part in {"", ".", ".."} or part != part.strip() for part in parts):
        return "its name is not a plain relative path"
    return None


def matches(name: str, patterns: list[str] | tuple[str, ...]) -> bool:
    """Whether a relative path is asked for. `*` stays within a folder, `**` crosses folders."""
    return any(_match(name.split("/"), pattern.split("/")) for pattern in patterns)


def _match(parts: list[str], pattern: list[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_match(parts[skipped:], pattern[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _match(parts[1:], pattern[1:])


class Channel:
    """Frames to the host. Descriptor 1 is moved away first, so that nothing else writes there by habit."""

    def __init__(self) -> None:
        self.descriptor = os.dup(1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        message = memoryview(HEADER.pack(kind, len(payload)) + payload)
        while message:
            message = message[os.write(self.descriptor, message) :]

    def send_json(self, kind: bytes, value: dict[str, Any]) -> None:
        self.send(kind, json.dumps(value).encode("ascii"))
