"""The libraries around the work: figures, paths, options, logs."""

from checks.practice.combining import find_data
from checks.practice.folding import text_of
from checks.practice.machine import Call, Machine
from checks.practice.values import NONE, UNKNOWN, Const, Items, Object, Value


def show(machine: Machine, call: Call) -> Value:
    for one in [*call.args, *call.params.values()]:
        for data in find_data(one):
            machine.show(data)
    return NONE


def matplotlib(machine: Machine, call: Call) -> Value:
    name = call.name.rsplit(".", 1)[-1]
    if name in ("subplots", "subplot", "figure", "gca", "gcf", "axes", "subplot2grid", "add_subplot"):
        made = Object("matplotlib.axes")
        return Items([Object("matplotlib.figure"), made], "tuple") if name == "subplots" else made
    return NONE


def path(machine: Machine, call: Call) -> Value:
    return Const("/".join(text_of(one) for one in call.args) or ".")


def os_function(machine: Machine, call: Call) -> Value:
    if call.name.endswith("path.join"):
        return path(machine, call)
    if call.name.endswith(("dirname", "abspath", "realpath", "expanduser", "normpath")) and call.args:
        first = call.args[0]
        return first if isinstance(first, Const) else UNKNOWN
    return UNKNOWN


def argparse(machine: Machine, call: Call) -> Value:
    return Object(call.name, [], dict(call.params))


def logging(machine: Machine, call: Call) -> Value:
    show(machine, call)
    return Object("logging.Logger")


def types_function(machine: Machine, call: Call) -> Value:
    return Object(call.name, [], {}, dict(call.params))
