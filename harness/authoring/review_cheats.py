"""Reviews that try to gain without reading: played against every pack of the kind review."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.model.answers import ReviewAnswer
from harness.model.pack import Pack
from harness.model.review import Planted

Entry = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What a cheat has to work with."""

    files: Mapping[str, int]
    """Code files of the repository, with their number of lines."""
    contract: ReviewAnswer
    planted: Planted
    """Used only by the cheat that plays what leaked decoys would be worth."""


def nothing(_known: Known) -> list[Entry]:
    """Hands in an empty list."""
    return []


def one_remark(known: Known) -> list[Entry]:
    """Hands in one finding of no known mechanism, in the agreed form."""
    return [_entry(next(iter(known.files)), 1, 1, "other")]


def every_line(known: Known) -> list[Entry]:
    """Reports every line of every file, under mechanisms in turn."""
    mechanisms = itertools.cycle(known.contract.mechanisms)
    return [_entry(file, 1, lines, next(mechanisms)) for file, lines in known.files.items() for _ in range(3)]


def mechanisms_list(known: Known) -> list[Entry]:
    """Copies the list of mechanisms, each with as many lines as are allowed in the middle of some file."""
    files = itertools.cycle(known.files.items())
    half = known.contract.most_lines // 2
    entries = []
    for mechanism in known.contract.mechanisms:
        file, lines = next(files)
        first = max(1, lines // 2 - half)
        entries.append(_entry(file, first, min(lines, first + known.contract.most_lines - 1), mechanism))
    return entries


def decoys(known: Known) -> list[Entry]:
    """Reports all that looks odd and is right, as if somebody had passed on where it is."""
    return [
        _entry(decoy.places[0].file, decoy.places[0].first, decoy.places[0].last, decoy.tempts[0])
        for decoy in known.planted.decoys
    ]


def flood(known: Known) -> list[Entry]:
    """Reports every stretch of every file under every mechanism: thousands of findings, one of which must be right."""
    width = known.contract.most_lines
    return [
        _entry(file, first, min(first + width - 1, lines), mechanism)
        for mechanism in known.contract.mechanisms
        for file, lines in known.files.items()
        for first in range(1, lines + 1, width)
    ]


TRICKS: dict[str, Callable[[Known], list[Entry]]] = {
    "idle": nothing,
    "constant": one_remark,
    "cheat-reports-every-line": every_line,
    "cheat-lists-mechanisms": mechanisms_list,
    "cheat-reports-decoys": decoys,
    "cheat-floods-findings": flood,
}


def write_review(trick: Callable[[Known], list[Entry]], pack: Pack, destination: Path, data: Path) -> None:
    """The submission that plays this trick on the repository of one seed."""
    if not isinstance(pack.answer, ReviewAnswer):
        message = f"a pack of the kind {pack.kind} returns no review"
        raise TypeError(message)
    root = data / "public" / pack.answer.repository
    files = {
        path.relative_to(root).as_posix(): len(path.read_bytes().splitlines())
        for path in sorted(root.rglob("*.py"))
        if path.stat().st_size and "tests" not in path.parts
    }
    planted = Planted.model_validate_json((data / "private" / pack.data.labels).read_bytes())
    destination.mkdir(parents=True)
    entries = trick(Known(files, pack.answer, planted))
    (destination / pack.answer.file).write_text(json.dumps(entries, indent=1), "utf-8")
    (destination / "submission.json").write_text(json.dumps({"pack": pack.id}), "utf-8")


def _entry(file: str, first: int, last: int, mechanism: str) -> Entry:
    return {"file": file, "lines": [first, max(first, last)], "mechanism": mechanism, "severity": 3, "confidence": 1.0}
