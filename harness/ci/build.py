"""The words for a build: which system runs it, what set it off, and where it wants to be told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from harness.model.text import one_line

System = Literal["github", "gitlab", "generic", "none"]
MAX_EVENT_BYTES = 26_000_000
"""GitHub's own limit for a payload, and a little."""
NO_COMMIT = "0" * 40


@dataclass(frozen=True)
class Build:
    """One build, as its system describes it. Every text in it may have been written by a candidate."""

    system: System
    event: str = ""
    ref: str = ""
    commit: str | None = None
    request: int | None = None
    from_fork: bool | None = None
    first_push: bool = False
    forced: bool | None = None
    root: Path | None = None
    """Root of the checked-out repository: places in annotations are relative to it."""
    summary: Path | None = None
    """A Markdown file of the system's that is shown on the page of the build."""
    outputs: Path | None = None
    """A file of the system's for values that later steps read."""
    notes: tuple[str, ...] = ()


def text(environ: Mapping[str, str], name: str, limit: int = 200) -> str:
    """A variable as one clean line."""
    return one_line(environ.get(name, ""), limit)


def folder(environ: Mapping[str, str], name: str) -> Path | None:
    named = environ.get(name)
    return Path(named) if named and Path(named).is_dir() else None


def file(environ: Mapping[str, str], name: str) -> Path | None:
    """A file that the system made for us to write to; None when it is no plain file."""
    named = environ.get(name)
    return Path(named) if named and Path(named).is_file() else None


def commit_id(value: object) -> str | None:
    """A full commit id, or None for anything else, such as the zeros that stand for none."""
    known = isinstance(value, str) and len(value) in (40, 64) and all(one in "0123456789abcdef" for one in value)
    return str(value) if known and set(str(value)) != {"0"} else None


def number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None
    return value if isinstance(value, int) and 0 < value < 10**12 else None


def read_event(path: str | None) -> dict[str, Any] | None:
    """The event file as an object; None when there is none that can be read."""
    if not path:
        return None
    place = Path(path)
    try:
        if not place.is_file() or place.stat().st_size > MAX_EVENT_BYTES:
            return None
        value = json.loads(place.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def inner(value: object, *keys: str) -> Any:
    """A value deep in an event, whatever shape the event has."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
