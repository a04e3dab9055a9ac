"""Which column tells that the rows to score come after the rows to learn from. Told by public tables alone."""

import re
from collections.abc import Sequence
from datetime import datetime

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?.*)?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: (\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)
_ENOUGH_READ = 0.99
_MONTHS = 12


def times_of(values: Sequence[str]) -> list[datetime | None] | None:
    """Each value as a time; None for all when too few of them are one, or when day and month cannot be told apart."""
    slashed = [match for match in map(_SLASHED.fullmatch, values) if match]
    day_first = any(int(match[1]) > _MONTHS for match in slashed)
    month_first = any(int(match[2]) > _MONTHS for match in slashed)
    if slashed and day_first == month_first:
        return None
    found = [_time(value, day_first=day_first) for value in values]
    return found if values and sum(one is not None for one in found) >= _ENOUGH_READ * len(values) else None


def _time(value: str, *, day_first: bool) -> datetime | None:
    iso, slashed = _ISO.fullmatch(value), _SLASHED.fullmatch(value)
    if iso:
        year, month, day, *clock = iso.groups()
    elif slashed:
        first, second, year, *clock = slashed.groups()
        day, month = (first, second) if day_first else (second, first)
    else:
        return None
    hour, minute, second = (int(one or 0) for one in clock)
    try:
        return datetime(int(year), int(month), int(day), hour, minute, second)
    except ValueError:
        return None


def time_order(columns: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> tuple[str, list[datetime | None]] | None:
    """The first column whose values in the rows to score all come after those to learn from, with the latter's times."""
    for name, known, asked in columns:
        times = times_of([*known, *asked])
        if times is None:
            continue
        learned, scored = times[: len(known)], times[len(known) :]
        last, first = max((one for one in learned if one), default=None), min((one for one in scored if one), default=None)
        if last is not None and first is not None and last < first:
            return name, learned
    return None
