"""The one walk over every form of submission: what is kept, what is refused, and when to stop.

Breadth first, names in byte order, so that the same content gives the same snapshot from a folder, an archive or a
commit, and so that one enormous folder costs itself and not the small files beside it.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence

from harness.intake.clutter import check_clutter, check_environment
from harness.intake.limits import IntakeLimits
from harness.intake.names import check_name, cleaned, same_elsewhere
from harness.intake.refusals import RefusalList, Refused
from harness.intake.staging import StagedTree
from harness.intake.tree import Item, Reader, Steps, Tree

_LFS_POINTER = re.compile(
    rb"version https://[a-z.-]+/spec/v1\r?\n(ext-[^\n]+\n)*oid sha256:[0-9a-f]{64}\r?\nsize [0-9]+\s*",
)
_LFS_POINTER_BYTES = 1024


class Walk:
    """Copies what is fit to keep from a tree to a staged tree, and lists the rest."""

    def __init__(self, tree: Tree, staged: StagedTree, refusals: RefusalList, limits: IntakeLimits) -> None:
        self._tree = tree
        self._staged = staged
        self._refusals = refusals
        self._limits = limits
        self._entries_left = limits.entries
        self._kind_at: dict[str, str] = {}
        self._folders: deque[Steps] = deque([()])

    def run(self) -> None:
        while self._folders:
            steps = self._folders.popleft()
            try:
                self._folder(steps)
            except Refused as refused:
                self._refusals.add(_shown(steps), refused)

    def _folder(self, steps: Steps) -> None:
        if len(steps) >= self._limits.depth:
            raise Refused("too_deep", f"The folder is {len(steps)} deep; {self._limits.depth} steps to a file are accepted.")
        with self._tree.enter(steps, self._entries_left) as items:
            self._check_listing(steps, items)
            for item in sorted(items, key=lambda item: item.name):
                path = (*steps, item.name)
                try:
                    self._item(path, item)
                except Refused as refused:
                    self._refusals.add(_shown(path), refused)

    def _check_listing(self, steps: Steps, items: Sequence[Item]) -> None:
        if steps:
            check_environment({item.name for item in items})
        if len(items) > self._entries_left:
            raise Refused(
                "too_many",
                f"With this folder the submission would have more than {self._limits.entries:,} entries.",
            )
        self._entries_left -= len(items)
        if steps and not items:
            raise Refused("metadata", "An empty folder; only files are kept.", harmless=True)

    def _item(self, steps: Steps, item: Item) -> None:
        check_name(item.name, self._limits)
        if item.refused is not None:
            raise item.refused
        is_folder = item.kind == "folder"
        check_clutter(item.name.decode(), is_folder=is_folder, at_root=len(steps) == 1)
        path = b"/".join(steps)
        if len(path) > self._limits.path_bytes:
            raise Refused("too_deep", f"The path has {len(path)} bytes; {self._limits.path_bytes} are accepted.")
        self._check_collision(path.decode(), item.kind)
        if is_folder:
            self._folders.append(steps)
        elif item.read is not None:
            self._staged.write(path.decode(), _without_pointer(item.read, self._limits.file_bytes))

    def _check_collision(self, path: str, kind: str) -> None:
        """Two folders may share a key and become one elsewhere; what they hold is compared in turn."""
        key = same_elsewhere(path)
        met = self._kind_at.get(key)
        if met is None:
            self._kind_at[key] = kind
        elif (met, kind) != ("folder", "folder"):
            raise Refused("duplicate", "Another entry has this name, or has it but for upper case or accents.")


def _without_pointer(read: Reader, most: int) -> Iterator[bytes]:
    chunks = read(most)
    first = next(chunks, b"")
    if len(first) <= _LFS_POINTER_BYTES and _LFS_POINTER.fullmatch(first):
        raise Refused("lfs_pointer", "A Git LFS pointer; the file itself isn't in the submission.")
    yield first
    yield from chunks


def _shown(steps: Steps) -> str:
    return cleaned(b"/".join(steps)) or "."
