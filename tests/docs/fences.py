"""Fenced blocks of Markdown pages, and the commands in those that are marked `console`."""

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
PROMPT, MORE, ELLIPSIS = "$ ", "> ", "..."


@dataclass(frozen=True)
class Fence:
    page: Path
    line: int
    language: str
    text: str


@dataclass(frozen=True)
class Command:
    """What a reader types, and the lines that the page says come back: none where the page does not say."""

    page: Path
    line: int
    typed: str
    told: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}: {self.typed}"


def pages() -> list[Path]:
    """Everything that people read to use this project or to work on it."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def fences(page: Path) -> list[Fence]:
    tokens = MarkdownIt().parse(page.read_text("utf-8"))
    return [
        Fence(page, token.map[0] + 1, token.info.strip(), token.content)
        for token in tokens
        if token.type == "fence" and token.map is not None
    ]


def commands(page: Path) -> list[Command]:
    return [command for fence in fences(page) if fence.language == "console" for command in _commands(fence)]


def _commands(fence: Fence) -> list[Command]:
    found: list[Command] = []
    for number, line in enumerate(fence.text.splitlines(), fence.line + 1):
        if line.startswith(PROMPT):
            found.append(Command(fence.page, number, line.removeprefix(PROMPT), ()))
            continue
        if not found:
            message = f"{fence.page}:{number}: a console block begins with a command after '$ '"
            raise ValueError(message)
        last = found[-1]
        if line.startswith(MORE) and not last.told:
            found[-1] = Command(last.page, last.line, f"{last.typed}\n{line.removeprefix(MORE)}", ())
        else:
            found[-1] = Command(last.page, last.line, last.typed, (*last.told, line))
    return found


def agrees(told: tuple[str, ...], printed: str) -> bool:
    """Whether what came back is what the page says; three dots stand for anything in a line, and alone for any lines."""
    lines = [r"(?:.*\n)*?" if line == ELLIPSIS else _as_pattern(line) + r"\n" for line in told]
    text = printed.rstrip("\n")
    return re.fullmatch("".join(lines), f"{text}\n" if text else "") is not None


def _as_pattern(line: str) -> str:
    return ".*".join(map(re.escape, line.split(ELLIPSIS)))
