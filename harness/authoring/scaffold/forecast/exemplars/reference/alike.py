"""Rows of a series and a weekday are alike."""

import datetime


def key(row: dict[str, str]) -> tuple[str, ...]:
    """What makes two rows alike."""
    return (row["series"], str(datetime.date.fromisoformat(row["day"]).weekday()))
