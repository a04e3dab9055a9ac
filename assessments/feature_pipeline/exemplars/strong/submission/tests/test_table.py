from features.events import Event
from features.table import euros, features_of, session_begins
from tests.builders import DAY, MINUTE, NOON, event


def test_half_an_hour_is_the_same_session_and_a_second_more_is_not() -> None:
    assert session_begins([NOON, NOON + 30 * MINUTE]) == [NOON]
    assert session_begins([NOON, NOON + 30 * MINUTE + 1]) == [NOON, NOON + 30 * MINUTE + 1]


def test_a_session_that_began_before_the_week_is_not_counted() -> None:
    begin = NOON - 7 * DAY - 10 * MINUTE
    events = [event("e1", at=begin), event("e2", at=begin + 20 * MINUTE), event("e3", at=NOON - DAY)]
    assert features_of(events, NOON).sessions_7d == "1"


def test_windows_are_open_at_their_old_end_and_closed_at_the_new_one() -> None:
    events = [event("e1", at=NOON - 7 * DAY), event("e2", at=NOON)]
    assert features_of(events, NOON).orders_7d == "1"
    assert features_of([event(at=NOON - 30 * DAY)], NOON).spend_30d == "0.00"


def test_refunds_are_subtracted_and_views_cost_nothing() -> None:
    events: list[Event] = [event("e1", cents=1999), event("e2", kind="refund", cents=2500), event("e3", kind="view", cents=0)]
    assert features_of(events, NOON).spend_30d == "-5.01"


def test_of_equal_categories_the_first_by_the_alphabet_wins() -> None:
    events = [event("e1", category="toys"), event("e2", category="books"), event("e3", category="zoo", kind="view")]
    assert features_of(events, NOON).top_category == "books"


def test_nothing_known_is_an_empty_row() -> None:
    row = features_of([], NOON)
    assert (row.orders_7d, row.spend_30d, row.sessions_7d, row.last_event, row.top_category) == ("0", "0.00", "0", "", "")


def test_the_last_event_is_told_in_utc() -> None:
    assert features_of([event(at=NOON)], NOON).last_event == "2025-06-15T15:06:40Z"


def test_cents_become_euros_without_rounding() -> None:
    assert [euros(5), euros(-105), euros(123456)] == ["0.05", "-1.05", "1234.56"]
