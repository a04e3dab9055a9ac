"""Taking away what is a candidate's. An erasure that was cut off is finished by the same command."""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from harness.batch.folder import lock
from harness.batch.results import ResultStore
from harness.erasing import tombstones
from harness.erasing.places import HOLD, Place, read
from harness.errors import UsageError
from harness.model.erasure import Retention, Stays
from harness.store import owner_is_alive, write_whole

_GOING = ".erasing-"
_MOST_BYTES = 100_000_000
_SHORTEST = 4
_MONTH_DAYS = 30.44

STAYS = (
    Stays(
        what="the submission where it came from: their repository, a mailbox, the folder of a batch",
        why="it is not ours, or it is the original that you were given; erase it where it lies",
    ),
    Stays(
        what="generated data of their seed in the cache",
        why="it is synthetic, made of a pack and a number; nothing of the candidate is in it",
    ),
    Stays(
        what="backups, exports, printed pages, and what was sent to other people or systems",
        why="the harness does not know of them; your record of processing should",
    ),
    Stays(
        what="a tombstone beside the erased data: a keyed hash of the id, the date and the reason",
        why="so that it can be shown that the erasure happened, and a watch does not take the work in again",
    ),
    Stays(
        what="blocks on the disk until they are written over",
        why="files are removed, not shredded; disk encryption is the answer to a stolen disk",
    ),
)


def expect_free(places: list[Place], retention: Retention | None, early: str | None, now: datetime) -> None:
    """Refuse while a legal hold lies on something, somebody works there, or the least time has not passed."""
    for place in places:
        hold = place.hold()
        if hold is not None:
            raise UsageError(
                f"a legal hold lies on it: {hold}",
                where=str(place.root),
                next_step="release it first: harness erase ID --release",
            )
        busy = next((run for run in place.runs if owner_is_alive(run)), None)
        if busy is not None:
            raise UsageError("it is being graded now", where=str(busy), next_step="wait for it, or end it")
        since = place.held().since
        if retention is not None and early is None and since is not None and _months(since, now) < retention.least:
            raise UsageError(
                f"it is from {since}, and the policy keeps results for at least {retention.least} months",
                where=str(place.root),
                next_step="where the law asks for it all the same, record which: --early 'REASON'",
            )


def remove(place: Place, store: ResultStore | None, reason: str, now: datetime) -> None:
    """Everything of theirs in one place."""
    date = now.isoformat(timespec="seconds")
    if place.kind == "run":
        tombstones.leave(place.root.parent, place.id, reason, date)
        gone = place.root.with_name(f"{_GOING}{secrets.token_hex(4)}")
        place.root.rename(gone)
        shutil.rmtree(gone)
        return
    with _held(place.root, f".{place.kind}.lock"):
        tombstones.leave(place.root, place.id, reason, date)
        if place.kind == "batch":
            _remove_from_batch(place, store)
        else:
            _remove_from_watch(place)


def sweep(roots: list[Path]) -> None:
    """Finish what an erasure that was cut off had begun."""
    for root in roots:
        for leftover in root.rglob(f"{_GOING}*"):
            _away(leftover)


def hold(places: list[Place], reason: str | None, now: datetime) -> None:
    """Put a legal hold on everything of theirs; without a reason, release it."""
    for place in places:
        for folder in place.runs or (place.root,):
            if reason is None:
                (folder / HOLD).unlink(missing_ok=True)
            else:
                text = json.dumps({"reason": reason, "since": now.isoformat(timespec="seconds")})
                write_whole(folder / HOLD, text.encode("ascii"))


def still_named(roots: list[Path], words: set[str]) -> list[str]:
    """Files below these folders that still hold one of these words: what an erasure missed, told instead of assumed."""
    marks = [re.escape(word.encode()) for word in words if len(word) >= _SHORTEST]
    if not marks:
        return []
    pattern = re.compile(rb"(?<![A-Za-z0-9_-])(?:" + b"|".join(marks) + rb")(?![A-Za-z0-9_-])")
    found = []
    for root in roots:
        for folder, _, names in os.walk(root):
            for name in names:
                path = Path(folder, name)
                if any(word in name for word in words if len(word) >= _SHORTEST) or _holds(path, pattern):
                    found.append(str(path))
    return sorted(found)


def _remove_from_batch(place: Place, store: ResultStore | None) -> None:
    key = read(place.root / "results" / f"{place.id}.json").get("key")
    if store is not None and isinstance(key, str):
        store.drop(key)
    for name in ("cohort.html", "cohort.json", "cohort.csv"):
        _away(place.root / name)
    _rewrite_events(place.root / "events.jsonl", place.id)
    for path in place.paths:
        _away(path)
    names = read(place.root / "names.json")
    if place.id in names.get("names", {}):
        left = {one: name for one, name in names["names"].items() if one != place.id}
        write_whole(place.root / "names.json", json.dumps({**names, "names": left}, indent=1).encode("ascii"))
        (place.root / "names.json").chmod(0o600)


def _remove_from_watch(place: Place) -> None:
    from harness.watch.folder import STATE
    from harness.watch.state import open_state

    for path in place.paths:
        _away(path)
    overview = read(place.root / "watch.json")
    if overview:
        left = [one for one in overview.get("candidates", []) if one.get("candidate") != place.id]
        write_whole(place.root / "watch.json", (json.dumps({**overview, "candidates": left}, indent=1) + "\n").encode("ascii"))
    with open_state(place.root / STATE) as state:
        state.forget(place.id)


def _rewrite_events(place: Path, member: str) -> None:
    try:
        lines = place.read_bytes().splitlines(keepends=True)
    except OSError:
        return
    write_whole(place, b"".join(line for line in lines if not _is_about(line, member)))


def _is_about(line: bytes, member: str) -> bool:
    try:
        event = json.loads(line)
    except ValueError:
        return False
    return isinstance(event, dict) and event.get("id") == member


@contextmanager
def _held(root: Path, name: str) -> Iterator[None]:
    handle = os.open(root / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        lock(handle, root, "wait for it, or end it")
        yield
        fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        os.close(handle)


def _away(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _holds(path: Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return False
        return pattern.search(path.read_bytes()) is not None
    except OSError:
        return False


def _months(since: str, now: datetime) -> float:
    made = datetime.fromisoformat(since)
    return (now - (made if made.tzinfo else made.replace(tzinfo=UTC))).total_seconds() / 86_400 / _MONTH_DAYS
