"""Inside the sandbox: call `module:name` with the two tables and write what it returns, one row for each id.

Ids are taken from the file as text, never through pandas, so that `01` stays `01`. Nothing is repaired: a value that is
no number is written as it is, and the strict reader outside says so.
"""

import csv
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

NOT_USABLE = 3
"""Exit code when the function was called and what it returned cannot be written as predictions."""


class UnusableError(Exception):
    """What came back has no single reading."""


def main(root: str = "") -> int:
    with open(f"{root}/in/request.json", encoding="utf-8") as file:
        request = json.load(file)
    for folder in ("src", ""):
        sys.path.insert(0, os.path.join(root + "/work", folder).rstrip("/"))
    os.chdir(f"{root}/work")
    import pandas

    train = pandas.read_csv(root + request["train"])
    score = pandas.read_csv(root + request["score"])
    ids = read_ids(root + request["score"], request["id_column"])
    index, known = score.index, list(score[request["id_column"]])
    function = find(request["call"])
    returned = function(train, score)
    try:
        values = aligned(returned, index, known, request)
    except UnusableError as problem:
        print(f"{request['call']} returned {problem}", file=sys.stderr)
        return NOT_USABLE
    write(root + request["out"], request, ids, values)
    return 0


def find(call: str) -> Callable[..., Any]:
    """The function that `module:name` names; a mistake here is an ordinary import error."""
    module_name, _, name = call.partition(":")
    function = getattr(importlib.import_module(module_name), name)
    if not callable(function):
        raise TypeError(f"{call} is a {type(function).__name__}, not a function")
    return function  # type: ignore[no-any-return]


def read_ids(path: str, column: str) -> list[str]:
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        place = next(rows).index(column)
        return [row[place] for row in rows if row]


def aligned(returned: Any, index: Any, known: list[Any], request: dict[str, Any]) -> list[Any]:
    """One value for each row of score, in its order."""
    import pandas

    if isinstance(returned, pandas.DataFrame):
        values = from_frame(returned, known, request)
    elif isinstance(returned, pandas.Series):
        permuted = len(returned) == len(index) and not returned.index.equals(index)
        if permuted and returned.index.is_unique and returned.index.isin(index).all():
            returned = returned.reindex(index)
        values = list(returned.tolist())
    elif isinstance(returned, (list, tuple)):
        values = list(returned)
    elif hasattr(returned, "tolist") and hasattr(returned, "shape"):
        values = from_array(returned)
    else:
        raise UnusableError(f"a {type(returned).__name__}; a Series, an array, a list or a DataFrame is expected")
    if len(values) != len(known):
        raise UnusableError(f"{len(values)} values for {len(known)} rows of score")
    return values


def from_frame(frame: Any, known: list[Any], request: dict[str, Any]) -> list[Any]:
    id_column = request["id_column"]
    if id_column in frame.columns and len(frame.columns) == 2:
        (other,) = [name for name in frame.columns if name != id_column]
        by_id = frame.set_index(id_column)[other]
        if not by_id.index.is_unique:
            raise UnusableError("a DataFrame in which an id occurs twice")
        missing = [key for key in known if key not in by_id.index]
        if missing:
            raise UnusableError(f"a DataFrame without the id {str(missing[0])[:40]!r} and {len(missing) - 1} others")
        return list(by_id.reindex(known).tolist())
    if len(frame.columns) == 1:
        return list(frame.iloc[:, 0].tolist())
    columns = [str(name)[:40] for name in list(frame.columns)[:8]]
    raise UnusableError(f"a DataFrame with the columns {columns}; {id_column} and one more are expected")


def from_array(array: Any) -> list[Any]:
    if len(array.shape) == 2 and array.shape[1] == 1:
        array = array.reshape(-1)
    if len(array.shape) != 1:
        raise UnusableError(f"an array of shape {tuple(array.shape)}; one value for each row is expected")
    return list(array.tolist())


def write(path: str, request: dict[str, Any], ids: Sequence[str], values: Sequence[Any]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([request["id_column"], request["value_column"]])
        writer.writerows([key, as_text(value)] for key, value in zip(ids, values, strict=True))


def as_text(value: object) -> str:
    if isinstance(value, (int, float)):
        return repr(float(value))
    return str(value)[:60]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
