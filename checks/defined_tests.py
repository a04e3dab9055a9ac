"""Tests as the sources define them, read without running anything."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from checks.assertions import Function, Strength, dotted, strength_of
from checks.given import Given
from checks.practice.sources import Sources, Unit

_FRAMEWORKS = frozenset({"pytest", "unittest", "hypothesis"})


@dataclass(frozen=True)
class DefinedTest:
    """One test function or method. `usual` when a file of this name is collected without being asked for."""

    path: str
    name: str
    line: int
    strength: Strength
    usual: bool


def defined_tests(sources: Sources, given: Given) -> tuple[DefinedTest, ...]:
    """Every test that the submission defines; tests that stood in the starter are not its own."""
    units = [unit for unit in sources.units if unit.kind == "script" and _is_about_tests(unit)]
    helpers = _helpers(units)
    return tuple(test for unit in units for test in _of_unit(unit, helpers, given))


def is_test_file(path: str) -> bool:
    """A file that exists for testing, whose own lines no coverage is asked of."""
    folders, _, name = path.rpartition("/")
    return is_usual(path) or name == "conftest.py" or bool({"tests", "test"} & set(folders.lower().split("/")))


def is_usual(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return (name.startswith("test_") and name.endswith(".py")) or name.endswith("_test.py") or name in ("tests.py", "test.py")


def _is_about_tests(unit: Unit) -> bool:
    if is_usual(unit.path) or "test" in unit.path.rsplit("/", 1)[-1].lower():
        return True
    return any(_imports_framework(node) for block in unit.blocks for node in ast.walk(block.tree))


def _imports_framework(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in _FRAMEWORKS for alias in node.names)
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _FRAMEWORKS


def _of_unit(unit: Unit, helpers: dict[str, Strength], given: Given) -> Iterator[DefinedTest]:
    for block in unit.blocks:
        for function, owner in _functions(block.tree.body):
            source = ast.get_source_segment(block.source, function) or ""
            if given.containment(source) >= 0.9:
                continue
            name = f"{owner}::{function.name}" if owner else function.name
            yield DefinedTest(unit.path, name, function.lineno, strength_of(function, helpers), is_usual(unit.path))


def _functions(body: Sequence[ast.stmt]) -> Iterator[tuple[Function, str]]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            yield node, ""
        elif isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or any(map(_is_case, node.bases))):
            for inner in node.body:
                if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and inner.name.startswith("test"):
                    yield inner, node.name
        elif isinstance(node, (ast.If, ast.Try)):
            yield from _functions(node.body)


def _is_case(base: ast.expr) -> bool:
    return "Test" in dotted(base)


def _helpers(units: Sequence[Unit]) -> dict[str, Strength]:
    """Functions of test files that assert on behalf of tests, one step deep."""
    found: dict[str, Strength] = {}
    for unit in units:
        for block in unit.blocks:
            for node in ast.walk(block.tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("test"):
                    strength = strength_of(node, {})
                    if strength:
                        found[node.name] = max(strength, found.get(node.name, Strength.NONE))
    return found


def function_lines(tree: ast.Module, is_live: Callable[[Function], bool] = lambda function: True) -> frozenset[int]:
    """First lines of the statements inside functions: what runs only when somebody calls it."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and is_live(node):
            inside = (inner for part in node.body for inner in ast.walk(part) if isinstance(inner, ast.stmt))
            lines |= {inner.lineno for inner in inside if not _is_text(inner)}
    return frozenset(lines)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
