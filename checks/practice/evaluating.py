"""Evaluations: metrics, curves and cross-validation, each with the rows it looked at."""

from checks.practice.combining import as_data, constant, find_data, join_data, strings
from checks.practice.machine import Call, Machine
from checks.practice.models import fit_model, models_in, predicted_by
from checks.practice.rows import Rows, has_side, overlap, parting
from checks.practice.splitting import fold_kind
from checks.practice.values import UNKNOWN, Const, Data, Items, Mapping, Model, Object, Value


def metric(machine: Machine, call: Call) -> Value:
    """A metric of labels against predictions."""
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    if not found:
        return Object(call.name, list(call.args))
    predicted = [data for data in found if data.fits]
    judged = join_data(predicted) if len(predicted) > 1 else predicted[0] if predicted else found[0]
    name = call.name.rsplit(".", 1)[-1]
    label = constant(call.params.get("pos_label", UNKNOWN))
    average = constant(call.params.get("average", UNKNOWN))
    positive = "negative class" if label in (0, "0", "no", "No") else "weighted" if average == "weighted" else ""
    fits = judged.fits if predicted else frozenset()
    numbers: frozenset[int] = frozenset()
    for of, rows in _out_of_fold(machine, fits, judged):
        numbers |= machine.evaluated(of, judged.but(rows=rows), "metric", name, positive=positive)
    truth = next((data for data in found if not data.fits and data.rows), None)
    if (
        predicted
        and truth is not None
        and not overlap(truth.rows, judged.rows)
        and parting(truth.rows, judged.rows, certainly=True)
    ):
        machine.note("label_mismatch", name, judged)
    carried = frozenset().union(*(data.evaluations for data in predicted)) if predicted else frozenset()
    if carried:
        _mark_reused(machine, carried, judged)
    return judged.but(form="score", evaluations=numbers, facets=frozenset(), columns=None, mask=None)


def _certainly_apart(one: Rows, other: Rows) -> bool:
    return not overlap(one, other) and bool(parting(one, other, certainly=True))


def _out_of_fold(machine: Machine, fits: frozenset[int], judged: Data) -> list[tuple[frozenset[int], Rows]]:
    """Predictions of several folds judged together: each fit with the rows that its own fold held back."""
    if len(fits) < 2 or not all(has_side(frozenset({region}), "held") for region in judged.rows):
        return [(fits, judged.rows)]
    parts = []
    for number in sorted(fits):
        learned = machine.log.fits[number].rows if number < len(machine.log.fits) else judged.rows
        own = frozenset(region for region in judged.rows if not overlap(frozenset({region}), learned))
        parts.append((frozenset({number}), own or judged.rows))
    return parts


def _mark_reused(machine: Machine, carried: frozenset[int], judged: Data) -> None:
    """A threshold chosen on these rows is now judged on rows: kept, so that the same rows can be told."""
    machine.note("threshold_judged", ",".join(str(number) for number in sorted(carried)[:40]), judged)


def curve(machine: Machine, call: Call) -> Value:
    result = metric(machine, call)
    if not isinstance(result, Data):
        return result
    return Items([result.but(form="curve") for _ in range(3)], "tuple")


def model_metric(machine: Machine, call: Call) -> Value:
    """A report or plot that is given the model and the rows."""
    models = [model for one in call.args[:1] for model in models_in(one)]
    found = [data for one in call.args[1:] for data in find_data(one)] or [
        data for one in call.params.values() for data in find_data(one)
    ]
    if not models or not found:
        return Object(call.name, list(call.args))
    name = call.name.rsplit(".", 1)[-1]
    fits = frozenset().union(*(model.fits for model in models))
    if "importance" in name or "dependence" in name:
        return found[0].but(form="weights", fits=fits, mask=None)
    numbers = machine.evaluated(fits, found[0], "metric", name)
    return found[0].but(form="score", evaluations=numbers, fits=fits, facets=frozenset(), mask=None)


def cross_validated(machine: Machine, call: Call) -> Value:
    """cross_val_score and its kin: the model is fitted and judged on parts of the rows it gets."""
    models = models_in(call.arg(0, "estimator") or UNKNOWN)
    data = as_data(call.arg(1, "X") or UNKNOWN)
    target = as_data(call.arg(2, "y") or UNKNOWN)
    if data is None:
        return UNKNOWN
    splitter = _splitter(call.arg(99, "cv"))
    kind = fold_kind(splitter)
    scoring = strings(call.params.get("scoring"))
    made: set[int] = set()
    for model in models:
        made |= fit_model(machine, model, data, target, {}, how="cv")
    stratified = "Stratified" in splitter or splitter == ""
    fixed = _fixed(call)
    machine.split(("cv", machine.place, data.rows), data, kind, stratified=stratified, seeded=fixed)
    name = ",".join(scoring) or "score"
    numbers = machine.evaluated(frozenset(made), data, "cv", name, cv=True, splitter=splitter)
    return data.but(form="score", fits=frozenset(made), evaluations=numbers, facets=frozenset(), columns=None, mask=None)


def _fixed(call: Call) -> bool | None:
    value = call.params.get("cv")
    if isinstance(value, Object):
        shuffles = constant(value.params.get("shuffle", Const(False))) is not False
        return "random_state" in value.params if shuffles else True
    return True


def _splitter(value: Value | None) -> str:
    return value.name.rsplit(".", 1)[-1] if isinstance(value, Object) else ""


def cross_predicted(machine: Machine, call: Call) -> Value:
    result = cross_validated(machine, call)
    if isinstance(result, Data):
        return result.but(form="array", evaluations=frozenset())
    return result


def native_cv(machine: Machine, call: Call) -> Value:
    """The cv function of a boosting library: params first, then the data."""
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    if not found:
        return UNKNOWN
    library = call.name.split(".", 1)[0]
    model = Model(f"{library}.train", "learner", "gbdt", machine.place)
    first = call.arg(0, "params")
    if isinstance(first, Mapping):
        model.params.update({str(key): value for key, value in first.entries.items()})
    data = found[-1] if found[0].form != "array" else found[0]
    made = fit_model(machine, model, data, None, {}, how="cv")
    numbers = machine.evaluated(frozenset(made), data, "cv", "score", cv=True)
    return data.but(form="score", fits=frozenset(made), evaluations=numbers, facets=frozenset(), columns=None, mask=None)


def scored(machine: Machine, model: Model, call: Call) -> Value:
    """`model.score(X, y)` and `model.evaluate(X, y)`."""
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    if not found:
        return UNKNOWN
    data = found[0]
    numbers = machine.evaluated(predicted_by(model), data, "score", "score")
    return data.but(form="score", evaluations=numbers, fits=model.fits, facets=frozenset(), columns=None, mask=None)
