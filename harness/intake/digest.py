"""The name of a snapshot: the same for the same paths and contents, however they were handed in."""

import hashlib
from collections.abc import Iterable

from harness.model.submission import FileEntry

_VERSION = b"harness snapshot 1\n"


def in_order(files: Iterable[FileEntry]) -> tuple[FileEntry, ...]:
    return tuple(sorted(files, key=lambda entry: entry.path.encode()))


def digest_of(files: Iterable[FileEntry]) -> str:
    """sha256 over each path and content hash; the length in front keeps two paths from reading as one."""
    total = hashlib.sha256(_VERSION)
    for entry in in_order(files):
        path = entry.path.encode()
        total.update(b"%d:%s" % (len(path), path))
        total.update(bytes.fromhex(entry.sha256))
    return total.hexdigest()
