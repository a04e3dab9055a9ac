"""Tombstones: that somebody was erased, when and why, without keeping who. Beside them lies the key that their marks need."""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from pydantic import ValidationError

from harness.model.erasure import Tombstone
from harness.store import write_whole

_KEY, _LIST = ".erased.key", ".erased.jsonl"


def leave(root: Path, candidate: str, reason: str, date: str) -> None:
    """Put a tombstone into a folder whose candidate goes. Once is enough."""
    if find(root, candidate) is not None:
        return
    stone = Tombstone(mark=_mark(root, candidate), date=date, reason=reason)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(root / _LIST, flags, 0o600), "a", encoding="ascii") as stones:
        stones.write(json.dumps(stone.model_dump(mode="json")) + "\n")


def find(root: Path, candidate: str) -> Tombstone | None:
    """The tombstone of this candidate, if they were erased here."""
    if not (root / _KEY).is_file():
        return None
    mark = _mark(root, candidate)
    for line in _lines(root / _LIST):
        try:
            stone = Tombstone.model_validate_json(line)
        except ValidationError:
            continue
        if hmac.compare_digest(stone.mark, mark):
            return stone
    return None


def _mark(root: Path, candidate: str) -> str:
    place = root / _KEY
    if not place.is_file():
        write_whole(place, secrets.token_hex(32).encode("ascii"))
        place.chmod(0o600)
    return hmac.new(place.read_bytes(), candidate.encode(), hashlib.sha256).hexdigest()


def _lines(place: Path) -> list[str]:
    try:
        return place.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
