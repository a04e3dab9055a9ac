"""Functions and classes as they are defined: default values and decorators."""

import ast

from checks.practice.machine import Machine
from checks.practice.values import Function, Method, Object, Scope, Symbol, Value


def defaults_of(machine: Machine, arguments: ast.arguments, scope: Scope) -> dict[str, Value]:
    positional = [*arguments.posonlyargs, *arguments.args]
    found = {}
    for name, node in zip(reversed(positional), reversed(arguments.defaults), strict=False):
        found[name.arg] = machine.evaluate(machine, node, scope)
    for name, keyword in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=False):
        if keyword is not None:
            found[name.arg] = machine.evaluate(machine, keyword, scope)
    return found


def decorated(machine: Machine, decorator: Value, value: Value, node: ast.expr) -> Value:
    if isinstance(decorator, Symbol) and decorator.name.startswith("builtins.") and isinstance(value, Function):
        value.marks = value.marks | {decorator.name.rsplit(".", 1)[1]}
        return value
    if isinstance(decorator, Function):
        return machine.call(machine, decorator, [value], {}, node)
    if isinstance(decorator, Object):
        decorator.registered.append(value)
        for owner in decorator.args:
            if isinstance(owner, Object):
                owner.registered.append(value)
    if isinstance(decorator, Method) and isinstance(decorator.receiver, Object):
        decorator.receiver.registered.append(value)
    return value


def dotted(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
