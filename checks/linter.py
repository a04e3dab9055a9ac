"""Running the linter over copies of the submission's code, under neutral names, and reading what it says."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.guarded import run_guarded
from checks.lint_rules import MAX_COMPLEXITY, NOT_IN_NOTEBOOKS, selected
from checks.notebooks import Notebook

SECONDS, MEMORY_MB, OUTPUT_MB = 20, 4096, 24
_FIXED = (
    *("check", "--isolated", "--no-cache", "--ignore-noqa", "--no-respect-gitignore", "--exit-zero", "--quiet"),
    *("--output-format", "json", "--target-version", "py314", "--config", f"lint.mccabe.max-complexity={MAX_COMPLEXITY}"),
)


@dataclass(frozen=True)
class CodeFile:
    """One file to look at: its path in the submission, and its text or its cells."""

    path: str
    content: str | Notebook

    @property
    def text(self) -> str:
        if isinstance(self.content, str):
            return self.content
        return "\n".join(cell.source for cell in self.content.code())


@dataclass(frozen=True)
class Remark:
    """One thing the linter said."""

    code: str
    path: str
    cell: int | None
    line: int
    message: str
    fix: str


@dataclass(frozen=True)
class Linted:
    remarks: tuple[Remark, ...]
    failed: tuple[str, ...] = ()
    """Files on which the linter itself failed."""


def linter() -> str:
    """The binary of the pinned wheel."""
    from ruff import find_ruff_bin  # type: ignore[import-untyped]

    return str(find_ruff_bin())


def lint_files(files: Sequence[CodeFile]) -> Linted:
    """What is said of these files. A file that makes the linter fail is found by halving, and named."""
    with tempfile.TemporaryDirectory(prefix="lint-") as made:
        root = Path(made)
        (root / "empty").mkdir()
        copies = {str(_copy(root, number, file)): file for number, file in enumerate(files)}
        return _run(root / "empty", copies)


def _copy(root: Path, number: int, file: CodeFile) -> Path:
    """Only `__init__.py` keeps its name, because imports mean something else there."""
    folder = root / f"{number:04d}"
    folder.mkdir()
    if isinstance(file.content, Notebook):
        copy = folder / "code.ipynb"
        copy.write_text(_bare(file.content), "ascii")
        return copy
    copy = folder / ("__init__.py" if file.path.rsplit("/", 1)[-1] == "__init__.py" else "code.py")
    copy.write_bytes(file.content.encode("utf-8", "backslashreplace"))
    return copy


def _bare(notebook: Notebook) -> str:
    """The notebook's cells and nothing else of it, indices kept."""
    cells: list[dict[str, Any]] = []
    for cell in notebook.cells:
        bare: dict[str, Any] = {"cell_type": "markdown", "metadata": {}, "source": ""}
        if cell.kind == "code":
            bare = {"cell_type": "code", "metadata": {}, "source": cell.source, "execution_count": None, "outputs": []}
        cells.append(bare)
    metadata = {"language_info": {"name": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": cells})


def _run(folder: Path, copies: dict[str, CodeFile]) -> Linted:
    if not copies:
        return Linted(())
    per_file = [f"*.ipynb:{code}" for code in NOT_IN_NOTEBOOKS] + ["__init__.py:F401"]
    argv = [linter(), *_FIXED, "--select", ",".join(selected()), "--per-file-ignores", ",".join(per_file), *copies]
    output = run_guarded(argv, folder, seconds=SECONDS, memory_mb=MEMORY_MB, output_mb=OUTPUT_MB)
    if output is not None:
        return Linted(_remarks(output, copies))
    if len(copies) == 1:
        return Linted((), tuple(file.path for file in copies.values()))
    names = list(copies)
    halves = (names[: len(names) // 2], names[len(names) // 2 :])
    first, second = (_run(folder, {name: copies[name] for name in half}) for half in halves)
    return Linted(first.remarks + second.remarks, first.failed + second.failed)


def _remarks(output: bytes, copies: dict[str, CodeFile]) -> tuple[Remark, ...]:
    return tuple(_remark(one, copies[one["filename"]].path) for one in json.loads(output))


def _remark(one: dict[str, Any], path: str) -> Remark:
    cell = one["cell"] - 1 if one["cell"] is not None else None
    fix = (one.get("fix") or {}).get("message") or ""
    return Remark(one["code"] or "invalid-syntax", path, cell, one["location"]["row"], one["message"], fix)
