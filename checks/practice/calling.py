"""Calls: local functions are inlined, library calls go to the handler of their role, unknown ones join what they get."""

import ast

from checks.practice.binding import bound_scope, has_yield
from checks.practice.builtin_calls import call_builtin
from checks.practice.combining import find_data, join, join_data, unheld
from checks.practice.containers import container_method
from checks.practice.expressions import comprehended
from checks.practice.frames import call_frame_method
from checks.practice.knowledge import Entry, library_of, look_up
from checks.practice.library import HANDLERS
from checks.practice.machine import MAX_DEPTH, Call, Machine
from checks.practice.making import new_model
from checks.practice.members import find_member, library_bases
from checks.practice.models import call_model, fit_model, models_in, network_predicts
from checks.practice.objects import object_method
from checks.practice.statements import folded_yields, function_result
from checks.practice.texts import text_method
from checks.practice.transforming import custom_method, model_method
from checks.practice.values import (
    UNKNOWN,
    Choice,
    Class,
    Const,
    Data,
    Function,
    Instance,
    Items,
    Lazy,
    Mapping,
    Method,
    Model,
    Object,
    Partial,
    Scope,
    Symbol,
    Value,
)

_MODEL_ROLES = frozenset({"learner", "uncounted", "wrapper", "automl", "transformer", "sampler"})
_STARTED_LATER = frozenset({"threading.Thread", "multiprocessing.Process", "threading.Timer"})
"""What holds a function and runs it only once it is started."""


def call(machine: Machine, function: Value, args: list[Value], params: dict[str, Value], node: ast.AST) -> Value:
    machine.spend(2)
    if isinstance(function, Symbol):
        return _call_symbol(machine, function.name, args, params, node)
    if isinstance(function, Method):
        return _call_method(machine, function, args, params, node)
    if isinstance(function, Function):
        return _through_network(machine, function, run_function(machine, function, args, params))
    if isinstance(function, Class):
        return _instantiate(machine, function, args, params, node)
    if isinstance(function, Instance):
        return _call_instance(machine, function, args, params)
    if isinstance(function, Model):
        return call_model(machine, function, args, params)
    if isinstance(function, Lazy):
        return _awaited(machine, function)
    if isinstance(function, Partial):
        return call(machine, function.function, [*function.args, *args], {**function.params, **params}, node)
    if isinstance(function, Choice):
        return join([call(machine, option, args, params, node) for option in function.options])
    if isinstance(function, Object):
        return _call_object(machine, function, args, params)
    return unknown_call(machine, args, params)


def _awaited(machine: Machine, waiting: Lazy) -> Value:
    """What a coroutine gives, now that something waits for it."""
    if waiting.function is None or not isinstance(waiting.node, ast.AsyncFunctionDef):
        return waiting
    if machine.stack.count(waiting.function.node) >= 2 or machine.depth >= MAX_DEPTH:
        return UNKNOWN
    return _inlined(machine, waiting.function, waiting.scope)


def _through_network(machine: Machine, function: Function, result: Value) -> Value:
    """`network.forward(x)` asked for by its name: what comes out is a prediction, as for `network(x)`."""
    receiver = function.receiver
    named = isinstance(function.node, ast.FunctionDef) and function.node.name in ("forward", "call")
    if named and isinstance(receiver, Instance) and isinstance(result, Data) and _is_network(receiver):
        return result.but(form="array", columns=None, fits=receiver.fits | machine.torch_fits, detail="network", mask=None)
    return result


def _call_object(machine: Machine, function: Object, args: list[Value], params: dict[str, Value]) -> Value:
    """An application runs its commands, a decorator gives back what it decorates, a pool makes the calls it gets."""
    if function.name.endswith("joblib.Parallel") and args:
        return Items(machine.iterate(machine, args[0]))
    for registered in function.registered[:12]:
        if isinstance(registered, Function) and not args:
            run_function(machine, registered, [], {})
    if len(args) == 1 and isinstance(args[0], (Function, Class)) and not params:
        return args[0]
    return unknown_call(machine, args, params, function)


def unknown_call(machine: Machine, args: list[Value], params: dict[str, Value], function: Value = UNKNOWN) -> Value:
    """Something we do not know: functions it gets may be called by it, and data it gets may come out of it."""
    every = [*args, *params.values()]
    results = [run_function(machine, one, [], {}) for one in every if isinstance(one, Function)]
    results += [_awaited(machine, one) for one in [*every, *results] if isinstance(one, Lazy)]
    found = [data for one in [*every, *results] for data in find_data(one) if data.form not in ("shape", "text")]
    if isinstance(function, Object):
        found += find_data(function)
    _fitted_somewhere(machine, every, found)
    if not found:
        return UNKNOWN
    joined = join_data(found) if len(found) > 1 else found[0]
    given = tuple(found) if 2 <= len(found) <= 6 and all(one.form in ("frame", "series", "array") for one in found) else ()
    joined = unheld(joined)
    return joined.but(mask=None, columns=joined.columns if len(found) == 1 else None, given=given)


def _fitted_somewhere(machine: Machine, given: list[Value], found: list[Data]) -> None:
    """An unknown function that gets a model and data most likely fits and judges it."""
    models = [model for one in given for model in models_in(one, 2) if model.role in ("learner", "wrapper") and not model.fits]
    if len(found) >= 2 and len(models) <= 4:
        for model in models:
            made = fit_model(machine, model, join_data(found), None, {}, how="opaque")
            machine.evaluated(made, join_data(found), "opaque")


def run_function(machine: Machine, function: Function, args: list[Value], params: dict[str, Value]) -> Value:
    if machine.stack.count(function.node) >= 2 or machine.depth >= MAX_DEPTH:
        return unknown_call(machine, [one for one in args if not isinstance(one, Function)], {})
    scope = bound_scope(function, args, params)
    if _yields(machine, function.node) or isinstance(function.node, ast.AsyncFunctionDef):
        return Lazy(function.node, scope, function)
    return _inlined(machine, function, scope)


def _inlined(machine: Machine, function: Function, scope: Scope) -> Value:
    machine.stack.append(function.node)
    machine.depth += 1
    try:
        with machine.at(function.path, function.cell):
            if _yields(machine, function.node):
                return folded_yields(machine, function, scope)
            return function_result(machine, function, scope)
    finally:
        machine.depth -= 1
        machine.stack.pop()


def run_lazy(machine: Machine, lazy: Lazy) -> list[Value]:
    """The elements of a generator, now that something iterates it."""
    if lazy.pending is not None:
        function, rows = lazy.pending
        return [call(machine, function, list(row), {}, lazy.node) for row in rows]
    if lazy.function is not None:
        if machine.stack.count(lazy.function.node) >= 2 or machine.depth >= MAX_DEPTH:
            return []
        result = _inlined(machine, lazy.function, lazy.scope)
        return result.items if isinstance(result, Items) else []
    if isinstance(lazy.node, ast.GeneratorExp):
        return comprehended(machine, lazy.node.generators, lazy.node.elt, lazy.scope)
    return []


def _yields(machine: Machine, node: ast.AST) -> bool:
    known = machine.generators.get(node)
    if known is None:
        known = machine.generators[node] = isinstance(node, ast.FunctionDef) and has_yield(node)
    return known


def _instantiate(machine: Machine, kind: Class, args: list[Value], params: dict[str, Value], node: ast.AST) -> Value:
    made = Instance(kind)
    start = find_member(kind, "__init__")
    if isinstance(start, Function):
        bound = Function(start.node, start.scope, start.path, start.cell, made, start.defaults, start.marks, start.owner)
        run_function(machine, bound, args, params)
        return made
    parents = [entry for entry in (look_up(name) for name in library_bases(kind)) if entry is not None]
    if any(entry.role in _MODEL_ROLES and entry.detail != "nn" for entry in parents):
        name = next(name for name in library_bases(kind) if look_up(name) is not None)
        return new_model(machine, name, look_up(name) or Entry("learner"), args, params, node)
    made.attributes.update(zip(kind.fields, args, strict=False))
    made.attributes.update(params)
    return made


def _call_instance(machine: Machine, instance: Instance, args: list[Value], params: dict[str, Value]) -> Value:
    for name in ("__call__", "forward", "call"):
        member = find_member(instance.kind, name)
        if isinstance(member, Function):
            bound = Function(
                member.node, member.scope, member.path, member.cell, instance, member.defaults, member.marks, member.owner
            )
            result = run_function(machine, bound, args, params)
            if name == "__call__" or not _is_network(instance):
                return result
    if _is_network(instance):
        found = [data for one in args for data in find_data(one)]
        joined = join_data(found) if found else Data(task=False)
        fits = instance.fits | machine.torch_fits
        network_predicts(machine, fits, joined)
        return joined.but(form="array", columns=None, fits=fits, detail="network", mask=None)
    return unknown_call(machine, args, params)


def _is_network(instance: Instance) -> bool:
    return any(library_of(name) in ("torch", "lightning", "keras") for name in library_bases(instance.kind))


def _call_symbol(machine: Machine, name: str, args: list[Value], params: dict[str, Value], node: ast.AST) -> Value:
    if name.startswith("builtins."):
        return call_builtin(machine, Call(name[9:], "", args, params, node))
    entry = look_up(name)
    if entry is not None and entry.role in _MODEL_ROLES:
        return new_model(machine, name, entry, args, params, node)
    request = Call(name, entry.detail if entry else "", args, params, node, names=_texts(node))
    handler = HANDLERS.get(entry.role) if entry is not None else None
    if handler is not None:
        return handler(machine, request)
    library = library_of(name)
    if library == "matplotlib" or library in ("pathlib", "os", "argparse", "logging", "types"):
        return HANDLERS[f"library {library}"](machine, request)
    if name in _STARTED_LATER:
        return Object(name, [], params)
    result = unknown_call(machine, args, params)
    if isinstance(result, Data):
        return Object(name, args, params) if name.rsplit(".", 1)[-1][:1].isupper() else result
    return Object(name, args, params)


def _texts(node: ast.AST) -> tuple[str, ...]:
    if not isinstance(node, ast.Call):
        return ()
    try:
        return tuple(ast.unparse(one)[:120] for one in node.args[:2])
    except (RecursionError, ValueError):
        return ()


def _call_method(machine: Machine, method: Method, args: list[Value], params: dict[str, Value], node: ast.AST) -> Value:
    receiver = method.receiver
    request = Call(method.name, "", args, params, node, receiver, _texts(node))
    if isinstance(receiver, Data):
        return call_frame_method(machine, receiver, request)
    if isinstance(receiver, Model):
        return model_method(machine, receiver, request)
    if isinstance(receiver, Instance):
        return _inherited(machine, receiver, request)
    if isinstance(receiver, Object) and receiver.name in _STARTED_LATER:
        given = receiver.params.get("args")
        target = receiver.params.get("target", UNKNOWN) if method.name in ("start", "run") else UNKNOWN
        return call(machine, target, list(given.items) if isinstance(given, Items) else [], {}, node)
    if isinstance(receiver, Object):
        return object_method(machine, receiver, request)
    if isinstance(receiver, (Items, Mapping)):
        return container_method(machine, receiver, request)
    if isinstance(receiver, Const):
        return text_method(machine, receiver, request)
    if isinstance(receiver, Choice):
        return join([_call_method(machine, Method(option, method.name), args, params, node) for option in receiver.options])
    return unknown_call(machine, args, params)


def _inherited(machine: Machine, receiver: Instance, request: Call) -> Value:
    """A method that a local class has from a library class it is built on."""
    result = custom_method(machine, receiver, request)
    return result if result is not None else unknown_call(machine, request.args, request.params)
