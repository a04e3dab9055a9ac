"""Strict reading of notebook files: plain JSON, formats 3 and 4, whatever types and sizes a hostile file holds.

Nothing here executes, renders or believes a notebook. Text that is kept for findings is cleaned where it is used.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from harness.model.evidence import MAX_NOTEBOOK_BYTES, Evidence

MAX_CELLS = 5_000
MAX_OUTPUT_TEXT = 200_000


@dataclass(frozen=True)
class NotebookCell:
    """One cell, by its index among all cells."""

    index: int
    kind: Literal["code", "markdown", "raw"]
    source: str
    execution_count: int | None = None
    output_text: str = ""
    """What its stored outputs say in plain text; pictures and markup are left out."""


@dataclass(frozen=True)
class Notebook:
    path: str
    cells: tuple[NotebookCell, ...]

    def code(self) -> Iterator[NotebookCell]:
        return (cell for cell in self.cells if cell.kind == "code")


def read_notebook(evidence: Evidence, path: str) -> Notebook | str:
    """The notebook, or why it cannot be read."""
    text = evidence.read_text(path, MAX_NOTEBOOK_BYTES)
    if text is None:
        return f"it is larger than {MAX_NOTEBOOK_BYTES // 1_000_000} MB"
    return parse_notebook(path, text)


def parse_notebook(path: str, text: str) -> Notebook | str:
    try:
        document = json.loads(text.removeprefix("\ufeff"), parse_constant=lambda name: None)
    except RecursionError:
        return "it is nested too deeply"
    except ValueError as error:
        return f"it is not JSON ({str(error)[:80]})"
    raw = _raw_cells(document)
    if raw is None:
        return "it has no list of cells"
    if len(raw) > MAX_CELLS:
        return f"it has more than {MAX_CELLS:,} cells"
    return Notebook(path, tuple(_cell(index, one) for index, one in enumerate(raw)))


def _raw_cells(document: Any) -> list[Any] | None:
    if not isinstance(document, dict):
        return None
    cells = document.get("cells")
    sheets = document.get("worksheets")
    if cells is None and isinstance(sheets, list):
        found = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        return [cell for one in found if isinstance(one, list) for cell in one]
    return cells if isinstance(cells, list) else None


def _cell(index: int, raw: Any) -> NotebookCell:
    if not isinstance(raw, dict):
        return NotebookCell(index, "raw", "")
    kind = raw.get("cell_type")
    source = _joined(raw.get("source", raw.get("input", "")))
    if kind != "code":
        return NotebookCell(index, "markdown" if kind in ("markdown", "heading") else "raw", source)
    count = raw.get("execution_count", raw.get("prompt_number"))
    whole = isinstance(count, int) and not isinstance(count, bool) and 0 < count < 1_000_000
    outputs = raw.get("outputs")
    listed = outputs[:500] if isinstance(outputs, list) else []
    said = "\n".join(_said(output) for output in listed if isinstance(output, dict))[:MAX_OUTPUT_TEXT]
    return NotebookCell(index, "code", source, count if whole else None, said)


def _said(output: dict[str, Any]) -> str:
    data = output.get("data")
    plain = data.get("text/plain") if isinstance(data, dict) else output.get("text")
    return _joined(plain)[:MAX_OUTPUT_TEXT]


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
