"""The Python of a submission: every notebook and script parsed once, copies left out, what could not be read listed."""

import ast
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from checks.practice.cells import Cell, UnreadableNotebookError, cells_of, parse_leniently, parses, written_module
from harness.model.evidence import MAX_NOTEBOOK_BYTES, Evidence

MAX_FILES = 400
MAX_NODES = 400_000
MAX_LINE = 20_000
_SKIPPED_FOLDERS = frozenset(
    {".ipynb_checkpoints", "__pycache__", "node_modules", "site-packages", "venv", ".venv", "env", ".git"}
)
_TEST_FOLDERS = frozenset({"tests", "test", "examples", "example"})


@dataclass(frozen=True, slots=True)
class Block:
    """A parsed stretch of code: a whole script, or one cell."""

    tree: ast.Module
    cell: int | None
    source: str
    interactive: bool = False
    """Run as a cell: what its last expression gives is shown."""
    shows_all: bool = False
    """Cells run together, whose bounds are lost: any expression may have been the last of its cell."""


@dataclass(slots=True)
class Unit:
    """One file of Python."""

    path: str
    kind: str
    """script or notebook"""
    blocks: list[Block] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    @property
    def is_test(self) -> bool:
        parts = PurePosixPath(self.path).parts
        name = parts[-1]
        return (
            name.startswith("test_")
            or name.endswith("_test.py")
            or name == "conftest.py"
            or not _TEST_FOLDERS.isdisjoint(parts[:-1])
        )

    @property
    def module_name(self) -> str:
        parts = list(PurePosixPath(self.path).with_suffix("").parts)
        if parts and parts[-1] == "__init__":
            parts = parts[:-1]
        return ".".join(parts)

    @property
    def source(self) -> str:
        return "\n".join(block.source for block in self.blocks).strip("\n")


@dataclass(frozen=True, slots=True)
class Unreadable:
    path: str
    cell: int | None
    reason: str


@dataclass(slots=True)
class Sources:
    units: list[Unit] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    nodes: int = 0


def read_sources(evidence: Evidence) -> Sources:
    """Every notebook and script, notebooks first among equals so that an export of one counts as its copy."""
    found = Sources()
    seen: dict[str, str] = {}
    paths = [path for path in evidence.named(".ipynb", ".py", ".pyw") if _wanted(path)]
    paths.sort(key=lambda path: (not path.lower().endswith(".ipynb"), path.count("/"), path))
    for number, path in enumerate(paths):
        if number >= MAX_FILES or found.nodes > MAX_NODES:
            found.unreadable.append(Unreadable(path, None, "there is more code than is read"))
            continue
        _read_one(evidence, path, found, seen)
    return found


def _wanted(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return _SKIPPED_FOLDERS.isdisjoint(parts) and not any(
        part.startswith(".") and part not in (".", "..") for part in parts[:-1]
    )


def _read_one(evidence: Evidence, path: str, found: Sources, seen: dict[str, str]) -> None:
    notebook = path.lower().endswith(".ipynb")
    text = evidence.read_text(path, MAX_NOTEBOOK_BYTES) if notebook else evidence.read_text(path)
    if text is None:
        found.unreadable.append(Unreadable(path, None, "it is larger than the reading limit"))
        return
    unit = Unit(path, "notebook" if notebook else "script")
    if notebook:
        try:
            unit.cells = cells_of(text)
        except UnreadableNotebookError as error:
            found.unreadable.append(Unreadable(path, None, str(error)))
            return
    pieces = [(cell.index, cell.source) for cell in unit.cells if cell.kind == "code"] if notebook else [(None, text)]
    print_of = fingerprint("\n".join(source for _, source in pieces))
    if print_of in seen and print_of:
        found.copies.append((path, seen[print_of]))
        return
    if print_of:
        seen[print_of] = path
    marked = None if notebook else _marked_cells(text)
    if marked is not None:
        unit.blocks = marked
        found.nodes += sum(1 for block in marked for _ in ast.walk(block.tree))
    else:
        for cell, source in pieces:
            _add_block(unit, cell, source, found)
    found.units.append(unit)


_MARK = re.compile(r"^#\s*(?:In\[[ \d]*\]:?|%%|COMMAND -{4,}).*$", re.MULTILINE)
MIN_MARKS = 2


def _marked_cells(text: str) -> list[Block] | None:
    """A script that was a notebook, by its cell marks, as cells with the script's own line numbers; None for a plain script."""
    starts = [match.start() for match in _MARK.finditer(text)]
    if len(starts) < MIN_MARKS or len(starts) > 500:
        return None
    blocks = []
    for start, end in zip([0, *starts], [*starts, len(text)], strict=True):
        padded = "\n" * text.count("\n", 0, start) + text[start:end]
        tree, reason = parse_leniently(padded)
        if tree is None or reason:
            return None
        blocks.append(Block(tree, None, padded, interactive=True))
    return blocks


def _add_block(unit: Unit, cell: int | None, source: str, found: Sources) -> None:
    written = written_module(source) if cell is not None else None
    if written is not None:
        extra = Unit(written[0].lstrip("./"), "script")
        _add_block(extra, None, written[1], found)
        found.units.append(extra)
        return
    if max((len(line) for line in source.split("\n")), default=0) > MAX_LINE and len(source) > 200_000:
        found.unreadable.append(Unreadable(unit.path, cell, "it has lines that are too long to be read"))
        return
    tree, reason = parse_leniently(source)
    if reason:
        found.unreadable.append(Unreadable(unit.path, cell, reason))
    if tree is None:
        return
    nodes = sum(1 for _ in ast.walk(tree))
    found.nodes += nodes
    if found.nodes > MAX_NODES:
        found.unreadable.append(Unreadable(unit.path, cell, "there is more code than is read"))
        return
    joined = cell is None and _MAGIC.search(source) is not None and not parses(source)
    unit.blocks.append(Block(tree, cell, source, interactive=cell is not None or joined, shows_all=joined))


_MAGIC = re.compile(r"^\s*(?:%[a-zA-Z]\w*|![a-zA-Z./])", re.MULTILINE)
"""A line that only a notebook can run: a script that has one is a notebook's cells saved as text."""
_NOT_CODE = re.compile(r"^\s*(#.*|%.*|!.*|get_ipython\(\).*)?$")


def fingerprint(source: str) -> str:
    """The same for a notebook, its checkpoint and its export to a script; empty for too little code to tell."""
    lines = [line.strip() for line in source.splitlines() if not _NOT_CODE.match(line)]
    if len(lines) < 3:
        return ""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()
