"""Statements that hold no others: assignments, imports, assertions and the ways out of a block."""

import ast
from collections.abc import Callable
from typing import Any, Literal

from checks.practice.assigning import assign, delete
from checks.practice.combining import as_data, find_data
from checks.practice.importing import import_from, import_names
from checks.practice.machine import Machine
from checks.practice.scopes import truth
from checks.practice.shapes import as_load, only_sizes
from checks.practice.values import NONE, UNKNOWN, Const, Lazy, Object, Scope, Value

Leaving = Literal["", "return", "raise", "break", "continue"]


class Returns:
    """What a function's return statements gave."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.stopped = False
        """The program was ended from inside."""


def _expression(machine: Machine, node: ast.Expr, scope: Scope, returns: Returns) -> Leaving:
    if isinstance(node.value, (ast.GeneratorExp, ast.Lambda, ast.Constant)):
        return ""
    value = machine.evaluate(machine, node.value, scope)
    for data in find_data(value):
        machine.glance(data)
    if not (isinstance(value, Object) and value.name == "stop"):
        return ""
    returns.stopped = True
    return "raise"


def _assign(machine: Machine, node: ast.Assign, scope: Scope, returns: Returns) -> Leaving:
    if isinstance(node.value, ast.GeneratorExp):
        value: Value = Lazy(node.value, scope)
    else:
        value = machine.evaluate(machine, node.value, scope)
    for target in node.targets:
        assign(machine, target, value, scope)
    return ""


def _annotated(machine: Machine, node: ast.AnnAssign, scope: Scope, returns: Returns) -> Leaving:
    if node.value is not None:
        assign(machine, node.target, machine.evaluate(machine, node.value, scope), scope)
    return ""


def _augmented(machine: Machine, node: ast.AugAssign, scope: Scope, returns: Returns) -> Leaving:
    operation = ast.copy_location(ast.BinOp(as_load(node.target), node.op, node.value), node)
    value = machine.evaluate(machine, operation, scope)
    counts = machine.loops and isinstance(value, Const) and isinstance(value.value, (int, float))
    assign(machine, node.target, UNKNOWN if counts else value, scope)  # Only two rounds of a loop are read.
    return ""


def _return(machine: Machine, node: ast.Return, scope: Scope, returns: Returns) -> Leaving:
    returns.values.append(machine.evaluate(machine, node.value, scope) if node.value is not None else NONE)
    return "return"


def _raise(machine: Machine, node: ast.Raise, scope: Scope, returns: Returns) -> Leaving:
    return "raise"


def _break(machine: Machine, node: ast.Break, scope: Scope, returns: Returns) -> Leaving:
    return "break"


def _continue(machine: Machine, node: ast.Continue, scope: Scope, returns: Returns) -> Leaving:
    return "continue"


def _assert(machine: Machine, node: ast.Assert, scope: Scope, returns: Returns) -> Leaving:
    value = machine.evaluate(machine, node.test, scope)
    if truth(value) is False:
        return "raise"
    data = as_data(value)
    if data is not None and not only_sizes(node.test):
        machine.look("validity", data, "assert", visible=True)
    return ""


def _import(machine: Machine, node: ast.Import, scope: Scope, returns: Returns) -> Leaving:
    import_names(machine, node, scope)
    return ""


def _import_from(machine: Machine, node: ast.ImportFrom, scope: Scope, returns: Returns) -> Leaving:
    import_from(machine, node, scope)
    return ""


def _delete(machine: Machine, node: ast.Delete, scope: Scope, returns: Returns) -> Leaving:
    for target in node.targets:
        delete(machine, target, scope)
    return ""


def _outer(machine: Machine, node: ast.Global | ast.Nonlocal, scope: Scope, returns: Returns) -> Leaving:
    scope.outer = scope.outer | frozenset(node.names)
    return ""


Handler = Callable[[Machine, Any, Scope, Returns], Leaving]
PLAIN: dict[type, Handler] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Assert: _assert,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Delete: _delete,
    ast.Global: _outer,
    ast.Nonlocal: _outer,
}
"""How each is run."""
