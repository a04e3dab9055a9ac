"""Estimators as they are made: with their parts and grids, or fitted at once by a function."""

import ast
from collections.abc import Iterator

from checks.practice.combining import as_data, constant, find_data, join_data, trimmed
from checks.practice.knowledge import Entry, library_of, look_up
from checks.practice.machine import Machine
from checks.practice.models import fit_model, models_in
from checks.practice.rows import NO_ROWS
from checks.practice.values import (
    UNKNOWN,
    Choice,
    Const,
    Data,
    Function,
    Instance,
    Items,
    Mapping,
    Model,
    Object,
    Symbol,
    Value,
)

_HOLDS_ITS_DATA = frozenset({"statsmodels", "pygam", "fastai", "transformers"})
"""Libraries whose models are given their data when they are made."""


_LEARNS_WHEN_MADE = frozenset({"gensim"})
"""Libraries whose transformers learn from what they are given when they are made."""


def new_model(machine: Machine, name: str, entry: Entry, args: list[Value], params: dict[str, Value], node: ast.AST) -> Value:
    """An estimator is made; a lower-case name is a function that fits or transforms at once."""
    last = name.rsplit(".", 1)[-1]
    model = Model(name, entry.role, entry.detail, machine.place, dict(params))
    if entry.role == "transformer" and last[:1].islower():
        return _transformed_at_once(machine, model, args, params)
    if entry.role == "learner" and last == "train":
        return _trained_at_once(machine, model, args, params)
    if entry.role == "automl" and last[:1].islower():
        return _automl_function(machine, model, args, params)
    given = [*args, *params.values()]
    model.parts = list(_parts(machine, last, args, params))
    model.grids = [grid for one in given for grid in _grids(one)] if entry.detail == "search" else []
    held = [data for one in given for data in find_data(one)]
    if held and entry.role == "learner" and library_of(name) in _HOLDS_ITS_DATA:
        model.fitted = join_data(held)
        model.params["data"] = model.fitted
    if held and entry.role == "transformer" and library_of(name) in _LEARNS_WHEN_MADE:
        model.fitted, model.fitted_at = join_data(held), machine.place
    for number, one in enumerate(args):
        if isinstance(one, Const):
            model.params.setdefault(f"arg{number}", one)
    del node
    return model


def _grids(value: Value) -> list[Mapping]:
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, Items):
        return [one for one in value.items if isinstance(one, Mapping)]
    return []


def _parts(machine: Machine, last: str, args: list[Value], params: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    for name, value in [*((str(number), one) for number, one in enumerate(args)), *params.items()]:
        if name in ("cv", "scoring", "param_grid", "param_distributions") and not isinstance(value, Items):
            continue
        yield from _parts_in(machine, name, value, 3)
    del last


def _parts_in(machine: Machine, name: str, value: Value, depth: int) -> Iterator[tuple[str, Value]]:
    if isinstance(value, (Model, Function, Instance)):
        yield name, value
    elif isinstance(value, Choice):
        for option in value.options:
            yield from _parts_in(machine, name, option, depth)
    elif isinstance(value, Items) and depth:
        label = value.items[0] if value.items else None
        inner = constant(label) if isinstance(label, Const) else None
        for number, item in enumerate(value.items[:30]):
            yield from _parts_in(machine, inner if isinstance(inner, str) else f"{number}", item, depth - 1)
    elif isinstance(value, Symbol) and depth:
        entry = look_up(value.name)
        if entry is not None and entry.role in ("learner", "transformer", "sampler"):
            yield name, Model(value.name, entry.role, entry.detail, machine.place)


def _trained_at_once(machine: Machine, model: Model, args: list[Value], params: dict[str, Value]) -> Value:
    """xgboost.train(params, dtrain, ...) and its kin."""
    settings = params.get("params") or (args[0] if args else UNKNOWN)
    if isinstance(settings, Mapping):
        model.params.update({str(key): value for key, value in settings.entries.items()})
    train = params.get("dtrain") or params.get("train_set") or params.get("pool") or params.get("dtrain")
    given = as_data(train) if train is not None else next((data for one in args[1:2] for data in find_data(one)), None)
    if given is None:
        return model
    watched = {name: value for name, value in params.items() if name != "params"}
    if len(args) > 3 and "evals" not in watched:
        watched["evals"] = args[3]
    fit_model(machine, model, given, None, watched)
    return model


def _transformed_at_once(machine: Machine, model: Model, args: list[Value], params: dict[str, Value]) -> Value:
    found = [data for one in [*args, *params.values()] for data in find_data(one)]
    if not found:
        return Object(model.name, args)
    data = found[0]
    if "lmbda" in params:
        return data.but(mask=None)
    step = machine.step(model.detail, model.name.rsplit(".", 1)[-1], data.rows, data.columns)
    return data.but(steps=trimmed(data.steps | {step}), mask=None)


def _automl_function(machine: Machine, model: Model, args: list[Value], params: dict[str, Value]) -> Value:
    for one in args:
        inner = models_in(one)
        if inner:
            return inner[0]
    noted = next((note for note in reversed(machine.log.notes) if note.kind == "automl_data"), None)
    rows = noted.rows if noted is not None else NO_ROWS
    data = Data(rows=rows, task=noted.task if noted is not None else False)
    made = fit_model(machine, model, data, None, params)
    machine.evaluated(made, data, "cv", "leaderboard", cv=True)
    machine.note("automl", model.name)
    return model
