"""Notebooks as cells, and cells as Python: magics, shell lines and help marks made harmless, line numbers kept."""

import ast
import json
import re
import textwrap
import warnings
from dataclasses import dataclass
from typing import Any

LIVE_CELL_MAGICS = frozenset(
    ["time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "snakeviz", "heat", "scalene", "wandb", "ignore_warnings"]
)
_AUTOMAGIC = re.compile(
    r"^(\s*)(pip3?|conda|mamba|ls|ll|cd|pwd|mkdir|rm|cp|mv|cat|head|wget|curl|unzip|git|matplotlib|load_ext|who|whos|config|"
    r"reload_ext|autoreload|apt-get|apt|kaggle|gdown|tar|echo|export|poetry|uv)(\s+[^=(.\[,:].*)?$"
)
_SHELL = re.compile(r"^(\s*)[!%]")
_TIMED = re.compile(r"^(\s*)%(?:time|timeit|memit|prun)\s+((?:-\S+\s+\S+\s+)*)(.*)$")
_ASSIGNED = re.compile(r"^(\s*[A-Za-z_][\w, ]*=\s*)[!%].*$")
_HELP = re.compile(r"^(\s*)(\?{1,2}[\w.%]+|[%\w.()\[\]'\"]+\?{1,2})\s*;?\s*$")
_PRINT = re.compile(r"^(\s*)print\s+(?![=(.,\[])(.+?)(,?)\s*$")
_PRINT_PAREN = re.compile(r"^(\s*)print\s+(\(.*\)\s*[%,].*)$")
_EXCEPT = re.compile(r"^(\s*except\s+[\w.()]+)\s*,\s*(\w+)\s*:\s*$")
_TEXTS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#.*$")
MAX_REPAIRS = 8
MAX_STATEMENT = 40
MAX_REPAIRED = 150_000
MAX_CELLS = 2_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and what it is said to have shown."""

    index: int
    kind: str
    """code, markdown, raw"""
    source: str
    outputs: tuple[str, ...] = ()
    """Kinds of stored outputs: stream, image, html, plotly, vega, text, error."""
    output_text: str = ""
    executed: bool = False


class UnreadableNotebookError(ValueError):
    """The file is not a notebook that can be read."""


def cells_of(text: str) -> list[Cell]:
    """The cells of a notebook of format 3 or 4."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableNotebookError(f"it is not JSON: {str(error)[:120]}") from None
    raw = _raw_cells(document)
    if raw is None:
        raise UnreadableNotebookError("it has no list of cells")
    if len(raw) > MAX_CELLS:
        raise UnreadableNotebookError(f"it has {len(raw)} cells; at most {MAX_CELLS} are read")
    return [_cell(index, cell) for index, cell in enumerate(raw)]


def _raw_cells(document: Any) -> list[Any] | None:
    if not isinstance(document, dict):
        return None
    found = document.get("cells")
    sheets = document.get("worksheets")
    if found is None and isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        found = [cell for cells in lists if isinstance(cells, list) for cell in cells]
    return found if isinstance(found, list) else None


def _cell(index: int, raw: Any) -> Cell:
    if not isinstance(raw, dict):
        return Cell(index, "raw", "")
    kind = raw.get("cell_type")
    source = _text(raw.get("source", raw.get("input", "")))
    if kind == "heading":
        kind = "markdown"
    if kind != "code":
        return Cell(index, "markdown" if kind == "markdown" else "raw", source)
    listed = raw.get("outputs")
    outputs = [one for one in listed if isinstance(one, dict)][:200] if isinstance(listed, list) else []
    count = raw.get("execution_count", raw.get("prompt_number"))
    shown = tuple(_output_kind(output) for output in outputs)
    words = "\n".join(_output_words(output) for output in outputs)[:50_000]
    return Cell(index, "code", source, shown, words, isinstance(count, int) and not isinstance(count, bool) and count > 0)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return ""


def _output_kind(output: dict[str, Any]) -> str:
    kind = output.get("output_type")
    if kind in ("stream", "error", "pyerr"):
        return "error" if kind == "pyerr" else str(kind)
    bundle = output.get("data", output)
    names = " ".join(bundle) if isinstance(bundle, dict) else ""
    for sign, name in (("image/", "image"), ("png", "image"), ("plotly", "plotly"), ("vega", "vega"), ("html", "html")):
        if sign in names:
            return name
    return "text"


def _output_words(output: dict[str, Any]) -> str:
    bundle = output.get("data")
    if isinstance(bundle, dict):
        return _text(bundle.get("text/plain", ""))
    return _text(output.get("text", ""))


def parse(source: str) -> tuple[ast.Module | None, str]:
    """A cell or file as a tree, and why there is none. Notebook syntax that is not Python is made harmless first."""
    if source.startswith("\ufeff"):
        source = source[1:]
    tree, reason, _ = _try(source)
    if tree is not None:
        return tree, ""
    if reason == "too deep":
        return None, "its expressions are nested too deeply to be read"
    live = _without_cell_magic(source)
    if live is None:
        return ast.Module([], []), ""
    return _repaired(live, reason)


def parses(source: str) -> bool:
    """Whether this is Python as it stands."""
    return _try(source)[0] is not None


def _repaired(source: str, reason: str) -> tuple[ast.Module | None, str]:
    tree, _, _ = _try(source)
    if tree is not None:
        return tree, ""
    lines = [_harmless(line) for line in source.split("\n")]
    text = "\n".join(lines)
    for attempt in (text, textwrap.dedent(text), _modern(text), _modern(textwrap.dedent(text)).expandtabs(8)):
        tree, reason, _ = _try(attempt)
        if tree is not None:
            return tree, ""
    return None, reason


def parse_leniently(source: str) -> tuple[ast.Module | None, str]:
    """As `parse`; when that fails, what can be read after blanking single bad lines, with the reason still given."""
    tree, reason = parse(source)
    if tree is not None or len(source) > MAX_REPAIRED:
        return tree, reason
    live = _without_cell_magic(source) or ""
    lines = [_harmless(line) for line in _modern(live).split("\n")]
    for _ in range(MAX_REPAIRS):
        tree, _, line = _try("\n".join(lines))
        if tree is not None:
            return tree, reason
        if line is None or not 1 <= line <= len(lines) or not lines[line - 1].strip():
            return None, reason
        indent = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
        lines[line - 1] = f"{indent}pass"
    return None, reason


def _try(source: str) -> tuple[ast.Module | None, str, int | None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source), "", None
        except SyntaxError as error:
            return None, f"line {error.lineno}: {error.msg}"[:160], error.lineno
        except ValueError as error:
            return None, str(error)[:160], None
        except (RecursionError, MemoryError):
            return None, "too deep", None


def _without_cell_magic(source: str) -> str | None:
    """The live body of a cell under a cell magic; None when the cell is not Python."""
    lines = source.split("\n")
    for number, line in enumerate(lines):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not text.startswith("%%"):
            return source
        name = text[2:].split(" ", 1)[0].strip()
        if name not in LIVE_CELL_MAGICS:
            return None
        lines[number] = ""
        return "\n".join(lines)
    return source


def _harmless(line: str) -> str:
    timed = _TIMED.match(line)
    if timed and timed.group(3).strip():
        return timed.group(1) + timed.group(3)
    found = _SHELL.match(line) or _AUTOMAGIC.match(line) or _HELP.match(line)
    if found:
        return f"{found.group(1)}pass"
    assigned = _ASSIGNED.match(line)
    return f"{assigned.group(1)}None" if assigned else line


def _modern(source: str) -> str:
    """Python 2's print statement and except clause as Python 3 has them."""
    lines = []
    for line in _whole_prints(source.split("\n")):
        paren = _PRINT_PAREN.match(line)
        printed = paren or _PRINT.match(line)
        if printed:
            line = f"{printed.group(1)}print({printed.group(2)})"
        caught = _EXCEPT.match(line)
        lines.append(f"{caught.group(1)} as {caught.group(2)}:" if caught else line)
    return "\n".join(lines)


def _whole_prints(lines: list[str]) -> list[str]:
    """Print statements that go on over several lines, as calls."""
    for number, line in enumerate(lines):
        begun = _PRINT.match(line)
        if begun is None or not (_open_brackets(line) > 0 or line.endswith("\\")):
            continue
        depth, last = 0, number
        for last in range(number, min(number + MAX_STATEMENT, len(lines))):
            depth += _open_brackets(lines[last])
            if depth <= 0 and not lines[last].endswith("\\"):
                break
        lines[number] = f"{begun.group(1)}print({line[begun.start(2) :]}"
        said = _TEXTS.sub(lambda found: "" if found.group().startswith("#") else found.group(), lines[last])
        lines[last] = f"{said.rstrip()})"
    return lines


def _open_brackets(line: str) -> int:
    """How many brackets a line leaves open, those in texts left out."""
    bare = _TEXTS.sub("", line)
    return sum(bare.count(mark) for mark in "([{") - sum(bare.count(mark) for mark in ")]}")


def written_module(source: str) -> tuple[str, str] | None:
    """The path and text of a `%%writefile` cell, which makes a file that other cells may import."""
    first, _, body = source.lstrip("\n").partition("\n")
    words = first.split()
    if len(words) < 2 or words[0] not in ("%%writefile", "%%file") or not words[-1].endswith(".py"):
        return None
    return words[-1], body
