"""Folders that the harness is told to write into: made where they are missing, and never a stranger's."""

from collections.abc import Callable
from pathlib import Path

from harness.errors import UsageError


def take_folder(root: Path, writer: str, is_ours: Callable[[str], bool], *, mode: int = 0o777, option: str = "--out") -> None:
    """Make the folder, or take one again that an earlier run, batch or watch wrote; names that begin with a dot are nobody's.

    Refuses a folder in which somebody else keeps something: it is theirs, and ours are cleared before they are used again.
    """
    make_folder(root, f"a folder for the {writer}", mode=mode, option=option)
    strange = sorted(name for name in _names(root, option) if not name.startswith(".") and not is_ours(name))
    if strange:
        raise UsageError(
            f"holds files that no {writer} has written, such as {strange[0]!r}",
            where=str(root),
            expected=f"a new folder, or one that an earlier {writer} wrote",
            next_step=f"name another {option}",
        )


def missing_above(root: Path) -> list[Path]:
    """The folders above this one that are not there yet, the nearest first."""
    return [place for place in root.parents if not place.exists()]


def remove_empty(places: list[Path]) -> None:
    """Take folders away as far as nothing is in them."""
    for place in places:
        try:
            place.rmdir()
        except OSError:
            return


def make_folder(root: Path, expected: str, *, mode: int = 0o777, option: str = "--out") -> None:
    """Make the folder and those above it; one that is there is left as it is."""
    for place in (root, *root.parents):
        if place.exists() and not place.is_dir():
            raise UsageError("is a file", where=str(place), expected=expected, next_step=f"name another {option}")
    try:
        root.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"cannot be made: {error.strerror}", where=str(root), expected=expected, next_step=f"name another {option}"
        ) from error


def _names(root: Path, option: str) -> list[str]:
    try:
        return [path.name for path in root.iterdir()]
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}",
            where=str(root),
            expected="a folder that this user may read",
            next_step=f"check its access rights, or name another {option}",
        ) from error
