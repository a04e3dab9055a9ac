"""Tar files, read by our own hand: the library's filter is missing from older Pythons, and was bypassed more than once."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from harness.errors import SubmissionError
from harness.intake.archive import Member, too_many_entries
from harness.intake.byte_source import ByteSource
from harness.intake.limits import IntakeLimits
from harness.intake.nofollow import link, special_file
from harness.intake.refusals import Refused
from harness.intake.tree import too_large

_BLOCK = 512
_LONGEST_EXTENSION = 1 << 20
"""Of a header that only describes the next one; real ones have some hundred bytes."""

_BELIEVABLE_SIZE = 1 << 30
"""Below it, a member that reaches past the end means a damaged archive; above it, a made-up number."""

_OCTAL = re.compile(rb"[0-7]*")
_RECORD_LENGTH = re.compile(rb"([0-9]{1,7}) ")
_REGULAR = frozenset({b"0", b"\0", b"7"})
_HARD_LINK, _SOFT_LINK, _FOLDER, _GNU_SPARSE = b"1", b"2", b"5", b"S"
_LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL = b"L", b"K", b"x", b"g"
_WITHOUT_CONTENT = frozenset({b"1", b"2", b"3", b"4", b"5", b"6"})
_SPARSE_KEYS = (b"GNU.sparse.", b"SCHILY.realsize")


@dataclass(slots=True)
class _Described:
    """What headers said about the member after them."""

    path: bytes | None = None
    size: bytes | None = None
    is_sparse: bool = False
    everywhere: dict[bytes, bytes] = field(default_factory=dict)


def starts_like_tar(block: bytes) -> bool:
    return len(block) == _BLOCK and (_checksum_fits(block) or block == bytes(_BLOCK))


def tar_members(source: ByteSource, limits: IntakeLimits) -> Iterator[Member]:
    """The members in the order of the archive."""
    place, headers, described = 0, 0, _Described()
    while (block := source.read(place, _BLOCK)) and block != bytes(_BLOCK):
        headers += 1
        if headers > 3 * limits.entries_in_archive:
            raise too_many_entries(limits)
        if len(block) < _BLOCK or not _checksum_fits(block):
            raise _damaged("a header is broken")
        kind = block[156:157]
        content = place + _BLOCK
        if kind in {_LONG_NAME, _LONG_LINK, _PAX, _PAX_GLOBAL}:
            size = _number(block[124:136])
            _describe(described, kind, _extension(source, content, size))
            place = content + _padded(size)
            continue
        member, place = _member(source, block, content, described)
        described = _Described(everywhere=described.everywhere)
        if member is not None:
            yield member
        if place > source.size:
            return


def _member(source: ByteSource, block: bytes, content: int, described: _Described) -> tuple[Member | None, int]:
    """The member of a header, and where the next header is."""
    kind = block[156:157]
    size = 0 if kind in _WITHOUT_CONTENT else _stated_size(block, described)
    path = _stated_path(block, described)
    if kind == _GNU_SPARSE:
        content = _after_sparse_map(source, block, content)
    after = content + _padded(size)
    is_folder = kind == _FOLDER or (kind in _REGULAR and path.endswith(b"/"))
    while path.startswith(b"./"):
        path = path[2:].lstrip(b"/")
    if path in {b"", b"."} and is_folder:
        return None, after
    return _typed_member(source, kind, path, content, size, is_sparse=described.is_sparse, is_folder=is_folder), after


def _typed_member(
    source: ByteSource,
    kind: bytes,
    path: bytes,
    content: int,
    size: int,
    *,
    is_sparse: bool,
    is_folder: bool,
) -> Member:
    if content + size > source.size:
        return Member(path, "other", refused=_reaches_past_the_end(size))
    if kind in {_HARD_LINK, _SOFT_LINK}:
        return Member(path, "other", refused=link())
    if is_sparse or kind == _GNU_SPARSE:
        return Member(
            path, "other", refused=Refused("sparse", "A sparse file; hand it in as an ordinary file, or leave it out.")
        )
    if is_folder:
        return Member(path, "folder")
    if kind not in _REGULAR:
        return Member(path, "other", refused=special_file())
    return Member(path, "file", read=partial(_read, source, content, size))


def _reaches_past_the_end(size: int) -> Refused:
    if size < _BELIEVABLE_SIZE:
        raise _damaged("it ends in the middle of a file")
    return Refused("too_large", f"It declares {size:,} bytes, more than the archive has; nothing after it can be read.")


def _read(source: ByteSource, content: int, size: int, most: int) -> Iterator[bytes]:
    if size > most:
        raise too_large(size, most)
    yield from source.chunks(content, size)


def _extension(source: ByteSource, content: int, size: int) -> bytes:
    if size > _LONGEST_EXTENSION:
        raise _damaged(f"a header of {size:,} bytes describes a file")
    extension = source.read(content, size)
    if len(extension) < size:
        raise _damaged("it ends in the middle of a header")
    return extension


def _describe(described: _Described, kind: bytes, extension: bytes) -> None:
    if kind == _LONG_NAME:
        described.path = extension.rstrip(b"\0")
    elif kind == _PAX_GLOBAL:
        described.everywhere = described.everywhere | _records(extension)
    elif kind == _PAX:
        records = described.everywhere | _records(extension)
        described.path = records.get(b"GNU.sparse.name", records.get(b"path", described.path))
        described.size = records.get(b"size", described.size)
        described.is_sparse = any(key.startswith(_SPARSE_KEYS) for key in records)


def _records(extension: bytes) -> dict[bytes, bytes]:
    """The `length key=value` lines of a pax header."""
    records, place = {}, 0
    while place < len(extension):
        length = _RECORD_LENGTH.match(extension, place)
        if length is None:
            raise _damaged("an extended header is broken")
        end = place + int(length[1])
        key, equals, value = extension[length.end() : end - 1].partition(b"=")
        if not equals or end > len(extension) or extension[end - 1 : end] != b"\n":
            raise _damaged("an extended header is broken")
        records[key] = value
        place = end
    return records


def _stated_path(block: bytes, described: _Described) -> bytes:
    stated = described.path if described.path is not None else described.everywhere.get(b"path")
    if stated is not None:
        return stated
    name = block[:100].split(b"\0")[0]
    prefix = block[345:500].split(b"\0")[0] if block[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _stated_size(block: bytes, described: _Described) -> int:
    stated = described.size if described.size is not None else described.everywhere.get(b"size")
    if stated is None:
        return _number(block[124:136])
    if not stated.isdigit() or len(stated) > 40:
        raise _damaged("the size of a file isn't a number")
    return int(stated)


def _after_sparse_map(source: ByteSource, block: bytes, content: int) -> int:
    more = block[482:483] not in {b"", b"\0"}
    while more:
        block = source.read(content, _BLOCK)
        content += _BLOCK
        more = len(block) == _BLOCK and block[504:505] != b"\0"
    return content


def _number(digits: bytes) -> int:
    """An octal field, or a binary one when its first bit is set."""
    if digits[:1] == b"\x80":
        return int.from_bytes(digits[1:], "big")
    octal = digits.strip(b" \0")
    if not _OCTAL.fullmatch(octal):
        raise _damaged("a number in a header is broken")
    return int(octal or b"0", 8)


def _checksum_fits(block: bytes) -> bool:
    stated = block[148:156].strip(b" \0")
    if not stated or not _OCTAL.fullmatch(stated):
        return False
    blank = block[:148] + b" " * 8 + block[156:]
    return int(stated, 8) in {sum(blank), sum(struct.unpack(f"{_BLOCK}b", blank))}


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _damaged(why: str) -> SubmissionError:
    return SubmissionError(
        f"the tar file can't be read: {why}",
        expected="a complete tar file",
        next_step="make the archive again, or hand in the folder",
    )
