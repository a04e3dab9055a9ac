"""What people wrote: notebook text, comments, docstrings, README and report. Prose explains; it never replaces an action."""

import ast
import io
import re
import tokenize
from dataclasses import dataclass

from checks.practice.reader import Reading
from checks.practice.values import Place
from harness.model.evidence import Evidence

MAX_PASSAGE = 20_000
_DOCUMENTS = (".md", ".rst", ".txt", ".tex", ".qmd")
_SENTENCE = re.compile(r"(?<=[.!?。])\s+|\n\s*\n|\n\s*[-*•]\s+|\n#+\s*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of prose and where it stands."""

    text: str
    place: Place
    kind: str
    """markdown, comment, docstring, document"""


def passages(evidence: Evidence, reading: Reading) -> list[Passage]:
    found: list[Passage] = []
    for unit in reading.sources.units:
        if unit.is_test:
            continue
        for cell in unit.cells:
            if cell.kind == "markdown":
                found.append(Passage(cell.source[:MAX_PASSAGE], Place(unit.path, cell.index, 1), "markdown"))
        for block in unit.blocks:
            found += _comments(block.source, unit.path, block.cell)
            found += _docstrings(block.tree, unit.path, block.cell)
    for path in evidence.snapshot.paths():
        if path.lower().endswith(_DOCUMENTS) and not path.lower().endswith(("requirements.txt", "license.txt")):
            text = evidence.read_text(path, 300_000)
            if text:
                found.append(Passage(_without_brief(text, evidence.brief)[:100_000], Place(path, None, 1), "document"))
    return [one for one in found if one.text.strip()]


def _without_brief(text: str, brief: str) -> str:
    """The candidate's own lines: those of the brief and starter are left out."""
    if not brief:
        return text
    given = {line.strip() for line in brief.splitlines() if len(line.strip()) > 20}
    return "\n".join("" if line.strip() in given else line for line in text.splitlines())


def _comments(source: str, path: str, cell: int | None) -> list[Passage]:
    found: list[tuple[int, str]] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found.append((token.start[0], token.string.lstrip("# ").strip()))
    except (tokenize.TokenError, SyntaxError, IndentationError, ValueError, RecursionError):
        pass
    blocks: list[tuple[int, int, list[str]]] = []
    for line, text in found:
        if blocks and line - blocks[-1][1] <= 1:
            blocks[-1] = (blocks[-1][0], line, [*blocks[-1][2], text])
        else:
            blocks.append((line, line, [text]))
    return [Passage(" ".join(texts)[:MAX_PASSAGE], Place(path, cell, start), "comment") for start, _, texts in blocks]


def _docstrings(tree: ast.Module, path: str, cell: int | None) -> list[Passage]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                found.append(Passage(first.value.value[:MAX_PASSAGE], Place(path, cell, first.lineno), "docstring"))
    return found


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(text) if len(part.strip()) > 2][:2_000]
