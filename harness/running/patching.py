"""Changing a repository as a submission asks: unified diffs and whole files, read strictly and as text.

Nothing is run and nothing is guessed: a hunk applies where its old lines stand exactly, nearest to where it says they are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PATCHES, COPIES = "patches/", "patched/"
MOST_FILES, MOST_BYTES = 60, 500_000
_HUNK = re.compile(r"@@ -(\d{1,7})(?:,(\d{1,7}))? \+(\d{1,7})(?:,(\d{1,7}))? @@")
_IGNORED = ("diff --git ", "index ", "new file mode ", "deleted file mode ", "old mode ", "new mode ", "similarity index ")
_REFUSED = ("rename ", "copy ", "GIT binary patch", "Binary files ")


class PatchError(Exception):
    """Why a change cannot be made, in one sentence."""


@dataclass(frozen=True)
class Applied:
    """One change of the submission: which files of the repository it changed, or why it was left out."""

    source: str
    files: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class _Hunk:
    start: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def change_repository(repository: Path, submission: Path, paths: tuple[str, ...]) -> tuple[dict[str, str], list[Applied]]:
    """The repository's text files after all changes, and what became of each. A change applies whole or not at all."""
    tree = dict(_texts(repository))
    account = []
    wanted = sorted(path for path in paths if path.startswith(COPIES) or (path.startswith(PATCHES) and path.endswith(_ENDINGS)))
    for source in sorted(wanted[:MOST_FILES], key=lambda path: (not path.startswith(COPIES), path)):
        try:
            text = _read(submission / source)
            changed = {source.removeprefix(COPIES): text} if source.startswith(COPIES) else apply_patch(tree, text)
            _expect_inside(changed)
        except PatchError as why:
            account.append(Applied(source, problem=str(why)))
            continue
        tree = {path: text for path, text in {**tree, **changed}.items() if text is not None}
        account.append(Applied(source, tuple(sorted(changed))))
    account += [Applied(source, problem=f"only {MOST_FILES} changes are looked at") for source in wanted[MOST_FILES:]]
    return tree, account


_ENDINGS = (".patch", ".diff")


def write_tree(tree: Mapping[str, str], folder: Path) -> None:
    for path, text in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8", newline="")


def apply_patch(tree: Mapping[str, str], text: str) -> dict[str, str | None]:
    """The files that a unified diff changes, with their new text; None for a file that it deletes."""
    changed: dict[str, str | None] = {}
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        line = lines[place].rstrip("\r")
        if line.startswith(_REFUSED):
            raise PatchError(f"line {place + 1} asks for a rename, a copy or a binary change; only text changes are applied")
        if line.startswith("--- ") and place + 1 < len(lines) and lines[place + 1].startswith("+++ "):
            old, new = _name(line), _name(lines[place + 1].rstrip("\r"))
            hunks, place = _hunks(lines, place + 2)
            target, content = _changed_file({**tree, **changed}, old, new, hunks)
            changed[target] = content
            continue
        place += 1
    if not changed:
        raise PatchError("it holds no change in the form of a unified diff (---, +++, @@)")
    return changed


def _changed_file(
    tree: Mapping[str, str | None], old: str | None, new: str | None, hunks: list[_Hunk]
) -> tuple[str, str | None]:
    name = new or old
    if name is None:
        raise PatchError("a change from /dev/null to /dev/null says nothing")
    if old is not None and new is not None and old != new:
        raise PatchError(f"it would rename {old} to {new}; only text changes are applied")
    before = tree.get(name)
    if old is None:
        if before is not None:
            raise PatchError(f"it would create {name}, which is there already")
        return name, "\n".join(line for hunk in hunks for line in hunk.new) + "\n"
    if before is None:
        raise PatchError(f"there is no file {name} in the repository")
    after = _with_hunks(before, hunks, name)
    return name, after if new is not None else None


def _with_hunks(text: str, hunks: list[_Hunk], name: str) -> str:
    ending = "\n" if text.endswith("\n") else ""
    lines = text.removesuffix("\n").split("\n") if text else []
    shift = low = 0
    for number, hunk in enumerate(hunks, 1):
        place = _place(lines, hunk, hunk.start - 1 + shift, low)
        if place is None:
            raise PatchError(f"change {number} of {name} does not fit: its lines do not stand in the file as it is")
        lines[place : place + len(hunk.old)] = hunk.new
        shift = place - (hunk.start - 1) + len(hunk.new) - len(hunk.old)
        low = place + len(hunk.new)
    return "\n".join(lines) + (ending or "\n") if lines else ""


def _place(lines: list[str], hunk: _Hunk, wanted: int, low: int) -> int | None:
    """Where the hunk's old lines stand, nearest to where they should."""
    if not hunk.old:
        return min(max(wanted + 1, low), len(lines))
    size = len(hunk.old)
    first = hunk.old[0]
    found = [
        place
        for place in range(low, len(lines) - size + 1)
        if lines[place] == first and tuple(lines[place : place + size]) == hunk.old
    ]
    return min(found, key=lambda place: (abs(place - wanted), place), default=None)


def _hunks(lines: list[str], place: int) -> tuple[list[_Hunk], int]:
    found = []
    while place < len(lines) and (head := _HUNK.match(lines[place])):
        start, old_count, new_count = int(head[1]), int(head[2] or 1), int(head[4] or 1)
        old: list[str] = []
        new: list[str] = []
        place += 1
        while len(old) < old_count or len(new) < new_count:
            if place >= len(lines):
                raise PatchError("it ends in the middle of a change")
            line = lines[place].removesuffix("\r")
            place += 1
            if line.startswith("\\"):
                continue
            sign, rest = (line[:1] or " "), line[1:]
            if sign not in " +-":
                raise PatchError(f"line {place} begins with {sign!r}, where a space, + or - is expected")
            old += [rest] if sign in " -" else []
            new += [rest] if sign in " +" else []
        if len(old) != old_count or len(new) != new_count:
            raise PatchError(f"the counts in {head[0]!r} do not agree with the lines below it")
        found.append(_Hunk(start, tuple(old), tuple(new)))
        while place < len(lines) and lines[place].startswith("\\"):
            place += 1
    if not found:
        raise PatchError("a file is named and no change follows")
    return found, place


def _name(line: str) -> str | None:
    name = line[4:].split("\t")[0].strip()
    if name == "/dev/null":
        return None
    for prefix in ("a/", "b/"):
        name = name.removeprefix(prefix)
    for prefix in ("./", "data/", "repo/"):
        name = name.removeprefix(prefix)
    return name


def _expect_inside(changed: Mapping[str, str | None]) -> None:
    for path in changed:
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or "\\" in path or "\0" in path or len(path) > 200:
            raise PatchError("it names a place outside the repository")


def _read(file: Path) -> str:
    if file.stat().st_size > MOST_BYTES:
        raise PatchError(f"it is larger than {MOST_BYTES:,} bytes")
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise PatchError("it is not UTF-8 text") from error


def _texts(repository: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(repository.rglob("*")):
        if path.is_file():
            yield path.relative_to(repository).as_posix(), path.read_bytes().decode("utf-8")
