"""Storing values: into names, columns, attributes and elements. Frames are changed in place, as pandas does."""

import ast
from dataclasses import replace

from checks.practice.combining import as_data, join, strings, trimmed
from checks.practice.machine import Machine
from checks.practice.masks import keeps_filled, marked
from checks.practice.rows import joined
from checks.practice.scopes import bind
from checks.practice.values import (
    UNKNOWN,
    Choice,
    Class,
    Const,
    Data,
    Instance,
    Items,
    Lazy,
    Mapping,
    Model,
    Module,
    Object,
    Scope,
    Step,
    Value,
)


def assign(machine: Machine, target: ast.expr, value: Value, scope: Scope) -> None:
    machine.spend()
    if isinstance(target, ast.Name):
        bind(scope, target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(machine, target.elts, value, scope)
    elif isinstance(target, ast.Starred):
        assign(machine, target.value, value, scope)
    elif isinstance(target, ast.Attribute):
        store_attribute(machine, machine.evaluate(machine, target.value, scope), target.attr, value)
    elif isinstance(target, ast.Subscript):
        base = machine.evaluate(machine, target.value, scope)
        _store_element(machine, base, machine.evaluate(machine, target.slice, scope), value, scope)


def _unpack(machine: Machine, targets: list[ast.expr], value: Value, scope: Scope) -> None:
    parts = elements(machine, value, len(targets))
    star = next((number for number, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
    if star is not None and len(parts) >= len(targets) - 1:
        after = len(targets) - star - 1
        middle: Value = Items(parts[star : len(parts) - after])
        parts = [*parts[:star], middle, *(parts[len(parts) - after :] if after else [])]
    for number, target in enumerate(targets):
        assign(machine, target, parts[number] if number < len(parts) else UNKNOWN, scope)


def elements(machine: Machine, value: Value, wanted: int) -> list[Value]:
    """The parts of a value that is unpacked into so many names."""
    if isinstance(value, Items):
        parts = list(value.items)
        rest = value.rest
        return parts if len(parts) >= wanted or rest is None else [*parts, *[rest] * (wanted - len(parts))]
    if isinstance(value, Choice):
        columns = [elements(machine, option, wanted) for option in value.options]
        fitting = [column for column in columns if len(column) >= wanted] or columns
        return [join(column[number] for column in fitting if number < len(column)) for number in range(wanted)]
    if isinstance(value, Data) and len(value.given) == wanted:
        return [one.but(mask=None) for one in value.given]
    if isinstance(value, Data):
        return [value.but() for _ in range(wanted)]
    if isinstance(value, (Lazy, Mapping)):
        return machine.iterate(machine, value)
    if isinstance(value, Object) and not value.attributes:
        return [Object(value.name, value.args, value.params, {"__part__": Const(number)}) for number in range(wanted)]
    return [value] * wanted


def store_attribute(machine: Machine, base: Value, name: str, value: Value) -> None:
    if isinstance(base, (Instance, Object)):
        base.attributes[name] = value
    elif isinstance(base, Model):
        base.params[name] = value
    elif isinstance(base, Data):
        if name not in ("columns", "index", "name", "attrs"):
            store_column(machine, base, frozenset({name}), value)
    elif isinstance(base, (Class, Module)):
        base.scope.names[name] = value
    elif isinstance(base, Choice):
        for option in base.options:
            store_attribute(machine, option, name, value)


def _store_element(machine: Machine, base: Value, key: Value, value: Value, scope: Scope) -> None:
    if isinstance(base, Mapping):
        if isinstance(key, Const) and isinstance(key.value, (str, int, float, bool)):
            base.entries[key.value] = value
        else:
            base.rest = value if base.rest is None else join([base.rest, value])
    elif isinstance(base, Items):
        if isinstance(key, Const) and isinstance(key.value, int) and -len(base.items) <= key.value < len(base.items):
            base.items[key.value] = value
        else:
            base.rest = value if base.rest is None else join([base.rest, value])
    elif isinstance(base, Data):
        if base.form == "filled" and isinstance(key, Data) and key.form == "index" and isinstance(value, Const):
            marked(base, key, chosen=bool(value.value))
            return
        names, masked = _columns_of_key(key)
        if isinstance(value, Data) and _stands_in(value) and _some_rows(key):
            machine.note("missing_handled", f"{value.detail} in place of some values", base, names)
        if _is_gap_mask(key):
            base.steps = trimmed(base.steps | {machine.step("fill", "assigned to gaps", frozenset(), names)})
            machine.note("missing_handled", "assigned to gaps", base, names)
        store_column(machine, base, names, value, masked=masked)
    elif isinstance(base, (Object, Instance)):
        base.attributes[strings(key)[0] if strings(key) else "[]"] = value
    elif isinstance(base, Choice):
        for option in base.options:
            _store_element(machine, option, key, value, scope)


def _stands_in(value: Data) -> bool:
    """Whether a value is a column's own typical figure, as is put where a value is not known."""
    return value.form == "stat" and not value.by and value.detail in _TYPICAL


def _some_rows(key: Value) -> bool:
    """Whether a key picks rows by what they hold, rather than one row by its label."""
    first = _rows_of_key(key)
    return isinstance(first, Data) and first.form in ("mask", "missing")


def _rows_of_key(key: Value) -> Value:
    return key.items[0] if isinstance(key, Items) and key.kind == "tuple" and key.items else key


def _is_gap_mask(key: Value) -> bool:
    first = _rows_of_key(key)
    if not isinstance(first, Data):
        return False
    picked = any(side.split.startswith("missing:") and side.side == "in" for region in first.rows for side in region.sides)
    return (first.form == "missing" and not keeps_filled(first.mask)) or (first.form == "index" and picked)


def _columns_of_key(key: Value) -> tuple[frozenset[str] | None, bool]:
    """The columns that `frame[key] = ...` writes, and whether only some of the rows are written."""
    if isinstance(key, Items) and key.kind == "tuple" and len(key.items) == 2:
        names = strings(key.items[1])
        return (frozenset(names) if names else None), True
    names = strings(key)
    return (frozenset(names) if names else None), isinstance(key, Data)


def store_column(machine: Machine, base: Data, names: frozenset[str] | None, value: Value, *, masked: bool = False) -> None:
    """`frame[names] = value`: what was done to the value is now done to these columns of the frame."""
    data = as_data(value)
    if names is not None:
        base.absent = base.absent - names
        if base.columns is not None and base.form == "frame":
            base.columns = base.columns | names
    if data is None:
        return
    if base.form == "filled":
        base.rows, base.fits = joined(base.rows, data.rows), base.fits | data.fits
        base.steps, base.task = trimmed(base.steps | data.steps), base.task or data.task
        return
    if data.form in ("score", "curve", "shape"):
        return
    base.steps = trimmed(base.steps | _brought(machine, base, names, data, masked=masked))
    if data.fits:
        machine.note("prediction_column", ",".join(sorted(names or ())), data)
        base.fits = base.fits | data.fits if base.form == "frame" and not base.task else base.fits
    base.task = base.task or (data.task and not base.rows)
    if not base.rows:
        base.rows = data.rows


COUNTED = frozenset(
    {"count", "size", "nunique", "cumcount", "ngroup", "value_counts", "first", "last", "rank", "shift", "cumsum"}
)
"""Group figures that only count rows or tell a place among them."""


_TYPICAL = frozenset({"mean", "median", "mode", "nanmean", "nanmedian"})
"""Figures that stand in for a value that is not known."""


def group_op(figure: str) -> str:
    return "group_place" if figure in COUNTED else "group_statistic"


def _brought(machine: Machine, base: Data, names: frozenset[str] | None, data: Data, *, masked: bool) -> frozenset[Step]:
    """What was done to a value on its way into these columns."""
    added: set[Step] = set()
    of_groups = base.form == "stat" and bool(data.by)  # A table of groups: what is stored is each row's own figure.
    if data.form == "stat" and data.by and not of_groups:
        added.add(machine.step(group_op(data.detail), "group statistic", data.rows, names, source=data.columns))
    elif data.form == "stat" and not of_groups and (masked or data.rows != base.rows):
        op = "impute" if masked else "statistic"
        added.add(machine.step(op, data.detail or "statistic", data.rows, names))
    if data.form == "missing" and names is not None and not masked:
        added.add(machine.step("indicator", "missing indicator", frozenset(), names))
        machine.note("missing_handled", "indicator", base, names)
    if data.fits:
        learned = joined(*(machine.log.fits[number].rows for number in data.fits if 0 <= number < len(machine.log.fits)))
        added.add(machine.step("impute" if masked else "reduce", "predictions of a fitted model", learned, names))
    if _from_one_column(data, names):
        machine.note("made_from", ",".join(data.columns or ()), base, names)
    if _copies_one_column(data, names):
        added.add(machine.step("derived", "made from another column", frozenset(), names, source=data.columns))
    for step in data.steps:
        if step not in base.steps:
            added.add(replace(step, columns=names) if names is not None else step)
        elif names is not None and step.columns is not None and not names <= step.columns and _goes_along(step):
            added.add(replace(step, columns=names))
    return frozenset(added)


def _goes_along(step: Step) -> bool:
    """Whether what was done to one column is in whatever is made from it: what was learned from rows, and gaps filled."""
    return bool(step.rows) or step.op == "fill"


def _copies_one_column(data: Data, names: frozenset[str] | None) -> bool:
    """Whether a new column is another single column of the same row, compared, coded or rescaled."""
    return _from_one_column(data, names) and data.detail != "shifted"


def _from_one_column(data: Data, names: frozenset[str] | None) -> bool:
    if names is None or data.columns is None or len(data.columns) != 1 or data.columns == names:
        return False
    return data.form in ("series", "mask", "array") and not data.fits


def delete(machine: Machine, target: ast.expr, scope: Scope) -> None:
    if isinstance(target, ast.Name):
        scope.names.pop(target.id, None)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for one in target.elts:
            delete(machine, one, scope)
    elif isinstance(target, ast.Subscript):
        base = machine.evaluate(machine, target.value, scope)
        names = frozenset(strings(machine.evaluate(machine, target.slice, scope)))
        if isinstance(base, Data) and names:
            drop_columns(machine, base, names)
        elif isinstance(base, Data):
            base.steps |= {machine.step("some_columns", "deleted", frozenset())}
        elif isinstance(base, Mapping):
            for name in names:
                base.entries.pop(name, None)


def drop_columns(machine: Machine, frame: Data, names: frozenset[str]) -> None:
    """Columns leave a frame in place, and with them what was done to them alone."""
    frame.absent = frame.absent | names
    frame.steps = steps_without(frame.steps, names)
    if frame.columns is not None:
        frame.columns = frame.columns - names
    machine.note("drop_columns", ",".join(sorted(names)), frame, names)


def steps_without(steps: frozenset[Step], names: frozenset[str]) -> frozenset[Step]:
    return frozenset(step for step in steps if step.columns is None or not step.columns <= names)


def steps_within(steps: frozenset[Step], names: frozenset[str]) -> frozenset[Step]:
    """The steps that touch some of these columns."""
    return frozenset(step for step in steps if step.columns is None or step.columns & names)
