"""Comparisons: constants are folded, masks are told as sides, thresholds and hand-made metrics are noted."""

import ast
import operator
from collections.abc import Callable
from typing import Any

from checks.practice.combining import as_data, find_data, join
from checks.practice.folding import SHIFTED, judge
from checks.practice.machine import Machine
from checks.practice.masks import FEW_GAPS, FILLED, inverted, key_of, side_of
from checks.practice.reading_data import DRAWN
from checks.practice.values import UNKNOWN, Choice, Const, Data, Items, Mapping, Value

_COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def compared(machine: Machine, values: list[Value], node: ast.Compare) -> Value:
    left, right = values[0], values[1]
    op = node.ops[0]
    if isinstance(left, Choice) and len(values) == 2 and isinstance(right, Const):
        agreed = _agreed([_compared_constants(one.value, op, right.value) for one in left.options if isinstance(one, Const)])
        if agreed is not None and all(isinstance(one, Const) for one in left.options):
            return agreed
    if len(values) > 2 or isinstance(left, Choice) or isinstance(right, Choice):
        found = [data for value in values for data in find_data(value)]
        return join(found).but(form="mask", mask=None) if found and isinstance(join(found), Data) else UNKNOWN  # type: ignore[attr-defined]
    if isinstance(left, Const) and isinstance(right, Const):
        return _compared_constants(left.value, op, right.value)
    if isinstance(op, (ast.In, ast.NotIn)):
        return _membership(left, op, right)
    if isinstance(left, Items) and isinstance(right, Items):
        return _compared_lists(left, op, right)
    if isinstance(op, (ast.Is, ast.IsNot)):
        return _identity(left, op, right)
    data = as_data(left)
    if data is not None and data.form == "shape" and isinstance(right, Const):
        return _size(right.value, op)
    if data is not None or as_data(right) is not None:
        return _mask(machine, left, op, right, node)
    return UNKNOWN


def _size(bound: Any, op: ast.cmpop) -> Value:
    """A length or shape compared with a number: what no size can be is certain."""
    if not isinstance(bound, (int, float)) or isinstance(bound, bool):
        return UNKNOWN
    impossible = (isinstance(op, ast.Lt) and bound <= 0) or (isinstance(op, (ast.LtE, ast.Eq)) and bound < 0)
    return Const(False) if impossible else UNKNOWN


def _compared_constants(left: Any, op: ast.cmpop, right: Any) -> Value:
    if isinstance(op, (ast.Is, ast.IsNot)):
        if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
            return Const((left is right) == isinstance(op, ast.Is))
        return UNKNOWN
    if isinstance(op, (ast.In, ast.NotIn)):
        if isinstance(left, str) and isinstance(right, str):
            return Const((left in right) == isinstance(op, ast.In))
        return UNKNOWN
    compare = _COMPARISONS.get(type(op))
    try:
        return Const(bool(compare(left, right))) if compare is not None else UNKNOWN
    except TypeError:
        return UNKNOWN


def _compared_lists(left: Items, op: ast.cmpop, right: Items) -> Value:
    known = [[item.value for item in one.items if isinstance(item, Const)] for one in (left, right)]
    whole = all(one.rest is None and len(values) == len(one.items) for one, values in zip((left, right), known, strict=True))
    compare = _COMPARISONS.get(type(op))
    try:
        return Const(bool(compare(*known))) if compare is not None and whole else UNKNOWN
    except TypeError:
        return UNKNOWN


def _membership(left: Value, op: ast.cmpop, right: Value) -> Value:
    inside = isinstance(op, ast.In)
    if isinstance(left, Const) and isinstance(right, Mapping) and right.rest is None:
        return Const((left.value in right.entries) == inside)
    if isinstance(left, Const) and isinstance(right, Items) and right.rest is None:
        known = [item.value for item in right.items if isinstance(item, Const)]
        return Const((left.value in known) == inside) if len(known) == len(right.items) else UNKNOWN
    return UNKNOWN


def _agreed(answers: list[Value]) -> Const | None:
    """The answer that every one of several constants gives."""
    given = {answer.value if isinstance(answer, Const) else None for answer in answers}
    return Const(next(iter(given))) if len(given) == 1 and None not in given else None


def _identity(left: Value, op: ast.cmpop, right: Value) -> Value:
    one, other = (left, right) if isinstance(right, Const) else (right, left)
    if isinstance(other, Const) and other.value is None and not isinstance(one, type(UNKNOWN)):
        return Const(isinstance(op, ast.IsNot))
    return UNKNOWN


def _mask(machine: Machine, left: Value, op: ast.cmpop, right: Value, node: ast.Compare) -> Data:
    data, other = as_data(left), as_data(right)
    nodes = (node.left, node.comparators[0])
    reverse = data is None or (data.form in ("stat", "curve", "score") and other is not None)
    if reverse:
        data, other, nodes = other, data, (nodes[1], nodes[0])
    if data is None:
        return Data(form="mask")
    side = side_of(op, nodes[1], left if reverse else right, reverse=reverse)
    facets, steps = data.facets, data.steps
    evaluations = data.evaluations if data.form not in ("array", "series", "frame") else frozenset()
    if other is not None:
        facets, evaluations = facets | other.facets, evaluations | other.evaluations
    if other is not None and isinstance(op, (ast.Eq, ast.NotEq)):
        evaluations |= judge(machine, data, other)
    if data.fits and data.form != "weights":
        _threshold(machine, data, op, right if not reverse else left, other)
    key = f"cmp:{key_of(nodes[0])}"
    if data.detail == DRAWN and not data.task:  # Rows told apart by numbers drawn for them.
        key = machine.split(("drawn", data.rows, key), data, "random")
    if data.form == "missing":
        return _of_gaps(data, op, left if reverse else right, facets, reverse=reverse)
    return data.but(
        form="mask", mask=((key, side),), by=data.columns or frozenset(), facets=facets, steps=steps,
        evaluations=evaluations, detail=_kept(data, other) or (side if isinstance(op, ast.Eq) else _of_other_rows(data)),
    )  # fmt: skip


def _of_gaps(data: Data, op: ast.cmpop, bound: Value, facets: frozenset[int], *, reverse: bool) -> Data:
    """Gaps compared: a mask of them turned round, or the columns that have few or many of them."""
    if isinstance(bound, Const) and isinstance(bound.value, bool) and data.mask and isinstance(op, (ast.Eq, ast.NotEq)):
        same = bound.value == isinstance(op, ast.Eq)
        return data.but(facets=facets) if same else inverted(data).but(facets=facets)
    below, above = (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)
    none = isinstance(op, ast.Eq) and isinstance(bound, Const) and bound.value == 0
    few = none or isinstance(op, above if reverse != (data.detail == FILLED) else below)
    return data.but(form="mask", facets=facets, mask=None, detail=FEW_GAPS if few else "")


def _kept(data: Data, other: Data | None) -> str:
    """What a mask goes on saying of the values it was made from."""
    if other is not None and _of_other_rows(other):
        return SHIFTED
    return data.detail if data.form == "weights" or data.detail == "corr with" else ""


def _of_other_rows(data: Data) -> str:
    return SHIFTED if data.detail == SHIFTED else ""


def _threshold(machine: Machine, data: Data, op: ast.cmpop, bound: Value, other: Data | None) -> None:
    """A prediction compared with a bound: a decision threshold."""
    if not isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
        return
    if other is not None and (other.evaluations or other.form in ("curve", "stat")):
        machine.note("threshold", "chosen", data.but(evaluations=other.evaluations))
        if other.evaluations:
            machine.chose("threshold", other.evaluations, other.rows)
    elif isinstance(bound, Const) and isinstance(bound.value, float):
        machine.note("threshold", "default" if bound.value == 0.5 else "fixed", data)
    elif not isinstance(bound, Const):
        machine.note("threshold", "swept" if machine.loops else "named", data)
