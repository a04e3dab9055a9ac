"""Evaluating expressions in the abstract."""

import ast
from collections.abc import Callable
from typing import Any

from checks.practice.assigning import assign
from checks.practice.attributes import attribute
from checks.practice.combining import as_data, find_data, join, join_data
from checks.practice.comparing import compared
from checks.practice.defining import defaults_of
from checks.practice.elements import subscript
from checks.practice.folding import either, fold_binary, text_of
from checks.practice.grouping import told_by_order
from checks.practice.machine import MAX_NESTING, Machine
from checks.practice.masks import inverted
from checks.practice.rows import without
from checks.practice.scopes import look_up_name, truth
from checks.practice.values import NONE, UNKNOWN, Choice, Const, Data, Function, Items, Lazy, Mapping, Scope, Value

MAX_ELEMENTS = 400


def evaluate(machine: Machine, node: ast.expr, scope: Scope) -> Value:
    machine.spend()
    handler = _HANDLERS.get(type(node))
    if handler is None or machine.nesting > MAX_NESTING:
        return UNKNOWN
    machine.nesting += 1
    try:
        return handler(machine, node, scope)
    finally:
        machine.nesting -= 1


def _constant(machine: Machine, node: ast.Constant, scope: Scope) -> Value:
    return Const(node.value)


def _name(machine: Machine, node: ast.Name, scope: Scope) -> Value:
    return look_up_name(scope, node.id)


def _attribute(machine: Machine, node: ast.Attribute, scope: Scope) -> Value:
    return attribute(machine, evaluate(machine, node.value, scope), node.attr)


def _subscript(machine: Machine, node: ast.Subscript, scope: Scope) -> Value:
    return subscript(machine, evaluate(machine, node.value, scope), node.slice, scope)


def _call(machine: Machine, node: ast.Call, scope: Scope) -> Value:
    if isinstance(node.func, ast.Attribute):
        function = attribute(machine, evaluate(machine, node.func.value, scope), node.func.attr, called=True)
    else:
        function = evaluate(machine, node.func, scope)
    args: list[Value] = []
    for one in node.args:
        if isinstance(one, ast.Starred):
            args += machine.iterate(machine, evaluate(machine, one.value, scope))[:40]
        else:
            args.append(evaluate(machine, one, scope))
    params: dict[str, Value] = {}
    for keyword in node.keywords:
        value = evaluate(machine, keyword.value, scope)
        if keyword.arg is not None:
            params[keyword.arg] = value
        elif isinstance(value, Mapping):
            params.update({str(key): entry for key, entry in value.entries.items() if isinstance(key, str)})
            params.update({"**": value.rest} if value.rest is not None else {})
        elif isinstance(value, Choice):
            for option in value.options:
                if isinstance(option, Mapping):
                    params.update({str(key): entry for key, entry in option.entries.items() if isinstance(key, str)})
    machine.line = getattr(node, "lineno", machine.line)
    return machine.call(machine, function, args, params, node)


def _binary(machine: Machine, node: ast.BinOp, scope: Scope) -> Value:
    left = evaluate(machine, node.left, scope)
    right = evaluate(machine, node.right, scope)
    return fold_binary(machine, left, node.op, right, node)


def _unary(machine: Machine, node: ast.UnaryOp, scope: Scope) -> Value:
    value = evaluate(machine, node.operand, scope)
    if isinstance(node.op, ast.Not):
        certain = truth(value)
        return Const(not certain) if certain is not None else UNKNOWN
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        if isinstance(node.op, ast.USub):
            return Const(-value.value)
        if isinstance(node.op, ast.Invert):
            return Const(~value.value) if isinstance(value.value, int) else UNKNOWN
        return value
    if isinstance(node.op, (ast.Invert, ast.USub)) and isinstance(value, Data):
        return inverted(value)
    return value


def _boolean(machine: Machine, node: ast.BoolOp, scope: Scope) -> Value:
    kept: list[Value] = []
    stops = isinstance(node.op, ast.Or)
    for one in node.values:
        value = evaluate(machine, one, scope)
        certain = truth(value)
        if certain is stops:
            return value if not kept else join([*kept, value])
        if certain is None or one is node.values[-1]:
            kept.append(value)
    return join(kept)


def _compare(machine: Machine, node: ast.Compare, scope: Scope) -> Value:
    values = [evaluate(machine, one, scope) for one in (node.left, *node.comparators)]
    return compared(machine, values, node)


def _conditional(machine: Machine, node: ast.IfExp, scope: Scope) -> Value:
    certain = truth(evaluate(machine, node.test, scope))
    if certain is not None:
        return evaluate(machine, node.body if certain else node.orelse, scope)
    return either(machine, [evaluate(machine, node.body, scope), evaluate(machine, node.orelse, scope)])


def _formatted(machine: Machine, node: ast.JoinedStr, scope: Scope) -> Value:
    parts: list[str] = []
    found: list[Data] = []
    for one in node.values:
        value = evaluate(machine, one.value if isinstance(one, ast.FormattedValue) else one, scope)
        parts.append(text_of(value))
        found += find_data(value)
    if found:
        shown = join_data(found) if len(found) > 1 else found[0]
        return shown.but(form="text") if shown.form not in ("score",) else shown
    return Const("".join(parts)[:2000])


def _list(machine: Machine, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
    kind = "tuple" if isinstance(node, ast.Tuple) else "list"
    items: list[Value] = []
    for one in node.elts[:MAX_ELEMENTS]:
        if isinstance(one, ast.Starred):
            items += machine.iterate(machine, evaluate(machine, one.value, scope))[:40]
        else:
            items.append(evaluate(machine, one, scope))
    return Items(items, kind)


def _dict(machine: Machine, node: ast.Dict, scope: Scope) -> Value:
    mapping = Mapping({})
    for key, one in list(zip(node.keys, node.values, strict=True))[:MAX_ELEMENTS]:
        value = evaluate(machine, one, scope)
        if key is None:
            if isinstance(value, Mapping):
                mapping.entries.update(value.entries)
            continue
        name = evaluate(machine, key, scope)
        if isinstance(name, Const) and isinstance(name.value, (str, int, float, bool)):
            mapping.entries[name.value] = value
        else:
            mapping.rest = value if mapping.rest is None else join([mapping.rest, value])
    return mapping


def _lambda(machine: Machine, node: ast.Lambda, scope: Scope) -> Value:
    return Function(node, scope, machine.path, machine.cell, defaults=defaults_of(machine, node.args, scope))


def _comprehension(machine: Machine, node: ast.ListComp | ast.SetComp, scope: Scope) -> Value:
    return Items(comprehended(machine, node.generators, node.elt, scope))


def comprehended(machine: Machine, generators: list[ast.comprehension], element: ast.expr, scope: Scope) -> list[Value]:
    inner = Scope({}, scope, scope.module)
    found: list[Value] = []
    _comprehend(machine, generators, element, inner, found)
    return found


def _comprehend(
    machine: Machine, generators: list[ast.comprehension], element: ast.expr, scope: Scope, found: list[Value]
) -> None:
    if not generators:
        found.append(evaluate(machine, element, scope))
        return
    first, *others = generators
    for item in machine.iterate(machine, evaluate(machine, first.iter, scope))[:24]:
        assign(machine, first.target, _left_in(machine, item, first, scope), scope)
        if any(truth(evaluate(machine, test, scope)) is False for test in first.ifs):
            continue
        _comprehend(machine, others, element, scope, found)
        if len(found) > MAX_ELEMENTS:
            return


def _left_in(machine: Machine, item: Value, generator: ast.comprehension, scope: Scope) -> Value:
    """`place for place in places if place not in taken`: the places that are left."""
    for test in generator.ifs:
        if not (isinstance(item, Data) and item.form == "index" and isinstance(test, ast.Compare)):
            continue
        taken = as_data(evaluate(machine, test.comparators[0], scope)) if isinstance(test.ops[0], ast.NotIn) else None
        if taken is not None:
            item = item.but(rows=without(item.rows, taken.rows))
    return item


def _dict_comprehension(machine: Machine, node: ast.DictComp, scope: Scope) -> Value:
    pair = ast.copy_location(ast.Tuple([node.key, node.value], ast.Load()), node)
    mapping = Mapping({})
    for entry in comprehended(machine, node.generators, pair, scope):
        if not isinstance(entry, Items) or len(entry.items) != 2:
            continue
        key, value = entry.items
        if isinstance(key, Const) and isinstance(key.value, (str, int, float, bool)):
            mapping.entries[key.value] = value
        else:
            value = told_by_order(key) or value
            mapping.rest = value if mapping.rest is None else join([mapping.rest, value])
    return mapping


def _generator(machine: Machine, node: ast.GeneratorExp, scope: Scope) -> Value:
    return Lazy(node, scope)


def _walrus(machine: Machine, node: ast.NamedExpr, scope: Scope) -> Value:
    value = evaluate(machine, node.value, scope)
    assign(machine, node.target, value, scope)
    return value


def _passed_on(machine: Machine, node: ast.Await | ast.Starred | ast.FormattedValue, scope: Scope) -> Value:
    value = evaluate(machine, node.value, scope)
    waits = isinstance(node, ast.Await) and isinstance(value, Lazy)
    return machine.call(machine, value, [], {}, node) if waits else value


def _yield(machine: Machine, node: ast.Yield | ast.YieldFrom, scope: Scope) -> Value:
    value = evaluate(machine, node.value, scope) if node.value is not None else NONE
    at: Scope | None = scope
    while at is not None:
        yielded = at.names.get("__yielded__")
        if isinstance(yielded, Items):
            yielded.items += machine.iterate(machine, value) if isinstance(node, ast.YieldFrom) else [value]
            break
        at = at.parent
    return UNKNOWN


def _slice(machine: Machine, node: ast.Slice, scope: Scope) -> Value:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            evaluate(machine, part, scope)
    return UNKNOWN


_HANDLERS: dict[type, Callable[[Machine, Any, Scope], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.JoinedStr: _formatted,
    ast.FormattedValue: _passed_on,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Set: _list,
    ast.Dict: _dict,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.GeneratorExp: _generator,
    ast.NamedExpr: _walrus,
    ast.Await: _passed_on,
    ast.Starred: _passed_on,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Slice: _slice,
}
