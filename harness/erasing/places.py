"""Where data of a candidate lies: run folders, batches and watches below the folders that were named."""

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from harness.errors import UsageError
from harness.model.erasure import Held
from harness.store import RECORDS
from harness.watch.folder import STATE, is_watch_folder

HOLD = ".legal-hold.json"
_DEEPEST = 5


@dataclass(frozen=True)
class Place:
    """One run folder, batch or watch that holds something of a candidate, and what of it is theirs."""

    kind: Literal["run", "batch", "watch"]
    root: Path
    id: str
    paths: tuple[Path, ...]
    """Everything that is theirs alone."""
    runs: tuple[Path, ...]

    def held(self) -> Held:
        files = [file for path in self.paths for file in _files(path)]
        sizes = sum(os.lstat(file).st_size for file in files)
        made = sorted(str(one["created"]) for one in map(read, (run / "lock.json" for run in self.runs)) if one.get("created"))
        since = made[0] if made else None
        return Held(
            kind=self.kind, place=str(self.root), id=self.id, since=since, hold=self.hold(), files=len(files), bytes=sizes
        )

    def hold(self) -> str | None:
        """The reason of a legal hold on any of their runs, or on the whole place."""
        for folder in (*self.runs, self.root):
            found = read(folder / HOLD)
            if found:
                return str(found.get("reason") or "no reason is given")
        return None

    def digests(self) -> set[str]:
        """By what else their runs can be recognised. An equal submission of somebody else is not theirs."""
        locks = [read(run / "lock.json") for run in self.runs]
        return {str(lock[name]) for lock in locks for name in ("commit", "run_id") if lock.get(name)}


def find(roots: list[Path], candidate: str) -> list[Place]:
    """Every place below these folders that holds something of this candidate."""
    found = []
    for root in roots:
        if not root.is_dir():
            raise UsageError("is not a folder", where=str(root), expected="a folder of runs, batches or watches")
        for folder in holders(root.resolve(), _DEEPEST):
            found += list(_theirs(folder, candidate))
    return list({(place.root, place.id): place for place in found}.values())


def holders(folder: Path, deepest: int) -> Iterator[Path]:
    """Run folders, batches and watches; what lies inside one belongs to it. Links are not followed."""
    if is_watch_folder(folder) or (folder / "batch.json").is_file() or _is_run(folder):
        yield folder
    elif deepest:
        with os.scandir(folder) as entries:
            inner = sorted(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
        for path in inner:
            yield from holders(Path(path), deepest - 1)


def _is_run(folder: Path) -> bool:
    return any((folder / RECORDS[record]).is_file() for record in RECORDS)


def _theirs(folder: Path, candidate: str) -> Iterator[Place]:
    if is_watch_folder(folder):
        yield from _in_watch(folder, candidate)
    elif (folder / "batch.json").is_file():
        yield from _in_batch(folder, candidate)
    elif candidate_of(folder) == candidate:
        yield Place("run", folder, candidate, (folder,), (folder,))


def _in_watch(folder: Path, candidate: str) -> Iterator[Place]:
    parts = [folder / part / candidate for part in ("kept", "runs", "status")]
    logs = sorted((folder / "logs").glob(f"*-{candidate}-*.txt"))
    known = _is_in_state(folder / STATE, candidate)
    if known or any(part.exists() for part in parts):
        runs = sorted(path for path in (folder / "runs" / candidate).glob("*") if path.is_dir())
        mine = (*(part for part in parts if part.exists()), *logs)
        yield Place("watch", folder, candidate, mine, tuple(runs))


def _in_batch(folder: Path, candidate: str) -> Iterator[Place]:
    """In a batch, candidates are called by pseudonyms; either name finds them."""
    names = read(folder / "names.json").get("names", {})
    on_disk = {path.name for path in (folder / "runs").glob("*")} | {path.stem for path in (folder / "results").glob("*.json")}
    for one in sorted({*names, *on_disk}):
        name = str(names.get(one, ""))
        if candidate in (one, name, _stem(name)):
            parts = [folder / "runs" / one, folder / "results" / f"{one}.json", folder / "logs" / f"{one}.txt"]
            run = folder / "runs" / one
            yield Place("batch", folder, one, tuple(part for part in parts if part.exists()), (run,) if run.is_dir() else ())


def candidate_of(run: Path) -> str | None:
    """Whose run this is, by its report; of one that never got so far, nobody can tell."""
    submission = read(run / "report.json").get("submission")
    return str(submission.get("candidate")) if isinstance(submission, dict) else None


def unattributed(roots: list[Path]) -> list[Path]:
    """Run folders that say of no candidate that they are theirs: cut off before the report."""
    return [
        folder
        for root in roots
        for folder in holders(root.resolve(), _DEEPEST)
        if _is_run(folder) and candidate_of(folder) is None
    ]


def read(path: Path) -> dict[str, Any]:
    """A small document of ours; empty when it is absent or damaged."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _is_in_state(state: Path, candidate: str) -> bool:
    try:
        database = sqlite3.connect(f"{state.resolve().as_uri()}?mode=ro", uri=True, timeout=30)
    except sqlite3.Error:
        return False
    try:
        return database.execute("SELECT 1 FROM candidate WHERE id = ?", (candidate,)).fetchone() is not None
    except sqlite3.Error:
        return False
    finally:
        database.close()


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir() and not path.is_symlink():
        for folder, _, names in os.walk(path):
            yield from (Path(folder, name) for name in names)
    elif os.path.lexists(path):
        yield path


def _stem(name: str) -> str:
    from harness.batch.entries import stem_of

    return stem_of(name)
