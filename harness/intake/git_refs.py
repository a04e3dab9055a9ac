"""From a name (a branch, a tag, the start of an id) to one commit, by reading refs as plain bytes."""

import os
import re

from harness.errors import SubmissionError
from harness.intake.byte_source import ByteSource
from harness.intake.git_objects import ObjectStore
from harness.intake.names import cleaned
from harness.intake.nofollow import open_folder, open_regular
from harness.intake.refusals import Refused

_FULL_ID = re.compile(r"[0-9a-f]{40}")
_START_OF_ID = re.compile(r"[0-9a-f]{4,39}")
_NOT_IN_A_NAME = re.compile(r"^-|[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/$|^/|\.lock$|/\.|^\.")
_LONGEST_NAME = 500
_LONGEST_REF = 4_096
_LONGEST_PACKED_REFS = 32 << 20
_LONGEST_OBJECT = 1 << 20
_MOST_HOPS = 5
_REF = re.compile(rb"([0-9a-f]{40})\s*")
_SYMBOLIC = re.compile(rb"ref:\s*(\S+)\s*")
_TREE_OF = re.compile(rb"tree ([0-9a-f]{40})\n")
_TARGET_OF = re.compile(rb"object ([0-9a-f]{40})\ntype (commit|tag)\n")


def check_commit_name(name: str) -> None:
    """Refuses what could be an option, a range, a path or an expression."""
    if not name or len(name) > _LONGEST_NAME or _NOT_IN_A_NAME.search(name):
        raise SubmissionError(
            f"'{cleaned(name, 80)}' can't name a commit",
            expected="a full or short commit id, a branch or a tag",
            next_step="name the commit by its id",
        )


def is_full_id(name: str) -> bool:
    return _FULL_ID.fullmatch(name) is not None


class Refs:
    """The names that a git folder knows."""

    def __init__(self, git_fd: int, store: ObjectStore) -> None:
        self._fd = git_fd
        self._store = store

    def commit_of(self, name: str) -> str:
        """The full id of the one commit that the name stands for."""
        check_commit_name(name)
        if is_full_id(name.lower()):
            candidates = {name.lower()}
        else:
            candidates = self._named(name)
            if _START_OF_ID.fullmatch(name.lower()):
                candidates |= self._store.with_prefix(name.lower())
        commits = {commit for commit in map(self._peeled, candidates) if commit is not None}
        if len(commits) == 1:
            return commits.pop()
        raise _not_one(name, commits)

    def target(self, ref: str) -> str | None:
        """The commit that one whole ref holds now; None when there is no such ref."""
        found = self._read(ref)
        return self._peeled(found) if found else None

    def tree_of(self, commit: str) -> str:
        """The id of the commit's root folder."""
        found = _TREE_OF.match(self._store.get(commit, _LONGEST_OBJECT).content)
        if found is None:
            raise Refused("unreadable", "The commit is damaged in the repository.")
        return found[1].decode()

    def _named(self, name: str) -> set[str]:
        is_whole = name == "HEAD" or name.startswith("refs/")
        places = [name] if is_whole else [f"refs/heads/{name}", f"refs/tags/{name}"]
        found = {target for place in places if (target := self._read(place))}
        if not found and not is_whole:
            found = {target for target in [self._read(f"refs/remotes/origin/{name}")] if target}
        return found

    def _read(self, ref: str) -> str | None:
        """The id that a ref holds, through a few symbolic refs."""
        for _ in range(_MOST_HOPS):
            content = self._loose(ref)
            if content is None:
                return self._packed(ref)
            if direct := _REF.fullmatch(content):
                return direct[1].decode()
            symbolic = _SYMBOLIC.fullmatch(content)
            if symbolic is None:
                return None
            ref = os.fsdecode(symbolic[1])
            if not ref.startswith("refs/") or _NOT_IN_A_NAME.search(ref):
                return None
        return None

    def _loose(self, ref: str) -> bytes | None:
        *folders, name = os.fsencode(ref).split(b"/")
        return self._content(folders, name, _LONGEST_REF)

    def _packed(self, ref: str) -> str | None:
        lines = self._content([], b"packed-refs", _LONGEST_PACKED_REFS) or b""
        found = re.search(rb"^([0-9a-f]{40}) " + re.escape(os.fsencode(ref)) + rb"$", lines, re.MULTILINE)
        return found[1].decode() if found else None

    def _content(self, folders: list[bytes], name: bytes, most: int) -> bytes | None:
        try:
            with open_folder(self._fd, folders) as folder, open_regular(folder, name) as (fd, state):
                return ByteSource(fd, state.st_size).read(0, most)
        except Refused:
            return None

    def _peeled(self, object_id: str) -> str | None:
        """The commit that an object is, or that a tag points to."""
        for _ in range(_MOST_HOPS):
            try:
                found = self._store.get(object_id, _LONGEST_OBJECT)
            except Refused:
                return None
            if found.kind == b"commit":
                return object_id
            target = _TARGET_OF.match(found.content)
            if found.kind != b"tag" or target is None:
                return None
            object_id = target[1].decode()
        return None


def _not_one(name: str, commits: set[str]) -> SubmissionError:
    if not commits:
        return SubmissionError(
            f"the repository has no commit '{cleaned(name, 80)}'",
            expected="a full or short commit id, a branch or a tag of the repository",
            next_step="check the name; a shallow or partial clone lacks older commits",
        )
    return SubmissionError(
        f"'{cleaned(name, 80)}' stands for {len(commits)} different commits",
        expected="a name that stands for one commit",
        next_step="name the commit by its full id: " + ", ".join(sorted(commits)[:5]),
    )
