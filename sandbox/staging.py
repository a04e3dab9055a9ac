"""The private folder of one sandbox on the host, and the sources that an unprivileged user must be able to read.

When root starts a sandbox, another user reads what is mounted. What that user could not read (private modes below the
mount's own top) is copied with open modes into the staging folder, which only root can walk into; nobody else on the
host gets to see more than before.
"""

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from sandbox import owners
from sandbox.base import Owner

PREFIX = "harness-sandbox-"
OWNER_FILE = "owner.json"

ETC = {
    "passwd": "root:x:0:0:root:/nonexistent:/bin/sh\nsandbox:x:65534:65534:sandbox:/tmp:/bin/sh\n",
    "group": "root:x:0:\nsandbox:x:65534:\n",
    "hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


class Staging:
    """in/ for put files, etc/ for made-up configuration, spool/ for what comes out, and copies of unreadable sources."""

    def __init__(self, owner: Owner) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        (self.folder / OWNER_FILE).write_text(json.dumps(asdict(owner)), encoding="ascii")
        self.inputs, self.etc, self.spool = (self.folder / name for name in ("in", "etc", "spool"))
        self.spool.mkdir(mode=0o700)
        for folder in (self.inputs, self.etc):
            folder.mkdir()
            folder.chmod(0o755)
        for name, text in ETC.items():
            self.write(self.etc / name, text.encode("ascii"))
        self._copies = 0

    def write(self, file: Path, data: bytes) -> None:
        """A new file that everybody who can walk here may read and nobody may write."""
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
        file.chmod(0o444)

    def readable(self, source: Path) -> Path:
        """The source itself when any user can read all of it, else a copy; of its readable files only a second name."""
        if all_can_read(source):
            return source
        self._copies += 1
        copy = self.folder / f"copy-{self._copies}"
        if source.is_dir():
            shutil.copytree(source, copy, symlinks=True, copy_function=_link_or_copy)
            open_up_folders(copy)
        else:
            _link_or_copy(str(source), str(copy))
        return copy

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _tree(top: Path) -> Iterator[tuple[str, os.stat_result]]:
    yield str(top), top.lstat()
    if top.is_dir():
        with os.scandir(top) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _tree(Path(entry.path))
                else:
                    yield entry.path, entry.stat(follow_symlinks=False)


def all_can_read(top: Path) -> bool:
    for _, facts in _tree(top):
        wanted = 0o005 if stat.S_ISDIR(facts.st_mode) else 0o004
        if facts.st_mode & wanted != wanted and not stat.S_ISLNK(facts.st_mode):
            return False
    return True


def _link_or_copy(source: str, copy: str) -> None:
    """As copytree wants it. A copy that anybody may read, and execute if its owner could."""
    mode = stat.S_IMODE(Path(source).stat().st_mode)
    open_mode = _open_mode(mode)
    if mode == open_mode:
        with suppress(OSError):  # another file system, or one without hard links
            os.link(source, copy)
            return
    shutil.copyfile(source, copy)
    Path(copy).chmod(open_mode)


def open_up_folders(top: Path) -> None:
    for path, facts in list(_tree(top)):
        if stat.S_ISDIR(facts.st_mode):
            Path(path).chmod(0o755)


def open_up(top: Path) -> None:
    """Let everybody who can walk here read a tree of our own, and execute what its owner can."""
    for path, facts in list(_tree(top)):
        if not stat.S_ISLNK(facts.st_mode):
            Path(path).chmod(_open_mode(facts.st_mode))


def _open_mode(mode: int) -> int:
    return stat.S_IMODE(mode) | 0o444 | (0o111 if mode & 0o100 else 0)


def sweep(*, everything_mine: bool) -> Iterator[str]:
    """Remove staging folders of ours whose owner is dead or expired."""
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        try:
            facts = folder.lstat()
        except FileNotFoundError:
            continue  # another process has just removed its own
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
            continue
        owner = _owner_of(folder)
        if owner is None:
            continue
        reason = owners.why_removable(owner)
        if reason is None and everything_mine and owners.is_mine(owner):
            reason = "it is this process's own"
        if reason:
            shutil.rmtree(folder, ignore_errors=True)
            yield f"removed the staging folder {folder}: {reason}"


def _owner_of(folder: Path) -> Owner | None:
    try:
        return Owner(**json.loads((folder / OWNER_FILE).read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError):
        return None
