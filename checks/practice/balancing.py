"""What counts as a remedy for class imbalance at the moment a model is fitted."""

from collections.abc import Iterator

from checks.practice.tables.transformers import BALANCED_LEARNERS
from checks.practice.values import NONE, Choice, Const, Data, Items, Mapping, Model, Place, Step, Symbol, Value

_KEYS = (
    "class_weight", "class_weights", "scale_pos_weight", "is_unbalance", "unbalance", "auto_class_weights", "balance_classes",
    "pos_weight", "weightCol", "weight_col", "sampling_strategy", "fix_imbalance", "is_unbalanced", "class_sampling_factors",
)  # fmt: skip


def mechanisms_of(
    model: Model, data: Data, params: dict[str, Value], place: Place, target: Data | None = None
) -> tuple[tuple[str, Place], ...]:
    found = [*_of_model(model, 5), *_of_fit(data, params, place)]
    names = _names_of_target(target)
    resampled = [step for step in data.steps if step.op == "resample" and _by_class(step, names)]
    found += [("resampling", step.place) for step in sorted(resampled, key=lambda step: step.number)]
    return tuple(dict.fromkeys(found))


def _names_of_target(target: Data | None) -> frozenset[str]:
    """The target's column, and those it was made from."""
    if target is None or target.columns is None or len(target.columns) > 3:
        return frozenset()
    return target.columns.union(*(step.source for step in target.steps if step.op == "derived"))


def _by_class(step: Step, target: frozenset[str]) -> bool:
    """Whether rows were drawn by their class: those drawn by another column, such as a shop or a year, balance nothing."""
    return not step.source or not target or bool(step.source & target)


def _of_fit(data: Data, params: dict[str, Value], place: Place) -> Iterator[tuple[str, Place]]:
    for name in ("sample_weight", "class_weight", "weight", "sample_weights", "clf__sample_weight"):
        if name in params and not _is_trivial(params[name]):
            yield ("sample_weight" if "sample" in name or name == "weight" else "class_weight"), place
    for name, value in params.items():
        if name.endswith("__sample_weight") and name != "clf__sample_weight" and not _is_trivial(value):
            yield "sample_weight", place
    if data.detail == "weighted":
        yield "sample_weight", place


def _of_model(model: Model, depth: int) -> Iterator[tuple[str, Place]]:
    yield from _own_remedies(model)
    if depth == 0:
        return
    parts = [part for _, part in model.parts if isinstance(part, Model)]
    for grid in model.grids:
        for value in grid.entries.values():
            parts += [one for one in (value.items if isinstance(value, Items) else [value]) if isinstance(one, Model)]
    for part in parts:
        if part.role == "sampler":
            valid = model.detail == "sampling_pipeline"
            yield ("sampler in the pipeline" if valid else "sampler in a pipeline that refuses it"), model.place
        yield from _of_model(part, depth - 1)


def _own_remedies(model: Model) -> Iterator[tuple[str, Place]]:
    """Those in a model's own parameters and search space."""
    last = model.name.rsplit(".", 1)[-1]
    if last in BALANCED_LEARNERS:
        yield "balanced ensemble", model.place
    for name, value in model.params.items():
        key = _key(name)
        if key and model.role != "sampler" and not _is_trivial(value):
            yield key, model.place
        if name in ("loss",) and _is_focal(value):
            yield "focal loss", model.place
    for grid in model.grids:
        for name, value in grid.entries.items():
            key = _key(str(name))
            if key and not _is_trivial(value):
                yield f"{key} in the search", model.place


def _key(name: str) -> str:
    last = name.rsplit("__", 1)[-1]
    return last if last in _KEYS and last != "sampling_strategy" else ""


def _is_focal(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, str) and "focal" in value.value


def _is_trivial(value: Value) -> bool:
    """No weighting at all: nothing, false, one, an empty mapping, or a class where a value should stand."""
    if value is NONE:
        return True
    if isinstance(value, Const):
        return value.value is not True and value.value in (None, False, 1, 1.0, 0, "", "None", ...)
    if isinstance(value, Items):
        return all(_is_trivial(item) for item in value.items) and value.rest is None
    if isinstance(value, Mapping):
        weights = [one.value for one in value.entries.values() if isinstance(one, Const)]
        return (not value.entries and value.rest is None) or (len(weights) == len(value.entries) and len(set(weights)) == 1)
    if isinstance(value, Symbol):
        return value.name.startswith("builtins.")
    if isinstance(value, Choice):
        return all(_is_trivial(option) for option in value.options)
    return False
