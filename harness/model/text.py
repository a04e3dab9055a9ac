"""One cleaner for every string that a candidate could have written, used where the string enters a record.

Cleaned text can be printed on a terminal and written as UTF-8 without surprises: what would move the cursor, reorder a
line, hide, or crash a later write is shown as a visible escape. Escaping for HTML, Markdown or CSV is the writer's task.
"""

import re

MAX_LINE = 300
MAX_BLOCK = 4000

_UNSHOWABLE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but for newline and tab
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"  # soft hyphen and other format characters
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # fillers and selectors that print nothing
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero-width, separators, bidirectional controls
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef"
    "\ud800-\udfff"  # lone surrogates
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tags and selectors that can smuggle text
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)
_SPACES = re.compile("[ \t\r\n]+")


def clean(text: str | bytes, limit: int = MAX_BLOCK) -> str:
    """Text that is safe to keep: unshowable characters as escapes, at most `limit` characters and the count of the rest."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="backslashreplace")
    shown = _UNSHOWABLE.sub(_escape, text[:limit])
    if len(shown) <= limit:
        return shown if len(text) <= limit else f"{shown}… {len(text) - limit} more"
    return _cut(text, limit)


def one_line(text: str | bytes, limit: int = MAX_LINE) -> str:
    """`clean`, with every run of white space as one space: for sentences, cells of tables and file names."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="backslashreplace")
    return clean(_SPACES.sub(" ", text).strip(), limit)


def _cut(text: str, limit: int) -> str:
    pieces: list[str] = []
    used = 0
    for character in text[:limit]:
        piece = _UNSHOWABLE.sub(_escape, character)
        if used + len(piece) > limit:
            break
        pieces.append(piece)
        used += len(piece)
    return f"{''.join(pieces)}… {len(text) - len(pieces)} more"


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
