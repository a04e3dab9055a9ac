"""One delivered row: what it has to look like, and what it says once units and clocks are put right."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SOURCES = frozenset({"web", "app", "store", "partner"})
KINDS = frozenset({"view", "purchase", "refund"})
STATUSES = frozenset({"ok", "void"})
PROGRAMS = ("price-watch/", "uptime-probe/", "feed-fetcher/")
LOCAL_SOURCE, LOCAL_OFFSET = "store", timedelta(hours=2)
CENTS_SOURCE = "partner"
MOST_AHEAD_S = 24 * 3600


class Unusable(Exception):
    """The row cannot be used; the argument is its reason code."""


@dataclass(frozen=True)
class Event:
    """A delivery of one revision of an event. Times are seconds in UTC, amounts whole cents."""

    event_id: str
    request_id: str
    revision: int
    status: str
    customer: str
    kind: str
    at: int
    received: int
    category: str
    cents: int
    by_program: bool


def parse_event(row: dict[str, str | None]) -> Event:
    """The event in a row of a delivery; raises Unusable with the reason."""
    if any(value is None for value in row.values()):
        raise Unusable("truncated")
    cells = {name: value or "" for name, value in row.items()}
    if not cells["customer"]:
        raise Unusable("no_customer")
    at = _utc(cells["event_time"], local=cells["source"] == LOCAL_SOURCE)
    received = _utc(cells["received_at"], local=False)
    if at - received > MOST_AHEAD_S:
        raise Unusable("from_future")
    return Event(
        event_id=cells["event_id"],
        request_id=cells["request_id"],
        revision=int(cells["revision"]),
        status=cells["status"],
        customer=cells["customer"],
        kind=cells["kind"],
        at=at,
        received=received,
        category=cells["category"],
        cents=_cents(cells),
        by_program=cells["agent"].startswith(PROGRAMS),
    )


def _utc(text: str, *, local: bool) -> int:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    except ValueError as problem:
        raise Unusable("bad_time") from problem
    if local:
        moment -= LOCAL_OFFSET
    return int(moment.replace(tzinfo=UTC).timestamp())


def _cents(cells: dict[str, str]) -> int:
    """Whole cents, without ever going through a float."""
    if cells["kind"] == "view":
        return 0
    euros, point, fraction = cells["amount"].partition(".")
    if cells["source"] == CENTS_SOURCE and euros.isdigit() and not point:
        return int(euros)
    if cells["source"] != CENTS_SOURCE and euros.isdigit() and len(fraction) == 2 and fraction.isdigit():
        return int(euros) * 100 + int(fraction)
    raise Unusable("bad_amount")
