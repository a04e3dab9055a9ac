"""The result store: finished runs under a key made of everything that could change them, so that nothing is graded twice.

A result counts once its folder stands under its final name: it is put together beside it and renamed. A stored result
is used only if every file in it still has the digest that it was stored with.
"""

import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.errors import SandboxError
from harness.store import write_whole

_KEPT = ".kept.json"
_GROWS = frozenset({"events.jsonl"})
"""Files that a run appends to; everything else is replaced as a whole, so that two folders can share one copy."""


def content_key(footing: str, submission_digest: str, seed: int) -> str:
    """Of everything that could change a result: what all members share, the submission, and the seed of its data."""
    return digest_of({"footing": footing, "submission": submission_digest, "seed": seed})


def digest_of(parts: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class ResultStore:
    """Folders by key, shared by every batch that names the same place."""

    root: Path

    def has(self, key: str) -> bool:
        return (self._place(key) / _KEPT).is_file()

    def keep(self, key: str, run: Path) -> None:
        """Store a finished run. Files are shared with the run folder where the file system lets them be."""
        if self.has(key):
            return
        place = self._place(key)
        with _draft(place) as draft:
            digests = _share(run, draft)
            write_whole(draft / _KEPT, json.dumps(digests, indent=0, sort_keys=True).encode("ascii"))
            _put_in_place(draft, place)

    def bring(self, key: str, destination: Path, accept: Callable[[Path], bool]) -> bool:
        """Make `destination` the stored run. False when there is none, or none that is whole and accepted."""
        place = self._place(key)
        digests = _kept_digests(place)
        if digests is None or not accept(place):
            return False
        with _draft(destination) as draft:
            if _share(place, draft) != digests:
                self.drop(key)
                return False
            _put_in_place(draft, destination)
        return True

    def drop(self, key: str) -> None:
        shutil.rmtree(self._place(key), ignore_errors=True)

    @contextmanager
    def claim(self, key: str, say: Callable[[str], None]) -> Iterator[None]:
        """Hold a key while it is being graded, so that two batches don't do the same work at once."""
        locks = self.root / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        handle = os.open(locks / key[:3], os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            start = _byte_of(key)
            if not _take(handle, start):
                say("another batch is grading the same; waiting for its result")
                while not _take(handle, start):
                    time.sleep(0.2)
            yield
        finally:
            os.close(handle)

    def _place(self, key: str) -> Path:
        return self.root / key[:2] / key


def open_store(root: Path) -> ResultStore:
    """The store at this place; what lies in it is later told as results of ours."""
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = root.stat()
    except OSError as problem:
        raise SandboxError(
            f"the result store cannot be used: {problem.strerror}", where=str(root), next_step="name another --store"
        ) from problem
    if facts.st_uid not in (os.geteuid(), 0) or facts.st_mode & stat.S_IWOTH:
        raise SandboxError(
            "the result store belongs to another user, or everybody may write to it",
            where=str(root),
            expected="a folder that only you, or root, can write to",
            next_step="name another --store",
        )
    return ResultStore(root)


def _take(handle: int, start: int) -> bool:
    """A lock on one byte: thousands of keys need no more than a few files, and a dead holder frees its own."""
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, start)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _byte_of(key: str) -> int:
    return int(key[:12], 16)


def _kept_digests(place: Path) -> dict[str, str] | None:
    try:
        value = json.loads((place / _KEPT).read_bytes())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _share(source: Path, destination: Path) -> dict[str, str]:
    """Every regular file of a run folder, linked or copied; their digests by path."""
    digests = {}
    for folder, _, names in os.walk(source):
        target = destination / Path(folder).relative_to(source)
        target.mkdir(exist_ok=True)
        for name in names:
            file = Path(folder, name)
            if name.startswith(".") and Path(folder) == source:
                continue
            if file.is_symlink() or not file.is_file():
                continue
            _link_or_copy(file, target / name)
            with (target / name).open("rb") as copied:
                digests[file.relative_to(source).as_posix()] = hashlib.file_digest(copied, "sha256").hexdigest()
    return digests


def _link_or_copy(file: Path, target: Path) -> None:
    if file.name not in _GROWS:
        try:
            os.link(file, target, follow_symlinks=False)
        except OSError:
            pass  # another file system, or one without links
        else:
            return
    shutil.copy2(file, target, follow_symlinks=False)


@contextmanager
def _draft(place: Path) -> Iterator[Path]:
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=place.parent))
    try:
        draft.chmod(0o755)
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put_in_place(draft: Path, place: Path) -> None:
    """Rename; what stood there before is moved aside first and then removed."""
    with tempfile.TemporaryDirectory(prefix=".old-", dir=place.parent, ignore_cleanup_errors=True) as aside:
        if place.exists():
            place.rename(Path(aside, "old"))
        draft.rename(place)
