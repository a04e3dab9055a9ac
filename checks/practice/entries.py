"""Which files run: notebooks, main guards, commands in README, Makefile and the like, and scripts by the look of them."""

import ast
import posixpath
import re

from checks.practice.sources import Sources, Unit
from harness.model.evidence import Evidence

_COMMAND_FILES = (
    "readme.md",
    "readme.rst",
    "readme.txt",
    "readme",
    "makefile",
    "dockerfile",
    "run.sh",
    "justfile",
    "submission.md",
)
_USUAL = re.compile(
    r"^(\d+[_-].*|main|run|app|train|training|eda|explore|exploration|exploratory|analysis|analyse|analyze|preprocess|preprocessing|"
    r"prepare|prep|clean|cleaning|features?|model|modeling|modelling|models|evaluate|evaluation|predict|prediction|inference|pipeline|"
    r"solution|submission|submit|script|experiment|experiments|etl|data_exploration|data_analysis|train_model|baseline)$"
)
_STAGES = frozenset(
    ["train", "training", "eda", "explore", "exploration", "predict", "prediction", "evaluate", "preprocess", "preprocessing",
     "baseline", "experiment", "run", "main"]
)  # fmt: skip
_ASIDE = frozenset(
    ["unused", "dead", "never", "old", "backup", "bak", "deprecated", "tmp", "copy", "helper", "helpers", "utils"]
)
_NAMED = re.compile(r"(?:python[\d.]*|uv run|poetry run|-m|ENTRYPOINT|CMD|streamlit run|papermill|exec)\b[^\n]{0,200}")
_CELL_RUN = re.compile(r"^\s*(?:!\s*python[\d.]*|%run)\s+([^\n]{1,200})", re.MULTILINE)
_MODULE = re.compile(r"-m\s+([\w.]+)")
_SCRIPT = re.compile(r"[\w./-]+\.(?:py|ipynb)")
MAX_ENTRIES = 60


def entry_units(evidence: Evidence, sources: Sources) -> list[Unit]:
    """The files that are run, in the order in which they are most likely run."""
    code = [unit for unit in sources.units if not unit.is_test]
    if len(code) == 1:
        return code
    named = _named_in_commands(evidence, code)
    imported = _imported(code)
    explicit = [unit for unit in code if unit.kind == "notebook" or unit.path in named or has_guard(unit)]
    rest = [unit for unit in code if unit not in explicit and unit.path not in imported]
    if explicit:
        rest = [unit for unit in rest if _named_like_a_script(unit)]
    chosen = [unit for unit in code if unit in explicit or unit in rest]
    chosen.sort(key=lambda unit: (named.get(unit.path, 10_000), _stage(unit.path), unit.path.count("/"), unit.path))
    return chosen[:MAX_ENTRIES]


def _named_like_a_script(unit: Unit) -> bool:
    """Whether a file that nothing names or imports is called like something one runs: `train.py`, `train_forest.py`."""
    name = posixpath.basename(unit.path).rsplit(".", 1)[0].lower()
    words = set(re.split(r"[_\-\s]+", name))
    return bool(_USUAL.match(name)) or (bool(words & _STAGES) and not words & _ASIDE)


def _stage(path: str) -> int:
    """Preparation before training before prediction, where names tell; numbered files keep their order by name."""
    name = posixpath.basename(path).lower()
    if name[:1].isdigit():
        return 0
    for stage, words in enumerate(
        (
            ("eda", "explor", "clean", "prep", "etl", "feature", "make_"),
            ("train", "model", "fit"),
            ("eval",),
            ("pred", "infer", "submit"),
        )
    ):
        if any(word in name for word in words):
            return stage
    return 1


def has_guard(unit: Unit) -> bool:
    return any(isinstance(one, ast.If) and _is_guard(one.test) for block in unit.blocks for one in block.tree.body)


def _is_guard(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or len(test.comparators) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    name = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return name and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def _named_in_commands(evidence: Evidence, code: list[Unit]) -> dict[str, int]:
    """Paths that a command names, with their order."""
    found: dict[str, int] = {}
    text = ""
    for path in evidence.snapshot.paths():
        name = posixpath.basename(path).lower()
        if name in _COMMAND_FILES or (name.endswith(".sh") and path.count("/") <= 1):
            text += "\n" + (evidence.read_text(path) or "")[:200_000]
    for unit in code:
        for cell in unit.cells:
            text += "\n".join(f"python {line}" for line in _CELL_RUN.findall(cell.source))
    scripts = _console_scripts(evidence)
    for order, command in enumerate([*_NAMED.findall(text), *scripts]):
        wanted = [posixpath.normpath(one) for one in _SCRIPT.findall(command)]
        wanted += [one.replace(".", "/") + ".py" for one in _MODULE.findall(command)]
        wanted += [one.replace(".", "/") + "/__main__.py" for one in _MODULE.findall(command)]
        for unit in code:
            if any(unit.path == one or unit.path.endswith("/" + one) for one in wanted):
                found.setdefault(unit.path, order)
    return found


def _console_scripts(evidence: Evidence) -> list[str]:
    import tomllib

    text = evidence.read_text("pyproject.toml")
    if text is None:
        return []
    try:
        project = tomllib.loads(text).get("project", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    scripts = project.get("scripts", {}) if isinstance(project, dict) else {}
    return [f"-m {str(one).split(':')[0]}" for one in scripts.values()] if isinstance(scripts, dict) else []


def console_functions(evidence: Evidence) -> list[tuple[str, str]]:
    """(module, function) of every declared console script."""
    import tomllib

    text = evidence.read_text("pyproject.toml")
    if text is None:
        return []
    try:
        project = tomllib.loads(text).get("project", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    scripts = project.get("scripts", {}) if isinstance(project, dict) else {}
    found = []
    for one in scripts.values() if isinstance(scripts, dict) else ():
        module, _, function = str(one).partition(":")
        found.append((module, function.split(".")[0]))
    return found


def _imported(code: list[Unit]) -> set[str]:
    """Paths of files that some other file imports."""
    found: set[str] = set()
    for unit in code:
        folder = posixpath.dirname(unit.path).replace("/", ".")
        for block in unit.blocks:
            for node in ast.walk(block.tree):
                for dotted in _dotted_imports(node, folder):
                    found |= {other.path for other in code if other is not unit and matches(other.module_name, dotted)}
    return found


def _dotted_imports(node: ast.AST, folder: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = folder.split(".") if folder else []
            parts = parts[: len(parts) - node.level + 1]
            base = ".".join([*parts, *([base] if base else [])])
        return [base, *(f"{base}.{alias.name}" if base else alias.name for alias in node.names)]
    return []


def matches(module: str, dotted: str) -> bool:
    """Whether an import of `dotted` can mean this file, wherever its source root is."""
    return bool(dotted) and (module == dotted or module.endswith("." + dotted))
