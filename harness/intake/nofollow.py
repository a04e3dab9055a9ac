"""Opening things inside a folder we do not trust: by descriptor, one step at a time, never through a link."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from harness.errors import HOST_TROUBLE, UsageError
from harness.intake.names import cleaned
from harness.intake.refusals import Refused
from harness.intake.tree import too_large

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_CHUNK = 1 << 20


@contextmanager
def open_folder(root_fd: int, steps: Iterable[bytes]) -> Iterator[int]:
    """A descriptor of the folder below `root_fd`; Refused when a step isn't a real folder."""
    fd = os.open(".", FOLDER, dir_fd=root_fd)
    try:
        for step in steps:
            try:
                below = os.open(step, FOLDER, dir_fd=fd)
            except OSError as error:
                raise refused_for(error) from None
            os.close(fd)
            fd = below
        yield fd
    finally:
        os.close(fd)


def names_in(folder_fd: int) -> list[str]:
    with os.scandir(folder_fd) as entries:
        return [entry.name for entry in entries]


@contextmanager
def open_regular(folder_fd: int, name: bytes | str) -> Iterator[tuple[int, os.stat_result]]:
    """A descriptor of a regular file and what it is; Refused for anything else."""
    try:
        fd = os.open(name, FILE, dir_fd=folder_fd)
    except OSError as error:
        raise refused_for(error) from None
    try:
        state = os.fstat(fd)
        if not stat.S_ISREG(state.st_mode):
            raise special_file()
        yield fd, state
    finally:
        os.close(fd)


def link() -> Refused:
    return Refused("link", "A link; only regular files are kept, and no link is followed.")


def special_file() -> Refused:
    return Refused("special_file", "A pipe, socket or device; only regular files are kept.")


def refused_for(error: OSError) -> Refused:
    if error.errno == errno.ELOOP:
        return link()
    if error.errno == errno.ENXIO:  # a socket, or a device without a driver
        return special_file()
    if error.errno in HOST_TROUBLE:
        raise error
    if error.errno in (errno.EACCES, errno.EPERM):  # a matter of this machine: the candidate did send it
        raise UsageError(
            f"a part of the submission can't be read by this user: {error.strerror}",
            where=cleaned(os.fsdecode(error.filename)) if error.filename else "",
            expected="access rights to everything that was sent",
            next_step="give this user the right to read it, or grade as its owner",
        ) from error
    return Refused("unreadable", f"It can't be read: {error.strerror}.")


def read_regular(folder_fd: int, name: bytes | str, most: int) -> Iterator[bytes]:
    """The content of a regular file in pieces; Refused when it is too large, or when it moved under the reader."""
    with open_regular(folder_fd, name) as (fd, before):
        if before.st_size > most:
            raise _too_large_on_disk(before, most)
        read = 0
        try:
            while chunk := os.read(fd, _CHUNK):
                read += len(chunk)
                if read > before.st_size:
                    break
                yield chunk
            after = os.fstat(fd)
        except OSError as error:
            raise refused_for(error) from None
        if read != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise Refused("changed_while_reading", "The file changed while it was read; hand in a folder that is at rest.")


def _too_large_on_disk(state: os.stat_result, most: int) -> Refused:
    if state.st_blocks * 512 < state.st_size // 2:
        return Refused("sparse", f"A sparse file of {state.st_size:,} bytes; {most:,} are accepted, holes included.")
    return too_large(state.st_size, most)
