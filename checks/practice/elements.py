"""Subscripts of every kind of value: elements of lists and mappings, parts of models, rows and columns of frames."""

import ast

from checks.practice.combining import find_data, join, join_data, strings
from checks.practice.knowledge import library_of
from checks.practice.learned import vectors_for
from checks.practice.machine import Machine
from checks.practice.selecting import part_of_data, select
from checks.practice.stores import element_of
from checks.practice.values import (
    NONE,
    UNKNOWN,
    Choice,
    Const,
    Data,
    Instance,
    Items,
    Lazy,
    Mapping,
    Model,
    Object,
    Scope,
    Symbol,
    Value,
)


def subscript(machine: Machine, base: Value, key: ast.expr, scope: Scope) -> Value:
    if isinstance(base, Data):
        return part_of_data(machine, base, key, scope)
    if isinstance(base, Choice):
        return join([subscript(machine, option, key, scope) for option in base.options])
    if isinstance(base, Items):
        return _of_items(machine, base, key, scope)
    if isinstance(key, ast.Slice):
        return base
    return _by_value(machine, base, machine.evaluate(machine, key, scope))


def _by_value(machine: Machine, base: Value, index: Value) -> Value:
    if isinstance(base, Symbol) and base.name.endswith((".r_", ".c_")):
        found = find_data(index)
        if not found:
            return UNKNOWN
        both = join_data(found)
        return both if base.name.endswith("r_") else both.but(rows=found[0].rows)
    if isinstance(base, Mapping):
        return _of_mapping(base, index)
    if isinstance(base, Model):
        return vectors_for(machine, base, index) if _gives_vectors(base) else _of_model(base, index)
    if isinstance(base, Instance):
        return element_of(machine, base)
    if isinstance(base, Object):
        names = strings(index)
        known = base.attributes.get("__data__")
        if isinstance(known, Data):
            return select(machine, known, index)
        if names and names[0] in base.attributes:
            return base.attributes[names[0]]
        return base
    if isinstance(base, Lazy):
        return join(machine.iterate(machine, base))
    if isinstance(base, Const) and isinstance(base.value, str):
        return UNKNOWN
    return base


def _gives_vectors(base: Model) -> bool:
    return base.role == "transformer" and library_of(base.name) == "gensim"


def _of_items(machine: Machine, base: Items, key: ast.expr, scope: Scope) -> Value:
    if isinstance(key, ast.Slice):
        low, high = (_whole(machine, part, scope) for part in (key.lower, key.upper))
        if key.step is None and (key.lower is None or low is not None) and (key.upper is None or high is not None):
            return Items(base.items[low:high], base.kind, base.rest)
        return base
    index = machine.evaluate(machine, key, scope)
    if isinstance(index, Const) and isinstance(index.value, int) and -len(base.items) <= index.value < len(base.items):
        return base.items[index.value]
    every = [*base.items, *([base.rest] if base.rest is not None else [])]
    return join(every[:40])


def _whole(machine: Machine, node: ast.expr | None, scope: Scope) -> int | None:
    value = machine.evaluate(machine, node, scope) if node is not None else NONE
    return value.value if isinstance(value, Const) and isinstance(value.value, int) else None


def _of_mapping(base: Mapping, index: Value) -> Value:
    if isinstance(index, Const):
        try:
            if index.value in base.entries:
                return base.entries[index.value]
        except TypeError:
            return UNKNOWN
        return base.rest if base.rest is not None else UNKNOWN
    every = [*base.entries.values(), *([base.rest] if base.rest is not None else [])]
    found = join(every[:40])
    if isinstance(index, Data) and index.rows and isinstance(found, Data) and not found.fits:
        return found.but(rows=index.rows, mask=None)  # What a table says of a row belongs to the row.
    return found


def _of_model(base: Model, index: Value) -> Value:
    if base.detail == "sequence":
        return base
    name = index.value if isinstance(index, Const) else None
    for number, (step, part) in enumerate(base.parts):
        if name in (step, number):
            return part
    if isinstance(name, int) and -len(base.parts) <= name < len(base.parts):
        return base.parts[name][1]
    return base
