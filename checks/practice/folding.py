"""Arithmetic and comparison: constants are folded, masks are told as sides, statistics that meet data leave a step."""

import ast
import operator
from collections.abc import Callable
from typing import Any

from checks.practice.machine import Machine
from checks.practice.masks import FEW_GAPS, FILLED, inverted, key_of, shortened, side_of
from checks.practice.reading_data import DRAWN
from checks.practice.rows import without
from checks.practice.values import (
    UNKNOWN,
    Choice,
    Const,
    Data,
    Items,
    Mapping,
    Unknown,
    Value,
    as_data,
    find_data,
    join,
    join_data,
    trimmed,
)

_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
MAX_NUMBER = 10**12
MAX_TEXT = 2_000
SHIFTED = "shifted"
"""What a value says of itself that holds figures of other rows than its own."""


def text_of(value: Value) -> str:
    """A constant as text; an unknown part as a star, so that file names stay patterns."""
    if isinstance(value, Const) and isinstance(value.value, (str, int, float, bool)):
        return str(value.value)[:MAX_TEXT]
    return "*"


def fold_binary(machine: Machine, left: Value, op: ast.operator, right: Value, node: ast.BinOp) -> Value:
    if isinstance(left, Const) and isinstance(right, Const):
        return _fold_constants(left.value, op, right.value)
    if isinstance(op, ast.Add) and isinstance(left, Items) and isinstance(right, Items):
        return Items([*left.items, *right.items][:400], left.kind)
    if isinstance(op, ast.Mult) and isinstance(left, Items) and isinstance(right, (Const, Unknown, Data)):
        return Items([*left.items, *left.items][:400], left.kind)
    if isinstance(op, ast.BitOr) and isinstance(left, Mapping) and isinstance(right, Mapping):
        return Mapping({**left.entries, **right.entries})
    if isinstance(op, (ast.Div, ast.Add)) and _is_text(left, right) and not find_data(left) and not find_data(right):
        between = "/" if isinstance(op, ast.Div) else ""
        return Const(f"{text_of(left)}{between}{text_of(right)}"[:MAX_TEXT])
    if isinstance(op, ast.Mod) and isinstance(left, Const) and isinstance(left.value, str):
        data = as_data(right)
        return data.but(form="text") if data is not None else Const(left.value.replace("%s", "*").replace("%d", "*"))
    return _data_arithmetic(machine, left, op, right, node)


def _is_text(left: Value, right: Value) -> bool:
    return any(isinstance(one, Const) and isinstance(one.value, str) for one in (left, right))


def _fold_constants(left: Any, op: ast.operator, right: Any) -> Value:
    if isinstance(op, ast.Div) and isinstance(left, str) and isinstance(right, str):
        return Const(f"{left}/{right}"[:MAX_TEXT])
    if isinstance(left, str) and isinstance(op, ast.Mod):
        return Const(left[:MAX_TEXT])
    if isinstance(left, str) or isinstance(right, str):
        if isinstance(op, ast.Add) and isinstance(left, str) and isinstance(right, str):
            return Const((left + right)[:MAX_TEXT])
        return UNKNOWN
    fold = _ARITHMETIC.get(type(op))
    numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    if fold is None or not numbers or abs(left) > MAX_NUMBER or abs(right) > MAX_NUMBER:
        return UNKNOWN
    try:
        return Const(fold(left, right))
    except (ArithmeticError, ValueError, TypeError):
        return UNKNOWN


def _data_arithmetic(machine: Machine, left: Value, op: ast.operator, right: Value, node: ast.BinOp) -> Value:
    first, second = as_data(left), as_data(right)
    if first is None or second is None:
        only = first or second
        if only is None:
            return UNKNOWN
        return only.but(mask=None) if only.form != "group" else only
    if isinstance(op, (ast.BitAnd, ast.BitOr)):
        return both_masks(machine, first, second, both=isinstance(op, ast.BitAnd), text=shortened(node))
    if isinstance(op, ast.Sub) and first.form == second.form == "index":
        return first.but(rows=without(first.rows, second.rows), mask=None)
    if first.form == "stat" and second.form != "stat":
        first, second = second, first
    if second.form == "stat" and first.form not in ("stat", "score", "curve", "shape", "text", "missing"):
        shifts = isinstance(op, ast.Sub) and second.detail in ("min", "max", "first", "last")
        scales = isinstance(op, (ast.Sub, ast.Div)) and not shifts
        step = machine.step("scale" if scales else "statistic", "own scaling", second.rows, first.columns)
        return first.but(steps=trimmed(first.steps | second.steps | {step}), mask=None, facets=first.facets | second.facets)
    combined = _combined(first, second)
    judged = judge(machine, first, second) if isinstance(op, ast.Sub) else frozenset()
    return combined.but(evaluations=combined.evaluations | judged)


def judge(machine: Machine, first: Data, second: Data) -> frozenset[int]:
    """Predictions held against something else of their rows: a metric written by hand."""
    predicted, other = (first, second) if first.fits else (second, first)
    if (
        predicted.fits
        and not other.fits
        and other.rows
        and predicted.form in ("array", "series", "mask")
        and other.form in ("series", "array", "frame")
    ):
        return machine.evaluated(predicted.fits, predicted, "own", "own metric")
    return frozenset()


def _combined(first: Data, second: Data) -> Data:
    """Two values of the same rows, combined element by element."""
    both = join_data([first, second])
    if first.form == second.form == "list":
        return both.but(mask=None)
    keeps = first.rows or second.rows
    form = first.form if first.form not in ("shape",) else second.form
    facets = frozenset() if both.fits or both.evaluations else both.facets
    detail = SHIFTED if SHIFTED in (first.detail, second.detail) else both.detail
    return both.but(rows=keeps, form=form, facets=facets, mask=None, detail=detail)


def both_masks(machine: Machine, first: Data, second: Data, *, both: bool, text: str) -> Data:
    """Rows that two masks select together, or that one of them selects."""
    joined = _combined(first, second)
    if both:
        whole = (f"all:{text}@{machine.line}", "in")
        return joined.but(form="mask", mask=(*(first.mask or ()), *(second.mask or ()), whole), by=first.by | second.by)
    return joined.but(form="mask", mask=((f"any:{text}@{machine.line}", "in"),), by=first.by | second.by)


def either(machine: Machine, values: list[Value]) -> Value:
    """One of several: where one is a figure of a column and another the column's own value, gaps are filled with the figure."""
    figures = [value for value in values if isinstance(value, Data) and value.form == "stat" and value.rows]
    own = [value for value in values if isinstance(value, Data) and value.form in ("frame", "series", "array")]
    if not figures or not own:
        return join(values)
    step = machine.step("impute", f"fill with {figures[0].detail or 'a statistic'}", figures[0].rows, own[0].columns)
    whole = join_data(own)
    return whole.but(steps=trimmed(whole.steps | {step}))


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
