"""Rows of a comparison at a terminal."""

from reports.as_comparison import _row


def test_a_name_that_is_too_long_ends_in_dots_before_the_first_value() -> None:
    shown = _row("  Imbalance, missing values, drift, uncertainty", ["50 %", "75 %"])
    name, _, rest = shown.partition("…")
    assert name == "  Imbalance, missing values, drif"[: len(name)]
    assert rest.split() == ["50", "%", "75", "%"]


def test_values_stand_in_one_column_whatever_the_length_of_the_name() -> None:
    rows = [_row(name, ["50 %", "75 %"]) for name in ("  Code", "  " + "x" * 31, "  " + "x" * 40)]
    assert len({row.index("50 %") for row in rows}) == 1
