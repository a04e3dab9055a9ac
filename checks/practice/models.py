"""Estimators of every kind: made, fitted, asked to predict, transform and resample."""

from collections.abc import Iterator

from checks.practice.balancing import mechanisms_of
from checks.practice.combining import constant, find_data
from checks.practice.events import Fit
from checks.practice.knowledge import library_of
from checks.practice.machine import Machine
from checks.practice.members import find_member
from checks.practice.rows import NO_ROWS, Rows, joined
from checks.practice.targets import made_from, target_names
from checks.practice.values import NONE, Choice, Const, Data, Function, Instance, Items, Mapping, Model, Step, Value

_FAMILYLESS = frozenset({"ensemble", "columns", "unknown"})
_PREDICTS = frozenset(
    [
        "predict",
        "predict_proba",
        "decision_function",
        "predict_log_proba",
        "forecast",
        "predict_classes",
        "predict_survival_function",
        "predict_generator",
        "predict_partial_hazard",
        "predict_expectation",
        "get_forecast",
        "get_prediction",
        "fit_predict",
        "fit_resample_predict",
    ]
)


def models_in(value: Value, depth: int = 4) -> list[Model]:
    """The models that a value is or holds, nested ones not opened."""
    if isinstance(value, Model):
        return [value]
    if depth == 0:
        return []
    inside: list[Value] = []
    if isinstance(value, Items):
        inside = value.items[:30]
    elif isinstance(value, Mapping):
        inside = list(value.entries.values())[:30]
    elif isinstance(value, Choice):
        inside = value.options
    elif isinstance(value, Instance):
        inside = list(value.attributes.values())[:20]
    return [model for one in inside for model in models_in(one, depth - 1)]


def families_of(model: Model, depth: int = 5) -> frozenset[str]:
    """The model families that fitting this shows."""
    if depth == 0 or model.detail in _FAMILYLESS or model.role in ("transformer", "sampler", "uncounted"):
        return frozenset()
    if model.role in ("learner", "automl"):
        return frozenset({model.detail})
    found: frozenset[str] = frozenset({"bagging"}) if model.detail == "bag" else frozenset()
    for _, part in model.parts:
        if isinstance(part, Model):
            found |= families_of(part, depth - 1)
        elif isinstance(part, Instance):
            for inner in models_in(part):
                found |= families_of(inner, depth - 1)
    for grid in model.grids:
        for value in grid.entries.values():
            for inner in models_in(value):
                found |= families_of(inner, depth - 1)
    return found


def inner_models(model: Model, depth: int = 5) -> Iterator[Model]:
    """The model and all models inside it."""
    yield model
    if depth:
        for _, part in model.parts:
            if isinstance(part, Model):
                yield from inner_models(part, depth - 1)
        for grid in model.grids:
            for value in grid.entries.values():
                for inner in models_in(value):
                    yield from inner_models(inner, depth - 1)


def fit_model(
    machine: Machine, model: Model, data: Data, target: Data | None, params: dict[str, Value], *, how: str = "fit"
) -> frozenset[int]:
    """Record that a model was fitted, with everything that later questions need of that moment."""
    _note_parts(machine, model, data, target)
    number = machine.next_fit()
    fit = Fit(
        number=number, model=model, place=machine.place, rows=data.rows,
        steps=data.steps | _made_by_models(machine, data), columns=data.columns,
        absent=data.absent, target=target_names(data, target), task=data.task, families=tuple(sorted(families_of(model))),
        how=how, balance=mechanisms_of(model, data, params, machine.place, target), tuned=_is_tuned(model),
        seeded=_is_seeded(model), early_stopping_on=_watched(params), in_loop=tuple(machine.loops),
        target_sources=made_from(data, target), holds_back=bool(constant(params.get("validation_split"))),
        stops_early=_stops_early(model, params), watched=_is_watched(model, params),
    )  # fmt: skip
    made = machine.fitted(fit)
    if made < 0:
        return frozenset()
    if how == "cv":
        return frozenset({made})
    model.fits = frozenset({made})
    model.fitted, model.fitted_at = data.but(), machine.place
    return model.fits


def _made_by_models(machine: Machine, data: Data) -> frozenset[Step]:
    """Data that earlier models made carries what those learned from."""
    made = [machine.log.fits[number].rows for number in data.fits if 0 <= number < len(machine.log.fits)]
    return frozenset({machine.step("reduce", "the output of a fitted model", joined(*made))}) if made else frozenset()


def _note_parts(machine: Machine, model: Model, data: Data, target: Data | None) -> None:
    for inner in inner_models(model):
        if inner.role == "transformer" and inner.detail == "impute":
            machine.note("missing_handled", inner.name.rsplit(".", 1)[-1], data)
        for _, part in inner.parts:
            if isinstance(part, Instance):
                _run_custom(machine, part, data, target)
            elif isinstance(part, Function):
                machine.run_function(machine, part, [data.but()], {})


def _run_custom(machine: Machine, part: Instance, data: Data, target: Data | None) -> None:
    for name in ("fit", "transform"):
        member = find_member(part.kind, name)
        if isinstance(member, Function):
            bound = Function(
                member.node, member.scope, member.path, member.cell, part, member.defaults, member.marks, member.owner
            )
            machine.run_function(machine, bound, [data.but(), *([target] if target is not None and name == "fit" else [])], {})


def _is_tuned(model: Model) -> bool:
    return any(inner.detail == "search" for inner in inner_models(model)) or model.name.endswith(
        ("LogisticRegressionCV", "LassoCV")
    )


_SEEDED_BY_DEFAULT = frozenset({"xgboost", "lightgbm", "catboost"})
"""Libraries whose learners draw the same numbers each time unless they are told otherwise."""


def _is_seeded(model: Model) -> bool | None:
    stochastic = False
    for inner in inner_models(model):
        if any(name in inner.params for name in ("random_state", "seed", "random_seed")):
            value = next(inner.params[name] for name in ("random_state", "seed", "random_seed") if name in inner.params)
            return not (isinstance(value, Const) and value.value is None)
        by_default = library_of(inner.name) in _SEEDED_BY_DEFAULT
        stochastic |= not by_default and bool({"bagging", "gbdt", "nn", "tree"} & families_of(inner))
    return False if stochastic else None


def _watched(params: dict[str, Value]) -> Rows:
    for name in ("eval_set", "validation_data", "valid_sets", "evals", "eval_data"):
        if name in params:
            found = find_data(params[name])
            return frozenset().union(*(data.rows for data in found)) if found else NO_ROWS
    return NO_ROWS


def _is_watched(model: Model, params: dict[str, Value]) -> bool:
    """Whether fitting shows a score on rows kept back for it: part of the call, or the library's way."""
    silent = constant(params.get("verbose")) in (False, 0)
    shown = any(name in params for name in ("eval_set", "valid_sets", "evals")) and not silent
    kept_back = any(name in params for name in ("validation_data", "validation_split"))
    return kept_back or shown or (library_of(model.name) == "fastai" and "metrics" in model.params)


def _stops_early(model: Model, params: dict[str, Value]) -> bool:
    named = {**model.params, **params}
    if any(name in named for name in ("early_stopping_rounds", "early_stopping", "od_wait", "callbacks", "use_best_model")):
        return True
    return model.name.split(".", 1)[0] == "catboost"


def predicted_by(model: Model) -> frozenset[int]:
    if model.fits:
        return model.fits
    return frozenset().union(*(part.fits for _, part in model.parts if isinstance(part, Model))) if model.parts else frozenset()


def call_model(machine: Machine, model: Model, args: list[Value], params: dict[str, Value]) -> Value:
    """A model that is called: a network layer or a Keras model on its input."""
    found = [data for one in [*args, *params.values()] for data in find_data(one)]
    if not found:
        return model
    fits = predicted_by(model) | machine.torch_fits
    network_predicts(machine, fits, found[0])
    return found[0].but(form="array", fits=fits, columns=None, mask=None)


def network_predicts(machine: Machine, fits: frozenset[int], data: Data) -> None:
    """A network called where nothing is learned: it predicts."""
    if machine.only_predicts and fits and data.rows:
        machine.evaluated(fits, data, "predict", "call")


def network_fit(machine: Machine, data: Data) -> Value:
    """`loss.backward()`: a network learns from the data behind the loss."""
    if data.detail == "network" or data.rows:
        model = Model("torch.nn.Module", "learner", "nn", machine.place)
        made = fit_model(machine, model, data, None, {})
        machine.torch_fits = machine.torch_fits | made
    return NONE


def is_predicting(name: str) -> bool:
    return name in _PREDICTS
