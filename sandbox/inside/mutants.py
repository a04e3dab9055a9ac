"""Small faults for Python code: which there could be on given lines, and the text with one of them in it.

Faults are put into function bodies only, since what stands outside runs when a module is imported and breaks everything.
Left alone is what no test is asked to notice: messages, annotations, decorators, defaults, how a thing is shown.
"""

import ast
import hashlib
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

MAX_SOURCE_BYTES = 1_000_000
PER_LINE = 2
_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_UNSEEN_METHODS = {"__repr__", "__str__", "__hash__", "_repr_html_"}
_DRAWS = {"default_rng", "seed", "RandomState", "Random", "figure", "subplots", "sleep"}
_TALK = {"print", "debug", "info", "warning", "warn", "error", "exception", "log", "write", "display", "show", "close", "flush"}


@dataclass(frozen=True)
class Mutant:
    """One fault: what stands at this place, and what would stand there instead."""

    file: str
    line: int
    kind: str
    start: int
    end: int
    """Places in the file's bytes."""
    before: str
    after: str

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.after.encode() + source[self.end :]


def sample(sources: Mapping[str, bytes], covered: Mapping[str, Collection[int]], count: int) -> list[Mutant]:
    """So many faults on covered lines, drawn alike for the same sources; any beginning of the list is a fair draw too."""
    found = [
        one
        for file in sorted(sources)
        if covered.get(file)
        for one in faults_in(file, sources[file])
        if one.line in covered[file]
    ]
    seed = hashlib.sha256(b"\0".join(name.encode() + b"\0" + sources[name] for name in sorted(sources))).digest()
    random.Random(seed).shuffle(found)
    chosen: list[Mutant] = []
    on_line: dict[tuple[str, int], int] = {}
    for one in found:
        place = (one.file, one.line)
        if on_line.get(place, 0) < PER_LINE and len(chosen) < count:
            on_line[place] = on_line.get(place, 0) + 1
            chosen.append(one)
    return chosen


def faults_in(file: str, source: bytes) -> list[Mutant]:
    """Every fault there could be in this file, in the order of the text; none where it cannot be read."""
    if len(source) > MAX_SOURCE_BYTES:
        return []
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    if source.startswith(b"\xef\xbb\xbf") or b"\r" in source or b"\x0c" in source:
        return []  # places would have to be counted otherwise
    starts = [0]
    for line in source.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = []
    for node in _in_bodies(tree):
        for kind, target, replacement in _changes(node):
            mutant = _mutant(file, source, starts, kind, target, replacement)
            if mutant is not None:
                found.append(mutant)
    return sorted(found, key=lambda one: (one.start, one.end, one.kind, one.after))


def _mutant(
    file: str, source: bytes, starts: list[int], kind: str, target: ast.AST, replacement: ast.AST | str
) -> Mutant | None:
    line, column = target.lineno, target.col_offset  # type: ignore[attr-defined]
    start = starts[line - 1] + column
    end = starts[target.end_lineno - 1] + target.end_col_offset  # type: ignore[attr-defined]
    before = source[start:end].decode("utf-8", errors="replace")
    after = replacement if isinstance(replacement, str) else ast.unparse(replacement)
    if isinstance(target, ast.expr) and not isinstance(replacement, ast.Constant):
        after = f"({after})"
    one = Mutant(file, line, kind, start, end, before, after)
    try:
        compile(one.applied(source), file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    return one


def _in_bodies(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name not in _UNSEEN_METHODS:
            for statement in node.body:
                yield from _within(statement)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what lies in it, but for inner functions (met by themselves) and what tests need not notice."""
    if isinstance(
        node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Raise, ast.Assert, ast.JoinedStr, ast.Import)
    ):
        return
    if _is_talk(node) or _is_docstring(node):
        return
    if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
        return  # a setting: no test is asked to notice 101 trees instead of 100
    if isinstance(node, ast.Call) and _called(node) in _DRAWS:
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "ctx"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _within(child)


def _is_talk(node: ast.AST) -> bool:
    """A statement that only prints, logs or shows."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _called(node.value) in _TALK


def _called(call: ast.Call) -> str:
    """The last word of what is called."""
    function = call.func
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST, ast.AST | str]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPPED:
        swapped = _SWAPPED[type(node.ops[0])]()
        yield "comparison", node, ast.Compare(node.left, [swapped, *node.ops[1:]], node.comparators)  # type: ignore[list-item]
    elif isinstance(node, ast.BoolOp):
        yield "boolean", node, ast.BoolOp(_SWAPPED[type(node.op)](), node.values)  # type: ignore[arg-type]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "boolean", node, node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _SWAPPED and not _is_text(node.left) and not _is_text(node.right):
        yield "arithmetic", node, ast.BinOp(node.left, _SWAPPED[type(node.op)](), node.right)  # type: ignore[arg-type]
    elif isinstance(node, ast.AugAssign) and type(node.op) in _SWAPPED:
        yield "arithmetic", node, ast.AugAssign(node.target, _SWAPPED[type(node.op)](), node.value)  # type: ignore[arg-type]
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "constant", node, ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield "constant", node, ast.Constant(node.value + 1)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return_none", node, "return None"
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "dropped_call", node, "pass"


def _is_text(node: ast.AST) -> bool:
    """Texts are joined and filled in with the signs of arithmetic."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
