"""Where files wait on the host while a job's outputs come in."""

import hashlib
import os
from pathlib import Path

from harness.model.run import Artifact
from harness.model.sandbox import Limits
from sandbox.inside.wire import name_problem

MEGABYTE = 1 << 20


class Spool:
    """A private folder of the host where files wait under numbers, never under names that a candidate chose."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._bytes_left = limits.output_mb * MEGABYTE
        self._files_left = limits.output_files
        self._names: dict[str, Path] = {}
        self._folders: set[str] = set()
        self._open: int | None = None
        self._missing = 0

    @property
    def missing(self) -> int:
        """Bytes that the file being received still lacks."""
        return self._missing

    def begin(self, name: str, size: int) -> str | None:
        """Open a place for a file; the problem, when this file may not come."""
        problem = name_problem(name) or self._collision(name)
        if problem:
            return problem
        if size > self._bytes_left or self._files_left < 1:
            return "more was sent than may be brought out"
        self._bytes_left -= size
        self._files_left -= 1
        place = self._folder / f"{len(self._names):06d}"
        self._names[name] = place
        self._folders.update(_parents(name))
        self._open = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._missing = size
        self._close_when_whole()
        return None

    def _collision(self, name: str) -> str | None:
        taken = name in self._names or name in self._folders or any(folder in self._names for folder in _parents(name))
        return "its name is taken by another output" if taken else None

    def add(self, piece: bytes) -> None:
        if self._open is None or len(piece) > self._missing:
            message = "a piece without a file to belong to"
            raise ValueError(message)
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(self._open, rest) :]
        self._missing -= len(piece)
        self._close_when_whole()

    def _close_when_whole(self) -> None:
        if self._open is not None and not self._missing:
            os.close(self._open)
            self._open = None

    def drop_all(self) -> None:
        if self._open is not None:
            os.close(self._open)
            self._open = None
        for place in self._names.values():
            place.unlink(missing_ok=True)
        self._names.clear()
        self._folders.clear()
        self._missing = 0

    def move_to(self, destination: Path, step: str) -> tuple[Artifact, ...]:
        """Move the files under their names into a new folder."""
        destination.mkdir(parents=True)
        moved = []
        for name, place in sorted(self._names.items()):
            target = destination / name
            target.parent.mkdir(parents=True, exist_ok=True)
            size, digest = _carry(place, target)
            moved.append(Artifact(step=step, name=name, size=size, sha256=digest))
        self._names.clear()
        return tuple(moved)


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _carry(place: Path, target: Path) -> tuple[int, str]:
    """Copy, so that it works across file systems, and hash on the way."""
    digest, size = hashlib.sha256(), 0
    with place.open("rb") as reading, target.open("xb") as writing:
        while piece := reading.read(MEGABYTE):
            digest.update(piece)
            size += len(piece)
            writing.write(piece)
    place.unlink()
    return size, digest.hexdigest()
