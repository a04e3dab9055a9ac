"""Methods of lists and mappings."""

from checks.practice.combining import constant, join
from checks.practice.machine import Call, Machine
from checks.practice.values import NONE, UNKNOWN, Const, Items, Mapping, Value


def container_method(machine: Machine, receiver: Items | Mapping, call: Call) -> Value:
    if isinstance(receiver, Mapping):
        return _mapping_method(machine, receiver, call)
    first = call.arg(0)
    if call.name in ("append", "add", "insert", "appendleft") and call.args:
        if len(receiver.items) < 400:
            receiver.items.append(call.args[-1])
        return NONE
    if call.name in ("extend", "update") and first is not None:
        receiver.items += machine.iterate(machine, first)[:200]
        return NONE
    if call.name in ("pop", "popleft"):
        index = constant(first) if first is not None else -1
        if isinstance(index, int) and -len(receiver.items) <= index < len(receiver.items):
            return receiver.items.pop(index)
        return join(receiver.items[:24])
    if call.name in ("remove", "discard") and isinstance(first, Const):
        receiver.items[:] = [one for one in receiver.items if not (isinstance(one, Const) and one.value == first.value)]
        return NONE
    if call.name in ("copy", "difference", "union", "intersection", "symmetric_difference"):
        return Items(list(receiver.items), receiver.kind, receiver.rest)
    return NONE if call.name in ("sort", "reverse", "clear") else UNKNOWN


def _mapping_method(machine: Machine, receiver: Mapping, call: Call) -> Value:
    every = list(receiver.entries.items())
    rest = [receiver.rest] if receiver.rest is not None else []
    if call.name == "items":
        pairs: list[Value] = [Items([Const(key), value], "tuple") for key, value in every]
        return Items(pairs + [Items([UNKNOWN, one], "tuple") for one in rest])
    if call.name == "values":
        return Items([value for _, value in every] + rest)
    if call.name == "keys":
        return Items([Const(key) for key, _ in every] + [UNKNOWN for _ in rest])
    if call.name in ("get", "pop", "setdefault") and call.args:
        key = constant(call.args[0])
        if isinstance(key, (str, int, float)) and key in receiver.entries:
            return receiver.entries[key]
        if isinstance(call.args[0], Const):
            return call.args[1] if len(call.args) > 1 else (rest[0] if rest else NONE)
        return join([value for _, value in every[:40]] + rest)
    if call.name == "update":
        first = call.arg(0)
        if isinstance(first, Mapping):
            receiver.entries.update(first.entries)
        receiver.entries.update(call.params)
        return NONE
    if call.name == "copy":
        return Mapping(dict(receiver.entries), receiver.rest)
    del machine
    return UNKNOWN
