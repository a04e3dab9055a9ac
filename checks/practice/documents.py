"""README facets, test functions and seeds: the small static facts."""

import ast
import posixpath
import re

from checks.practice.placing import where
from checks.practice.prose import Passage
from checks.practice.reader import Reading
from checks.practice.values import Place
from harness.model.evidence import Evidence
from harness.model.practice import Seen, TestCount

README_FACETS = ("purpose", "run", "data", "results", "structure")
_COMMAND = re.compile(
    r"(?:^|`)\s*(?:[$>]\s*)?"
    r"((?:python[\d.]*|uv run|poetry run|make|jupyter|papermill|bash|sh|streamlit run|docker|pytest|\./)[^\n]*)",
    re.MULTILINE,
)
_PATH = re.compile(r"[\w.-]+(?:/[\w.*-]+)+/?|\b[\w-]+\.(?:py|ipynb|csv|md|txt|toml|ya?ml|json|parquet|sh)\b")
_RESULT = re.compile(
    r"\b(auc|accuracy|f1|precision|recall|rmse|mae|scores?|results?|resultados?|ergebnis|résultats?|hasil|decisions?|chose|findings?)\b|"
    r"roc.?auc|pr.?auc",
    re.I,
)


def readme(evidence: Evidence, prose: list[Passage]) -> tuple[int, tuple[str, ...]]:
    """How many of the five facets a README has, the brief's own lines not counted."""
    shallow = sorted(
        (one for one in prose if one.kind == "document" and posixpath.basename(one.place.path).lower().startswith("readme")),
        key=lambda one: one.place.path.count("/"),
    )
    if not shallow:
        return 0, ()
    text = shallow[0].text
    paths = evidence.snapshot.paths()
    found = [name for name, holds in zip(README_FACETS, _facets(text, paths), strict=True) if holds]
    return (2 if len(found) >= 4 else 1 if len(found) >= 2 else 0), tuple(found)


def _facets(text: str, paths: tuple[str, ...]) -> tuple[bool, ...]:
    lines = [line.strip() for line in text.splitlines()]
    prose_lines = [line for line in lines if len(line.split()) >= 8 and not line.startswith(("#", "|", "-", "*", "`", "$"))]
    commands = _COMMAND.findall(text)
    named = [one.strip("./") for one in _PATH.findall(text)]
    existing = {
        one
        for one in named
        if any(path == one or path.startswith(one.rstrip("/") + "/") or path.endswith("/" + one) for path in paths)
    }
    missing = {one for one in named if one.endswith((".py", ".ipynb")) and one not in existing}
    return (
        bool(prose_lines),
        any(_target_exists(command, paths) for command in commands),
        bool(re.search(r"\bdata\b|\bdados\b|\bdatos\b|\bdonnées\b|\bdaten\b|\.csv\b|\.parquet\b", text, re.I)),
        bool(_RESULT.search(text))
        and bool(re.search(r"\d[.,]\d", text) or re.search(r"because|since|chose|decid", text, re.I)),
        len(existing) >= 2 and not missing,
    )


def _target_exists(command: str, paths: tuple[str, ...]) -> bool:
    """A command counts when what it runs is there."""
    words = command.replace("`", " ").split()
    targets = [posixpath.normpath(word) for word in words if word.endswith((".py", ".ipynb", ".sh"))]
    if targets:
        return any(target in paths for target in targets)
    if words[:1] == ["make"]:
        return any(posixpath.basename(path).lower() == "makefile" for path in paths)
    if "-m" in words and words.index("-m") + 1 < len(words):
        module = words[words.index("-m") + 1].split(":")[0].replace(".", "/")
        return words[words.index("-m") + 1] in ("pytest", "unittest") or any(
            path.endswith((f"{module}.py", f"{module}/__main__.py")) for path in paths
        )
    if words[:1] == ["pytest"]:
        return any("test" in posixpath.basename(path) for path in paths)
    return words[:1] == ["docker"] and any(posixpath.basename(path).lower() == "dockerfile" for path in paths)


def tests_found(reading: Reading) -> TestCount:
    """Test functions by name, and those that pytest's default rules collect."""
    defined, collected, places = 0, 0, []
    for unit in reading.sources.units:
        if unit.kind != "script":
            continue
        name = posixpath.basename(unit.path)
        matches = name.startswith("test_") or name.endswith("_test.py")
        for block in unit.blocks:
            for line, is_collectable in _tests_in(block.tree):
                defined += 1
                collected += matches and is_collectable
                places.append(Seen(what="test", where=where(Place(unit.path, None, line))))
    return TestCount(defined=defined, collected=collected, places=tuple(places[:20]))


def _tests_in(tree: ast.Module) -> list[tuple[int, bool]]:
    found = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            found.append((node.lineno, True))
        elif isinstance(node, ast.ClassDef):
            unit = any("TestCase" in ast.unparse(base) for base in node.bases)
            plain = node.name.startswith("Test") and not any(
                isinstance(one, ast.FunctionDef) and one.name == "__init__" for one in node.body
            )
            found += [
                (one.lineno, unit or plain)
                for one in node.body
                if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one.name.startswith("test")
            ]
    return found


def seeds(reading: Reading) -> tuple[bool, tuple[Seen, ...]]:
    """Whether everything random that the code does is given a seed."""
    noted = [note for note in reading.log.notes if note.kind == "seed"]
    places = [Seen(what=note.what, where=where(note.place)) for note in noted]
    places += [Seen(what="split", where=where(one.place)) for one in reading.log.splits if one.seeded]
    places += [Seen(what=one.model.name.rsplit(".", 1)[-1], where=where(one.place)) for one in reading.log.fits if one.seeded]
    random_splits = [one.seeded for one in reading.log.splits if one.kind in ("random", "group") and one.seeded is not None]
    stochastic = [one.seeded for one in reading.log.fits if one.seeded is not None]
    if noted:
        return True, tuple(places[:20])
    every = [*random_splits, *stochastic]
    return bool(every) and all(every), tuple(places[:20])
