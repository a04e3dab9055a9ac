"""Attributes of every kind of value."""

import posixpath

from checks.practice.combining import join
from checks.practice.knowledge import frame_methods, library_of, look_up
from checks.practice.machine import Machine
from checks.practice.members import find_member
from checks.practice.rows import Region
from checks.practice.selecting import columns
from checks.practice.tables.frames import ATTRIBUTES, SAME_ATTRIBUTES
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
    Module,
    Object,
    Symbol,
    Value,
)

_SAME_MODEL = frozenset(
    "best_estimator_ leader base_estimator_ estimator_ final_estimator_ model booster_ estimators_ wv docvecs dv".split()  # noqa: SIM905
)


_FRAME_SIGNS = frozenset(
    "describe isnull isna value_counts groupby fillna dropna iloc loc columns shape dtypes drop merge corr to_csv sort_values "  # noqa: SIM905
    "set_index reset_index astype nunique duplicated drop_duplicates select_dtypes".split()
)
_NO_FRAMES = frozenset(
    "builtins matplotlib seaborn plotly logging argparse os pathlib sys optuna torch keras re json unbound".split()  # noqa: SIM905
)


def frame_like(value: Object) -> bool:
    """Whether something unknown may well be a frame: it comes from a library that is not known to give anything else."""
    return library_of(value.name) not in _NO_FRAMES and look_up(value.name) is None


def frame_of(value: Object) -> Data:
    """The frame that an unknown thing is taken for, the same each time."""
    known = value.attributes.get("__data__")
    if not isinstance(known, Data):
        known = value.attributes["__data__"] = Data(rows=frozenset({Region(f"made:{_told(value)}")}))
    return known


def _told(value: Value, depth: int = 4) -> str:
    """What an unknown thing was made by and from: the same for the same call, another for another part or argument."""
    if isinstance(value, Const):
        return repr(value.value)[:60]
    if not isinstance(value, Object) or depth == 0:
        return ""
    part = value.attributes.get("__part__")
    given = ",".join(_told(one, depth - 1) for one in [*value.args, *value.params.values()][:8])
    return f"{value.name}({given})" + (f"[{part.value}]" if isinstance(part, Const) else "")


def attribute(machine: Machine, value: Value, name: str, *, called: bool = False) -> Value:
    if isinstance(value, Data):
        return _of_data(machine, value, name, called=called)
    if isinstance(value, Symbol):
        if value.name == "sys" and name == "version_info":
            return Items([Const(3), Const(11), Const(0)], "tuple")
        return Symbol(f"{value.name}.{name}")
    if isinstance(value, Module):
        return _of_module(machine, value, name)
    if isinstance(value, Instance):
        return _of_instance(machine, value, name)
    if isinstance(value, Class):
        return _of_class(value, name)
    if isinstance(value, Model):
        return _of_search(machine, value, name) if name in _BY_FOLDS else _of_model(value, name, called=called)
    if isinstance(value, Object):
        held = value.attributes.get(name)
        if held is None and name in _FRAME_SIGNS and frame_like(value):
            return _of_data(machine, frame_of(value), name, called=called)
        return held or Method(value, name)
    if isinstance(value, Choice):
        return join([attribute(machine, option, name, called=called) for option in value.options])
    return _of_other(value, name, called=called)


def _of_other(value: Value, name: str, *, called: bool) -> Value:
    if isinstance(value, Const) and isinstance(value.value, str):
        return _of_text(value.value, name)
    if isinstance(value, Method) and value.name == "plot":
        return Method(value.receiver, f"plot.{name}")
    if isinstance(value, Method) and isinstance(value.receiver, Object):
        return Method(Object(f"{value.receiver.name}.{value.name}", value.receiver.args), name)
    if isinstance(value, Mapping) and not called and name in value.entries:
        return value.entries[name]
    if called or isinstance(value, (Items, Mapping, Lazy, Const, Function, Method)):
        return Method(value, name)
    return UNKNOWN


def _of_data(machine: Machine, value: Data, name: str, *, called: bool) -> Value:
    if called or name in ("plot",):
        return Method(value, name)
    if name in ATTRIBUTES:
        seen = machine.look(ATTRIBUTES[name], value, name) if value.form != "shape" else frozenset()
        return value.but(form="shape", facets=value.facets | seen, detail=name)
    if name in SAME_ATTRIBUTES:
        return value
    if name == "index":
        return value.but(form="index") if value.form in ("frame", "series", "array") else value
    if name in frame_methods() and value.form != "frame":
        return Method(value, name)
    if name == "target":
        return columns(value, Const(name))
    if name in ("train", "data"):
        return value.but()
    if name in frame_methods():
        return Method(value, name)
    return columns(value, Const(name))


def _of_module(machine: Machine, value: Module, name: str) -> Value:
    if name in value.scope.names:
        return value.scope.names[name]
    nested = machine.load_module(machine, f"{value.name}.{name}")
    return nested if nested is not None else UNKNOWN


def _of_instance(machine: Machine, value: Instance, name: str) -> Value:
    if name in value.attributes:
        return value.attributes[name]
    if name == "__class__":
        return value.kind
    member = find_member(value.kind, name)
    if isinstance(member, Function):
        return _bound(machine, member, value)
    return member if member is not None else Method(value, name)


def _bound(machine: Machine, member: Function, receiver: Value) -> Value:
    if "staticmethod" in member.marks:
        return member
    bound = Function(
        member.node,
        member.scope,
        member.path,
        member.cell,
        receiver,
        member.defaults,
        member.marks - {"property"},
        member.owner,
    )
    if "property" in member.marks:
        return machine.run_function(machine, bound, [], {})
    return bound


def _of_class(value: Class, name: str) -> Value:
    member = find_member(value, name)
    if isinstance(member, Function) and "classmethod" in member.marks:
        return Function(member.node, member.scope, member.path, member.cell, value, member.defaults, member.marks, member.owner)
    if name == "__name__":
        return Const(value.name)
    return member if member is not None else UNKNOWN


def _of_model(value: Model, name: str, *, called: bool) -> Value:
    if name in value.params and not called:
        return value.params[name]
    if name in _SAME_MODEL and not called:
        inner = [part for _, part in value.parts if isinstance(part, Model)]
        return inner[0] if name == "base_estimator_" and inner else value
    if name in ("named_steps", "steps", "named_transformers_", "transformers_"):
        return Mapping(dict(value.parts))
    if name in ("best_score_", "cv_results_", "oob_score_", "best_params_", "history", "best_trial", "best_value"):
        rows = value.fitted.rows if value.fitted is not None else frozenset()
        return Data(rows=rows, form="score", fits=value.fits)
    if name in ("feature_importances_", "coef_", "intercept_", "classes_", "feature_name_", "params", "pvalues", "labels_"):
        rows = value.fitted.rows if value.fitted is not None else frozenset()
        return Data(rows=rows, form="weights", fits=value.fits, detail="weights")
    if name in ("support_", "ranking_", "scores_") and not called:
        return _support(value)
    return Method(value, name)


_BY_FOLDS = frozenset({"best_score_", "cv_results_"})


def _of_search(machine: Machine, value: Model, name: str) -> Value:
    """What a search found by its folds: a judgement by cross-validation, where somebody asks for it."""
    score = _of_model(value, name, called=False)
    if not isinstance(score, Data) or not value.fits or value.fitted is None:
        return score
    return score.but(evaluations=machine.evaluated(value.fits, value.fitted, "cv", "score", cv=True))


def _support(value: Model) -> Data:
    rows = value.fitted.rows if value.fitted is not None else frozenset()
    return Data(rows=rows, form="weights", detail="support")


def _of_text(text: str, name: str) -> Value:
    if name == "parent":
        return Const(posixpath.dirname(text))
    if name in ("name", "stem"):
        base = posixpath.basename(text)
        return Const(base if name == "name" else base.rsplit(".", 1)[0])
    return Method(Const(text), name)
