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
    """markdown, comment, docstring, file (what a script says of itself at its head), document"""

    def line_of(self, sentence: str) -> int:
        """Where in its file a sentence of this passage begins, by its first words."""
        at = self.text.find(sentence[:40])
        return self.place.line + (self.text.count("\n", 0, at) if at > 0 else 0)


def passages(evidence: Evidence, reading: Reading) -> list[Passage]:
    found: list[Passage] = []
    for unit in reading.sources.units:
        if unit.is_test:
            continue
        for cell in unit.cells:
            if cell.kind == "markdown":
                found.append(Passage(cell.source[:MAX_PASSAGE], Place(unit.path, cell.index, 1), "markdown"))
        for block in unit.blocks:
            exported = unit.kind == "script" and block.interactive
            found += _comments(block.source, unit.path, block.cell, exported=exported)
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


_CELL_MARK = re.compile(r"^(?:In\[[ \d]*\]:?|%%.*|COMMAND -{4,}|Databricks notebook source)$")


def _comments(source: str, path: str, cell: int | None, *, exported: bool = False) -> list[Passage]:
    """Blocks of comments. In a notebook saved as a script, those that stand alone were its text cells."""
    blocks: list[tuple[int, int, list[str], bool]] = []
    for line, column, text in _comment_lines(source):
        alone = exported and column == 0
        if _CELL_MARK.match(text):
            continue
        if blocks and line - blocks[-1][1] <= 1 and alone == blocks[-1][3]:
            blocks[-1] = (blocks[-1][0], line, [*blocks[-1][2], text], alone)
        else:
            blocks.append((line, line, [text], alone))
    return [
        Passage(
            ("\n" if alone else " ").join(texts)[:MAX_PASSAGE], Place(path, cell, start), "markdown" if alone else "comment"
        )
        for start, _, texts, alone in blocks
    ]


def _comment_lines(source: str) -> list[tuple[int, int, str]]:
    """(line, column, text) of every comment before the first place that cannot be told into words."""
    found: list[tuple[int, int, str]] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                before = token.line[: token.start[1]].strip()
                found.append(
                    (token.start[0], -1 if before else token.start[1], token.string.lstrip("# ").removeprefix("MAGIC ").strip())
                )
    except (tokenize.TokenError, SyntaxError, IndentationError, ValueError, RecursionError):
        pass
    return found


def _docstrings(tree: ast.Module, path: str, cell: int | None) -> list[Passage]:
    """What modules, classes and functions say of themselves, and texts that stand as statements of their own."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            continue
        for number, statement in enumerate(node.body):
            text = _text_of(statement)
            if text is None or (number and not isinstance(node, ast.Module)):
                continue
            heads = number == 0 and isinstance(node, ast.Module) and cell is None
            kind = "file" if heads else "docstring" if number == 0 else "comment"
            found.append(Passage(text[:MAX_PASSAGE], Place(path, cell, statement.lineno), kind))
    return found


def _text_of(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
        return statement.value.value
    return None


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(text) if len(part.strip()) > 2][:2_000]
