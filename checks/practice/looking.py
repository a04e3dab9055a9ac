"""Library functions that look at data: tests, tables of levels, profile reports."""

from collections.abc import Callable

from checks.practice.combining import find_data, join_data
from checks.practice.machine import Call, Machine
from checks.practice.values import UNKNOWN, Object, Value

Handler = Callable[[Machine, Call], Value]


def looking(kind: str) -> Handler:
    def look(machine: Machine, call: Call) -> Value:
        found = [data for one in call.args for data in find_data(one)]
        named = call.params.get("data") or call.params.get("df")
        found += find_data(named) if named is not None else []
        if not found:
            return UNKNOWN
        data = join_data(found) if len(found) > 1 else found[0]
        seen = machine.look(kind, data, call.name)
        return data.but(form="stat", facets=data.facets | seen, mask=None)

    return look


def profile(machine: Machine, call: Call) -> Value:
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    if not found:
        return Object(call.name, list(call.args))
    data = found[0]
    seen: frozenset[int] = frozenset()
    for kind in ("shape", "missingness", "numeric", "relation"):
        seen |= machine.look(kind, data, "profile report")
    machine.pending_plots += sorted(seen)
    return Object(call.name, [data.but(form="plot", facets=seen)])
