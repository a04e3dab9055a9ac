"""Tables of groups, and frames arranged anew: what their figures are called, and which rows and columns they hold."""

from checks.practice.combining import as_data, constant, strings
from checks.practice.machine import Call, Machine
from checks.practice.splitting import copied
from checks.practice.values import UNKNOWN, Const, Data, Items, Mapping, Symbol, Value


def arranged(machine: Machine, data: Data, call: Call) -> Data | None:
    """What renaming, indexing by a column, picking by type and repeating rows do; None for any other method."""
    if data.form == "stat" and data.by and (names := _new_names(data, call)):
        return named(machine, data, names)
    if call.name == "set_index" and constant(call.params.get("drop", Const(True))) is not False:
        return data.but(absent=data.absent | frozenset(strings(call.arg(0, "keys"))), mask=None)
    if call.name == "select_dtypes":
        return data.but(steps=data.steps | {machine.step("some_columns", "columns by their type", frozenset())}, mask=None)
    counts = as_data(call.arg(0, "repeats") or UNKNOWN) if call.name == "repeat" else None
    return copied(machine, data, counts) if counts is not None else None


def _new_names(table: Data, call: Call) -> frozenset[str]:
    """What `reset_index(name=...)`, `rename(...)` and `to_frame(...)` call the figures of a table of groups."""
    if call.name == "reset_index":
        return frozenset(strings(call.params.get("name")))
    if call.name not in ("rename", "to_frame"):
        return frozenset()
    given = call.params.get("columns") or call.arg(0, "name", "index")
    if not isinstance(given, Mapping):
        return frozenset(strings(given))
    return frozenset(
        text for old, new in given.entries.items() if table.columns is None or old in table.columns for text in strings(new)
    )


def aggregated(call: Call) -> tuple[frozenset[str], set[str]]:
    """The columns that an aggregation names, and the figures that it takes of them."""
    given = call.arg(0, "func")
    if isinstance(given, Mapping):
        columns = frozenset(name for name in given.entries if isinstance(name, str))
        return columns, {text for value in given.entries.values() for text in strings(value)}
    pairs = [strings(value) for value in call.params.values() if isinstance(value, Items)]
    if pairs and all(len(pair) == 2 for pair in pairs):
        return frozenset(pair[0] for pair in pairs), {pair[1] for pair in pairs}
    return frozenset(), set(strings(given))


def told_by_name(machine: Machine, table: Data, call: Call) -> Data:
    """What an aggregation gave, with the figure that it took and the names that it gave."""
    figures = aggregated(call)[1]
    table = table.but(detail=figures.pop() if len(figures) == 1 else call.name)
    given = frozenset(name for name, value in call.params.items() if isinstance(value, (Items, Const)) and strings(value))
    names = given - {"func", "axis"}
    return named(machine, table, names) if names else table


def named(machine: Machine, table: Data, names: frozenset[str]) -> Data:
    """A table of groups whose figures get names of their own: what they were learned from is kept beside them."""
    _, source = origin_of_names(table)
    step = machine.step("named", "group statistic", frozenset(), names, source=source)
    return table.but(steps=table.steps | {step}, columns=names, mask=None)


def origin_of_names(table: Data) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """What the figures of a table of groups are called once they are joined, where that is known, and what they tell of."""
    given = [step for step in table.steps if step.op == "named" and step.columns == table.columns]
    if given:
        return table.columns, max(given, key=lambda step: step.number).source or None
    return None, table.columns  # Joined under the name they came with, which by then may be another.


ORDERED = "ordered"
"""The step that leaves a table of groups in the order of its figures."""


def pivoted(table: Data, call: Call) -> Data:
    """A pivot of one column over the groups of others is a table of groups, written another way."""
    by, told = frozenset(strings(call.params.get("index"))), frozenset(strings(call.params.get("values")))
    if not by or not told or "columns" in call.params:
        return table
    given = call.params.get("aggfunc")
    named = [given.name.rsplit(".", 1)[-1]] if isinstance(given, Symbol) else strings(given)
    return table.but(form="pivot", columns=told, by=by, detail=named[0] if named else "mean")


def told_by_order(key: Value) -> Data | None:
    """The table behind a group's name, where the groups were put in order by their figures."""
    if not isinstance(key, Data) or key.form != "stat" or not key.by:
        return None
    return key if any(step.op == ORDERED for step in key.steps) else None
