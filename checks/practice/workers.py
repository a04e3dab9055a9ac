"""Functions handed to threads, processes and pools: each is run where it is handed over."""

from checks.practice.machine import Call, Machine
from checks.practice.values import Const, Data, Function, Items, Lazy, Mapping, Method, Object, Partial, Value

FUTURE = "concurrent.futures.Future"
MAX_CALLS = 24
_ONE_EACH = frozenset({"map", "imap", "imap_unordered", "map_async", "starmap", "starmap_async"})
_HANDS_OVER = _ONE_EACH | {"submit", "apply", "apply_async"}


def hands_over(call: Call) -> bool:
    first = call.arg(0, "func", "fn")
    return call.name in _HANDS_OVER and isinstance(first, (Function, Partial, Method))


def handed_over(machine: Machine, call: Call) -> Value:
    function, *given = call.args
    if call.name in _ONE_EACH:
        results = Items([machine.call(machine, function, row, {}, call.node) for row in _rows(machine, call.name, given)])
        return Object(FUTURE, [results]) if call.name.endswith("async") else results
    params = dict(call.params)
    if call.name != "submit":
        packed = call.arg(1, "args")
        named = call.arg(2, "kwds")
        given = list(packed.items) if isinstance(packed, Items) else []
        params = {str(key): value for key, value in named.entries.items()} if isinstance(named, Mapping) else {}
    result = machine.call(machine, function, given, params, call.node)
    return result if call.name == "apply" else Object(FUTURE, [result])


def _rows(machine: Machine, name: str, given: list[Value]) -> list[list[Value]]:
    """The arguments of each call."""
    many = [one for one in given if isinstance(one, (Items, Data, Lazy, Mapping))] or given
    if name.startswith("starmap"):
        rows = [machine.iterate(machine, row) for row in machine.iterate(machine, many[0])] if many else []
    else:
        rows = [list(row) for row in zip(*(machine.iterate(machine, one) for one in many), strict=False)]
    return rows[:MAX_CALLS]


def outcome(receiver: Object, call: Call) -> Value | None:
    """`future.result()`: what the function gave."""
    if receiver.name != FUTURE or call.name not in ("result", "get"):
        return None
    return receiver.args[0] if receiver.args else Const(None)
