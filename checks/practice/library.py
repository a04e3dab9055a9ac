"""Library functions by role, and methods of library objects that are neither frames nor estimators."""

from collections.abc import Callable

from checks.practice import automl, evaluating, reading_data, surroundings
from checks.practice.combining import as_data, constant, find_data, join, join_data, strings, trimmed
from checks.practice.drawing import (
    drawn_places,
    generator,
    in_drawn_order,
    left_over,
    positions,
    shuffled_together,
)
from checks.practice.figures import binned, mixed, scores
from checks.practice.folding import both_masks
from checks.practice.grouping import pivoted
from checks.practice.joining import concatenated, merge
from checks.practice.looking import looking, profile
from checks.practice.machine import Call, Machine
from checks.practice.masks import gap_mask, inverted
from checks.practice.plots import plot
from checks.practice.rows import joined
from checks.practice.searching import study
from checks.practice.splitting import copied, drawn, random_split, resample, slice_split
from checks.practice.stores import held_by
from checks.practice.values import (
    NONE,
    UNKNOWN,
    Choice,
    Const,
    Data,
    Function,
    Instance,
    Items,
    Model,
    Object,
    Partial,
    Symbol,
    Value,
)

Handler = Callable[[Machine, Call], Value]


def _same(machine: Machine, call: Call) -> Value:
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    if not found:
        return UNKNOWN
    first = found[0]
    if call.name == "numpy.nan_to_num" or constant(call.params.get("dummy_na")) is True:
        machine.note("missing_handled", call.name.rsplit(".", 1)[-1], first)
        step = machine.step("fill", "gaps given a value of their own", frozenset(), first.columns)
        first = first.but(steps=trimmed(first.steps | {step}))
    if len(found) == 1:
        return first.but(form="array" if first.form == "frame" and call.name.startswith("numpy") else first.form, mask=None)
    both = join_data(found)
    return both.but(rows=first.rows, form=first.form if first.form != "mask" else "array", mask=None)


def _mixed(machine: Machine, call: Call) -> Value:
    found = mixed(machine, call)
    if found is not None:
        return found
    same = _same(machine, call)
    return same.but(by=frozenset()) if isinstance(same, Data) and len(call.args) > 1 else same


def _isnan(machine: Machine, call: Call) -> Value:
    data = as_data(call.args[0]) if call.args else None
    if data is None:
        return UNKNOWN
    seen = machine.look("missingness", data, call.name)
    return data.but(form="missing", facets=data.facets | seen, mask=gap_mask(data, call.name.rsplit(".", 1)[-1]))


def _stat(machine: Machine, call: Call) -> Value:
    found = [data for one in call.args[:1] for data in find_data(one, 4)]
    if not found:
        return UNKNOWN
    data = join_data(found) if len(found) > 1 else found[0]
    if data.form in ("score", "curve", "shape", "missing", "mask", "stat"):
        return data.but(form="score" if data.evaluations else data.form)
    across = constant(call.arg(1, "axis")) == 1 and not call.name.endswith(("percentile", "quantile"))
    if across or (data.fits and "axis" in call.params):
        return data.but(form="array", mask=None)
    seen = machine.look("numeric", data, call.name)
    return data.but(form="stat", facets=data.facets | seen, detail=call.name.rsplit(".", 1)[-1], mask=None)


def _range(machine: Machine, call: Call) -> Value:
    return positions(machine, call) or Items([UNKNOWN, UNKNOWN])


def _repeat(machine: Machine, call: Call) -> Value:
    data = as_data(call.args[0]) if call.args else None
    counts = as_data(call.arg(1, "repeats") or UNKNOWN)
    if data is not None and counts is not None:
        return copied(machine, data, counts)
    return drawn(machine, data, "copies", over=True) if data is not None and data.by else _same(machine, call)


def _logic(machine: Machine, call: Call) -> Value:
    """`logical_not(mask)` and its kin, as the operators do it."""
    found = [data for one in call.args for data in find_data(one)]
    if call.name.endswith(("not", "invert")):
        return inverted(found[0]) if found else UNKNOWN
    if len(found) < 2:
        return _same(machine, call)
    return both_masks(machine, found[0], found[1], both=call.name.endswith("and"), text=", ".join(call.names))


def _nothing(machine: Machine, call: Call) -> Value:
    if call.name.endswith("option_context"):
        return UNKNOWN
    del machine
    return Object(call.name, list(call.args))


def _choose(machine: Machine, call: Call) -> Value:
    data = as_data(call.args[0]) if call.args else None
    return chosen(machine, data) if data is not None else UNKNOWN


def chosen(machine: Machine, data: Data) -> Data:
    """argmax: over a curve or scores it chooses a threshold or a model; over anything else it chooses nothing."""
    if data.form == "score" and data.evaluations and machine.muted == 0:
        machine.chose("best score", data.evaluations, data.rows)
    if data.fits and not data.evaluations and data.form in ("array", "series"):
        return data.but(form="array", detail="labels", mask=None)
    return data.but(form="choice" if data.evaluations else "stat", mask=None)


def _holder(machine: Machine, call: Call) -> Value:
    every = [*call.args, *call.params.values()]
    data = call.arg(0, "data") or call.params.get("dataset")
    label = call.arg(1, "label")
    if isinstance(data, Instance):
        return held_by(machine, data) or UNKNOWN
    found = find_data(data) if data is not None else [one for value in every for one in find_data(value)]
    if not found:
        return UNKNOWN
    held = join_data(found[:1] if label is not None else found)
    names = as_data(label) if label is not None else None
    weighted = call.params.get("weight") is not None or call.params.get("sample_weight") is not None
    detail = "weighted" if (weighted and constant(call.params.get("weight", UNKNOWN)) is not None) or weighted else held.detail
    columns_y = names.columns if names is not None else None
    return held.but(form="array", by=frozenset(columns_y or ()), detail=detail, mask=None)


def _weights(machine: Machine, call: Call) -> Value:
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    rows = joined(*(data.rows for data in found)) if found else frozenset()
    machine.note("class_weights_computed", call.name)
    return Data(rows=rows, form="weights", task=bool(found), detail="class weights")


def _balance(machine: Machine, call: Call) -> Value:
    machine.note("balance", call.detail)
    return Object(call.name, list(call.args), dict(call.params))


def _loss(machine: Machine, call: Call) -> Value:
    for name in ("weight", "pos_weight"):
        value = call.params.get(name) or (call.args[0] if name == "weight" and call.args else None)
        if value is not None and not (isinstance(value, Const) and value.value is None):
            machine.note("balance", "pos_weight" if name == "pos_weight" else "class weight in the loss")
    return Object(call.name, [])


def _clone(machine: Machine, call: Call) -> Value:
    first = call.arg(0)
    if isinstance(first, Model):
        return Model(
            first.name, first.role, first.detail, first.place, dict(first.params), list(first.parts), grids=first.grids
        )
    if isinstance(first, Data):
        return first.but()
    if isinstance(first, Choice):
        return join([_clone(machine, Call(call.name, "", [option], {}, call.node)) for option in first.options])
    return first or UNKNOWN


def _seed(machine: Machine, call: Call) -> Value:
    machine.note("seed", call.name)
    return NONE


def _partial(machine: Machine, call: Call) -> Value:
    return Partial(call.args[0], call.args[1:], dict(call.params)) if call.args else UNKNOWN


def _decorator(machine: Machine, call: Call) -> Value:
    last = call.args[-1] if call.args else UNKNOWN
    if call.name.endswith("reduce") and len(call.args) > 1:
        items = machine.iterate(machine, call.args[1])
        return join(items)
    if isinstance(last, Function) and not call.name.endswith("wraps"):
        return last
    return Object(call.name, [])


def _pivot(machine: Machine, call: Call) -> Value:
    seen = looking("relation")(machine, call)
    return pivoted(seen, call) if isinstance(seen, Data) else seen


def _import_module(machine: Machine, call: Call) -> Value:
    names = strings(call.arg(0))
    if not names:
        return UNKNOWN
    return machine.load_module(machine, names[0]) or Symbol(names[0])


HANDLERS: dict[str, Handler] = {
    "mixed": _mixed, "bin": binned, "scores": scores, "read": reading_data.read,
    "toy": reading_data.toy, "frame": reading_data.frame, "array": reading_data.array,
    "zeros": reading_data.zeros, "parse": reading_data.parse, "text": reading_data.text, "dump": reading_data.dump,
    "write": reading_data.write, "load": reading_data.load, "same": _same, "isnan": _isnan, "concat": concatenated,
    "merge": merge, "stat": _stat, "levels": looking("values"), "relation": looking("relation"),
    "distribution": looking("distribution"), "time": looking("time"), "missing_plot": looking("missing_plot"),
    "pivot": _pivot, "profile": profile, "range": _range,
    "permutation": in_drawn_order, "shuffled": shuffled_together,
    "repeat": _repeat, "draw": drawn_places, "generator": generator, "left_over": left_over, "logic": _logic,
    "nothing": _nothing, "choose": _choose,
    "holder": _holder, "weights": _weights, "balance": _balance, "loss": _loss, "clone": _clone, "seed": _seed,
    "passed": lambda _m, call: call.arg(0) or UNKNOWN,
    "partial": _partial, "decorator": _decorator, "import_module": _import_module, "show": surroundings.show, "study": study,
    "split": random_split, "splitter": lambda _m, call: Object(call.name, list(call.args), dict(call.params)),
    "slice_split": slice_split, "resample": resample, "cv": evaluating.cross_validated,
    "cv_predict": evaluating.cross_predicted, "cv_native": evaluating.native_cv, "metric": evaluating.metric,
    "curve": evaluating.curve, "model_metric": evaluating.model_metric, "inspect_model": evaluating.model_metric,
    "scorer": lambda _m, call: Object(call.name, list(call.args)), "plot": plot,
    "stop": lambda _m, _call: Object("stop"), "pycaret_setup": automl.pycaret_setup, "automl_use": automl.used,
    "library matplotlib": surroundings.matplotlib, "library pathlib": surroundings.path,
    "library os": surroundings.os_function,
    "library argparse": surroundings.argparse,
    "library logging": surroundings.logging, "library types": surroundings.types_function,
}  # fmt: skip
