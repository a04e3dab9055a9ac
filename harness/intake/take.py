"""Taking a submission: by what it is, to one snapshot."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.errors import SubmissionError, UsageError
from harness.intake.archive import ArchiveTree, Member
from harness.intake.archive_tar import starts_like_tar, tar_members
from harness.intake.archive_zip import starts_like_zip, zip_members
from harness.intake.byte_source import ByteSource, inflated, is_compressed
from harness.intake.digest import digest_of, in_order
from harness.intake.folder import FolderTree, SingleFileTree, looks_like_bare_repository
from harness.intake.git_url import GitUrl, looks_like_url, parse_git_url
from harness.intake.limits import DEFAULT_LIMITS, IntakeLimits
from harness.intake.names import cleaned
from harness.intake.nofollow import FILE, FOLDER
from harness.intake.refusals import RefusalList
from harness.intake.staging import check_destination, staging
from harness.intake.tree import Tree
from harness.intake.walk import Walk
from harness.model.submission import Snapshot, Source

_START_BYTES = 512
_SINGLE_FILES = frozenset({".py", ".ipynb"})
_OTHER_ARCHIVES = {b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard", b"\x1f\x9d": "compress"}


@dataclass(frozen=True, slots=True)
class _Opened:
    """A submission that is ready to be walked."""

    tree: Tree
    source: Source
    stripped_folder: str | None = None


def take(
    submission: str | Path,
    destination: Path,
    *,
    commit: str | None = None,
    limits: IntakeLimits = DEFAULT_LIMITS,
) -> Snapshot:
    """Copies what is fit to keep of a submission below `destination`, and says what it was and what was left out.

    `submission` is a folder, a zip or tar file, one notebook or script, or a git repository: a local one when `commit`
    is given, or an address. `destination` must be absent or empty; it appears only when everything is there.
    Raises SubmissionError when there is nothing that could be read as a submission.
    """
    refusals = RefusalList(limits.refusals_listed)
    with (
        _named_in_errors(submission),
        _opened(submission, commit, destination, refusals, limits) as opened,
        staging(destination, limits) as staged,
    ):
        Walk(opened.tree, staged, refusals, limits).run()
    return Snapshot(
        digest=digest_of(staged.files),
        source=opened.source,
        files=in_order(staged.files),
        refusals=refusals.listed(),
        refusals_not_listed=refusals.not_listed,
        stripped_folder=opened.stripped_folder,
    )


@contextmanager
def _named_in_errors(submission: str | Path) -> Iterator[None]:
    """What is wrong inside a submission is told with the place of the submission; an address without its credential."""
    try:
        yield
    except SubmissionError as error:
        error.where = error.where or _shown(submission)
        raise


def _shown(submission: str | Path) -> str:
    if not _is_address(submission):
        return cleaned(str(submission))
    try:
        place = parse_git_url(str(submission))
    except SubmissionError:
        return ""  # a refused address may hold a token anywhere in it
    return cleaned(place.address if isinstance(place, GitUrl) else str(place))


def _is_address(submission: str | Path) -> bool:
    return isinstance(submission, str) and looks_like_url(submission) and not os.path.lexists(submission)


def _opened(
    submission: str | Path,
    commit: str | None,
    destination: Path,
    refusals: RefusalList,
    limits: IntakeLimits,
) -> AbstractContextManager[_Opened]:
    """Decides what the submission is; a path that exists is never taken for an address."""
    if not str(submission).strip():
        raise UsageError("no submission was named", expected="a path or the address of a repository")
    is_address = _is_address(submission)
    place = parse_git_url(str(submission)) if is_address else Path(submission)
    if isinstance(place, GitUrl):
        check_destination(destination, None)
        return _open_remote(place, commit, destination.parent, limits)
    path = _resolved(place)
    check_destination(destination, path if path.is_dir() else None)
    if not path.is_dir():
        return _open_file(path, commit, destination.parent, refusals, limits)
    if is_address or commit is not None:
        return _open_local_repository(path, commit, limits)
    return _open_folder(path)


def _resolved(path: Path) -> Path:
    """The one place where a link is followed: the submission's own path, named by the person who grades."""
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise SubmissionError(
            "there is nothing at this path",
            where=cleaned(str(path)),
            expected="a folder, a zip or tar file, a notebook, a script, or the address of a repository",
            next_step="check the path",
        ) from None
    if not resolved.is_dir() and not resolved.is_file():
        raise _unknown(resolved, "it is neither a file nor a folder")
    return resolved


@contextmanager
def _open_folder(path: Path) -> Iterator[_Opened]:
    if looks_like_bare_repository(path):
        raise SubmissionError(
            "this is a bare git repository",
            where=cleaned(str(path)),
            expected="a folder of files, or a repository and a commit",
            next_step="name a commit with --commit",
        )
    with _descriptor(path, FOLDER) as fd:
        yield _Opened(FolderTree(fd), Source(kind="folder", name=cleaned(path.name)))


@contextmanager
def _open_file(path: Path, commit: str | None, scratch: Path, refusals: RefusalList, limits: IntakeLimits) -> Iterator[_Opened]:
    if commit is not None:
        raise UsageError(
            "a commit was named, but the submission is one file",
            where=cleaned(str(path)),
            expected="a git repository",
            next_step="leave the commit out, or name the repository",
        )
    with _descriptor(path, FILE) as fd:
        source = ByteSource(fd, os.fstat(fd).st_size)
        start = source.read(0, _START_BYTES)
        name = cleaned(path.name)
        if starts_like_zip(start):
            yield _archive(zip_members(source, limits), Source(kind="zip", name=name), refusals, limits)
        elif is_compressed(start):
            with inflated(fd, start, limits.unpacked_bytes, scratch) as unpacked:
                if not starts_like_tar(unpacked.read(0, _START_BYTES)):
                    raise _unknown(path, "it is compressed, but not a tar file")
                yield _archive(tar_members(unpacked, limits), Source(kind="tar", name=name), refusals, limits)
        elif starts_like_tar(start):
            yield _archive(tar_members(source, limits), Source(kind="tar", name=name), refusals, limits)
        elif path.suffix.lower() in _SINGLE_FILES:
            with _descriptor(path.parent, FOLDER) as folder_fd:
                yield _Opened(SingleFileTree(folder_fd, os.fsencode(path.name)), Source(kind="folder", name=name))
        else:
            raise _unknown(path, _what_it_is(start))


def _archive(members: Iterator[Member], source: Source, refusals: RefusalList, limits: IntakeLimits) -> _Opened:
    tree = ArchiveTree(members, refusals, limits)
    stripped = tree.take_off_top()
    return _Opened(tree, source, stripped)


@contextmanager
def _open_local_repository(path: Path, commit: str | None, limits: IntakeLimits) -> Iterator[_Opened]:
    from harness.intake.git_tree import open_commit

    with open_commit(path, "HEAD" if commit is None else commit, limits) as (tree, full_id):
        yield _Opened(tree, _git_source(path.name, commit, full_id))


@contextmanager
def _open_remote(url: GitUrl, commit: str | None, scratch: Path, limits: IntakeLimits) -> Iterator[_Opened]:
    from harness.intake.git_fetch import fetched
    from harness.intake.git_tree import open_commit

    with (
        fetched(url, "HEAD" if commit is None else commit, limits, scratch) as (repository, local_name),
        open_commit(repository, local_name, limits) as (tree, full_id),
    ):
        yield _Opened(tree, _git_source(url.address, commit, full_id))


def _git_source(name: str, commit: str | None, full_id: str) -> Source:
    """The id is the truth; the name it was asked by is kept beside it when it says something else."""
    ref = cleaned(commit) if commit is not None and commit.lower() != full_id else None
    return Source(kind="git", name=cleaned(name), commit=full_id, ref=ref)


@contextmanager
def _descriptor(path: Path, flags: int) -> Iterator[int]:
    try:
        fd = os.open(path, flags)
    except OSError as error:
        raise SubmissionError(
            f"it can't be opened: {error.strerror}",
            where=cleaned(str(path)),
            expected="a submission that this user may read",
            next_step="check the access rights",
        ) from None
    try:
        yield fd
    finally:
        os.close(fd)


def _what_it_is(start: bytes) -> str:
    for magic, name in _OTHER_ARCHIVES.items():
        if start.startswith(magic):
            return f"it is a {name} archive"
    return "its content is of no known form" if start else "it is empty"


def _unknown(path: Path, seen: str) -> SubmissionError:
    return SubmissionError(
        f"this can't be taken as a submission: {seen}",
        where=cleaned(str(path)),
        expected="a folder, a zip, a tar (also gzip, bzip2 or xz), a .ipynb or .py file, or a git repository",
        next_step="hand in the folder itself, or pack it as a zip file",
    )
