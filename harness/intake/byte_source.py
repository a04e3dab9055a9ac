"""Bytes that are read by position: an archive on disk, or what a compressed tar inflated to."""

import bz2
import gzip
import lzma
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from harness.errors import SandboxError, SubmissionError

CHUNK = 1 << 20
_XZ_MEMORY = 128 << 20
"""Twice what `xz -9` needs; an archive may ask for gigabytes."""


class ByteSource:
    """A file that is read by position and never further than its size when it was opened."""

    def __init__(self, fd: int, size: int) -> None:
        self._fd = fd
        self.size = size

    def read(self, start: int, length: int) -> bytes:
        """At most `length` bytes from `start`; fewer at the end."""
        length = min(length, self.size - start)
        if start < 0 or length <= 0:
            return b""
        parts = []
        while length > 0 and (part := os.pread(self._fd, length, start)):
            parts.append(part)
            start, length = start + len(part), length - len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def chunks(self, start: int, length: int) -> Iterator[bytes]:
        end = start + length
        while start < end and (chunk := self.read(start, min(CHUNK, end - start))):
            start += len(chunk)
            yield chunk


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _XzReader:
    """`lzma.open` takes no memory limit; this does."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._inflater = self._new()

    @staticmethod
    def _new() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def read(self, size: int = -1, /) -> bytes:
        left = b""
        while True:
            if self._inflater.eof:
                left = self._inflater.unused_data or self._packed.read(CHUNK)
                if not left.strip(b"\0"):  # streams may be padded with zeros
                    return b""
                self._inflater = self._new()
            elif self._inflater.needs_input:
                left = self._packed.read(CHUNK)
                if not left:
                    raise EOFError("the xz stream ends early")
            inflated = self._inflater.decompress(left, size)
            left = b""
            if inflated:
                return inflated


_READERS: dict[bytes, Callable[[BinaryIO], _Readable]] = {
    b"\x1f\x8b": lambda packed: gzip.GzipFile(fileobj=packed),
    b"BZh": lambda packed: bz2.BZ2File(packed),
    b"\xfd7zXZ\0": _XzReader,
}


def is_compressed(start: bytes) -> bool:
    return any(start.startswith(magic) for magic in _READERS)


@contextmanager
def inflated(fd: int, start: bytes, most: int, scratch: Path) -> Iterator[ByteSource]:
    """What a gzip, bzip2 or xz file holds, in a nameless file that goes away with the block."""
    reader_of = next(reader for magic, reader in _READERS.items() if start.startswith(magic))
    with open(fd, "rb", closefd=False) as packed, _nameless(scratch) as spool:
        packed.seek(0)
        reader, size = reader_of(packed), 0
        while chunk := _next_chunk(reader):
            size += len(chunk)
            if size > most:
                raise SubmissionError(
                    f"the archive inflates to more than {most:,} bytes",
                    expected="code, notebooks and small results",
                    next_step="leave out data, models and environments",
                )
            _spool(spool, chunk)
        spool.flush()
        yield ByteSource(spool.fileno(), size)


@contextmanager
def _nameless(scratch: Path) -> Iterator[BinaryIO]:
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        spool = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed below, where its own errors are not ours
    except OSError as error:
        raise _no_room(error) from error
    with spool:
        yield cast("BinaryIO", spool)


def _next_chunk(reader: _Readable) -> bytes:
    try:
        return reader.read(CHUNK)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
        raise SubmissionError(
            "the archive is damaged: it can't be unpacked to its end",
            expected="a complete zip or tar file",
            next_step="make the archive again, or hand in the folder",
        ) from error


def _spool(spool: BinaryIO, chunk: bytes) -> None:
    try:
        spool.write(chunk)
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> SandboxError:
    return SandboxError(
        f"the archive can't be unpacked here: {error.strerror}",
        expected="a writable output folder with enough space",
        next_step="free some space or choose another output folder, then try again",
    )
