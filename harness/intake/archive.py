"""Archives as trees: members are sorted into folders first, and a single top folder is taken off."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from harness.errors import SubmissionError
from harness.intake.clutter import is_clutter
from harness.intake.limits import IntakeLimits
from harness.intake.names import cleaned, split_path
from harness.intake.refusals import RefusalList, Refused
from harness.intake.tree import Item, Reader, Steps


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of an archive, by the path that it states itself."""

    path: bytes
    kind: Literal["file", "folder", "other"]
    read: Reader | None = None
    refused: Refused | None = None


class ArchiveTree:
    """The folders of an archive; nothing is unpacked until the walk asks for it."""

    def __init__(self, members: Iterable[Member], refusals: RefusalList, limits: IntakeLimits) -> None:
        self._folders: dict[Steps, dict[bytes, Item]] = {(): {}}
        self._top: Steps = ()
        self._limits = limits
        for member in members:
            try:
                self._plant(split_path(member.path, limits), member)
            except Refused as refused:
                refusals.add(cleaned(member.path), refused)

    def _plant(self, steps: Steps, member: Member) -> None:
        self._make_folder(steps[:-1])
        if member.kind == "folder":
            self._make_folder(steps)
            return
        siblings = self._folders[steps[:-1]]
        if steps[-1] in siblings:
            raise Refused("duplicate", "The archive has this path already; the first entry counts.")
        siblings[steps[-1]] = Item(steps[-1], member.kind, member.read, member.refused)

    def _make_folder(self, steps: Steps) -> None:
        if steps in self._folders:
            return
        if len(self._folders) > self._limits.entries_in_archive:
            raise too_many_entries(self._limits)
        self._make_folder(steps[:-1])
        above = self._folders[steps[:-1]]
        if steps[-1] in above:
            raise Refused("duplicate", "The archive has a file of this name and a folder of this name.")
        above[steps[-1]] = Item(steps[-1], "folder")
        self._folders[steps] = {}

    def take_off_top(self) -> str | None:
        """Steps into the single top folder, unless it is a Python package that is imported by its name."""
        worth = [item for item in self._folders[()].values() if not _is_clutter(item)]
        if len(worth) != 1 or worth[0].kind != "folder":
            return None
        top = worth[0].name
        if b"__init__.py" in self._folders[(top,)]:
            return None
        self._top = (top,)
        return cleaned(top)

    @contextmanager
    def enter(self, steps: Steps, most: int) -> Iterator[Sequence[Item]]:
        items = list(self._folders[self._top + steps].values())
        if not steps and self._top:
            items += [replace(item) for item in self._folders[()].values() if item.name != self._top[0]]
        yield items[: most + 1]


def _is_clutter(item: Item) -> bool:
    return is_clutter(item.name.decode("utf-8", "replace"), is_folder=item.kind == "folder")


def too_many_entries(limits: IntakeLimits) -> SubmissionError:
    return SubmissionError(
        f"the archive lists more than {limits.entries_in_archive:,} entries",
        expected=f"at most {limits.entries:,} files of work",
        next_step="leave out data, environments and caches",
    )
