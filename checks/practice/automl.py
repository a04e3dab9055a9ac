"""Tools that are set up with a whole frame and search over all kinds of models."""

from checks.practice.combining import constant, find_data
from checks.practice.machine import Call, Machine
from checks.practice.values import UNKNOWN, Object, Value


def pycaret_setup(machine: Machine, call: Call) -> Value:
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    if found:
        machine.note("automl_data", "pycaret", found[0])
    if constant(call.params.get("fix_imbalance")) is True:
        machine.note("balance", "fix_imbalance")
    machine.split(("pycaret", machine.path), found[0] if found else None, "random")
    return Object(call.name, found[:1])  # type: ignore[arg-type]


def used(machine: Machine, call: Call) -> Value:
    found = [data for one in call.args for data in find_data(one)]
    del machine
    return found[0].but(form="frame") if found else UNKNOWN
