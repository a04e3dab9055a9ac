"""A commit as a tree: objects only, never the work tree, never the repository's configuration or hooks."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from harness.errors import SubmissionError
from harness.intake.folder import looks_like_bare_repository
from harness.intake.git_objects import ObjectStore, TreeEntry
from harness.intake.git_refs import Refs
from harness.intake.limits import IntakeLimits
from harness.intake.names import cleaned
from harness.intake.nofollow import FOLDER, link, names_in, open_folder
from harness.intake.refusals import Refused
from harness.intake.tree import Item, Steps

_REGULAR_MODES = frozenset({0o100644, 0o100755, 0o100664})
"""The third was written by old versions of git; it means the first."""

_SUBMODULE = 0o160000
_BYTES_PER_ENTRY = 300
_WORK_PER_BYTE = 20


class GitTree:
    """The folders of one commit."""

    def __init__(self, store: ObjectStore, root: str, limits: IntakeLimits) -> None:
        self._store = store
        self._folders: dict[Steps, str] = {(): root}
        self._most = limits.entries * _BYTES_PER_ENTRY

    @contextmanager
    def enter(self, steps: Steps, most: int) -> Iterator[Sequence[Item]]:
        items = []
        for entry in self._store.tree(self._folders[steps], self._most):
            items.append(self._item(entry))
            if items[-1].kind == "folder":
                self._folders.setdefault((*steps, entry.name), entry.object_id)
            if len(items) > most:
                break
        yield items

    def _item(self, entry: TreeEntry) -> Item:
        if entry.mode in _REGULAR_MODES:
            return Item(entry.name, "file", read=partial(self._read, entry.object_id))
        if stat.S_IFMT(entry.mode) == stat.S_IFDIR:
            return Item(entry.name, "folder")
        if entry.mode == _SUBMODULE:
            refused = Refused("submodule", "A submodule: a pointer to another repository, which isn't fetched.")
        elif stat.S_ISLNK(entry.mode):
            refused = link()
        else:
            refused = Refused("special_file", f"An entry of mode {entry.mode:o}; only regular files are kept.")
        return Item(entry.name, "other", refused=refused)

    def _read(self, object_id: str, most: int) -> Iterator[bytes]:
        found = self._store.get(object_id, most)
        if found.kind != b"blob":
            raise Refused("unreadable", "The object isn't a file.")
        yield found.content


@contextmanager
def open_commit(repository: Path, name: str, limits: IntakeLimits) -> Iterator[tuple[GitTree, str]]:
    """The tree of a commit in a local repository, and the commit's full id."""
    with ExitStack() as stack:
        git_fd = _open_git_folder(repository, stack)
        try:
            store = ObjectStore(git_fd, stack, work=_WORK_PER_BYTE * limits.total_bytes)
            refs = Refs(git_fd, store)
            commit = refs.commit_of(name)
            root = refs.tree_of(commit)
            store.tree(root, limits.entries * _BYTES_PER_ENTRY)
        except Refused as refused:
            raise SubmissionError(
                f"the commit can't be read: {refused.reason}",
                where=cleaned(str(repository)),
                expected="a complete git repository",
                next_step="check it with 'git fsck', or hand in the folder",
            ) from None
        yield GitTree(store, root, limits), commit


def open_refs(repository: Path, stack: ExitStack, limits: IntakeLimits) -> Refs:
    """The names that a local repository knows."""
    git_fd = _open_git_folder(repository, stack)
    return Refs(git_fd, ObjectStore(git_fd, stack, work=_WORK_PER_BYTE * limits.total_bytes))


def _open_git_folder(repository: Path, stack: ExitStack) -> int:
    """The `.git` of a work tree, or the folder itself when it is a bare repository."""
    try:
        root_fd = os.open(repository, FOLDER)
    except OSError as error:
        raise _not_a_repository(repository, f"it can't be opened: {error.strerror}") from None
    stack.callback(os.close, root_fd)
    try:
        return stack.enter_context(open_folder(root_fd, (b".git",)))
    except Refused as refused:
        if looks_like_bare_repository(repository):
            return root_fd
        found = b".git" in map(os.fsencode, names_in(root_fd))
        elsewhere = f"its .git can't be used, perhaps because it points to a repository somewhere else. {refused.reason}"
        raise _not_a_repository(
            repository, elsewhere if found else "there is no git repository to take a commit from"
        ) from None


def _not_a_repository(repository: Path, seen: str) -> SubmissionError:
    return SubmissionError(
        seen,
        where=cleaned(str(repository)),
        expected="a folder with its own .git folder in it, or a bare repository",
        next_step="name the main repository, or leave the commit out to take the folder as it is",
    )
