"""What a test function asserts, and whether it could fail, read from its source.

An assertion counts when it can fail: it looks at something that was computed, and nothing around it swallows the failure.
Looking only at whether something exists, is of a type or has a shape is worth less than looking at a value.
"""

import ast
from collections.abc import Sequence
from enum import IntEnum

_EXISTENCE = frozenset(
    {"exists", "is_file", "is_dir", "isfile", "isdir", "isinstance", "issubclass", "hasattr", "callable", "len"}
)
_SHAPES = frozenset({"shape", "size", "ndim", "columns", "empty", "dtype", "dtypes", "index", "keys"})
_SHAPE_METHODS = frozenset(
    {"assertIsNotNone", "assertIsNone", "assertIsInstance", "assertNotIsInstance", "assertTrue", "assertFalse"}
)
_SWALLOWED = frozenset({"AssertionError", "Exception", "BaseException"})
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_EXPECTING = frozenset({"raises", "warns", "assertRaises", "assertRaisesRegex", "assertWarns", "assertLogs"})
_PURE = frozenset(
    {"abs", "bool", "dict", "float", "int", "isinstance", "len", "list", "max", "min", "range", "round", "set", "sorted"}
    | {"str", "sum", "tuple", "type"}
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Strength(IntEnum):
    NONE = 0
    SHAPE = 1
    VALUE = 2


def strength_of(function: Function, helpers: dict[str, Strength]) -> Strength:
    """The strongest assertion that can make this function fail."""
    try:
        reader = _Assertions(function, helpers)
        reader.read(function.body)
    except RecursionError:
        return Strength.NONE
    return reader.strongest


class _Assertions:
    def __init__(self, function: Function, helpers: dict[str, Strength]) -> None:
        arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        self.computed = {argument.arg for argument in arguments}
        self.helpers = helpers
        self.strongest = Strength.NONE

    def read(self, body: Sequence[ast.stmt]) -> None:
        for node in body:
            self._read_one(node)
            if isinstance(node, _LEAVING) or _is_skip(node):
                return

    def _read_one(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Assert):
            self._note(self._expression(node.test))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self._note(self._call(node.value))
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            self._assign(node)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            self._with(node)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            if self._is_computed(node.iter):
                self.computed |= _names(node.target)
            self.read(node.body)
        elif isinstance(node, ast.If):
            if not (isinstance(node.test, ast.Constant) and not node.test.value):
                self.read(node.body)
            self.read(node.orelse)
        elif isinstance(node, ast.While):
            self.read(node.body)
        elif isinstance(node, ast.Try):
            if not any(map(_swallows, node.handlers)):
                self.read(node.body)
            self.read(node.orelse)
            self.read(node.finalbody)

    def _note(self, strength: Strength) -> None:
        self.strongest = max(self.strongest, strength)

    def _assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        if node.value is None or not self._is_computed(node.value):
            return
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            self.computed |= _names(target)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
        names = {dotted(call.func).rsplit(".", 1)[-1] for call in calls}
        if "suppress" in names:
            return
        calls_inside = any(isinstance(inner, ast.Call) for part in node.body for inner in ast.walk(part))
        if names & _EXPECTING and calls_inside:
            self._note(Strength.VALUE)
        for item in node.items:
            if item.optional_vars is not None:
                self.computed |= _names(item.optional_vars)
        self.read(node.body)

    def _call(self, call: ast.Call) -> Strength:
        name = dotted(call.func)
        last = name.rsplit(".", 1)[-1]
        if last in self.helpers:
            return self.helpers[last]
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        if last in ("raises", "assertRaises", "warns", "fail"):
            return Strength.VALUE if values or last == "fail" else Strength.NONE
        if last in _SHAPE_METHODS:
            return self._expression(values[0]) if last in ("assertTrue", "assertFalse") and values else self._shape(values)
        if last.startswith(("assert_called", "assert_any_call", "assert_has_calls", "assert_not_called", "assert_awaited")):
            return Strength.VALUE
        if last.startswith(("assert", "failUnless")):
            if len(values) >= 2 and ast.dump(values[0]) == ast.dump(values[1]):
                return Strength.NONE
            return Strength.VALUE if any(map(self._is_computed, values)) else Strength.NONE
        return Strength.NONE

    def _shape(self, values: Sequence[ast.expr]) -> Strength:
        return Strength.SHAPE if any(map(self._is_computed, values)) else Strength.NONE

    def _expression(self, node: ast.expr) -> Strength:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._expression(node.operand)
        if isinstance(node, ast.BoolOp):
            parts = [self._expression(value) for value in node.values]
            always = isinstance(node.op, ast.Or) and any(isinstance(one, ast.Constant) and one.value for one in node.values)
            return Strength.NONE if always else max(parts)
        if not self._is_computed(node):
            return Strength.NONE
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.Call):
            return Strength.SHAPE if dotted(node.func).rsplit(".", 1)[-1] in _EXISTENCE else Strength.VALUE
        return Strength.SHAPE

    def _comparison(self, node: ast.Compare) -> Strength:
        sides = [node.left, *node.comparators]
        if len(sides) == 2 and ast.dump(sides[0]) == ast.dump(sides[1]):
            return Strength.NONE
        about_nothing = any(isinstance(side, ast.Constant) and side.value is None for side in sides)
        return Strength.SHAPE if about_nothing or any(map(_is_shape, sides)) else Strength.VALUE

    def _is_computed(self, node: ast.expr) -> bool:
        """Whether it depends on anything but literals of the test itself."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id in self.computed:
                return True
            if isinstance(inner, ast.Call) and not _is_literal_call(inner):
                return True
        return False


def _is_literal_call(call: ast.Call) -> bool:
    plain = isinstance(call.func, ast.Name) and call.func.id in _PURE
    return plain and not any(isinstance(inner, (ast.Name, ast.Call)) for value in call.args for inner in ast.walk(value))


def _is_shape(side: ast.expr) -> bool:
    if isinstance(side, ast.Subscript):
        return _is_shape(side.value)
    if isinstance(side, ast.Call):
        name = dotted(side.func).rsplit(".", 1)[-1]
        return name in ("len", "type") or (
            name in ("set", "list", "tuple", "sorted") and bool(side.args) and _is_shape(side.args[0])
        )
    return isinstance(side, ast.Attribute) and side.attr in _SHAPES


def _swallows(handler: ast.ExceptHandler) -> bool:
    caught = {"Exception"} if handler.type is None else {dotted(one).rsplit(".", 1)[-1] for one in _alternatives(handler.type)}
    fails = any(
        isinstance(node, ast.Raise | ast.Assert) or (isinstance(node, ast.Call) and dotted(node.func).endswith("fail"))
        for part in handler.body
        for node in ast.walk(part)
    )
    return bool(caught & _SWALLOWED) and not fails


def _alternatives(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def _is_skip(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and dotted(node.value.func) in ("pytest.skip", "self.skipTest")
    )


def _names(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a chain of attributes; what stands before a call or an index is left out."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))
