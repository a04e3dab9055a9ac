"""Methods of texts and of paths, which are read as texts."""

import posixpath

from checks.practice.combining import constant, find_data, join_data, strings
from checks.practice.machine import Call, Machine
from checks.practice.values import NONE, UNKNOWN, Const, Items, Object, Value

_SAME = frozenset({"resolve", "absolute", "expanduser", "as_posix", "strip", "lower", "upper", "with_suffix", "rstrip"})


def text_method(machine: Machine, receiver: Const, call: Call) -> Value:
    text = receiver.value if isinstance(receiver.value, str) else ""
    if call.name in _SAME:
        return receiver
    if call.name in ("startswith", "endswith") and strings(call.arg(0)):
        marks = tuple(strings(call.arg(0)))
        return Const(text.startswith(marks) if call.name == "startswith" else text.endswith(marks))
    if call.name == "format":
        found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
        return join_data(found).but(form="text") if found else Const(_filled(text, call))
    if call.name == "join":
        parts = [part for one in call.args for part in strings(one)]
        found = [data for one in call.args for data in find_data(one)]
        if found:
            return join_data(found) if len(found) > 1 else found[0]
        return Const(text.join(parts)[:2000]) if parts else UNKNOWN
    if call.name == "split":
        mark = next(iter(strings(call.arg(0))), "")
        return Items([Const(part) for part in text.split(mark or None)[:200]])
    return _path_method(machine, receiver, text, call)


def _path_method(machine: Machine, receiver: Const, text: str, call: Call) -> Value:
    if call.name == "joinpath":
        return Const("/".join([text, *(part for one in call.args for part in strings(one))]))
    if call.name in ("open", "read_text", "read_bytes"):
        return Object("builtins.open", [receiver])
    if call.name in ("write_text", "write_bytes"):
        for one in call.args:
            for data in find_data(one):
                machine.show(data)
        return NONE
    if call.name in ("glob", "rglob", "iterdir"):
        return Items([Const(posixpath.join(text, next(iter(strings(call.arg(0))), "*")))])
    return UNKNOWN


def _filled(text: str, call: Call) -> str:
    filled = text
    for name, value in call.params.items():
        known = constant(value)
        filled = filled.replace("{" + name + "}", str(known) if known is not None else "*")
    for value in call.args:
        known = constant(value)
        filled = filled.replace("{}", str(known) if known is not None else "*", 1)
    return filled[:2000]
