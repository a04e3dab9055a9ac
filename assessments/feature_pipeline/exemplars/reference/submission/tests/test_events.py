import pytest

from features.events import Unusable, parse_event
from tests.builders import HEADER, line


def row(**values):
    return dict(zip(HEADER.split(","), line(**values).split(",")))


def test_units_and_clocks_are_put_right():
    assert parse_event(row(source="partner", amount="1250")).cents == 1250
    assert parse_event(row(amount="12.50")).cents == 1250
    till = parse_event(row(source="store", event_time="2025-06-01 14:00:00"))
    assert till.at == parse_event(row(event_time="2025-06-01 12:00:00")).at


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"customer": ""}, "no_customer"), ({"event_time": "?"}, "bad_time"), ({"amount": "-1.00"}, "bad_amount")],
)
def test_unusable_rows_have_a_reason(values, reason):
    with pytest.raises(Unusable, match=reason):
        parse_event(row(**values))
