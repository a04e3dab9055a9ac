"""The one place that makes text safe for the format it lands in. Renderers put no text anywhere without it.

HTML has its second half in Jinja's autoescape, which is on for every template; `Markup` is used for our own pictures only.
"""

import re
from dataclasses import dataclass
from typing import Any, TypeVar
from xml.sax.saxutils import escape as _xml_entities

from harness.model.record import Record
from harness.model.report import Report
from harness.model.run import Captured
from harness.model.text import clean, one_line

R = TypeVar("R", bound=Record)

BREAK = "\u200b"
"""Ours, put behind a character that would start a mention or a link; the cleaner shows any that a submission brings."""

_BLOCKS = frozenset({"seen", "expected", "fix"})
_SURROGATES = re.compile("[\ud800-\udfff]")
_XML_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CI_MARK = re.compile(r"##(\[|vso\[)")
_MARKDOWN_ACTIVE = re.compile(r"([\\`*_\[\]~|#$])")
_MARKDOWN_LINKS = (
    (re.compile(r"([@#!$])(?=\S)"), r"\1" + BREAK),
    (re.compile(r"(?i)\b(gh)(-)(?=\d)"), r"\1\2" + BREAK),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*:)(?=//|[^\s/]+@)"), r"\1" + BREAK),
    (re.compile(r"(?i)\b(www|mailto|xmpp)([.:])"), r"\1\2" + BREAK),
)
_MARKDOWN_START = re.compile(r"^([+\-=/%:]|\d+(?=[.)]))")


@dataclass(frozen=True)
class Caps:
    """How much of one submission's text and lists a report carries."""

    line: int = 600
    block: int = 1200
    log: int = 4000
    findings: int = 12
    rows: int = 200


FULL = Caps()
TIGHT = Caps(line=300, block=300, log=1000, findings=4, rows=50)
BARE = Caps(line=120, block=120, log=200, findings=1, rows=10)


def cleaned(record: R, caps: Caps = FULL) -> R:
    """The same record with every string in it cleaned and capped, wherever it came from: no field is trusted by name."""
    copy: R = _clean_record(record, caps)
    return copy


def without_surrogates(report: Report) -> Report:
    """The record as it is, but for lone surrogates, which strict readers of JSON refuse."""
    copy: Report = _walk(report, lambda text, _name: _SURROGATES.sub(lambda match: f"\\u{ord(match.group()):04x}", text))
    return copy


def code_line(text: str) -> str:
    """Markdown: text as an inline code span that it cannot leave, where mentions, links and HTML mean nothing."""
    shown = one_line(text, 2000) or " "
    fence = "`" * (longest_run(shown, "`") + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def code_block(text: str) -> str:
    """Markdown: text in a fence longer than any run of backticks in it, where nothing commands a build service."""
    fence = "`" * max(3, longest_run(text, "`") + 1)
    return f"{fence}text\n{_BUILD_COMMAND.sub(_escaped_command, text.rstrip())}\n{fence}"


_BUILD_COMMAND = re.compile(r"^(\s*)(?=::)|(##(?:vso)?)(?=\[)", re.MULTILINE)


def _escaped_command(match: re.Match[str]) -> str:
    return f"{match[0]}\\"


def markdown(text: str) -> str:
    """Markdown: a sentence on one line, with nothing active in it. Stands behind a list mark or a label, never alone."""
    shown = _MARKDOWN_ACTIVE.sub(r"\\\1", one_line(text, 2000))
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for pattern, instead in _MARKDOWN_LINKS:
        shown = pattern.sub(instead, shown)
    return _MARKDOWN_START.sub(_escape_start, shown)


def terminal(text: str) -> str:
    """Terminal: one line without control characters, and without what a build service would read as its command."""
    return _CI_MARK.sub(r"# #\1", clean(text, 4000).replace("\n", " ").replace("\t", " "))


def xml_characters(text: str) -> str:
    """XML: characters that XML 1.0 forbids as visible escapes; the writing library does the entities."""
    return _XML_FORBIDDEN.sub(lambda match: f"\\u{ord(match.group()):04x}", clean(text, 20_000))


def svg(text: str) -> str:
    """SVG: text between tags or in a quoted attribute."""
    return _xml_entities(xml_characters(text), {'"': "&quot;", "'": "&#39;"})


def csv_cell(value: str | float | int | None) -> str | float | int:
    """CSV: a text that a spreadsheet would run as a formula gets an apostrophe; numbers stay numbers."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    shown = one_line(value, 2000)
    risky = value.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    return f"'{shown}" if risky else shown


def longest_run(text: str, character: str) -> int:
    return max((len(run) for run in re.findall(re.escape(character) + "+", text)), default=0)


def _escape_start(match: re.Match[str]) -> str:
    found = match.group(1)
    return found + BREAK if found[0].isdigit() or found in "/%:" else f"\\{found}"


def _clean_record(record: Any, caps: Caps) -> Any:
    def one(text: str, name: str) -> str:
        return clean(text, caps.block) if name in _BLOCKS else one_line(text, caps.line)

    def captured(value: Captured) -> Captured:
        text = value.text().replace("\r\n", "\n").replace("\r", "\n").rstrip()
        left_out = value.dropped_bytes + max(0, len(text) - caps.log)
        return Captured.model_construct(head="", tail=clean(text[-caps.log :], caps.log * 6), dropped_bytes=left_out)

    return _walk(record, one, captured)


def _walk(value: Any, change: Any, captured: Any = None, name: str = "") -> Any:
    """A copy of a tree of records with each string changed; enumerations and numbers stay as they are."""
    if type(value) is str:
        return change(value, name)
    if isinstance(value, Captured) and captured is not None:
        return captured(value)
    if isinstance(value, Record):
        return value.model_copy(update={field: _walk(inner, change, captured, field) for field, inner in value})
    if isinstance(value, tuple):
        return tuple(_walk(inner, change, captured, name) for inner in value)
    if isinstance(value, dict):
        return {_walk(key, change, captured): _walk(inner, change, captured, name) for key, inner in value.items()}
    return value
