"""The little of Markdown that judging documents needs: headings with what stands below them, prose, code, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.{1,300}?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_TICK = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+\[[ xX]\]|^\s*[✅☑✔✓]")
_MARKUP = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)|<[^>\n]{1,200}>|[*_`>|#~-]{1,80}")
_CODE_SPAN = re.compile(r"`([^`\n]{1,300})`")
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
MAX_DOCUMENT = 300_000


@dataclass(frozen=True)
class Line:
    """A line and what it is part of."""

    number: int
    text: str
    in_code: bool


@dataclass(frozen=True)
class Section:
    """A heading and everything below it, down to the next heading of its level or a higher one."""

    title: str
    level: int
    line: int
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines if not line.in_code)


def lines_of(text: str) -> list[Line]:
    found: list[Line] = []
    fence = ""
    for number, raw in enumerate(text[:MAX_DOCUMENT].split("\n"), start=1):
        marked = _FENCE.match(raw)
        if marked and (not fence or (marked.group(1)[0] == fence[0] and len(marked.group(1)) >= len(fence))):
            fence = "" if fence else marked.group(1)
            continue
        found.append(Line(number, raw.rstrip("\r"), bool(fence)))
    return found


def sections(text: str) -> list[Section]:
    """Every heading's section, in order; sections of lower level lie within those above them."""
    lines = lines_of(text)
    heads = [(place, level, title) for place, line in enumerate(lines) for level, title in _heading(lines, place, line)]
    found = []
    for number, (place, level, title) in enumerate(heads):
        end = next((other for other, deeper, _ in heads[number + 1 :] if deeper <= level), len(lines))
        found.append(Section(title, level, lines[place].number, tuple(lines[place + 1 : end])))
    return found


def _heading(lines: list[Line], place: int, line: Line) -> Iterator[tuple[int, str]]:
    if line.in_code:
        return
    match = _HEADING.match(line.text)
    if match:
        yield len(match.group(1)), match.group(2)
    elif place + 1 < len(lines) and line.text.strip() and len(line.text) < 200:
        under = _UNDERLINE.match(lines[place + 1].text)
        if under and not lines[place + 1].in_code and (place == 0 or not lines[place - 1].text.strip()):
            yield (1 if under.group(1)[0] == "=" else 2), line.text.strip()


def words_of(text: str) -> list[str]:
    """Words of prose: ticked boxes, markup and addresses are not words."""
    kept = "\n".join(line for line in text.split("\n") if not _TICK.match(line))
    return _WORD.findall(_MARKUP.sub(lambda match: f" {match.group(1) or ''} ", kept))


def paragraphs(text: str) -> list[str]:
    """Stretches of running text: no headings, lists, tables or code."""
    found: list[list[str]] = [[]]
    for line in lines_of(text):
        stripped = line.text.strip()
        if line.in_code or not stripped or stripped[0] in "#|-*+>=" or re.match(r"\d{1,3}[.)]\s", stripped):
            found.append([])
        else:
            found[-1].append(stripped)
    return [" ".join(one) for one in found if one]


def code_pieces(text: str) -> Iterator[tuple[int, str]]:
    """Lines of code blocks, indented or fenced, and what stands in back-ticks, each with its line."""
    for line in lines_of(text):
        if line.in_code or line.text.startswith("    "):
            yield line.number, line.text.strip()
        else:
            for match in _CODE_SPAN.finditer(line.text):
                yield line.number, match.group(1).strip()
