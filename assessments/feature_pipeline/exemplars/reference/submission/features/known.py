"""Which events count at a time: each once, only those that had arrived."""

from collections import defaultdict
from collections.abc import Iterable

from features.events import Event

Deliveries = dict[str, list[list[Event]]]
"""For each customer, the deliveries of each event in order of revision."""


def by_customer(events: Iterable[Event]) -> Deliveries:
    grouped: dict[str, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        grouped[event.customer][event.event_id].append(event)
    return {
        customer: [sorted(deliveries, key=lambda event: (event.revision, event.received)) for deliveries in events.values()]
        for customer, events in grouped.items()
    }


def known_events(deliveries: Iterable[list[Event]], as_of: int) -> list[Event]:
    """Events that had happened and arrived by then, each once and in its last revision, in order of time."""
    known = []
    for versions in deliveries:
        first_arrival, last = min(event.received for event in versions), versions[-1]
        if first_arrival <= as_of and last.status == "ok" and not last.by_program and last.at <= as_of:
            known.append(last)
    known.sort(key=lambda event: (event.at, event.event_id))
    seen: set[str] = set()
    counted = []
    for event in known:
        if event.request_id not in seen:
            seen.add(event.request_id)
            counted.append(event)
    return counted
