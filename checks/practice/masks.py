"""Masks: which rows a comparison of a column selects, told so that another comparison of it can be held against it."""

import ast

from checks.practice.combining import as_data
from checks.practice.machine import Call
from checks.practice.rows import Side
from checks.practice.sides import opposite
from checks.practice.values import Const, Data, Items, Value

_DIRECTION: dict[type, str] = {ast.Lt: "below", ast.LtE: "below", ast.Gt: "above", ast.GtE: "above"}
_METHODS = {
    "lt": ast.Lt(), "le": ast.LtE(), "gt": ast.Gt(), "ge": ast.GtE(), "eq": ast.Eq(), "ne": ast.NotEq(),
    "less": ast.Lt(), "less_equal": ast.LtE(), "greater": ast.Gt(), "greater_equal": ast.GtE(),
    "equal": ast.Eq(), "not_equal": ast.NotEq(),
}  # fmt: skip
_SAME_VALUES = frozenset({"values", "to_numpy", "array", "copy", "astype", "dropna", "ravel", "reset_index"})
MAX_LISTED = 30


FEW_GAPS = "few gaps"
FILLED = "filled"
"""Counts of gaps that are small; counts of values, which are no gaps."""


def shortened(node: ast.expr) -> str:
    try:
        return ast.unparse(node)[:200]
    except (RecursionError, ValueError):
        return f"line {getattr(node, 'lineno', 0)}"


def key_of(node: ast.expr) -> str:
    """What is compared, whatever the frame is called: `date` of `table["date"].values`, `date.dt.year` of `df.date.dt.year`."""
    suffix: list[str] = []
    at = node
    while True:
        if isinstance(at, ast.Call) and isinstance(at.func, ast.Attribute):
            at = at.func
        elif isinstance(at, ast.Subscript) and isinstance(at.slice, ast.Constant) and isinstance(at.slice.value, str):
            return ".".join([at.slice.value, *reversed(suffix)])
        elif isinstance(at, ast.Attribute) and isinstance(at.value, ast.Name):
            whole = at.attr in _SAME_VALUES or at.attr in ("dt", "str", "cat")
            return shortened(node) if whole else ".".join([at.attr, *reversed(suffix)])
        elif isinstance(at, ast.Attribute):
            suffix += [at.attr] if at.attr not in _SAME_VALUES else []
            at = at.value
        else:
            return shortened(node)


def side_of(op: ast.cmpop, bound: ast.expr, value: Value | None, *, reverse: bool = False) -> str:
    text = repr(value.value)[:120] if isinstance(value, Const) else shortened(bound)
    direction = _DIRECTION.get(type(op))
    if direction is None:
        return f"is {text}" if isinstance(op, ast.Eq) else f"not {text}"
    return f"{opposite(direction) if reverse else direction} {text}"


def gap_mask(data: Data, name: str) -> tuple[tuple[str, str], ...]:
    """Rows with a gap in some column, or those without one."""
    filled = name in ("notna", "notnull", "isNotNull", "isfinite")
    return ((f"missing:{sorted(data.columns or ())}", "out" if filled else "in"),)


def keeps_filled(mask: tuple[tuple[str, str], ...] | None) -> bool:
    """Whether a mask leaves rows with gaps out, and does nothing else."""
    return bool(mask) and all(split.startswith("missing:") and side == "out" for split, side in mask or ())


def filled_by_query(text: str) -> frozenset[str]:
    """Columns of which `frame.query(text)` leaves the gaps out: `x == x`, `x.notnull()`."""
    try:
        tree = ast.parse(text.replace("`", "").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    return frozenset(name for part in parts if (name := _filled(part)))


def _filled(node: ast.expr) -> str:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
        left, right = node.left, node.comparators[0]
        return left.id if isinstance(left, ast.Name) and isinstance(right, ast.Name) and left.id == right.id else ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("notnull", "notna"):
        return node.func.value.id if isinstance(node.func.value, ast.Name) else ""
    return ""


def inverted(data: Data) -> Data:
    """`~mask`: the other rows, as far as the mask's last condition tells."""
    if data.mask is None:
        return data
    split, side = data.mask[-1]
    return data.but(mask=((split, opposite(side)),))


def compared_by_method(data: Data, call: Call) -> Data:
    """`column.lt(bound)`, `column.between(low, high)`."""
    node = call.node
    mask: tuple[tuple[str, str], ...] | None = None
    detail = ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        key = f"cmp:{key_of(node.func.value)}"
        if call.name == "between" and len(node.args) > 1:
            low, high = (side_of(_METHODS[name], node.args[n], call.arg(n)) for n, name in ((0, "ge"), (1, "le")))
            mask = ((key, low), (key, high))
        elif call.name in _METHODS:
            side = side_of(_METHODS[call.name], node.args[0], call.arg(0))
            mask = ((key, side),)
            detail = side if side.startswith("is ") else ""
    return data.but(form="mask", mask=mask, by=data.columns or frozenset(), detail=detail)


def membership(data: Data, call: Call) -> Data:
    """`column.isin(values)`: rows of one side of a split, where the values were taken from one; else rows by their values."""
    other = as_data(call.arg(0) or Const(None))
    if other is not None:
        mine = {side for region in data.rows for side in region.sides}
        fresh = [side for region in other.rows for side in region.sides if side not in mine]
        if fresh:
            return data.but(form="mask", mask=((fresh[-1].split, fresh[-1].side),), by=data.columns or frozenset())
    node = call.node
    key = f"cmp:{key_of(node.func.value)}" if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else "isin:"
    mask = ((key, f"among {_listed(call)}"),)
    return data.but(form="mask", mask=mask, by=data.columns or frozenset())


def _listed(call: Call) -> str:
    given = call.arg(0)
    if isinstance(given, Items) and given.rest is None and len(given.items) <= MAX_LISTED:
        known = [one.value for one in given.items if isinstance(one, Const)]
        if len(known) == len(given.items):
            return repr(tuple(known))
    return call.names[0] if call.names else ""


def of_query(text: str) -> tuple[tuple[str, str], ...]:
    """The sides that `frame.query(text)` selects, for a comparison or several joined by `and`."""
    try:
        tree = ast.parse(text.replace("@", "").replace("`", "").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    joined = isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And)
    parts = tree.values if joined and isinstance(tree, ast.BoolOp) else [tree]
    return tuple(side for part in parts for side in _of_comparison(part))


def _of_comparison(node: ast.expr) -> list[tuple[str, str]]:
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return []
    left, right = node.left, node.comparators[0]
    value = Const(right.value) if isinstance(right, ast.Constant) else None
    key = left.id if isinstance(left, ast.Name) else key_of(left)
    return [(f"cmp:{key}", side_of(node.ops[0], right, value))]


def marked(base: Data, key: Data, *, chosen: bool) -> None:
    """`marks[places] = True`: an array of marks becomes a mask of these places, or of all others."""
    sides: list[Side] = sorted({side for region in key.rows for side in region.sides})
    if sides:
        last = sides[-1]
        base.form, base.mask = "mask", ((last.split, last.side if chosen else opposite(last.side)),)
