"""Built-in functions, and methods of lists and mappings."""

from collections.abc import Callable
from typing import Any

from checks.practice.assigning import store_attribute
from checks.practice.attributes import attribute
from checks.practice.combining import as_data, constant, find_data, join, join_data, strings
from checks.practice.machine import Call, Machine
from checks.practice.rows import Region
from checks.practice.scopes import truth
from checks.practice.values import (
    NONE,
    UNKNOWN,
    Choice,
    Const,
    Data,
    Function,
    Instance,
    Items,
    Lazy,
    Mapping,
    Method,
    Model,
    Object,
    Scope,
    Symbol,
    Value,
)

MAX_NUMBERS = 24


def call_builtin(machine: Machine, call: Call) -> Value:
    handler = _BUILTINS.get(call.name)
    if handler is not None:
        return handler(machine, call)
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    for one in call.args:
        if isinstance(one, Function):
            machine.run_function(machine, one, [], {})
    if found:
        return join_data(found) if len(found) > 1 else found[0]
    return UNKNOWN


def _print(machine: Machine, call: Call) -> Value:
    for one in call.args:
        for data in find_data(one):
            machine.show(data)
    return NONE


def _stop(machine: Machine, call: Call) -> Value:
    return Object("stop")


def _len(machine: Machine, call: Call) -> Value:
    first = call.arg(0)
    if isinstance(first, Items) and first.rest is None:
        return Const(len(first.items))
    if isinstance(first, Mapping) and first.rest is None:
        return Const(len(first.entries))
    if isinstance(first, Const) and isinstance(first.value, str):
        return Const(len(first.value))
    data = as_data(first) if first is not None else None
    if data is None:
        return UNKNOWN
    seen = machine.look("shape", data, "len") if data.form in ("frame", "series") else frozenset()
    return data.but(form="shape", facets=data.facets | seen)


def _range(machine: Machine, call: Call) -> Value:
    counted = next((data for one in call.args for data in find_data(one) if data.form == "shape"), None)
    if counted is not None and not machine.loops and len(call.args) == 1:
        origin = f"positions@{machine.path}:{machine.cell}:{machine.line}"
        return Data(rows=frozenset({Region(origin)}), form="index", task=False)
    numbers = [constant(one) for one in call.args]
    if numbers and all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        try:
            found = range(*numbers)
        except (TypeError, ValueError):
            return UNKNOWN
        if len(found) == 0:
            return Items([])
        return Items([Const(found[0]), *([_one_of(found[1:])] if len(found) > 1 else [])])
    return Items([UNKNOWN, UNKNOWN])


def _one_of(numbers: range) -> Value:
    """The later rounds of a loop, of which one is read: any of these numbers."""
    if len(numbers) > MAX_NUMBERS:
        return UNKNOWN
    return Const(numbers[0]) if len(numbers) == 1 else Choice([Const(number) for number in numbers])


def _enumerate(machine: Machine, call: Call) -> Value:
    first = call.arg(0)
    items = machine.iterate(machine, first) if first is not None else []
    known = len(items) > 2 or (isinstance(first, Items) and len(items) == 1)  # Two stand for any number of rounds.
    counts = [Const(number) if known or number == 0 else UNKNOWN for number in range(len(items))]
    return Items([Items([count, item], "tuple") for count, item in zip(counts, items, strict=True)])


def _zip(machine: Machine, call: Call) -> Value:
    columns = [machine.iterate(machine, one) for one in call.args]
    return Items([Items(list(row), "tuple") for row in zip(*columns, strict=False)])


def _listed(machine: Machine, call: Call) -> Value:
    first = call.arg(0)
    if first is None:
        return Items([])
    if isinstance(first, Data):
        return first.but(form="list") if first.form in ("frame", "series", "array") and call.name == "list" else first
    return Items(machine.iterate(machine, first), "tuple" if call.name == "tuple" else "list")


def _dict(machine: Machine, call: Call) -> Value:
    entries: dict[Any, Value] = dict(call.params)
    first = call.arg(0)
    if isinstance(first, Mapping):
        entries = {**first.entries, **entries}
    elif isinstance(first, Items):
        for pair in first.items:
            if isinstance(pair, Items) and len(pair.items) == 2 and isinstance(pair.items[0], Const):
                entries[pair.items[0].value] = pair.items[1]
    elif isinstance(first, Data):
        return first
    del machine
    return Mapping(entries)


def _sorted(machine: Machine, call: Call) -> Value:
    first = call.arg(0)
    chosen = _by_key(machine, call, first)
    ranked = [data for data in find_data(chosen or UNKNOWN) if data.form not in ("array", "series")]
    scores = frozenset[int]().union(*(data.evaluations for data in ranked))
    among = [one for one in call.args if any(data.evaluations for data in find_data(one))]
    one_of_two = len(call.args) > 1 and len(among) < 2  # The larger of a score and a fixed number.
    if scores and call.name in ("max", "min") and not one_of_two:
        rows = frozenset[Region]().union(*(data.rows for data in ranked))
        machine.chose("best of several", scores, rows)
    if isinstance(first, (Items, Mapping)):
        items = machine.iterate(machine, first)
        return Items(items) if call.name in ("sorted", "reversed") else join([*items[:24], *call.args[1:]])
    data = [found for one in call.args for found in find_data(one)]
    if data:
        joined = join_data(data) if len(data) > 1 else data[0]
        return joined if joined.form in ("score", "curve", "shape") else joined.but(form="stat", by=frozenset())
    return join(call.args) if len(call.args) > 1 else UNKNOWN


def _by_key(machine: Machine, call: Call, first: Value | None) -> Value | None:
    key = call.params.get("key")
    if isinstance(key, Function) and isinstance(first, (Items, Mapping)):
        items = machine.iterate(machine, first)
        return join([machine.run_function(machine, key, [item], {}) for item in items[:8]])
    if isinstance(key, Method) and isinstance(key.receiver, Mapping):
        return join(list(key.receiver.entries.values())[:24])
    return join(call.args[:4]) if call.args else None


def _map(machine: Machine, call: Call) -> Value:
    function, *sources = call.args or [UNKNOWN]
    columns = [machine.iterate(machine, one) for one in sources]
    rows = list(zip(*columns, strict=False))[:24]
    if isinstance(function, Function) and call.name == "map":
        return Lazy(call.node, Scope({}), pending=(function, tuple(rows)))
    if call.name == "filter":
        return sources[0] if sources else UNKNOWN
    return Items([machine.call(machine, function, list(row), {}, call.node) for row in rows])


def _getattr(machine: Machine, call: Call) -> Value:
    names = strings(call.arg(1))
    if not names or not call.args:
        return UNKNOWN
    found = attribute(machine, call.args[0], names[0])
    if isinstance(found, (type(UNKNOWN), Method)) and len(call.args) > 2 and isinstance(call.args[0], (Instance, Object)):
        return join([found, call.args[2]])
    return found


def _setattr(machine: Machine, call: Call) -> Value:
    names = strings(call.arg(1))
    if names and len(call.args) > 2:
        store_attribute(machine, call.args[0], names[0], call.args[2])
    return NONE


_KINDS: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict, "tuple": tuple}


def _any_or_all(machine: Machine, call: Call) -> Value:
    """Certain where every element is known, as in `any([])`."""
    first = call.arg(0)
    if isinstance(first, Items) and first.rest is None:
        certain = [truth(item) for item in first.items]
        deciding = call.name == "any"
        if deciding in certain or None not in certain:
            return Const(deciding if deciding in certain else not deciding)
    found = find_data(first) if first is not None else []
    return found[0] if found else UNKNOWN


def _isinstance(machine: Machine, call: Call) -> Value:
    value, kind = call.arg(0), call.arg(1)
    if isinstance(value, Const) and isinstance(kind, Symbol) and kind.name[9:] in _KINDS:
        return Const(isinstance(value.value, _KINDS[kind.name[9:]]))
    if isinstance(kind, Symbol) and kind.name.startswith("builtins.") and isinstance(value, (Data, Model)):
        return Const(False)
    return UNKNOWN


def _next(machine: Machine, call: Call) -> Value:
    first = call.arg(0)
    items = machine.iterate(machine, first) if first is not None else []
    return items[0] if items else UNKNOWN


def _iter(machine: Machine, call: Call) -> Value:
    return call.arg(0) or UNKNOWN


def _open(machine: Machine, call: Call) -> Value:
    return Object("builtins.open", list(call.args[:1]))


_NUMBERS: dict[str, Callable[[Any], Any]] = {"int": int, "float": float, "bool": bool, "str": str, "abs": abs}


def _number(machine: Machine, call: Call) -> Value:
    first = call.arg(0)
    if isinstance(first, Const):
        try:
            return Const(_NUMBERS[call.name](first.value))
        except (TypeError, ValueError, OverflowError):
            return UNKNOWN
    if isinstance(first, Data):
        return first.but(form="text") if call.name == "str" else first
    return UNKNOWN


def _super(machine: Machine, call: Call) -> Value:
    return UNKNOWN


def _sum(machine: Machine, call: Call) -> Value:
    first = call.arg(0)
    if isinstance(first, Items) and not first.items and first.rest is None:
        return Const(0)
    found = [data for one in call.args for item in machine.iterate(machine, one) for data in find_data(item)]
    return join_data(found) if found else UNKNOWN


_BUILTINS = {
    "print": _print, "display": _print, "exit": _stop, "quit": _stop, "len": _len, "range": _range, "enumerate": _enumerate,
    "zip": _zip, "list": _listed, "tuple": _listed, "set": _listed, "dict": _dict, "sorted": _sorted, "max": _sorted,
    "min": _sorted, "reversed": _sorted, "map": _map, "filter": _map, "getattr": _getattr, "setattr": _setattr,
    "isinstance": _isinstance, "next": _next, "iter": _iter, "open": _open, "int": _number, "float": _number,
    "bool": _number, "str": _number, "abs": _number, "super": _super, "sum": _sum, "any": _any_or_all, "all": _any_or_all,
}  # fmt: skip
