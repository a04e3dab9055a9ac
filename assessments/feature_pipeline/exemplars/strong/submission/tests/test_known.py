import random

from features.events import Event
from features.known import by_customer, known_events
from tests.builders import DAY, MINUTE, NOON, event


def known(*events: Event, as_of: int = NOON + DAY) -> list[Event]:
    return known_events(by_customer(events).get("c1", []), as_of)


def test_an_event_counts_from_the_moment_it_was_received() -> None:
    late = event(at=NOON, received=NOON + 5 * MINUTE)
    assert known(late, as_of=NOON + 5 * MINUTE - 1) == []
    assert known(late, as_of=NOON + 5 * MINUTE) == [late]


def test_a_correction_counts_only_once_it_was_received() -> None:
    first = event(cents=1000)
    corrected = event(revision=2, cents=700, received=NOON + DAY)
    assert known(first, corrected, as_of=NOON + DAY - 1) == [first]
    assert known(first, corrected, as_of=NOON + DAY) == [corrected]


def test_a_voided_event_counts_until_it_was_voided() -> None:
    first = event()
    void = event(revision=2, status="void", received=NOON + DAY)
    assert known(first, void, as_of=NOON + DAY - 1) == [first]
    assert known(first, void) == []


def test_a_first_revision_that_comes_again_does_not_undo_a_correction() -> None:
    again = event(cents=1000, received=NOON + 3 * MINUTE)
    corrected = event(revision=2, cents=700, received=NOON + 2 * MINUTE)
    assert [one.cents for one in known(event(), corrected, again)] == [700]


def test_a_second_delivery_counts_once() -> None:
    assert len(known(event(), event(received=NOON + MINUTE))) == 1


def test_of_one_request_the_earliest_event_counts() -> None:
    second_try = event("e2", request_id="r-e1", at=NOON + 20)
    assert [one.event_id for one in known(second_try, event("e1"))] == ["e1"]


def test_programs_do_not_count() -> None:
    assert known(event(by_program=True)) == []


def test_nothing_that_comes_later_changes_what_was_known() -> None:
    """A property over many random histories: cutting off the future changes no row of the past."""
    source = random.Random(4)
    for _ in range(200):
        history = [
            event(
                f"e{source.randrange(6)}",
                revision=source.randrange(1, 3),
                at=NOON,
                received=NOON + source.randrange(100),
                cents=source.randrange(100, 999),
                status=source.choice(["ok", "ok", "void"]),
            )
            for _ in range(8)
        ]
        as_of = NOON + source.randrange(100)
        past = [one for one in history if one.received <= as_of]
        assert known(*history, as_of=as_of) == known(*past, as_of=as_of)


def test_the_order_of_deliveries_means_nothing() -> None:
    events = [event("e1"), event("e1", revision=2, cents=5), event("e2", at=NOON + 1), event("e3", at=NOON + 1)]
    assert known(*events) == known(*reversed(events))
