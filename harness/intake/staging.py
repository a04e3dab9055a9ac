"""Where a snapshot is written: a private folder beside the destination, renamed to it when everything is there."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import SandboxError, SubmissionError, UsageError
from harness.intake.limits import IntakeLimits
from harness.intake.names import cleaned
from harness.intake.refusals import Refused
from harness.intake.tree import too_large
from harness.model.submission import FileEntry

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class StagedTree:
    """Writes regular files, 0644 in 0755 folders, below one open folder; counts what it writes."""

    def __init__(self, folder_fd: int, limits: IntakeLimits) -> None:
        self._fd = folder_fd
        self._limits = limits
        self._folders: set[str] = {""}
        self._written = 0
        self.files: list[FileEntry] = []

    def write(self, path: str, chunks: Iterator[bytes]) -> None:
        """Copies one file. When its reader says Refused, nothing of it stays."""
        self._make_folders(path.rpartition("/")[0])
        size, hasher = 0, hashlib.sha256()
        try:
            fd = os.open(path, _CREATE, 0o644, dir_fd=self._fd)
            with open(fd, "wb") as out:  # noqa: PTH123 - a descriptor, not a path
                os.fchmod(fd, 0o644)
                for chunk in chunks:
                    size += len(chunk)
                    self._check_size(size)
                    hasher.update(chunk)
                    out.write(chunk)
        except Refused:
            os.unlink(path, dir_fd=self._fd)
            raise
        except OSError as error:
            raise _cannot_write(error) from error
        self._written += size
        self.files.append(FileEntry(path=path, size=size, sha256=hasher.hexdigest()))

    def _make_folders(self, folder: str) -> None:
        if folder in self._folders:
            return
        steps = folder.split("/")
        for depth in range(1, len(steps) + 1):
            path = "/".join(steps[:depth])
            if path not in self._folders:
                try:
                    os.mkdir(path, 0o755, dir_fd=self._fd)
                    os.chmod(path, 0o755, dir_fd=self._fd)  # noqa: S103 - read by another user in the sandbox
                except OSError as error:
                    raise _cannot_write(error) from error
                self._folders.add(path)

    def _check_size(self, size: int) -> None:
        if size > self._limits.file_bytes:
            raise too_large(size, self._limits.file_bytes)
        if self._written + size > self._limits.total_bytes:
            raise SubmissionError(
                f"the files of the submission have more than {self._limits.total_bytes:,} bytes together",
                expected="code, notebooks and small results; data and models are made again by running the code",
                next_step="leave out data, models and environments, or raise the intake limit",
            )


def _cannot_write(error: OSError | RuntimeError) -> SandboxError:
    reason = error.strerror if isinstance(error, OSError) else "the path is a loop of links"
    return SandboxError(
        f"the copy of the submission can't be written: {reason}",
        expected="a writable output folder with enough space",
        next_step="free some space or choose another output folder, then try again",
    )


def check_destination(destination: Path, submission: Path | None) -> None:
    """Refuses a destination that holds something, is a link, or lies inside the submission's own folder."""
    try:
        problem = _problem_with(destination)
        is_inside = submission is not None and destination.resolve().is_relative_to(submission.resolve())
    except (OSError, RuntimeError) as error:  # no right to look, a name that is too long, a link to itself
        raise _cannot_write(error) from error
    if problem:
        raise UsageError(
            problem,
            where=cleaned(str(destination)),
            expected="a new or empty folder",
            next_step="choose another output folder",
        )
    if is_inside:
        raise UsageError(
            "the output folder lies inside the submission, which is never written to",
            where=cleaned(str(destination)),
            expected="an output folder somewhere else",
            next_step="choose another output folder, for example with --out",
        )


def _problem_with(destination: Path) -> str:
    if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
        return "the destination isn't a folder"
    if destination.is_dir() and any(destination.iterdir()):
        return "the destination holds files already"
    return ""


@contextmanager
def staging(destination: Path, limits: IntakeLimits) -> Iterator[StagedTree]:
    """A tree to write; becomes `destination` when the block ends well, and vanishes when it doesn't."""
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        temporary = tempfile.mkdtemp(prefix=".intake-", dir=destination.parent)
    except OSError as error:
        raise _cannot_write(error) from error
    try:
        fd = os.open(temporary, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield StagedTree(fd, limits)
            os.fchmod(fd, 0o755)
        finally:
            os.close(fd)
        try:
            os.rename(temporary, destination)  # noqa: PTH104 - onto an empty folder, which Path.rename promises nowhere
        except OSError as error:
            raise _cannot_write(error) from error
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
