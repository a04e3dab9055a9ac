"""The contract of every form a submission comes in: folders that list items, items that can be read."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from harness.intake.refusals import Refused

Steps = tuple[bytes, ...]
"""A path from the root of the submission, one step an element; the root itself is empty."""

Reader = Callable[[int], Iterator[bytes]]
"""Called with the most bytes a file may have; raises Refused when it has more or can't be read in full."""


@dataclass(frozen=True, slots=True)
class Item:
    """One name in a folder. `refused` says why an item that is neither file nor folder can't be one."""

    name: bytes
    kind: Literal["file", "folder", "other"]
    read: Reader | None = None
    refused: Refused | None = None


class Tree(Protocol):
    """A submission as intake walks it."""

    def enter(self, steps: Steps, most: int) -> AbstractContextManager[Sequence[Item]]:
        """The items of a folder, in any order; may stop listing once there are more than `most` of them.

        The items are readable only inside the context. Raises Refused when the folder can't be listed.
        """
        ...


def too_large(size: int, most: int) -> Refused:
    return Refused("too_large", f"The file has {size:,} bytes; {most:,} are accepted.")
