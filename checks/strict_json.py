"""Reading JSON that a stranger wrote: as the standard says it, with nothing guessed and nothing that can exhaust us."""

import json
from typing import Any

DEEPEST = 32
LONGEST_NUMBER = 40


class NotJsonError(Exception):
    """What is wrong with the text, in one sentence without a full stop."""


def read_strict(data: bytes) -> Any:
    """The value; raises NotJsonError for bad UTF-8, a repeated key, NaN, a number beyond reason, or deep nesting."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotJsonError(f"it is not UTF-8 text (byte {error.start})") from error
    _expect_shallow(text)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_number)
    except json.JSONDecodeError as error:
        raise NotJsonError(f"line {error.lineno}, column {error.colno}: {error.msg}") from error


def _expect_shallow(text: str) -> None:
    """Counted before the parser recurses."""
    depth, in_text, escaped = 0, False, False
    for letter in text:
        if in_text:
            in_text = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            in_text = True
        elif letter in "[{":
            depth += 1
            if depth > DEEPEST:
                raise NotJsonError(f"it nests deeper than {DEEPEST} levels")
        elif letter in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise NotJsonError(f"the key {twice[:60]!r} stands twice in one object")
    return found


def _constant(name: str) -> Any:
    raise NotJsonError(f"{name} is no JSON number")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise NotJsonError("it holds a number of more digits than any count has")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits) if len(digits) <= 400 else float("inf")
    if value in (float("inf"), float("-inf")):
        raise NotJsonError("it holds a number that is not finite")
    return value
