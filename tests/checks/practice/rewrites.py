"""Generators: programs that hide true evidence in code that never runs, and programs that say the same in another way."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import ast
import builtins
import json
from collections.abc import Callable
from textwrap import indent

from tests.checks.practice.submissions import notebook

Files = dict[str, str | bytes]
Attack = Callable[[str, str, str], Files]
"""(before, evidence, after) -> files in which the evidence does not run."""
Rewrite = Callable[[str], Files]
"""A script -> files that do the same."""


def _block(text: str, depth: int = 1) -> str:
    return indent(text.strip("\n"), "    " * depth) + "\n"


def _under(head: str) -> Attack:
    """The evidence under one or more lines that never let it run."""

    def attack(before: str, evidence: str, after: str) -> Files:
        depth = (len(head.split("\n")[-1]) - len(head.split("\n")[-1].lstrip())) // 4 + 1
        return {"main.py": f"{before}\n{head}\n{_block(evidence, depth)}\n{after}"}

    return attack


def _comment(before: str, evidence: str, after: str) -> Files:
    return {"main.py": before + "\n" + "\n".join(f"# {line}" for line in evidence.strip().splitlines()) + "\n" + after}


def _string(before: str, evidence: str, after: str) -> Files:
    return {"main.py": f"{before}\nNOTES = {evidence!r}\n{after}"}


def _docstring(before: str, evidence: str, after: str) -> Files:
    return {"main.py": f"{before}\ndef helper():\n    {json.dumps(evidence)}\n    return 1\nhelper()\n{after}"}


def _after_return(before: str, evidence: str, after: str) -> Files:
    return {
        "main.py": f"{before}\ndef step(df, X_train=None, y_train=None):\n    return df\n{_block(evidence)}\nstep(df)\n{after}"
    }


def _after_raise(before: str, evidence: str, after: str) -> Files:
    body = f"def step(df):\n    raise ValueError\n{_block(evidence)}\ntry:\n    step(df)\nexcept ValueError:\n    pass\n"
    return {"main.py": f"{before}\n{body}\n{after}"}


def _after_break(before: str, evidence: str, after: str) -> Files:
    return {"main.py": f"{before}\nfor _ in [1, 2]:\n    break\n{_block(evidence)}\n{after}"}


def _after_continue(before: str, evidence: str, after: str) -> Files:
    return {"main.py": f"{before}\nfor _ in range(3):\n    continue\n{_block(evidence)}\n{after}"}


def _after_exit(before: str, evidence: str, after: str) -> Files:
    return {"main.py": f"{before}\n{after}\nimport sys\nsys.exit(0)\n{evidence}"}


def _unused_module(before: str, evidence: str, after: str) -> Files:
    return {
        "main.py": f"{before}\n{after}\nif __name__ == '__main__':\n    print('done')\n",
        "unused_helpers.py": f"{before}\n{evidence}",
    }


def _unused_function_of_a_module(before: str, evidence: str, after: str) -> Files:
    helper = f"def explore(df, X=None, y=None, X_train=None, y_train=None, X_test=None, y_test=None):\n{_block(evidence)}"
    return {"main.py": f"import helpers\n{before}\n{after}", "helpers.py": f"{before}\n{helper}"}


def _markdown(before: str, evidence: str, after: str) -> Files:
    return {"a.ipynb": notebook(before, f"md:```python\n{evidence}\n```", after)}


def _raw_cell(before: str, evidence: str, after: str) -> Files:
    book = json.loads(notebook(before, evidence, after))
    book["cells"][1]["cell_type"] = "raw"
    return {"a.ipynb": json.dumps(book)}


def _cell_magic(magic: str) -> Attack:
    def attack(before: str, evidence: str, after: str) -> Files:
        return {"a.ipynb": notebook(before, f"{magic}\n{evidence}", after)}

    return attack


def _test_file(before: str, evidence: str, after: str) -> Files:
    return {"main.py": f"{before}\n{after}", "tests/test_main.py": f"{before}\n{evidence}"}


def _else_of_true(before: str, evidence: str, after: str) -> Files:
    return {"main.py": f"{before}\nif True:\n    pass\nelse:\n{_block(evidence)}\n{after}"}


def _expression(template: str) -> Attack:
    def attack(before: str, evidence: str, after: str) -> Files:
        step = f"def step(df):\n{_block(evidence)}    return df\n"
        return {"main.py": f"{before}\n{step}\n{template}\n{after}"}

    return attack


ATTACKS: dict[str, Attack] = {
    "comment": _comment,
    "string": _string,
    "docstring": _docstring,
    "if false": _under("if False:"),
    "if zero": _under("if 0:"),
    "if none": _under("if None:"),
    "if empty": _under("if []:"),
    "if not true": _under("if not True:"),
    "if false and more": _under("if False and df is not None:"),
    "if constants differ": _under("if 1 > 2:"),
    "flag": _under("RUN = False\nif RUN:"),
    "flag in a dictionary": _under("CONFIG = {'explore': False}\nif CONFIG['explore']:"),
    "flag in a dictionary by get": _under("CONFIG = {'explore': False}\nif CONFIG.get('explore'):"),
    "flag in a dataclass": _under(
        "from dataclasses import dataclass\n@dataclass\nclass Config:\n    explore: bool = False\ncfg = Config()\nif cfg.explore:"
    ),
    "flag in an instance": _under(
        "class Job:\n    def __init__(self):\n        self.explore = False\njob = Job()\nif job.explore:"
    ),
    "wrong main": _under("if __name__ == 'somewhere':"),
    "type checking": _under("from typing import TYPE_CHECKING\nif TYPE_CHECKING:"),
    "while false": _under("while False:"),
    "while zero": _under("while 0:"),
    "loop over nothing": _under("for _ in []:"),
    "loop over an empty range": _under("for _ in range(0):"),
    "handler of nothing": _under("try:\n    pass\nexcept Exception:"),
    "handler of an import": _under("try:\n    import os\nexcept ImportError:"),
    "else of true": _else_of_true,
    "uncalled function": _under("def explore(df):"),
    "uncalled nested function": _under("def outer(df):\n    def inner():"),
    "uncalled inner of a called outer": _expression(
        "def outer(df):\n    def inner():\n        step(df)\n    return inner\nouter(df)"
    ),
    "uncalled method": _under("class Explorer:\n    def run(self, df):"),
    "unused async function": _under("async def explore(df):"),
    "generator never iterated": _expression("def walk(df):\n    yield step(df)\nwalk(df)"),
    "generator expression never iterated": _expression("waiting = (step(df) for _ in range(3))"),
    "lambda never called": _expression("later = lambda: step(df)"),
    "partial never called": _expression("from functools import partial\nlater = partial(step, df)"),
    "false and": _expression("False and step(df)"),
    "true or": _expression("True or step(df)"),
    "conditional expression": _expression("chosen = df if True else step(df)"),
    "default flag": _expression("def maybe(df, verbose=False):\n    if verbose:\n        step(df)\nmaybe(df)"),
    "impossible length": _under("if len(df) < 0:"),
    "impossible shape": _under("if df.shape[0] == -1:"),
    "match of another constant": _under("match 'a':\n    case 'b':\n        pass\nif False:"),
    "after return": _after_return,
    "after raise": _after_raise,
    "after break": _after_break,
    "after continue": _after_continue,
    "after exit": _after_exit,
    "unused module": _unused_module,
    "unused function of an imported module": _unused_function_of_a_module,
    "markdown": _markdown,
    "raw cell": _raw_cell,
    "html cell": _cell_magic("%%html"),
    "bash cell": _cell_magic("%%bash"),
    "script cell": _cell_magic("%%script false --no-raise-error"),
    "latex cell": _cell_magic("%%latex"),
    "file never imported": _cell_magic("%%writefile never_imported.py"),
    "test file": _test_file,
}


# Rewrites that keep the behaviour.


class _Renamer(ast.NodeTransformer):
    """Every assigned or imported name under another one."""

    def __init__(self, names: set[str]) -> None:
        self.names = {name: f"{name[0]}_{number}" for number, name in enumerate(sorted(names))}

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_Import(self, node: ast.Import) -> ast.Import:
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            if bound in self.names and (alias.asname or "." not in alias.name):
                alias.asname = self.names[bound]
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom:
        for alias in node.names:
            alias.asname = self.names.get(alias.asname or alias.name, alias.asname)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self.names.get(node.name, node.name)
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self.names.get(node.arg, node.arg)
        return node


def _bound(tree: ast.Module, *, imports: bool, variables: bool) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if imports and isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name for alias in node.names if "." not in (alias.asname or alias.name)}
        if variables and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if variables and isinstance(node, ast.FunctionDef):
            found |= {node.name, *(one.arg for one in node.args.args)}
    return found - set(dir(builtins))


def _renamed(source: str, *, imports: bool, variables: bool) -> Files:
    tree = ast.parse(source)
    return {"main.py": ast.unparse(_Renamer(_bound(tree, imports=imports, variables=variables)).visit(tree))}


def _alias_imports(source: str) -> Files:
    return _renamed(source, imports=True, variables=False)


def _rename_variables(source: str) -> Files:
    return _renamed(source, imports=False, variables=True)


class _Qualifier(ast.NodeTransformer):
    """`from a.b import C` as `import a.b`, and every C as a.b.C."""

    def __init__(self) -> None:
        self.full: dict[str, str] = {}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        for alias in node.names:
            self.full[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return ast.Import([ast.alias(str(node.module))])

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.parse(self.full[node.id], mode="eval").body if node.id in self.full else node


def _whole_modules(source: str) -> Files:
    return {"main.py": ast.unparse(ast.fix_missing_locations(_Qualifier().visit(ast.parse(source))))}


def _cells(source: str) -> Files:
    tree = ast.parse(source)
    return {"a.ipynb": notebook(*(ast.unparse(node) for node in tree.body))}


def _cells_with_magic(source: str) -> Files:
    tree = ast.parse(source)
    return {
        "a.ipynb": notebook(
            "%matplotlib inline\n!pip install -q pandas", *(f"%%time\n{ast.unparse(node)}" for node in tree.body)
        )
    }


def _main_function(source: str) -> Files:
    return {"main.py": f"def main():\n{_block(source)}\nif __name__ == '__main__':\n    main()\n"}


def _deep_calls(source: str) -> Files:
    return {"main.py": f"def third():\n{_block(source)}\ndef second():\n    third()\n\ndef first():\n    second()\n\nfirst()\n"}


def _wrapper_class(source: str) -> Files:
    return {"main.py": f"class Job:\n    def run(self):\n{_block(source, 2)}\nJob().run()\n"}


class _Selfish(ast.NodeTransformer):
    """Every variable as an attribute of self."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.names:
            return ast.Attribute(ast.Name("self", ast.Load()), node.id, node.ctx)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node


def _self_attributes(source: str) -> Files:
    tree = ast.parse(source)
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    rest = [node for node in tree.body if node not in imports]
    stored = _bound(ast.Module(rest, []), imports=False, variables=True)
    inner = {
        name for node in rest if isinstance(node, ast.FunctionDef) for name in [node.name, *(one.arg for one in node.args.args)]
    }
    inner |= {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for name in ast.walk(node)
        if isinstance(name, ast.Name)
    }
    body = ast.fix_missing_locations(_Selfish(stored - inner).visit(ast.Module(rest, [])))
    steps = [ast.unparse(node) for node in body.body]
    half = len(steps) // 2
    halves = (_block("\n".join(part), 2) for part in (steps[:half], steps[half:]))
    one, two = halves
    functions = any(isinstance(node, ast.FunctionDef) for node in rest)
    if functions:
        return _wrapper_class(source)
    head = "\n".join(ast.unparse(node) for node in imports)
    return {
        "main.py": f"{head}\nclass Job:\n    def prepare(self):\n{one}\n    def finish(self):\n{two}\njob = Job()\njob.prepare()\njob.finish()\n"
    }


def _helper_module(source: str) -> Files:
    return {"main.py": "from helper import run\n\nrun()\n", "helper.py": f"def run():\n{_block(source)}"}


def _package(source: str) -> Files:
    return {
        "src/app/__init__.py": "from .steps import run\n",
        "src/app/steps.py": f"def run():\n{_block(source)}",
        "src/app/__main__.py": "from . import run\n\nif __name__ == '__main__':\n    run()\n",
    }


def _imported_by_name(source: str) -> Files:
    return {
        "main.py": "import importlib\nimportlib.import_module('helper').run()\n",
        "helper.py": f"def run():\n{_block(source)}",
    }


def _console_script(source: str) -> Files:
    return {
        "app/cli.py": f"def main():\n{_block(source)}",
        "pyproject.toml": '[project]\nname = "a"\n[project.scripts]\na = "app.cli:main"\n',
    }


def _closure(source: str) -> Files:
    return {"main.py": f"def outer():\n    def inner():\n{_block(source, 2)}\n    return inner\nouter()()\n"}


def _decorated(source: str) -> Files:
    head = (
        "import functools\ndef timed(function):\n    @functools.wraps(function)\n    def inner(*args, **kwargs):\n"
        "        return function(*args, **kwargs)\n    return inner\n"
    )
    return {"main.py": f"{head}@timed\ndef main():\n{_block(source)}\nif __name__ == '__main__':\n    main()\n"}


def _around(head: str, tail: str = "") -> Rewrite:
    def rewrite(source: str) -> Files:
        return {"main.py": f"{head}\n{_block(source)}\n{tail}"}

    return rewrite


class _Getattr(ast.NodeTransformer):
    """`x.method(...)` as `getattr(x, "method")(...)`."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            node.func = ast.Call(ast.Name("getattr", ast.Load()), [node.func.value, ast.Constant(node.func.attr)], [])
        return node


def _getattr(source: str) -> Files:
    return {"main.py": ast.unparse(ast.fix_missing_locations(_Getattr().visit(ast.parse(source))))}


class _Unpacked(ast.NodeTransformer):
    """Keyword arguments through a dictionary."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        named = [one for one in node.keywords if one.arg]
        if named:
            packed = ast.Dict([ast.Constant(one.arg) for one in named], [one.value for one in named])
            node.keywords = [ast.keyword(None, packed), *(one for one in node.keywords if not one.arg)]
        return node


def _unpacked_arguments(source: str) -> Files:
    return {"main.py": ast.unparse(ast.fix_missing_locations(_Unpacked().visit(ast.parse(source))))}


class _Named(ast.NodeTransformer):
    """String constants as names."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and node.value.isidentifier():
            return ast.Name(self.found.setdefault(node.value, f"NAME_{len(self.found)}"), ast.Load())
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        node.value = self.visit(node.value)
        return node


def _named_constants(source: str) -> Files:
    namer = _Named()
    body = ast.unparse(ast.fix_missing_locations(namer.visit(ast.parse(source))))
    names = "\n".join(f"{name} = {value!r}" for value, name in namer.found.items())
    return {"config.py": names, "main.py": f"from config import *\n{body}"}


def _steps_as_functions(source: str) -> Files:
    """Statements as functions that share globals."""
    tree = ast.parse(source)
    parts, calls = [], []
    for number, node in enumerate(tree.body):
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef)):
            parts.append(ast.unparse(node))
            continue
        stored = sorted(_bound(ast.Module([node], []), imports=False, variables=True))
        line = f"    global {', '.join(stored)}\n" if stored else ""
        parts.append(f"def step_{number}():\n{line}{_block(ast.unparse(node))}")
        calls.append(f"step_{number}()")
    return {"main.py": "\n".join([*parts, *calls])}


REWRITES: dict[str, Rewrite] = {
    "aliased imports": _alias_imports,
    "whole modules": _whole_modules,
    "renamed variables": _rename_variables,
    "one statement a cell": _cells,
    "cells with magics": _cells_with_magic,
    "main function": _main_function,
    "deep calls": _deep_calls,
    "class": _wrapper_class,
    "self attributes": _self_attributes,
    "helper module": _helper_module,
    "package": _package,
    "imported by name": _imported_by_name,
    "console script": _console_script,
    "closure": _closure,
    "decorated": _decorated,
    "if true": _around("if True:"),
    "try": _around("try:", "except ValueError:\n    raise\n"),
    "with": _around("import warnings\nwith warnings.catch_warnings():"),
    "loop once": _around("for _ in [0]:"),
    "lambda": lambda source: {"main.py": f"def go():\n{_block(source)}\nrun = lambda: go()\nrun()\n"},
    "getattr": _getattr,
    "unpacked arguments": _unpacked_arguments,
    "named constants": _named_constants,
    "steps as functions": _steps_as_functions,
}
