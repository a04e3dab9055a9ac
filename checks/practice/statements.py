"""Running statements in the abstract: branches joined, dead ones left out, loops over known lists unrolled."""

import ast

from checks.practice.assigning import assign
from checks.practice.combining import find_data
from checks.practice.defining import decorated, defaults_of, dotted
from checks.practice.folding import either
from checks.practice.machine import Machine
from checks.practice.plain_statements import PLAIN, Handler, Leaving, Returns
from checks.practice.scopes import bind, merge, truth
from checks.practice.shapes import cannot_raise, may_break, ranks
from checks.practice.values import NONE, UNKNOWN, Class, Const, Function, Items, Object, Scope, Value

MAX_UNROLL = 24


def run_block(machine: Machine, body: list[ast.stmt], scope: Scope, returns: Returns) -> Leaving:
    """Run statements in order; says how control certainly left, if it did."""
    for statement in body:
        machine.spend()
        machine.line = statement.lineno
        handler = _HANDLERS.get(type(statement))
        left = handler(machine, statement, scope, returns) if handler else ""
        if left:
            return left
    return ""


def _if(machine: Machine, node: ast.If, scope: Scope, returns: Returns) -> Leaving:
    test = machine.evaluate(machine, node.test, scope)
    certain = truth(test)
    if certain is not None:
        return run_block(machine, node.body if certain else node.orelse, scope, returns)
    _choosing_by_score(machine, node, test)
    return _branches(machine, [node.body, node.orelse], scope, returns)


def _choosing_by_score(machine: Machine, node: ast.If, test: Value) -> None:
    """`if score > best: best, kept = score, model`: something is chosen by an evaluation."""
    scores = frozenset().union(*(data.evaluations for data in find_data(test)))
    assigned = [one for one in node.body if isinstance(one, (ast.Assign, ast.AugAssign))]
    if scores and assigned and machine.loops and ranks(node.test):
        rows = frozenset().union(*(data.rows for data in find_data(test)))
        machine.chose("best of a loop", scores, rows)


def _branches(machine: Machine, bodies: list[list[ast.stmt]], scope: Scope, returns: Returns) -> Leaving:
    before = dict(scope.names)
    after: list[dict[str, Value]] = []
    ways: list[Leaving] = []
    for body in bodies:
        scope.names.clear()
        scope.names.update(before)
        left = run_block(machine, body, scope, returns)
        ways.append(left)
        if not left:
            after.append(dict(scope.names))
    if not after:
        return ways[0] if len(set(ways)) == 1 else "return"
    merge(scope, after)
    return ""


def _for(machine: Machine, node: ast.For | ast.AsyncFor, scope: Scope, returns: Returns) -> Leaving:
    source = machine.evaluate(machine, node.iter, scope)
    elements = machine.iterate(machine, source)
    if not elements:
        return run_block(machine, node.orelse, scope, returns)
    machine.loop_number += 1
    machine.loops.append(machine.loop_number)
    try:
        for element in elements[:MAX_UNROLL]:
            assign(machine, node.target, element, scope)
            left = run_block(machine, node.body, scope, returns)
            if left in ("break", "return", "raise"):
                return left if left != "break" and len(elements) == 1 else ""
    finally:
        machine.loops.pop()
    if node.orelse and may_break(node.body):
        return _branches(machine, [[], node.orelse], scope, returns)
    return run_block(machine, node.orelse, scope, returns)


def _while(machine: Machine, node: ast.While, scope: Scope, returns: Returns) -> Leaving:
    certain = truth(machine.evaluate(machine, node.test, scope))
    if certain is False:
        return run_block(machine, node.orelse, scope, returns)
    machine.loop_number += 1
    machine.loops.append(machine.loop_number)
    try:
        for _ in range(2):
            left = run_block(machine, node.body, scope, returns)
            if left in ("return", "raise"):
                return left if certain else ""
            if left == "break":
                break
    finally:
        machine.loops.pop()
    return ""


def _with(machine: Machine, node: ast.With | ast.AsyncWith, scope: Scope, returns: Returns) -> Leaving:
    opened = []
    for item in node.items:
        value = machine.evaluate(machine, item.context_expr, scope)
        opened.append(value)
        if item.optional_vars is not None:
            assign(machine, item.optional_vars, value, scope)
    still = any(isinstance(one, Object) and one.name.endswith((".no_grad", ".inference_mode")) for one in opened)
    machine.only_predicts += still
    try:
        return run_block(machine, node.body, scope, returns)
    finally:
        machine.only_predicts -= still


def _try(machine: Machine, node: ast.Try, scope: Scope, returns: Returns) -> Leaving:
    before = dict(scope.names)
    left = run_block(machine, node.body, scope, returns)
    if not left:
        left = run_block(machine, node.orelse, scope, returns)
    after = [dict(scope.names)] if left in ("", "raise") else []
    if node.handlers and not cannot_raise(node.body):
        for handler in node.handlers:
            scope.names.clear()
            scope.names.update({**before, **(after[0] if after else {})})
            if handler.name:
                bind(scope, handler.name, UNKNOWN)
            with machine.silent():
                way = run_block(machine, handler.body, scope, returns)
            if not way:
                after.append({**dict(scope.names)})
    if after:
        merge(scope, after[:1] if left == "" else after[-1:])
    ended = run_block(machine, node.finalbody, scope, returns)
    return ended or (left if left != "raise" or not node.handlers else "")


def _define(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, returns: Returns) -> Leaving:
    function = Function(node, scope, machine.path, machine.cell)
    function.defaults = defaults_of(machine, node.args, scope)
    value: Value = function
    for decorator in reversed(node.decorator_list):
        value = decorated(machine, machine.evaluate(machine, decorator, scope), value, decorator)
    bind(scope, node.name, value)
    return ""


def _define_class(machine: Machine, node: ast.ClassDef, scope: Scope, returns: Returns) -> Leaving:
    bases = [machine.evaluate(machine, base, scope) for base in node.bases]
    inside = Scope({}, scope, scope.module)
    run_block(machine, node.body, inside, returns)
    marks = frozenset(dotted(decorator) for decorator in node.decorator_list)
    fields = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
    kind = Class(node.name, inside, bases, fields, marks, machine.path, machine.cell)
    for value in inside.names.values():
        if isinstance(value, Function):
            value.owner = kind
            value.scope = scope
    bind(scope, node.name, kind)
    return ""


def _match(machine: Machine, node: ast.Match, scope: Scope, returns: Returns) -> Leaving:
    subject = machine.evaluate(machine, node.subject, scope)
    bodies = []
    for case in node.cases:
        pattern = case.pattern
        if isinstance(subject, Const) and isinstance(pattern, ast.MatchValue) and isinstance(pattern.value, ast.Constant):
            if pattern.value.value == subject.value:
                return run_block(machine, case.body, scope, returns)
            continue
        bodies.append(case.body)
    return _branches(machine, [*bodies, []], scope, returns) if bodies else ""


def function_result(machine: Machine, function: Function, scope: Scope) -> Value:
    """Run a function's body in a scope that holds its arguments."""
    node = function.node
    if isinstance(node, ast.Lambda):
        return machine.evaluate(machine, node.body, scope)
    returns = Returns()
    left = run_block(machine, node.body, scope, returns)
    if left == "raise" and returns.stopped and not returns.values:
        return Object("stop")
    values = returns.values if left in ("return", "raise") else [*returns.values, NONE]
    if len(values) > 1:
        values = [value for value in values if not (isinstance(value, Const) and value.value is None)] or [NONE]
    return either(machine, values) if values else NONE


def folded_yields(machine: Machine, function: Function, scope: Scope) -> Value:
    """What iterating a generator function gives: its body runs, and every yield adds an element."""
    yielded = Items([])
    scope.names["__yielded__"] = yielded
    function_result(machine, function, scope)
    return yielded


_HANDLERS: dict[type, Handler] = {
    **PLAIN,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.FunctionDef: _define,
    ast.AsyncFunctionDef: _define,
    ast.ClassDef: _define_class,
    ast.Match: _match,
}
