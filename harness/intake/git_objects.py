"""Objects of a git repository that we do not trust, read without git and without its configuration.

Only `objects/` is read: loose files and packs, each opened as a regular file and never through a link. dulwich reads
the pack index, applies deltas and splits trees; every size is checked before it is believed, and every object is
hashed, so that an index can't pass one content off as another. Alternates, replacements and grafts are not followed.
"""

import hashlib
import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from dulwich.errors import ApplyDeltaError, ObjectFormatException
from dulwich.object_format import SHA1
from dulwich.objects import parse_tree
from dulwich.pack import apply_delta, load_pack_index_file

from harness.errors import SubmissionError
from harness.intake.byte_source import ByteSource
from harness.intake.nofollow import names_in, open_folder, open_regular
from harness.intake.refusals import Refused
from harness.intake.tree import too_large

if TYPE_CHECKING:
    from dulwich.pack import PackIndex

_TYPES = {1: b"commit", 2: b"tree", 3: b"blob", 4: b"tag"}
_OFFSET_DELTA, _NAMED_DELTA = 6, 7
_LONGEST_CHAIN = 4_095
"""What git itself accepts."""

_ROOM_FOR_BASES = 4
"""What an object was made from may have been larger than the object, but not without end."""

_CHUNK = 1 << 16
_LOOSE_HEADER = re.compile(rb"(commit|tree|blob|tag) ([0-9]{1,12})\0")
_PACK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.idx")
_MOST_PACKS = 1_000
_BROKEN = (
    ApplyDeltaError,
    AssertionError,
    IndexError,
    KeyError,
    MemoryError,
    ObjectFormatException,
    OSError,
    OverflowError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What dulwich and the standard library raise on bytes that make no sense."""


class GitObject(NamedTuple):
    kind: bytes
    content: bytes


class TreeEntry(NamedTuple):
    name: bytes
    mode: int
    object_id: str


@dataclass(frozen=True, slots=True)
class _Pack:
    index: "PackIndex"
    data: ByteSource


class ObjectStore:
    """The objects below one `objects` folder. `work` bounds all inflating and patching together."""

    def __init__(self, git_fd: int, stack: ExitStack, work: int) -> None:
        self._fd = stack.enter_context(open_folder(git_fd, (b"objects",)))
        self._work_left = work
        self._refuse_alternates()
        self._packs = list(self._open_packs(stack))

    def _refuse_alternates(self) -> None:
        try:
            with open_folder(self._fd, (b"info",)) as info, open_regular(info, "alternates") as (_, state):
                borrowed = state.st_size > 0
        except Refused as refused:
            borrowed = refused.kind != "unreadable"  # absent is fine; a link or a pipe isn't
        if borrowed:
            raise SubmissionError(
                "the repository borrows objects from another folder (objects/info/alternates)",
                expected="a repository that holds all of its own objects",
                next_step="run 'git repack -a -d' where it was cloned and remove the file, or clone without --shared",
            )

    def _open_packs(self, stack: ExitStack) -> Iterator[_Pack]:
        try:
            folder = stack.enter_context(open_folder(self._fd, (b"pack",)))
        except Refused:
            return
        names = sorted(name for name in names_in(folder) if _PACK_NAME.fullmatch(name))
        for name in names[:_MOST_PACKS]:
            try:
                fd, state = stack.enter_context(open_regular(folder, name.removesuffix(".idx") + ".pack"))
                index = _index(folder, name)
            except (Refused, *_BROKEN):
                continue
            stack.callback(index.close)
            yield _Pack(index, ByteSource(fd, state.st_size))

    def get(self, object_id: str, most: int) -> GitObject:
        """The object, its content at most so many bytes; Refused when it is absent, broken or larger."""
        try:
            found = self._loose(object_id, most) or self._packed(object_id, most)
        except _BROKEN as error:
            raise Refused("unreadable", "The object is damaged in the repository.") from error
        if found is None:
            raise Refused("unreadable", "The object isn't in the repository; it may be a partial or shallow clone.")
        header = b"%s %d\0" % (found.kind, len(found.content))
        if hashlib.sha1(header + found.content, usedforsecurity=False).hexdigest() != object_id:
            raise Refused("unreadable", "The object's content isn't the one that its id stands for.")
        return found

    def tree(self, object_id: str, most: int) -> list[TreeEntry]:
        found = self.get(object_id, most)
        if found.kind != b"tree":
            raise Refused("unreadable", "The object isn't a folder of files.")
        try:
            return [TreeEntry(name, mode, sha.decode()) for name, mode, sha in parse_tree(found.content, 20)]
        except _BROKEN as error:
            raise Refused("unreadable", "The list of files is damaged in the repository.") from error

    def with_prefix(self, prefix: str) -> set[str]:
        """The full ids that start with a few hexadecimal digits."""
        found = set()
        try:
            with open_folder(self._fd, (prefix[:2].encode(),)) as folder:
                found = {prefix[:2] + name for name in names_in(folder) if len(name) == 38 and name.startswith(prefix[2:])}
        except Refused:
            pass
        even = bytes.fromhex(prefix[: len(prefix) // 2 * 2])
        for pack in self._packs:
            try:
                found |= {name.hex() for name in pack.index.iter_prefix(even) if name.hex().startswith(prefix)}
            except _BROKEN:
                continue
        return found

    def _loose(self, object_id: str, most: int) -> GitObject | None:
        try:
            with (
                open_folder(self._fd, (object_id[:2].encode(),)) as folder,
                open_regular(folder, object_id[2:]) as (fd, state),
            ):
                source = ByteSource(fd, state.st_size)
                header = _LOOSE_HEADER.match(_inflate_start(source, 0, 64))
                if header is None:
                    raise ValueError(object_id)
                size = int(header[2])
                if size > most:
                    raise too_large(size, most)
                content = self._inflate(source, 0, header.end() + size)
                return GitObject(header[1], content[header.end() :])
        except Refused as refused:
            if refused.kind == "unreadable":
                return None
            raise

    def _packed(self, object_id: str, most: int) -> GitObject | None:
        for pack in self._packs:
            offset = _offset_in(pack, object_id)
            if offset is not None:
                return self._resolve(pack, offset, most)
        return None

    def _resolve(self, pack: _Pack, offset: int, most: int) -> GitObject:
        """The object at a place in a pack: down the chain of deltas to a whole object, and up again."""
        deltas: list[bytes] = []
        held, most_held = 0, _ROOM_FOR_BASES * most
        while True:
            kind, size, base, start = _packed_header(pack, offset)
            if base is None and not deltas and size > most:
                raise too_large(size, most)
            held += size
            if held > most_held or len(deltas) > _LONGEST_CHAIN:
                raise Refused("bomb", "The object is a change to a change, too many times over or too large.")
            content = self._inflate(pack.data, start, size)
            if base is None:
                break
            result = _delta_result_size(content)
            if result > (most_held if deltas else most):
                raise too_large(result, most)
            deltas.append(content)
            offset = base
        for delta in reversed(deltas):
            self._spend(len(content) + _delta_result_size(delta))
            content = b"".join(apply_delta(content, delta))
        return GitObject(_TYPES[kind], content)

    def _inflate(self, source: ByteSource, start: int, size: int) -> bytes:
        """Exactly `size` bytes; reads no more packed bytes than they can honestly take."""
        self._spend(size)
        inflater, parts, left = zlib.decompressobj(), [], size
        for packed in source.chunks(start, 2 * size + 1024):
            part = inflater.decompress(packed, left + 1)
            parts.append(part)
            left -= len(part)
            if inflater.eof or left < 0:
                break
        if left != 0:
            raise ValueError("the object is shorter or longer than it says")
        return b"".join(parts)

    def _spend(self, work: int) -> None:
        self._work_left -= work
        if self._work_left < 0:
            raise SubmissionError(
                "the repository takes too much work to read: its objects are chains of large changes",
                expected="an ordinary repository",
                next_step="hand in the folder, or run 'git gc' in the repository first",
            )


def _index(folder: int, name: str) -> "PackIndex":
    """The index of a pack; it owns its own descriptor from here on."""
    with open_regular(folder, name) as (fd, _):
        opened = os.fdopen(os.dup(fd), "rb")
    try:
        return load_pack_index_file(name, opened, SHA1)
    except _BROKEN:
        opened.close()
        raise


def _offset_in(pack: _Pack, object_id: str) -> int | None:
    try:
        return pack.index.object_offset(bytes.fromhex(object_id))  # type: ignore[arg-type] # NewType of dulwich
    except KeyError:
        return None


def _packed_header(pack: _Pack, offset: int) -> tuple[int, int, int | None, int]:
    """Kind, size, the place of the base when it is a delta, and where the deflated bytes start."""
    head = pack.data.read(offset, 64)
    kind, size, place = head[0] >> 4 & 7, head[0] & 15, 1
    shift = 4
    while head[place - 1] & 0x80:
        size |= (head[place] & 0x7F) << shift
        place, shift = place + 1, shift + 7
    if kind == _OFFSET_DELTA:
        back = head[place] & 0x7F
        while head[place] & 0x80:
            place += 1
            back = (back + 1 << 7) | (head[place] & 0x7F)
        if not 0 < back < offset:
            raise ValueError("a base outside the pack")
        return kind, size, offset - back, offset + place + 1
    if kind == _NAMED_DELTA:
        base = _offset_in(pack, head[place : place + 20].hex())
        if base is None:
            raise ValueError("a base that isn't in the pack")
        return kind, size, base, offset + place + 20
    if kind not in _TYPES:
        raise ValueError("an unknown kind of object")
    return kind, size, None, offset + place


def _delta_result_size(delta: bytes) -> int:
    """The second of the two numbers that a delta starts with."""
    place, numbers = 0, []
    for _ in range(2):
        number = shift = 0
        while True:
            byte = delta[place]
            number |= (byte & 0x7F) << shift
            place, shift = place + 1, shift + 7
            if not byte & 0x80:
                break
        numbers.append(number)
    return numbers[1]


def _inflate_start(source: ByteSource, start: int, most: int) -> bytes:
    return zlib.decompressobj().decompress(source.read(start, _CHUNK), most)
