"""Frames put below or beside each other, and tables joined to them."""

from checks.practice.assigning import group_op
from checks.practice.combining import as_data, constant, find_data, join_data, trimmed
from checks.practice.grouping import origin_of_names
from checks.practice.machine import Call, Machine
from checks.practice.rows import joined, overlap
from checks.practice.values import UNKNOWN, Data, Step, Value


def concatenated(machine: Machine, call: Call) -> Value:
    found = find_data(call.args[0], 4) if call.args else []
    found += [data for one in call.args[1:] for data in find_data(one)]
    if not found:
        return UNKNOWN
    whole = join_data(found)
    beside = constant(call.params.get("axis")) in (1, "columns") or call.name.endswith(("hstack", "c_"))
    rows = next((data.rows for data in found if data.rows), frozenset()) if beside else joined(*(data.rows for data in found))
    if not beside:
        whole = whole.but(steps=whole.steps | repeated(machine, found))
    kept = whole.form if whole.form in ("score", "stat", "missing", "index") else "frame"
    return whole.but(rows=rows, form=kept, mask=None, by=found[0].by if beside else whole.by)


def repeated(machine: Machine, found: list[Data]) -> frozenset[Step]:
    """Rows of one class put beside a frame that holds them already: oversampling by copies."""
    for number, one in enumerate(found):
        others = [other for place, other in enumerate(found) if place != number and overlap(one.rows, other.rows)]
        if one.by and others and not any(step.op == "resample" for step in one.steps):
            return frozenset({machine.step("resample", "over copies", one.rows, source=one.by)})
    return frozenset()


def merged(machine: Machine, left: Data, right: Data | None) -> Data:
    """The left rows, with what was done to the right table; group means joined back are an encoding."""
    if right is None:
        return left
    steps = left.steps | right.steps
    if right.form in ("stat", "pivot") and right.by:
        names, source = origin_of_names(right)
        steps |= {machine.step(group_op(right.detail), "group statistic", right.rows, names, source=source)}
    columns = left.columns | right.columns if left.columns is not None and right.columns is not None else None
    return left.but(steps=trimmed(steps), columns=columns, task=left.task or right.task, mask=None, fits=left.fits | right.fits)


def merge(machine: Machine, call: Call) -> Value:
    left, right = (as_data(value) if value is not None else None for value in (call.arg(0, "left"), call.arg(1, "right")))
    if left is None:
        return right or UNKNOWN
    return merged(machine, left, right)
