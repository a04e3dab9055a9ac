"""Arithmetic and comparison: constants are folded, masks are told as sides, statistics that meet data leave a step."""

import ast
import operator
from collections.abc import Callable
from typing import Any

from checks.practice.combining import as_data, find_data, join, join_data, trimmed
from checks.practice.machine import Machine
from checks.practice.masks import shortened
from checks.practice.rows import without
from checks.practice.values import UNKNOWN, Const, Data, Items, Mapping, Unknown, Value

_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
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
