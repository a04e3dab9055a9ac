"""Imports: library names become symbols, files of the submission become modules that run when first imported."""

import ast

from checks.practice.knowledge import STAR, names_of
from checks.practice.machine import Machine
from checks.practice.scopes import bind
from checks.practice.values import UNKNOWN, Module, Scope, Symbol, Value


def import_names(machine: Machine, node: ast.Import, scope: Scope) -> None:
    for alias in node.names:
        module = machine.load_module(machine, alias.name)
        if alias.asname:
            bind(scope, alias.asname, module if module is not None else Symbol(alias.name))
            continue
        top, _, rest = alias.name.partition(".")
        if module is not None and rest:
            bind(scope, top, _package(machine, scope, alias.name, module))
        else:
            bind(scope, top, module if module is not None else Symbol(top))


def _package(machine: Machine, scope: Scope, dotted: str, module: Module) -> Value:
    """`import a.b` of local modules: `a` with `b` as its attribute."""
    parts = dotted.split(".")
    top = machine.load_module(machine, parts[0]) or Module(parts[0], Scope({}), "done")
    existing = scope.names.get(parts[0])
    if isinstance(existing, Module):
        top = existing
    at = top
    for number, part in enumerate(parts[1:], 2):
        nested = module if number == len(parts) else Module(part, Scope({}), "done")
        kept = at.scope.names.get(part)
        if isinstance(kept, Module) and number != len(parts):
            nested = kept
        at.scope.names[part] = nested
        at = nested
    return top


def import_from(machine: Machine, node: ast.ImportFrom, scope: Scope) -> None:
    dotted = _absolute(machine, node)
    module = machine.load_module(machine, dotted) if dotted else None
    for alias in node.names:
        if alias.name == "*":
            _star(module, dotted, scope)
            continue
        bind(scope, alias.asname or alias.name, _member(machine, module, dotted, alias.name))


def _member(machine: Machine, module: Module | None, dotted: str, name: str) -> Value:
    if module is not None and name in module.scope.names:
        return module.scope.names[name]
    nested = machine.load_module(machine, f"{dotted}.{name}" if dotted else name)
    if nested is not None:
        return nested
    if module is not None:
        return UNKNOWN
    return Symbol(f"{dotted}.{name}")


def _absolute(machine: Machine, node: ast.ImportFrom) -> str:
    """A relative import, told from the folder of the importing file."""
    if not node.level:
        return node.module or ""
    folders = machine.path.split("/")[:-1]
    kept = folders[: len(folders) - (node.level - 1)] if node.level > 1 else folders
    return ".".join([*kept, *((node.module or "").split(".") if node.module else [])])


def _star(module: Module | None, dotted: str, scope: Scope) -> None:
    if module is not None:
        exported = module.scope.names
        scope.names.update({name: value for name, value in exported.items() if not name.startswith("_")})
        return
    if dotted.split(".")[0] in STAR:
        for name, meant in (("plt", "matplotlib.pyplot"), ("np", "numpy"), ("pd", "pandas")):
            scope.names.setdefault(name, Symbol(meant))
    for name in names_of(dotted):
        scope.names[name] = Symbol(f"{dotted}.{name}")
