"""The log of ratings in a run folder: only ever added to, each line bound to the one before by its digest."""

import fcntl
import hashlib
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from harness.errors import DamagedRunError
from harness.model.rating_log import Level, LoggedRating
from harness.model.rubric import Rating, Ratings

LOG = ".ratings.jsonl"
"""Begins with a dot, so that grading anew into the folder leaves it alone."""


def read_log(run: Path) -> tuple[LoggedRating, ...]:
    """Every line, in order; raises where one was altered, taken out or put in."""
    try:
        lines = (run / LOG).read_text("ascii").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as problem:
        raise _altered(run, 0, f"it cannot be read: {problem}") from problem
    entries: list[LoggedRating] = []
    for number, line in enumerate(lines, start=1):
        try:
            entry = LoggedRating.model_validate_json(line)
        except ValidationError as problem:
            raise _altered(run, number, "it is no rating") from problem
        previous = entries[-1].digest if entries else ""
        if entry.number != number or entry.previous != previous or entry.digest != _digest(entry):
            raise _altered(run, number, "it does not follow from the line before, or its content has changed")
        entries.append(entry)
    return tuple(entries)


def append(
    run: Path,
    *,
    now: datetime,
    rater: str,
    criterion: str,
    level: Level | None,
    evidence: str,
    reason: str = "",
    totals_open: bool = False,
    automatic: float | None = None,
) -> LoggedRating:
    """Add one line; on disk when this returns."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(run / LOG, flags, 0o600), "a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = read_log(run)
        entry = LoggedRating(
            number=len(before) + 1,
            time=now.isoformat(timespec="seconds"),
            rater=rater,
            criterion=criterion,
            level=level,
            evidence=evidence,
            reason=reason,
            totals_open=totals_open,
            automatic=automatic,
            previous=before[-1].digest if before else "",
            digest="",
        )
        entry = entry.model_copy(update={"digest": _digest(entry)})
        file.write(json.dumps(entry.model_dump(mode="json")) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return entry


def latest(entries: Sequence[LoggedRating]) -> dict[tuple[str, str], LoggedRating]:
    """What stands: the last word of each rater on each criterion."""
    return {(one.rater, one.criterion): one for one in entries}


def as_ratings(entries: Sequence[LoggedRating]) -> Ratings:
    """What stands, as the ratings file that scoring reads."""
    standing = latest(entries).values()
    return Ratings(
        ratings=tuple(
            Rating(criterion=one.criterion, level=one.level, rater=one.rater, evidence=one.evidence) for one in standing
        )
    )


def apart(entries: Sequence[LoggedRating]) -> tuple[str, ...]:
    """Criteria on which two raters differ by two levels or more."""
    levels: dict[str, list[int]] = {}
    for (_, criterion), one in latest(entries).items():
        if one.level is not None:
            levels.setdefault(criterion, []).append(one.level)
    return tuple(sorted(name for name, given in levels.items() if max(given) - min(given) >= 2))


def _digest(entry: LoggedRating) -> str:
    content = entry.model_dump(mode="json", exclude={"digest"})
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("ascii")).hexdigest()


def _altered(run: Path, number: int, seen: str) -> DamagedRunError:
    return DamagedRunError(
        f"the log of ratings was altered, at line {number}: {seen}",
        where=str(run / LOG),
        next_step="restore it from a copy; ratings are not used until it is whole",
    )
