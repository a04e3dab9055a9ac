"""The Python of a submission, parsed once and shared by the checks that read it."""

from threading import Lock

from checks.practice.sources import Sources, read_sources
from harness.model.evidence import Evidence

_KEPT = 2
_lock = Lock()
_kept: dict[tuple[str, str], Sources] = {}


def sources_of(evidence: Evidence) -> Sources:
    """Read-only by agreement: every check that asks gets the same trees."""
    key = (evidence.snapshot.digest, str(evidence.files))
    with _lock:
        found = _kept.get(key)
    if found is None:
        found = read_sources(evidence)
        with _lock:
            while len(_kept) >= _KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = found
    return found
