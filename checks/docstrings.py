"""Docstrings of public functions: whether they are there, say more than the name, and agree with the signature."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.practice.sources import Unit

Function = ast.FunctionDef | ast.AsyncFunctionDef
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
_PARAM = re.compile(
    r"^\s*(?::param(?:\s+[\w\[\], .]{1,60})?\s+(\w+)\s*:|(\w+)\s*(?:\([^)\n]{0,80}\))?\s*:\s+\S|(\w+)\s*:\s*[\w\[\], .|]+$)"
)
_ARGUMENTS = re.compile(r"^\s*(?:args|arguments|parameters|params)\s*:?\s*$", re.IGNORECASE)
_FILLER = frozenset(
    {"a", "an", "the", "this", "that", "function", "method", "class", "for", "of", "to", "in", "on", "with", "and", "or", "is"}
    | {"are", "be", "it", "its", "return", "returns", "returned", "get", "gets", "set", "sets", "do", "does", "make", "makes"}
    | {"given", "from", "by", "as", "if", "none", "self", "value", "values", "data", "result", "results", "param", "params"}
)


@dataclass(frozen=True)
class Documented:
    """One public function and what its docstring is worth."""

    path: str
    line: int
    name: str
    says: bool
    stray: tuple[str, ...] = ()
    """Parameters that the docstring explains and the signature does not have."""


def public_functions(units: Sequence[Unit]) -> Iterator[Documented]:
    """Public functions and methods of scripts and modules that do something; tests are left to their names."""
    for unit in units:
        for block in unit.blocks:
            for function in _public(block.tree.body):
                text = ast.get_docstring(function, clean=True) or ""
                yield Documented(unit.path, function.lineno, function.name, says_more(text, function), stray(text, function))


def _public(body: Sequence[ast.stmt]) -> Iterator[Function]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not node.name.startswith("_") and node.name != "main" and _does_something(node):
                yield node
        elif isinstance(node, ast.If) or (isinstance(node, ast.ClassDef) and not node.name.startswith("_")):
            yield from _public(node.body)


def _does_something(node: Function) -> bool:
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return len(body) > 1 or any(not isinstance(part, (ast.Pass, ast.Expr, ast.Return)) for part in body)


def says_more(text: str, function: Function) -> bool:
    """Whether the docstring has at least two words that neither the name nor the parameters hold."""
    known = set(_parts(function.name))
    for name in _parameters(function):
        known |= set(_parts(name))
    stems = {word[:5] for word in known}
    own = {word for word in _parts(text[:4000]) if word not in _FILLER and word[:5] not in stems and len(word) > 1}
    return len(own) >= 2


def stray(text: str, function: Function) -> tuple[str, ...]:
    """Documented parameters that are not there."""
    if function.args.kwarg is not None:
        return ()
    names = set(_parameters(function))
    return tuple(name for name in _documented(text[:20_000]) if name not in names)


def _documented(text: str) -> list[str]:
    found: list[str] = []
    inside, indent = False, 0
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip())
        if _ARGUMENTS.match(line):
            inside, indent = True, -1
            continue
        if inside and not line.strip():
            inside = False
        explicit = line.lstrip().startswith(":param")
        if (inside or explicit) and len(line) < 400:
            indent = depth if indent < 0 else indent
            match = _PARAM.match(line)
            if match and (explicit or depth == indent):
                found.append(next(group for group in match.groups() if group))
    return found


def _parameters(function: Function) -> list[str]:
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [one.arg for one in every]


def _parts(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
