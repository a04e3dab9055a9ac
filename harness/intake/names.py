"""Names of files: which are refused, how any of them is shown, and which two would be one elsewhere."""

import re
import unicodedata

from harness.intake.limits import IntakeLimits
from harness.intake.refusals import Refused

_SHOWN_CHARACTERS = 300
_PLAIN = re.compile(rb"[A-Za-z0-9._ ()+,=@~#%&'!\[\]{}$^;-]+")
_DRIVE = re.compile(rb"[A-Za-z]:")
_JOINERS = "\u200c\u200d"
"""Zero-width joiners spell words in Persian and Hindi, and families of emoji."""


def _is_deceptive(character: str) -> bool:
    """True for what can't be seen, moves the cursor, or turns the direction of the text around it."""
    if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
        return True
    if unicodedata.category(character) == "Cf":
        return character not in _JOINERS
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def cleaned(text: bytes | str, most: int = _SHOWN_CHARACTERS) -> str:
    """The text with everything that isn't plainly visible turned into an escape, and cut when it is long."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    shown = "".join(character if character.isprintable() else _escaped(character) for character in text[:most])
    return shown if len(text) <= most else f"{shown}… ({len(text) - most} more)"


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def check_name(name: bytes, limits: IntakeLimits) -> None:
    """Raises Refused unless the name is one plain step of a path."""
    if name in {b"", b".", b".."} or b"/" in name:
        raise Refused("escapes", "The name is a step to another folder; a plain file name is accepted.")
    if len(name) > limits.name_bytes:
        raise Refused("hostile_name", f"The name has {len(name)} bytes; {limits.name_bytes} are accepted.")
    if _PLAIN.fullmatch(name):
        return
    if b"\\" in name:
        raise Refused("hostile_name", "The name holds a backslash, which is a folder separator on other systems.")
    if _DRIVE.match(name):
        raise Refused("escapes", "The name starts with a drive letter; a relative path is accepted.")
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("hostile_name", "The name isn't valid UTF-8.") from None
    if any(map(_is_deceptive, text)):
        raise Refused("hostile_name", "The name holds a control, invisible or direction-changing character.")


def split_path(path: bytes, limits: IntakeLimits) -> tuple[bytes, ...]:
    """The steps of an archive's path, or Refused when it could lead anywhere but down."""
    if b"\0" in path or b"\\" in path:
        raise Refused("hostile_name", "The path holds a NUL or a backslash; steps are separated by a slash.")
    if path.startswith(b"/") or _DRIVE.match(path):
        raise Refused("escapes", "The path is absolute; a path below the submission is accepted.")
    if len(path) > limits.path_bytes:
        raise Refused("too_deep", f"The path has {len(path)} bytes; {limits.path_bytes} are accepted.")
    steps = tuple(path.rstrip(b"/").split(b"/"))
    if b".." in steps:
        raise Refused("escapes", "The path leads out of its folder with '..'.")
    if b"" in steps or b"." in steps:
        raise Refused("hostile_name", "The path has an empty or '.' step.")
    if len(steps) > limits.depth + 1:  # one more, for the top folder that may be taken off
        raise Refused("too_deep", f"The path is {len(steps)} folders deep; {limits.depth} are accepted.")
    return steps


def same_elsewhere(path: str) -> str:
    """A key under which two paths are equal when some file system would take them for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
