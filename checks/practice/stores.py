"""Data sets that people write as classes: what comes out of them by number or one after another."""

from checks.practice.combining import find_data, join_data
from checks.practice.machine import Machine
from checks.practice.members import find_member
from checks.practice.values import UNKNOWN, Data, Function, Instance, Value

_GIVERS = ("__getitem__", "__iter__", "__next__")


def element_of(machine: Machine, store: Instance) -> Value:
    """What such an object gives when one of its elements is asked for."""
    for name in _GIVERS:
        member = find_member(store.kind, name)
        if isinstance(member, Function):
            bound = Function(
                member.node, member.scope, member.path, member.cell, store, member.defaults, member.marks, member.owner
            )
            given: list[Value] = [UNKNOWN] if name == "__getitem__" else []
            return machine.run_function(machine, bound, given, {})
    return UNKNOWN


def held_by(machine: Machine, store: Instance) -> Data | None:
    """The data behind such an object: what its elements are made of, or else what it keeps."""
    found = find_data(element_of(machine, store)) or [one for kept in store.attributes.values() for one in find_data(kept)]
    return join_data(found) if found else None
