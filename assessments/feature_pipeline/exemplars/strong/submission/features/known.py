"""What was known at a time: the only place that decides which delivery of which revision counts."""

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
    """Events that had happened and arrived by then, each once, in the version that was known then, in order of time.

    Later deliveries and later corrections change nothing. Void events, those of programs, and repeated requests of the
    app do not count.
    """
    known = []
    for versions in deliveries:
        arrived = [event for event in versions if event.received <= as_of]
        if arrived and arrived[-1].status == "ok" and not arrived[-1].by_program:
            known.append(arrived[-1])
    happened = sorted((event for event in known if event.at <= as_of), key=lambda event: (event.at, event.event_id))
    return _first_tries(happened)


def _first_tries(events: list[Event]) -> list[Event]:
    seen: set[str] = set()
    first = []
    for event in events:
        if event.request_id not in seen:
            seen.add(event.request_id)
            first.append(event)
    return first
