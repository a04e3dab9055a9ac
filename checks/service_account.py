"""Reading of service.json: how a submission's service was asked, and what came of it.

It was written by our own program once the service was dead. Its words about the service are ours; what the service itself
said (a status, a type of content) is cleaned here like every other string.
"""

from dataclasses import dataclass
from typing import Any

from checks.reports_inside import document_of
from harness.model.evidence import Evidence
from harness.model.run import Exited
from harness.model.text import one_line

FILE = "service.json"
OUR_EXIT_CODES = (0, 5)
"""Of sandbox/inside/ask_service.py. Whoever ended it can leave an account of his own, but not one of these."""
STATES = frozenset(
    {"answered", "not_started", "not_ready", "died", "refused", "late", "too_large", "broken", "status", "unusable", "starved"}
)
MOST_TIMES = 2_000


@dataclass(frozen=True)
class ServiceAccount:
    """How it went. `told` follows "the service"; times are milliseconds."""

    state: str
    told: str
    rows: int
    answered: int
    ready_s: float | None
    content_type: str
    batch_rows: int
    batch_ms: tuple[float, ...]
    single_ms: tuple[float, ...]
    singles_told: str
    differing: tuple[tuple[int, str, str], ...]
    """Rows that got another answer alone than in their batch: place in the holdout, in the batch, alone."""


def read_service_account(evidence: Evidence, step: str) -> ServiceAccount | None:
    """None where there is none, where it is not what our program writes, or where our program did not end by itself."""
    result = evidence.runs.step(step) if evidence.runs else None
    if result is None or not isinstance(result.outcome, Exited) or result.outcome.code not in OUR_EXIT_CODES:
        return None
    document = document_of(evidence, step, FILE)
    if document is None or document.get("state") not in STATES or (document["state"] == "answered") != result.outcome.succeeded:
        return None
    ready = document.get("ready_s")
    return ServiceAccount(
        state=str(document["state"]),
        told=one_line(str(document.get("told", "")), 300),
        rows=_count(document.get("rows")),
        answered=_count(document.get("answered")),
        ready_s=ready if _is_time(ready) else None,
        content_type=one_line(str(document.get("content_type", "")), 80),
        batch_rows=_count(document.get("batch_rows")),
        batch_ms=_times(document.get("batch_ms")),
        single_ms=_times(document.get("single_ms")),
        singles_told=one_line(str(document.get("singles_told", "")), 300),
        differing=_differing(document.get("differing")),
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100_000_000 else 0


def _is_time(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e9


def _times(value: object) -> tuple[float, ...]:
    return tuple(float(one) for one in value[:MOST_TIMES] if _is_time(one)) if isinstance(value, list) else ()


def _differing(value: object) -> tuple[tuple[int, str, str], ...]:
    rows: list[Any] = value if isinstance(value, list) else []
    return tuple(
        (_count(one[0]), one_line(str(one[1]), 60), one_line(str(one[2]), 60))
        for one in rows[:100]
        if isinstance(one, list) and len(one) == 3
    )
