import pytest

from features.events import Unusable, parse_event
from tests.builders import HEADER, line


def row(**values: str) -> dict[str, str | None]:
    return dict(zip(HEADER.split(","), line(**values).split(",")))


def test_euros_and_cents_become_whole_cents() -> None:
    assert parse_event(row(amount="12.50")).cents == 1250
    assert parse_event(row(source="partner", amount="1250")).cents == 1250


def test_tills_are_two_hours_ahead() -> None:
    till = parse_event(row(source="store", event_time="2025-06-01 14:00:00"))
    assert till.at == parse_event(row(event_time="2025-06-01 12:00:00")).at


@pytest.mark.parametrize("agent", ["price-watch/2.1", "uptime-probe/0.9", "feed-fetcher/7"])
def test_programs_are_told_from_customers(agent: str) -> None:
    assert parse_event(row(agent=agent)).by_program
    assert not parse_event(row(agent="chrome")).by_program


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"customer": ""}, "no_customer"),
        ({"event_time": "0000-00-00 00:00:00"}, "bad_time"),
        ({"event_time": "2025-06-04 12:00:00"}, "from_future"),
        ({"amount": "n/a"}, "bad_amount"),
        ({"amount": "-12.50"}, "bad_amount"),
        ({"amount": ""}, "bad_amount"),
        ({"customer": "", "amount": "n/a"}, "no_customer"),
    ],
)
def test_each_kind_of_unusable_row_has_its_reason(values: dict[str, str], reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        parse_event(row(**values))


def test_a_row_that_breaks_off_is_truncated_whatever_else_it_lacks() -> None:
    with pytest.raises(Unusable, match="truncated"):
        parse_event({**row(customer=""), "agent": None})


def test_a_view_needs_no_amount() -> None:
    assert parse_event(row(kind="view", amount="")).cents == 0


def test_a_till_just_inside_the_day_is_not_from_the_future() -> None:
    """The limit is on UTC: on the till's own clock this event lies 25 hours ahead."""
    assert parse_event(row(source="store", event_time="2025-06-02 13:00:00", received_at="2025-06-01 12:00:00")).at
