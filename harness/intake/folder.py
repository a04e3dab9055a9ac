"""A submission that is a folder, or one notebook or script."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from harness.intake.nofollow import link, open_folder, read_regular, refused_for, special_file
from harness.intake.tree import Item, Steps


class FolderTree:
    """Walks real folders by descriptor. Only the root was allowed to be a link, and it was resolved before."""

    def __init__(self, root_fd: int) -> None:
        self._root_fd = root_fd

    @contextmanager
    def enter(self, steps: Steps, most: int) -> Iterator[Sequence[Item]]:
        with open_folder(self._root_fd, steps) as fd:
            yield _listing(fd, most)


def _listing(fd: int, most: int) -> list[Item]:
    try:
        with os.scandir(fd) as entries:
            return [_item(fd, entry) for entry in islice(entries, most + 1)]
    except OSError as error:
        raise refused_for(error) from None


def _item(fd: int, entry: "os.DirEntry[str]") -> Item:
    name = os.fsencode(entry.name)
    if entry.is_symlink():
        return Item(name, "other", refused=link())
    if entry.is_dir(follow_symlinks=False):
        return Item(name, "folder")
    if entry.is_file(follow_symlinks=False):
        return Item(name, "file", read=partial(read_regular, fd, name))
    return Item(name, "other", refused=special_file())


def looks_like_bare_repository(folder: Path) -> bool:
    try:
        has_parts = (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()
        return has_parts and not (folder / ".git").exists()
    except PermissionError:
        return False


class SingleFileTree:
    """A submission of one notebook or script."""

    def __init__(self, folder_fd: int, name: bytes) -> None:
        self._folder_fd = folder_fd
        self._name = name

    @contextmanager
    def enter(self, steps: Steps, most: int) -> Iterator[Sequence[Item]]:  # noqa: ARG002 - there is only the root
        yield [Item(self._name, "file", read=partial(read_regular, self._folder_fd, self._name))]
