"""Methods that change values where they stand: gaps filled or left out, values replaced, cut off or ranked."""

from checks.practice.applying import mapped
from checks.practice.combining import as_data, find_data, strings, trimmed
from checks.practice.figures import bounded, learned_fill
from checks.practice.grouping import told_by_order
from checks.practice.knowledge import Entry
from checks.practice.machine import Call, Machine
from checks.practice.values import UNKNOWN, Data, Mapping, Symbol, Value


def fill(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if data.form in ("pivot", "stat", "group", "window"):
        return data.but(form="series" if data.form in ("group",) else data.form, mask=None)
    value = call.arg(0, "value")
    stat = as_data(value) if value is not None else None
    named = frozenset(strings(value)) if isinstance(value, Mapping) else data.columns
    if stat is not None and stat.rows and stat.form == "stat":
        step = learned_fill(machine, stat, named)
    else:
        step = machine.step("fill", call.name, frozenset(), named)
    machine.note("missing_handled", call.name, data, named)
    extra = stat.steps if stat is not None else frozenset()
    return data.but(steps=trimmed(data.steps | extra | {step}), mask=None)


def clip(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    """Values cut off at bounds, which may have been learned from rows."""
    return bounded(machine, data, [one for given in [*call.args, *call.params.values()] for one in find_data(given)])


def rank(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if data.fits or data.form not in ("frame", "series"):
        return data.but(mask=None)
    step = machine.step("bin", "rank", data.rows, data.columns)
    return data.but(steps=trimmed(data.steps | {step}), mask=None)


def drop_missing(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if data.form in ("stat", "pivot") or data.detail == "shifted":
        return data.but(mask=None)
    step = machine.step("drop_missing", call.name, frozenset(), data.columns)
    machine.note("missing_handled", call.name, data)
    return data.but(steps=trimmed(data.steps | {step}), mask=None)


def replace_values(machine: Machine, data: Data, call: Call, entry: Entry) -> Value | None:
    first = call.arg(0, "to_replace")
    learned = [
        one for given in [*call.args, *call.params.values()] for one in find_data(given) if one.form == "stat" and one.rows
    ]
    table = told_by_order(first.rest or UNKNOWN) if isinstance(first, Mapping) else first
    if isinstance(table, Data) and table.form == "stat" and table.by and call.name == "replace":
        return mapped(machine, data, table)
    if learned and data.form in ("frame", "series", "array"):
        machine.note("missing_handled", "replace", data)
        return data.but(
            steps=trimmed(data.steps | learned[0].steps | {learned_fill(machine, learned[0], data.columns)}), mask=None
        )
    if isinstance(first, Symbol) and first.name.lower().endswith((".nan", ".na")):
        step = machine.step("fill", "replace", frozenset(), data.columns)
        machine.note("missing_handled", "replace", data)
        return data.but(steps=trimmed(data.steps | {step}), mask=None)
    masked = as_data(first) if first is not None else None
    if call.name in ("mask", "where") and masked is not None and masked.form == "missing":
        return fill(machine, data, Call(call.name, "", call.args[1:], {}, call.node), entry)
    return None
