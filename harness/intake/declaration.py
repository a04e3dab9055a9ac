"""Reading a candidate's submission.json: strictly, and with a sentence instead of an exception."""

import json
import math
import os
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from harness.intake.names import cleaned
from harness.intake.nofollow import FOLDER, read_regular
from harness.intake.refusals import Refused
from harness.model.submission import Declaration, Snapshot

DECLARATION = "submission.json"
_MOST_BYTES = 64_000
_MOST_DEPTH = 16
_MOST_DIGITS = 30


class _DeclarationError(ValueError):
    """Why the text isn't a declaration, as the end of a sentence."""


def read_declaration(files_root: Path, snapshot: Snapshot) -> tuple[Declaration, str]:
    """What the submission says about itself, and a sentence about what of it could not be used ("" when all could).

    A field that doesn't fit is left out, and the others count: a slip in one line must not cost the entry point.
    """
    if DECLARATION not in snapshot.paths():
        refused = next((refusal for refusal in snapshot.refusals if refusal.path == DECLARATION), None)
        return Declaration(), f"{DECLARATION} was left out: {refused.reason}" if refused else ""
    try:
        document = _parsed(_content(files_root))
    except _DeclarationError as problem:
        return Declaration(), f"{DECLARATION} {problem}"
    return _declared(document)


def _content(files_root: Path) -> str:
    try:
        folder = os.open(files_root, FOLDER)
        try:
            content = b"".join(read_regular(folder, DECLARATION, _MOST_BYTES))
        finally:
            os.close(folder)
    except Refused as refused:
        raise _DeclarationError(f"can't be used: {refused.reason}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _DeclarationError(f"isn't UTF-8 text: byte {error.start} makes no character") from None


def _parsed(text: str) -> dict[str, Any]:
    _check_depth(text)
    try:
        document = json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_short_int,
        )
    except json.JSONDecodeError as error:
        raise _DeclarationError(f"isn't valid JSON: line {error.lineno}, column {error.colno}: {error.msg}") from None
    if not isinstance(document, dict):
        raise _DeclarationError("must hold an object, in braces")
    _check_text(document)
    return document


def _check_depth(text: str) -> None:
    """Before parsing: the parser calls itself for every level."""
    depth, in_string, escaped = 0, False, False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > _MOST_DEPTH:
                raise _DeclarationError(f"is nested more than {_MOST_DEPTH} levels deep")
        elif character in "]}":
            depth -= 1


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DeclarationError(f"has the key '{cleaned(key, 60)}' twice")
        found[key] = value
    return found


def _refuse_constant(constant: str) -> NoReturn:
    raise _DeclarationError(f"holds {constant}, which is not a number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _DeclarationError("holds a number that is too large")
    return number


def _short_int(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _DeclarationError(f"holds a number of {len(digits)} digits")
    return int(digits)


def _check_text(value: object) -> None:
    """Halves of surrogate pairs parse well and break every later writer; a NUL ends a command early."""
    if isinstance(value, str):
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
            raise _DeclarationError("holds a character that isn't text")
    elif isinstance(value, dict):
        for key, member in value.items():
            _check_text(key)
            _check_text(member)
    elif isinstance(value, list):
        for member in value:
            _check_text(member)


def _declared(document: dict[str, Any]) -> tuple[Declaration, str]:
    problems: list[str] = []
    while True:
        try:
            declaration = Declaration.model_validate_json(json.dumps(document), strict=True)
        except ValidationError as error:
            errors = error.errors(include_url=False, include_context=False, include_input=False)
            problems += [f"{_place(found['loc'])}: {cleaned(found['msg'], 200)}" for found in errors]
            document = {key: value for key, value in document.items() if key not in {found["loc"][0] for found in errors}}
        else:
            break
    if not problems:
        return declaration, ""
    shown = "; ".join(problems[:5]) + (f"; and {len(problems) - 5} more" if len(problems) > 5 else "")
    return declaration, f"{DECLARATION} has fields that were left out. {shown}"


def _place(steps: tuple[int | str, ...]) -> str:
    return cleaned(".".join(str(step) for step in steps), 120)
