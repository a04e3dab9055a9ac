"""What a function sees when it is called: its arguments as names."""

import ast

from checks.practice.values import (
    NONE,
    UNKNOWN,
    Function,
    Items,
    Mapping,
    Scope,
    Value,
)


def has_yield(node: ast.AST) -> bool:
    waiting = list(ast.iter_child_nodes(node))
    while waiting:
        one = waiting.pop()
        if isinstance(one, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            waiting += ast.iter_child_nodes(one)
    return False


def bound_scope(function: Function, args: list[Value], params: dict[str, Value]) -> Scope:
    """The arguments as names of a new scope."""
    arguments = function.node.args
    names = [one.arg for one in [*arguments.posonlyargs, *arguments.args]]
    given = [function.receiver, *args] if function.receiver is not None else list(args)
    bound: dict[str, Value] = dict(zip(names, given, strict=False))
    left_over = [one for one in given[len(names) :] if one is not None]
    if arguments.vararg:
        bound[arguments.vararg.arg] = Items(left_over, "tuple")
    keyword_only = [one.arg for one in arguments.kwonlyargs]
    extra: dict[object, Value] = {}
    for name, value in params.items():
        if name in names or name in keyword_only:
            bound[name] = value
        else:
            extra[name] = value
    if arguments.kwarg:
        bound[arguments.kwarg.arg] = Mapping(extra)
    for name in [*names, *keyword_only]:
        if name not in bound:
            bound[name] = function.defaults.get(name, UNKNOWN)
    if function.owner is not None:
        bound["__class__"] = function.owner
        bound["__first__"] = function.receiver or NONE
    return Scope(bound, function.scope, function.scope.module)
