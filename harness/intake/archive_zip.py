"""Zip files: the directory is read by our own hand, and every declared number is only a hint.

Python's zipfile is not used: before 3.11.8 it unpacks files that share their bytes (kilobytes that become
gigabytes), it cuts names at a NUL, and one name that isn't valid UTF-8 makes it refuse the whole archive.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from harness.errors import SubmissionError
from harness.intake.archive import Member, too_many_entries
from harness.intake.byte_source import ByteSource
from harness.intake.limits import IntakeLimits
from harness.intake.nofollow import link, special_file
from harness.intake.refusals import Refused
from harness.intake.tree import too_large

_END = struct.Struct("<4s4H2LH")
_END_64_PLACE = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s4x2H4x3L3H4x2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_MANY_16, _MANY_32 = 0xFFFF, 0xFFFFFFFF
_DIRECTORY_BYTES = 64 << 20
_STORED, _DEFLATED = 0, 8
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the directory. `start` and `end` are the least that its bytes take in the file."""

    path: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    mode: int

    @property
    def end(self) -> int:
        return self.start + _LOCAL.size + self.packed


def starts_like_zip(start: bytes) -> bool:
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def zip_members(source: ByteSource, limits: IntakeLimits) -> Iterator[Member]:
    """The members in the order of the directory."""
    directory_start, directory_size, shift = _find_directory(source)
    if directory_size > _DIRECTORY_BYTES:
        raise too_many_entries(limits)
    entries = []
    for entry in _entries(source.read(directory_start, directory_size), shift):
        entries.append(entry)
        if len(entries) > limits.entries_in_archive:
            raise too_many_entries(limits)
    ends = _room_for_each(entries, directory_start)
    for entry, end in zip(entries, ends, strict=True):
        yield _member(source, entry, end)


def _find_directory(source: ByteSource) -> tuple[int, int, int]:
    """Where the directory is, how long, and how far everything is shifted by bytes put in front of the zip."""
    tail_start = max(0, source.size - _END.size - _LONGEST_COMMENT)
    tail = source.read(tail_start, _END.size + _LONGEST_COMMENT)
    found = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - _END.size + 4))
    if found < 0:
        raise _damaged("its directory is missing")
    _, disk, directory_disk, _, _, size, offset, _ = _END.unpack_from(tail, found)
    place = directory_end = tail_start + found
    if disk not in {0, _MANY_16} or directory_disk not in {0, _MANY_16}:
        raise _damaged("it is one part of several")
    place_64 = source.read(place - _END_64_PLACE.size, _END_64_PLACE.size)
    if place_64.startswith(b"PK\x06\x07"):
        directory_end = place - _END_64_PLACE.size - _END_64.size
        end_64 = source.read(directory_end, _END_64.size)
        if len(end_64) < _END_64.size or not end_64.startswith(b"PK\x06\x06"):
            raise _damaged("its directory is missing")
        size, offset = _END_64.unpack(end_64)[8:10]
    start = directory_end - size
    if start < 0 or offset > start:
        raise _damaged("its directory lies outside the file")
    return start, size, start - offset


def _entries(directory: bytes, shift: int) -> Iterator[_Entry]:
    place = 0
    while place < len(directory):
        if len(directory) - place < _ENTRY.size or directory[place : place + 4] != b"PK\x01\x02":
            raise _damaged("its directory can't be read to the end")
        fields = _ENTRY.unpack_from(directory, place)
        _, flags, method, crc, packed, size, name_size, extra_size, comment_size, attributes, start = fields
        place += _ENTRY.size
        name = directory[place : place + name_size]
        extra = directory[place + name_size : place + name_size + extra_size]
        place += name_size + extra_size + comment_size
        size, packed, start = _wide(extra, size, packed, start)
        yield _Entry(name, flags, method, crc, packed, size, start + shift, attributes >> 16)


def _wide(extra: bytes, size: int, packed: int, start: int) -> tuple[int, int, int]:
    """The three numbers again, from the zip64 field where they were too big for their own."""
    while len(extra) >= 4:
        tag, length = struct.unpack_from("<2H", extra)
        if tag == 1:
            wide = iter(struct.unpack_from(f"<{min(length, len(extra) - 4) // 8}Q", extra, 4))
            size, packed, start = (next(wide, n) if n == _MANY_32 else n for n in (size, packed, start))
            break
        extra = extra[4 + length :]
    return size, packed, start


def _room_for_each(entries: list[_Entry], directory_start: int) -> list[int]:
    """Where the bytes of each entry must end; -1 for entries that share bytes with another."""
    order = sorted(range(len(entries)), key=lambda i: entries[i].start)
    ends = [directory_start] * len(entries)
    furthest, owner = 0, -1
    for i in order:
        if entries[i].start < furthest:
            ends[i] = ends[owner] = -1
        elif owner >= 0 and ends[owner] != -1:
            ends[owner] = entries[i].start
        if entries[i].end > furthest:
            furthest, owner = entries[i].end, i
    return ends


def _member(source: ByteSource, entry: _Entry, end: int) -> Member:
    path = _utf8_path(entry)
    kind = stat.S_IFMT(entry.mode)
    if kind == stat.S_IFLNK:
        return Member(path, "other", refused=link())
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return Member(path, "other", refused=special_file())
    if path.endswith(b"/") or kind == stat.S_IFDIR:
        return Member(path, "folder")
    return Member(path, "file", read=partial(_read, source, entry, end))


def _utf8_path(entry: _Entry) -> bytes:
    """Names without the UTF-8 flag are often UTF-8 all the same; the old code page comes second."""
    if entry.flags & 0x800:
        return entry.path
    try:
        entry.path.decode("utf-8")
    except UnicodeDecodeError:
        return entry.path.decode("cp437").encode()
    return entry.path


def _read(source: ByteSource, entry: _Entry, end: int, most: int) -> Iterator[bytes]:
    _check_before_reading(entry, end, most)
    header = source.read(entry.start, _LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise Refused("unreadable", "The archive points to a place where the file isn't.")
    name_size, extra_size = _LOCAL.unpack(header)[9:11]
    if source.read(entry.start + _LOCAL.size, name_size) != entry.path:
        raise Refused("hostile_name", "The archive has one name for it in its directory and another in front of the file.")
    start = entry.start + _LOCAL.size + name_size + extra_size
    if start + entry.packed > end:
        raise Refused("bomb", "Its bytes reach into those of another entry.")
    packed = source.chunks(start, entry.packed)
    size = crc = 0
    for chunk in packed if entry.method == _STORED else _inflated(packed):
        size += len(chunk)
        if size > entry.size:
            raise Refused("bomb", f"It inflates to more than the {entry.size:,} bytes that it declares.")
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if size != entry.size or crc != entry.crc:
        raise Refused("unreadable", "The file is damaged: its content doesn't fit its length and checksum.")


def _check_before_reading(entry: _Entry, end: int, most: int) -> None:
    if entry.flags & 0x2041:  # encrypted, strongly encrypted, hidden directory
        raise Refused("encrypted", "The entry is encrypted; hand in an archive without a password.")
    if end < 0:
        raise Refused("bomb", "Its bytes are shared with another entry, as in an archive bomb.")
    if entry.method not in {_STORED, _DEFLATED}:
        raise Refused("unreadable", f"Compression method {entry.method} isn't read; store or deflate is.")
    if entry.size > most:
        raise too_large(entry.size, most)
    if entry.packed > 2 * entry.size + 1024:
        raise Refused("bomb", "It takes more room packed than unpacked.")


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in packed:
            rest = chunk
            while rest and not inflater.eof:
                yield inflater.decompress(rest, _CHUNK)
                rest = inflater.unconsumed_tail
        if not inflater.eof:
            yield inflater.flush(_CHUNK)
    except zlib.error:
        raise Refused("unreadable", "The file is damaged: it can't be inflated.") from None


def _damaged(why: str) -> SubmissionError:
    return SubmissionError(
        f"the zip file can't be read: {why}",
        expected="a complete zip file",
        next_step="make the archive again, or hand in the folder",
    )
