"""Reading our own documents from disk: strict, with every problem told at once, each by file, line and column."""

import difflib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from harness.errors import HarnessError, PackError
from harness.model.record import Record

R = TypeVar("R", bound=Record)
Keys = tuple[str | int, ...]
MAX_BYTES = 4_000_000
"""Of what people write."""
MAX_VALUES, MAX_DEPTH = 300_000, 60
MAX_RECORD_BYTES = 256_000_000
"""Of what the harness writes: long lists of files, and logs in which each byte may have become an escape."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a document."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


def read_yaml(path: Path, record: type[R], *, error: type[HarnessError] = PackError) -> R:
    """The YAML document as a record, or one error that lists every problem in it."""
    tree = _parse_yaml(path, error)
    if not _small_when_written_out(tree):
        raise error(
            f"repeats itself by anchors to more than {MAX_VALUES} values, or holds itself",
            where=str(path),
            expected="each anchor used a few times",
            next_step="write the values out",
        )
    value = _plain(tree)
    read = _strictly(value, record)
    return _validated(tree, value, path, record, error) if read is None else read


def read_json(path: Path, record: type[R], *, error: type[HarnessError] = PackError) -> R:
    """The JSON document as a record. Positions are looked up only when something is wrong."""
    text = _text(path, error, MAX_RECORD_BYTES)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        raise error(f"is not JSON: {problem}", where=str(path), expected="one JSON document") from problem
    read = _strictly(value, record)
    if read is None:
        tree = _parse_yaml(path, error) if len(text) <= MAX_BYTES else None
        return _validated(tree, value, path, record, error)
    return read


@cache
def schema_of(record: type[Record]) -> dict[str, Any]:
    """The record's JSON Schema, as exported to harness/schemas."""
    schema = record.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"harness:{record.__name__.lower()}:1", **schema}


def nearest(name: str, valid: Iterable[str]) -> str:
    """A hint naming the closest valid word, or the valid words themselves."""
    known = sorted(valid)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return "known: " + ", ".join(known[:20]) + (", ..." if len(known) > 20 else "")


def _strictly(value: Any, record: type[R]) -> R | None:
    """The record where nothing has to be said: with no value taken for another kind, it is what the schema allows, too."""
    try:
        return record.model_validate_json(json.dumps(value, allow_nan=False), strict=True)
    except (ValidationError, ValueError):
        return None


def _schema_errors(value: Any, record: type[Record]) -> Iterator[Any]:
    return _validator(record).iter_errors(value)  # type: ignore[no-any-return]


@cache
def _validator(record: type[Record]) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema_of(record))


def _validated(tree: Any, value: Any, path: Path, record: type[R], error: type[HarnessError]) -> R:
    problems = [
        Problem(str(path), *_position(tree, keys, on_key=on_key), message)
        for found in _schema_errors(value, record)
        for keys, on_key, message in _explained(found)
    ]
    if not problems:
        try:
            return record.model_validate(value)
        except ValidationError as invalid:
            problems = [
                Problem(str(path), *_position(tree, tuple(one["loc"])), str(one["msg"]).removeprefix("Value error, "))
                for one in invalid.errors()
            ]
    listed = "\n".join(str(problem) for problem in sorted(set(problems), key=lambda one: (one.line, one.column)))
    raise error(listed, next_step=f"correct the places above{_where_the_format_is_told(record)}")


def _where_the_format_is_told(record: type[Record]) -> str:
    from harness.schemas.catalog import DOCUMENTS

    return next((f"; `harness schema {name}` prints the format" for name, of in DOCUMENTS.items() if of is record), "")


def _explained(found: Any) -> Iterator[tuple[Keys, bool, str]]:
    """A schema error as (where, whether the key itself is wrong, sentence)."""
    keys = tuple(found.absolute_path)
    if found.validator == "additionalProperties":
        known = found.schema.get("properties", {})
        for name in sorted(set(found.instance) - set(known)):
            yield (*keys, name), True, f"unknown key {name!r}; {nearest(name, known)}"
        return
    if found.validator in ("oneOf", "anyOf") and found.context:
        branch = _closest_branch(found)
        for inner in branch:
            yield from _explained(inner)
        return
    if found.validator == "required":
        missing = [name for name in found.validator_value if name not in found.instance]
        yield keys, False, f"missing {', '.join(repr(name) for name in missing)}"
        return
    if found.validator in ("enum", "const"):
        valid = found.validator_value if found.validator == "enum" else [found.validator_value]
        yield keys, False, f"{_short(found.instance)} is not valid here; {nearest(str(found.instance), map(str, valid))}"
        return
    yield keys, False, str(found.message)[:300]


def _closest_branch(found: Any) -> list[Any]:
    """The errors of the alternative that the value most likely meant: the one whose `kind` fits, else the one with fewest."""
    branches: dict[int, list[Any]] = {}
    for inner in found.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [b for b in branches.values() if not any(e.validator == "const" or e.validator == "type" for e in b)]
    return min(fitting or list(branches.values()), key=len)


def _position(tree: Any, keys: Keys, *, on_key: bool = False) -> tuple[int, int]:
    """Line and column (from 1) of a place in the document; of the nearest known parent when it has none of its own."""
    line, column = 1, 1
    for index, key in enumerate(keys):
        marks: Any = getattr(tree, "lc", None)
        is_last = index == len(keys) - 1
        try:
            look_up = marks.item if isinstance(tree, list) else marks.key if on_key or not is_last else marks.value
            found = look_up(key)
            line, column = found[0] + 1, found[1] + 1
            tree = tree[key]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line, column


def _parse_yaml(path: Path, error: type[HarnessError]) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader = YAML(typ="rt", pure=True)
    try:
        return reader.load(_text(path, error))
    except MarkedYAMLError as problem:
        mark = problem.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise error(f"is not valid YAML: {problem.problem}", where=place) from problem
    except (YAMLError, RecursionError, ValueError, AttributeError, TypeError, KeyError) as problem:  # ruamel on odd merges
        raise error(f"is not valid YAML: {str(problem)[:200]}", where=str(path)) from problem


def _text(path: Path, error: type[HarnessError], most: int = MAX_BYTES) -> str:
    try:
        if path.stat().st_size > most:
            raise error(f"is larger than {most} bytes", where=str(path))
        return path.read_text("utf-8")
    except FileNotFoundError as problem:
        raise error("is missing", where=str(path), expected="this file to be there") from problem
    except UnicodeDecodeError as problem:
        raise error(
            f"is no text: the byte at position {problem.start} is not UTF-8", where=str(path), expected="a text file in UTF-8"
        ) from problem
    except OSError as problem:
        seen = "is a folder" if path.is_dir() else f"cannot be read: {problem.strerror}"
        raise error(seen, where=str(path), expected="a text file that this user may read") from problem


def _small_when_written_out(tree: Any) -> bool:
    """Whether the values, those behind anchors counted each time, are few and not deep: 1 kB can stand for 10 GB."""
    waiting, values = [(tree, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        values += 1
        if values > MAX_VALUES or depth > MAX_DEPTH:
            return False
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(child, depth + 1) for child in children]
    return True


def _plain(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(key): _plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_plain(value) for value in tree]
    if isinstance(tree, bool) or tree is None:
        return tree
    if isinstance(tree, int):
        return int(tree)
    if isinstance(tree, float):
        return float(tree)
    return str(tree)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _refuse_constant(name: str) -> None:
    message = f"{name} is not allowed"
    raise ValueError(message)
