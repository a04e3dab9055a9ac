"""Evidence: all that a check may look at. Nothing else is read, imported, asked or measured by a check."""

import hashlib
import os
import stat
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from harness.model.facts import Facts
from harness.model.pack import Pack
from harness.model.report import Rung
from harness.model.run import Artifact, RunSet
from harness.model.submission import Declaration, FileEntry, Snapshot

MAX_TEXT_BYTES = 1_000_000
MAX_NOTEBOOK_BYTES = 20_000_000


@dataclass(frozen=True)
class Reference:
    """Private material for judging: read by checks after every sandbox is gone, never placed in one."""

    labels: Path
    """A CSV of the holdout's labels, keyed as the predictions are."""
    rungs: tuple[Rung, ...] = ()
    declared_columns: tuple[str, ...] = ()
    public: Path | None = None
    """The data as the candidate was given it."""


@dataclass(frozen=True)
class Evidence:
    """The snapshot on disk, what running it gave, and what the pack knows. `inspect` has only the first."""

    snapshot: Snapshot
    files: Path
    """Folder that holds the snapshot's files; all of them regular, none of them links."""
    declaration: Declaration = field(default_factory=Declaration)
    declaration_problem: str = ""
    runs: RunSet | None = None
    artifacts: Path | None = None
    pack: Pack | None = None
    facts: Facts | None = None
    brief: str = ""
    """Text of the candidate's brief and starter, so that it is not counted as the candidate's own."""
    public_columns: tuple[str, ...] = ()
    reference: Reference | None = None

    def read_text(self, path: str, limit: int = MAX_TEXT_BYTES) -> str | None:
        """A snapshot file as text, undecodable bytes shown as escapes; None when it is absent or above the limit."""
        entry = self._entries.get(path)
        if entry is None or entry.size > limit:
            return None
        return read_recorded(self.files, path, entry.size, entry.sha256).decode("utf-8", errors="backslashreplace")

    def named(self, *endings: str) -> tuple[str, ...]:
        """Snapshot paths with one of these endings, in order."""
        return tuple(path for path in self.snapshot.paths() if path.lower().endswith(endings))

    def artifact(self, step: str, name: str) -> Artifact | None:
        result = self.runs.step(step) if self.runs else None
        return next((one for one in result.artifacts if one.name == name), None) if result else None

    def read_artifact(self, step: str, name: str, limit: int) -> bytes | None:
        """An artifact's bytes; None when it is absent or above the limit."""
        artifact = self.artifact(step, name)
        if artifact is None or self.artifacts is None or artifact.size > limit:
            return None
        return read_recorded(self.artifacts, artifact.path, artifact.size, artifact.sha256)

    @cached_property
    def _entries(self) -> dict[str, FileEntry]:
        return {entry.path: entry for entry in self.snapshot.files}


class ChangedFileError(Exception):
    """A file of a run is not the one that was recorded: a fault of whoever keeps the run, never of the submission."""


def read_recorded(root: Path, path: str, size: int, sha256: str) -> bytes:
    """The bytes of a file below `root`, reached through no link, when they are those that were recorded."""
    try:
        with ExitStack() as stack:
            descriptor = _plain_file(root, path.split("/"), stack)
            if os.fstat(descriptor).st_size != size:
                raise ChangedFileError(f"{path!a} has another size than was recorded")
            data = b"".join(iter(lambda: os.read(descriptor, 1 << 20), b""))
    except (OSError, ValueError) as error:
        raise ChangedFileError(f"{path!a} cannot be read as a plain file") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ChangedFileError(f"{path!a} has another content than was recorded")
    return data


def _plain_file(root: Path, steps: list[str], stack: ExitStack) -> int:
    """A descriptor of a regular file; each step is opened in the folder before it, and none may be a link or lead up."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    stack.callback(os.close, descriptor)
    for place, step in enumerate(steps, start=1):
        if step in ("", ".", ".."):
            raise ValueError(step)
        kind = os.O_NONBLOCK | os.O_NOCTTY if place == len(steps) else os.O_DIRECTORY
        descriptor = os.open(step, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | kind, dir_fd=descriptor)
        stack.callback(os.close, descriptor)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise ValueError(steps[-1])
    return descriptor
