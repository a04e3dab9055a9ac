from features.known import by_customer, known_events
from tests.builders import DAY, MINUTE, NOON, event


def known(*events, as_of=NOON + DAY):
    return known_events(by_customer(events).get("c1", []), as_of)


def test_an_event_counts_from_the_moment_it_was_received():
    late = event(at=NOON, received=NOON + 5 * MINUTE)
    assert known(late, as_of=NOON + 5 * MINUTE - 1) == []
    assert known(late, as_of=NOON + 5 * MINUTE) == [late]


def test_a_second_delivery_counts_once():
    assert len(known(event(), event(received=NOON + MINUTE))) == 1


def test_the_last_revision_is_used():
    assert [one.cents for one in known(event(), event(revision=2, cents=700))] == [700]


def test_of_one_request_the_earliest_event_counts():
    second_try = event("e2", request_id="r-e1", at=NOON + 20)
    assert [one.event_id for one in known(second_try, event("e1"))] == ["e1"]


def test_programs_do_not_count():
    assert known(event(by_program=True)) == []
