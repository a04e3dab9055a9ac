"""Methods of estimators: fit, predict, transform, resample, score."""

from checks.practice.attributes import attribute
from checks.practice.combining import as_data, find_data, strings, trimmed, unheld
from checks.practice.evaluating import scored
from checks.practice.knowledge import library_of
from checks.practice.learned import learned_steps, transformers_in
from checks.practice.machine import Call, Machine
from checks.practice.members import find_member, library_bases
from checks.practice.models import fit_model, is_predicting, models_in, predicted_by
from checks.practice.rows import Region, Rows
from checks.practice.values import NONE, UNKNOWN, Data, Function, Instance, Items, Model, Object, Unknown, Value

_DATA_NAMES = ("X", "x", "data", "train_data", "training_frame", "df", "dataset", "generator", "train_dataset")
_TARGET_NAMES = ("y", "label", "target", "labels")


_AHEAD = frozenset(["forecast", "get_forecast"])
_SAME_MODEL = frozenset(
    ["parameters", "to", "eval", "cuda", "cpu", "float", "double", "half", "apply", "get_booster", "state_dict"]
)
_WEIGHTS = frozenset(
    ["summary", "plot_importance", "get_params", "get_feature_names_out", "get_feature_names", "named_parameters"]
)


def model_method(machine: Machine, model: Model, call: Call) -> Value:
    if is_predicting(call.name):
        return _predict(machine, model, call)
    if call.name == "get_support" or (call.name == "get_feature_names_out" and model.detail == "select"):
        return Data(rows=_learned_rows(model), form="weights", detail="support")
    if call.name in _WEIGHTS:
        return Data(rows=_learned_rows(model), form="weights", fits=model.fits)
    if call.name in _SAME_MODEL:
        return model
    return _METHODS.get(call.name, _other)(machine, model, call)


def _learned_rows(model: Model) -> Rows:
    return model.fitted.rows if model.fitted is not None else frozenset()


def _add(machine: Machine, model: Model, call: Call) -> Value:
    model.parts += [(str(len(model.parts)), one) for one in call.args if isinstance(one, Model)]
    return NONE


def _set(machine: Machine, model: Model, call: Call) -> Value:
    model.params.update(call.params)
    return model


def _save(machine: Machine, model: Model, call: Call) -> Value:
    machine.note("model_saved", model.name, Data(fits=model.fits))
    return NONE


def _other(machine: Machine, model: Model, call: Call) -> Value:
    results = [machine.run_function(machine, one, [], {}) for one in call.args if isinstance(one, Function)]
    found = [data for one in [*call.args, *results] for data in find_data(one)]
    return found[0].but(mask=None) if found else model


def _arguments(call: Call) -> tuple[Data | None, Data | None]:
    data = next((call.params[name] for name in _DATA_NAMES if name in call.params), None)
    target = next((call.params[name] for name in _TARGET_NAMES if name in call.params), None)
    positional = list(call.args)
    if data is None and positional:
        data = positional.pop(0)
    if target is None and positional:
        target = positional.pop(0)
    return _given(call, data, 0), (as_data(target) if target is not None else None)


def _given(call: Call, value: Value | None, position: int) -> Data | None:
    """The data of an argument; where nothing is known of it, rows that only its own text is a name for."""
    if value is None:
        return None
    data = as_data(value)
    if data is None and isinstance(value, (Object, Unknown)) and call.names:
        text = call.names[min(position, len(call.names) - 1)]
        return Data(rows=frozenset({Region(f"unknown:{text}")}))
    return data


def _fit(machine: Machine, model: Model, call: Call) -> Value:
    data, target = _arguments(call)
    if data is None:
        if model.fitted is None or model.role != "learner":
            return model
        data, target = model.fitted, None
    if target is None and "label" in call.params:
        names = frozenset(strings(call.params["label"]))
        target = data.but(columns=names) if names else None
    if model.role in ("transformer", "sampler") or model.detail == "columns":
        _learn(machine, model, data)
        return model
    if _only_transforms(model):
        _learn(machine, model, data)
        return model
    weight = call.args[2] if len(call.args) > 2 and model.role == "learner" and "sklearn" in model.name else None
    params = {**call.params, **({"sample_weight": weight} if weight is not None else {})}
    fit_model(machine, model, data, target, params)
    return model


def _only_transforms(model: Model) -> bool:
    """A pipeline without a learner at its end."""
    if model.detail not in ("pipeline", "sampling_pipeline") or not model.parts:
        return False
    last = model.parts[-1][1]
    if isinstance(last, Model):
        return last.role == "transformer" or last.detail == "columns" or _only_transforms(last)
    return isinstance(last, (Instance, Function))


def _learn(machine: Machine, model: Model, data: Data) -> None:
    """A transformer learns from rows; what it learned goes with everything it transforms later."""
    model.fitted, model.fitted_at = data.but(), machine.place
    for name in ("impute",):
        if any(inner.detail == name for inner in transformers_in(model)):
            machine.note("missing_handled", model.name.rsplit(".", 1)[-1], data)
    for _, part in model.parts:
        if isinstance(part, Model) and part.role == "transformer":
            part.fitted, part.fitted_at = data.but(), machine.place


def _transform(machine: Machine, model: Model, call: Call) -> Value:
    data, _ = _arguments(call)
    if data is None:
        return model if call.name != "transform" else UNKNOWN
    if call.name in ("fit_transform", "fit_on_texts"):
        if _has_learner(model):
            fit_model(machine, model, data, None, call.params)
        _learn(machine, model, data)
    if call.name == "fit_on_texts":
        return NONE
    if _has_learner(model) and library_of(model.name) == "pyspark":
        return _predict(machine, model, call)
    if call.name == "inverse_transform" or (model.role not in ("transformer",) and not transformers_in(model)):
        custom = _custom_steps(machine, model, data)
        return custom if custom is not None else data.but(mask=None, fits=data.fits | model.fits)
    if model.detail == "label_encode":
        return data.but(form="series" if data.form == "series" else data.form, mask=None)
    columns = data.columns if model.detail in ("scale", "impute") else None
    result = data.but(steps=trimmed(data.steps | learned_steps(machine, model)), columns=columns, form="array", mask=None)
    if model.detail == "columns" or any(isinstance(one, Model) and one.detail == "columns" for _, one in model.parts):
        result = unheld(result)
    custom = _custom_steps(machine, model, result)
    return custom if custom is not None else result


def _custom_steps(machine: Machine, model: Model, data: Data) -> Data | None:
    """What the locally written transformers of a pipeline do to the data."""
    result: Data | None = None
    for _, part in model.parts:
        if isinstance(part, Instance):
            for name in ("fit", "transform"):
                given = result or data
                out = machine.call(machine, attribute(machine, part, name), [given.but()], {}, None)  # type: ignore[arg-type]
                changed = as_data(out)
                if name == "transform" and changed is not None:
                    result = changed
    return result


def _has_learner(model: Model) -> bool:
    return model.role == "learner" or any(isinstance(part, Model) and _has_learner(part) for _, part in model.parts)


def _predict(machine: Machine, model: Model, call: Call) -> Value:
    data, target = _arguments(call)
    if call.name == "fit_predict" and data is not None:
        if model.role == "uncounted":
            _learn(machine, model, data)
            return _grouped(machine, model, data)
        fit_model(machine, model, data, target, call.params)
    fits = predicted_by(model)
    if data is None:
        fitted = model.fitted or Data(task=False)
        if call.name in _AHEAD or call.args or call.params:  # Rows that are not there yet: not those it learned from.
            fitted = fitted.but(rows=frozenset(), steps=frozenset())
        return fitted.but(form="array", fits=fits, columns=None, facets=frozenset(), mask=None)
    if model.role == "uncounted" and model.detail == "cluster":
        return _grouped(machine, model, data)
    machine.evaluated(fits, data, "predict", call.name)
    detail = "probabilities" if "proba" in call.name or "decision" in call.name else "labels"
    return data.but(form="array", fits=fits, columns=None, facets=frozenset(), mask=None, detail=detail)


def _grouped(machine: Machine, model: Model, data: Data) -> Data:
    """Groups of rows told by a model that learned from rows."""
    step = machine.step("reduce", model.name.rsplit(".", 1)[-1], _learned_rows(model), place=model.fitted_at)
    return data.but(columns=None, form="series", mask=None, steps=trimmed(data.steps | {step}))


def _resample(machine: Machine, model: Model, call: Call) -> Value:
    data, target = _arguments(call)
    if data is None:
        return UNKNOWN
    over = "under" if model.detail == "under" else "over"
    step = machine.step("resample", f"{over} {model.name.rsplit('.', 1)[-1]}", data.rows)
    if model.role != "sampler":
        models = [inner for inner in models_in(Items([part for _, part in model.parts])) if inner.role == "sampler"]
        if not models:
            return data.but(mask=None)
    made = data.but(steps=trimmed(data.steps | {step}), mask=None)
    second = (target or data).but(steps=trimmed((target or data).steps | {step}), mask=None)
    return Items([made, second], "tuple")


def custom_method(machine: Machine, receiver: Instance, call: Call) -> Value | None:
    """fit_transform and score of a local class that has fit, transform or predict of its own."""
    if call.name == "fit_transform" and isinstance(find_member(receiver.kind, "transform"), Function):
        machine.call(machine, attribute(machine, receiver, "fit"), call.args, call.params, call.node)
        return machine.call(machine, attribute(machine, receiver, "transform"), call.args[:1], {}, call.node)
    if call.name == "fit_predict" and isinstance(find_member(receiver.kind, "predict"), Function):
        machine.call(machine, attribute(machine, receiver, "fit"), call.args, call.params, call.node)
        return machine.call(machine, attribute(machine, receiver, "predict"), call.args[:1], {}, call.node)
    names = [library_of(name) for name in library_bases(receiver.kind)]
    if call.name in _SAME_MODEL and {"keras", "torch", "lightning"} & set(names):
        return receiver
    if call.name in ("fit", "predict", "predict_proba", "evaluate", "score") and {"keras", "torch", "lightning"} & set(names):
        model = receiver.attributes.setdefault("__model__", Model("keras.Model", "learner", "nn", machine.place))
        if isinstance(model, Model):
            return model_method(machine, model, call)
    return None


_BY_HANDLER = (
    (_fit, "fit partial_fit fit_generator fit_one_cycle fine_tune train search update build_vocab"),
    (
        _transform,
        "transform fit_transform inverse_transform texts_to_sequences texts_to_matrix fit_on_texts infer_vector get_vector",
    ),
    (_resample, "fit_resample fit_sample sample"),
    (scored, "score evaluate evaluate_generator leaderboard model_performance"),
    (_add, "add"),
    (_set, "set_params set_config compile setFeaturesCol setLabelCol"),
    (_save, "save save_model export dump_model"),
)
_METHODS = {name: handler for handler, names in _BY_HANDLER for name in names.split()}
