"""Several values as one, and what a value holds: its data, its constants."""

from collections.abc import Iterable
from typing import Any

from checks.practice.rows import joined
from checks.practice.values import (
    HOLDS,
    UNKNOWN,
    Choice,
    Const,
    Data,
    Items,
    Mapping,
    Object,
    Partial,
    Step,
    Symbol,
    Unknown,
    Value,
)

MAX_CHOICES = 12
MAX_STEPS = 60


def join(values: Iterable[Value]) -> Value:
    """One value that stands for any of several."""
    options: list[Value] = []
    for value in values:
        options += value.options if isinstance(value, Choice) else [value]
    distinct = _distinct(options)
    if not distinct:
        return UNKNOWN
    frames = [value for value in distinct if isinstance(value, Data)]
    others = [value for value in distinct if not isinstance(value, Data)]
    if len(frames) > 1:
        frames = [join_data(frames)]
    others = [value for value in others if not isinstance(value, Unknown)] or others
    if frames and others:
        others = [value for value in others if not isinstance(value, Unknown) and not _is_none(value)]
    every = [*frames, *others][:MAX_CHOICES]
    return every[0] if len(every) == 1 else Choice(every)


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


def _distinct(options: list[Value]) -> list[Value]:
    kept: list[Value] = []
    seen: set[object] = set()
    for value in options:
        key: object = id(value)
        if isinstance(value, Const):
            key = (type(value.value).__name__, repr(value.value)[:200])
        elif isinstance(value, Unknown):
            key = "unknown"
        elif isinstance(value, Symbol):
            key = ("symbol", value.name)
        if key not in seen:
            seen.add(key)
            kept.append(value)
    return kept


def join_data(frames: list[Data]) -> Data:
    first = frames[0]
    columns = first.columns
    for frame in frames[1:]:
        columns = columns | frame.columns if columns is not None and frame.columns is not None else None
    absent = first.absent
    for frame in frames[1:]:
        absent &= frame.absent
    steps: frozenset[Step] = frozenset().union(*(frame.steps for frame in frames))
    return Data(
        rows=joined(*(frame.rows for frame in frames)),
        steps=trimmed(steps),
        form=first.form if all(frame.form == first.form for frame in frames) else "frame",
        columns=columns,
        absent=absent,
        task=any(frame.task for frame in frames),
        fits=frozenset().union(*(frame.fits for frame in frames)),
        facets=frozenset().union(*(frame.facets for frame in frames)),
        by=frozenset().union(*(frame.by for frame in frames)),
        mask=first.mask if all(frame.mask == first.mask for frame in frames) else None,
        evaluations=frozenset().union(*(frame.evaluations for frame in frames)),
        detail=first.detail if all(frame.detail == first.detail for frame in frames) else "",
    )


def trimmed(steps: frozenset[Step]) -> frozenset[Step]:
    if len(steps) <= MAX_STEPS:
        return steps
    return frozenset(sorted(steps, key=lambda step: -step.number)[:MAX_STEPS])


def find_data(value: Value, depth: int = 3) -> list[Data]:
    """The data inside a value: itself, or in its elements."""
    if isinstance(value, Data):
        return [value]
    if depth == 0:
        return []
    inside: list[Value] = []
    if isinstance(value, Items):
        inside = value.items[:24] + ([value.rest] if value.rest is not None else [])
    elif isinstance(value, Mapping):
        inside = list(value.entries.values())[:40] + ([value.rest] if value.rest is not None else [])
    elif isinstance(value, Choice):
        inside = value.options
    elif isinstance(value, Object):
        inside = [*value.args[:12], *list(value.params.values())[:12]]
    elif isinstance(value, Partial):
        inside = value.args
    return [found for one in inside for found in find_data(one, depth - 1)]


def as_data(value: Value) -> Data | None:
    """The data that a value holds, joined; None when it holds none."""
    if isinstance(value, Data):
        return value
    found = find_data(value)
    if not found:
        return None
    return found[0] if len(found) == 1 else join_data(found)


def constant(value: Value | None) -> Any:
    return value.value if isinstance(value, Const) else None


def strings(value: Value | None) -> list[str]:
    """The string constants that a value is or holds, in order."""
    if isinstance(value, Const):
        return [value.value] if isinstance(value.value, str) else []
    if isinstance(value, Items):
        return [text for item in value.items for text in strings(item)]
    if isinstance(value, Choice):
        return [text for option in value.options for text in strings(option)]
    if isinstance(value, Mapping):
        return [key for key in value.entries if isinstance(key, str)]
    return []


def unheld(data: Data) -> Data:
    """What a frame gives when it is not known which of its columns are in it: nothing says that it still holds one."""
    return data.but(steps=frozenset(step for step in data.steps if step.op != HOLDS), given=data.given)
