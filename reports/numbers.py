"""How numbers are written, the same in every human format."""

import math

from harness.model.record import Record


def number(value: float | None, digits: int = 3) -> str:
    """A measured value with a few significant digits, never in exponent form for ordinary sizes."""
    if value is None:
        return "not measured"
    if not math.isfinite(value):
        return "not a number"
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e9:
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        shown = f"{value:,.{decimals}f}"
        return shown.rstrip("0").rstrip(".") if "." in shown else shown
    return f"{value:.{digits - 1}g}"


def points(value: float | None) -> str:
    """A total of 0 to 100 with one decimal."""
    return "not measured" if value is None or not math.isfinite(value) else f"{value:.1f}"


def percent(share: float | None) -> str:
    return "not measured" if share is None or not math.isfinite(share) else f"{share * 100:.0f} %"


def weight(value: float) -> str:
    return f"{value:g}"


def seconds(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return "not measured"
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"


def megabytes(value: float | None) -> str:
    return "not measured" if value is None or not math.isfinite(value) else f"{value:,.0f} MB"


def size(count: int) -> str:
    """Bytes for people."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.1f} kB"
    return f"{count / 1_000_000:.1f} MB"


def many(count: int, one: str, several: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{number(low)} to {number(high)}"


def listed(record: Record) -> str:
    """A small record of settings as one line: `wall_s 60, memory_mb 2048`."""
    return ", ".join(f"{name} {value:g}" for name, value in record if isinstance(value, int | float))
