"""The five features of a customer, from the events that were known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from features.events import Event

DAY = 86_400
SESSION_GAP = 30 * 60


@dataclass(frozen=True)
class Features:
    """One row of the table, as text."""

    orders_7d: str
    spend_30d: str
    sessions_7d: str
    last_event: str
    top_category: str


def features_of(events: Sequence[Event], as_of: int) -> Features:
    """`events` are known, in order of time, none later than `as_of`."""
    week, month = as_of - 7 * DAY, as_of - 30 * DAY
    recent = [event for event in events if event.at > month]
    bought = Counter(event.category for event in recent if event.kind == "purchase")
    best = min(bought, key=lambda name: (-bought[name], name), default="")
    return Features(
        orders_7d=str(sum(event.kind == "purchase" and event.at > week for event in recent)),
        spend_30d=euros(sum(_signed(event) for event in recent)),
        sessions_7d=str(sum(begin > week for begin in session_begins([event.at for event in events]))),
        last_event=datetime.fromtimestamp(events[-1].at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if events else "",
        top_category=best,
    )


def session_begins(times: Sequence[int]) -> list[int]:
    """When each session began. Half an hour without an event is still the same session; a second more is not."""
    return [at for place, at in enumerate(times) if place == 0 or at - times[place - 1] > SESSION_GAP]


def euros(cents: int) -> str:
    sign, whole = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def _signed(event: Event) -> int:
    return {"purchase": event.cents, "refund": -event.cents}.get(event.kind, 0)
