"""pack diff: what candidates see changed, and what grading changed, between two versions of a pack."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from harness.packs import OpenPack, tree_files

Audience = Literal["candidates", "grading"]


@dataclass(frozen=True)
class Change:
    """One difference, and who meets it."""

    audience: Audience
    what: str

    def __str__(self) -> str:
        return f"{self.audience}: {self.what}"


def diff(old: OpenPack, new: OpenPack) -> tuple[list[Change], str]:
    """Every difference, and the version that it asks for."""
    changes = [
        *_files(old, new, ("candidate", old.pack.requirements), "candidates"),
        *_files(old, new, ("exemplars", old.pack.data.generator), "grading"),
        *_values("pack.yaml", old.pack.model_dump(mode="json"), new.pack.model_dump(mode="json")),
        *_values("rubric.yaml", old.rubric.model_dump(mode="json"), new.rubric.model_dump(mode="json")),
        *_values("facts.yaml", old.facts.model_dump(mode="json"), new.facts.model_dump(mode="json")),
        *_values("interview.yaml", old.interview.model_dump(mode="json"), new.interview.model_dump(mode="json")),
    ]
    return changes, _next_version(old, changes)


def _files(old: OpenPack, new: OpenPack, parts: tuple[str, ...], audience: Audience) -> Iterator[Change]:
    before, after = ({path: (one.root / path).read_bytes() for path in tree_files(one.root, parts)} for one in (old, new))
    for path in sorted(before.keys() | after.keys()):
        if path not in after:
            yield Change(audience, f"{path} is gone")
        elif path not in before:
            yield Change(audience, f"{path} is new")
        elif before[path] != after[path]:
            lines = list(difflib.unified_diff(_lines(before[path]), _lines(after[path]), n=0, lineterm=""))
            added = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
            removed = sum(line.startswith("-") and not line.startswith("---") for line in lines)
            yield Change(audience, f"{path}: {added} lines added, {removed} removed")


_SEEN_BY_CANDIDATES = ("title", "effort", "brief", "entry_points", "answer", "required_files", "steps")


def _values(file: str, old: Any, new: Any, path: str = "") -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _values(file, old.get(key), new.get(key), f"{path}.{key}" if path else key)
        return
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(one, dict) and "id" in one for one in (*old, *new)):
        before, after = ({one["id"]: one for one in rows} for rows in (old, new))
        for key in sorted(before.keys() | after.keys()):
            yield from _values(file, before.get(key), after.get(key), f"{path}[{key}]")
        return
    if path == "version":
        return
    seen = file == "pack.yaml" and path.split(".")[0].split("[")[0] in _SEEN_BY_CANDIDATES
    yield Change("candidates" if seen else "grading", f"{file}, {path}: {_short(old)} became {_short(new)}")


def _next_version(old: OpenPack, changes: list[Change]) -> str:
    major, minor, patch = (int(part) for part in old.pack.version.split("."))
    if any(change.audience == "candidates" for change in changes):
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if changes else f"{major}.{minor}.{patch}"


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", errors="replace").splitlines()


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
