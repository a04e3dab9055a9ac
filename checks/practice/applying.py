"""Functions given to frames: apply, map, pipe, assign."""

from checks.practice.assigning import group_op, store_column
from checks.practice.combining import find_data, strings, trimmed, unheld
from checks.practice.grouping import told_by_order
from checks.practice.knowledge import Entry
from checks.practice.machine import Call, Machine
from checks.practice.values import UNKNOWN, Class, Data, Function, Items, Mapping, Method, Symbol, Value


def call_functions(machine: Machine, data: Data, call: Call) -> list[Value]:
    """Run the functions that a method was given, on the data."""
    results: list[Value] = []
    for one in [*call.args, *call.params.values()]:
        if isinstance(one, Function):
            results.append(machine.run_function(machine, one, [data.but(facets=frozenset())], {}))
        elif isinstance(one, (Mapping, Items)):
            inner = one.entries.values() if isinstance(one, Mapping) else one.items
            results += [
                machine.run_function(machine, function, [data.but(facets=frozenset())], {})
                for function in list(inner)[:12]
                if isinstance(function, Function)
            ]
    return results


def applied(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    first = call.arg(0)
    if call.name == "pipe" and first is not None and not isinstance(first, Mapping):
        return machine.call(machine, first, [data, *call.args[1:]], dict(call.params), call.node)
    if call.name in ("assign", "with_columns", "withColumn"):
        return _with_columns(machine, data, call)
    if isinstance(first, Mapping) and (table := told_by_order(first.rest or UNKNOWN)) is not None:
        return mapped(machine, data, table)
    if isinstance(first, Data) and call.name == "map":
        return mapped(machine, data, first)
    if isinstance(first, Symbol) and first.name.rsplit(".", 1)[-1] in ("zscore",):
        step = machine.step("scale", first.name, data.rows, data.columns)
        return data.but(steps=trimmed(data.steps | {step}), mask=None)
    if data.form == "group":
        call_functions(machine, data.but(form="frame"), call)
        return data.but(form="stat", mask=None)
    results = call_functions(machine, data, call)
    found = [one for result in results for one in find_data(result)]
    looked_up = next((one for one in found if one.form == "stat" and one.by and one.rows), None)
    if looked_up is not None and data.form == "series":
        return mapped(machine, data, looked_up)
    steps = data.steps.union(*(one.steps for one in found)) if found else data.steps
    if any(isinstance(one, (Method, Class)) for one in call.args):
        for one in call.args:
            machine.call(machine, one, [data], {}, call.node)
    result = data.but(steps=trimmed(steps), mask=None, form=data.form if data.form != "mask" else "series")
    return unheld(result) if call.params.get("axis") is not None else result


def mapped(machine: Machine, data: Data, table: Data) -> Data:
    """`column.map(means)`: each value replaced by a statistic of its group."""
    op = "encode" if table.detail == "value_counts" else group_op(table.detail)
    step = machine.step(op, f"map {table.detail}", table.rows, data.columns, source=table.columns)
    steps = table.steps | data.steps | ({step} if table.form == "stat" else set())
    return data.but(steps=trimmed(frozenset(steps)), mask=None)


def _with_columns(machine: Machine, data: Data, call: Call) -> Data:
    result = data.but(mask=None)
    for name, value in call.params.items():
        given = machine.run_function(machine, value, [result], {}) if isinstance(value, Function) else value
        store_column(machine, result, frozenset({name}), given)
    if call.name == "withColumn" and len(call.args) > 1:
        store_column(machine, result, frozenset(strings(call.args[0])) or None, call.args[1])
    return result
