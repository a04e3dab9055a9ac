"""What is written of a call, and where: one line of JSON for each, at once, so that a crash loses nothing.

The file is opened for every line. A descriptor that stayed open could be closed by the submission and come back as one of
its own files.
"""

import json
import os
import sys
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any

from .rows import RowReader, Table

WORK = os.environ.get("HARNESS_TRACE_WORK", "/work") + "/"
OURS = os.path.dirname(os.path.abspath(__file__))
MAX_FILE_BYTES = 2_000_000
MAX_EVENTS, MAX_EVENTS_OF_A_LINE = 4_000, 60
MAX_CLASSES, MAX_LABELS = 12, 500_000
PARAMETERS = (
    "class_weight", "scale_pos_weight", "is_unbalance", "auto_class_weights", "random_state", "sampling_strategy",
    "early_stopping", "n_splits", "shuffle", "scoring", "n_iter", "best_score_",
)  # fmt: skip
NAMED = ("average", "pos_label", "stratify", "shuffle", "random_state", "test_size", "train_size", "scoring", "cv", "groups")


class Journal:
    """The trace of one process."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.free = True
        """False while a call is noted or runs: what happens then belongs to that call."""
        self.reader = RowReader()
        self.number = 0
        self.tables_written: dict[str, int] = {}
        self.nested: dict[str, int] = {}
        self.objects: dict[int, tuple[Any, int]] = {}
        self.outputs: list[tuple[Any, int]] = []
        self.met: dict[tuple[Any, ...], int] = {}
        self.write({"kind": "start", "pid": os.getpid(), "program": program()})

    def stop(self) -> None:
        """In a forked child: its calls belong to whoever forked it."""
        self.free = False

    def safely(self, work: Callable[..., Any], *given: Any) -> Any:
        """Whatever goes wrong in noting must not reach the code that is noted."""
        try:
            return work(*given)
        except Exception as problem:
            self.write({"kind": "problem", "type": type(problem).__name__})
            return None

    def count(self, kind: str, positional: tuple[Any, ...]) -> None:
        """A call within a call."""
        if kind != "metric":
            name = f"{kind}:{type(positional[0]).__name__}" if positional else kind
            self.nested[name] = self.nested.get(name, 0) + 1

    def before(self, kind: str, name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> "Note | None":
        """The first half of an event: what was called, on what, from where."""
        place = place_of_call()
        if self.number >= MAX_EVENTS or self.seen_enough(kind, name, place):
            return None
        self.number += 1
        self.nested = {}
        event: dict[str, Any] = {"kind": kind, "number": self.number, "function": name, **place}
        asked = {key: plain(named[key]) for key in NAMED if key in named}
        if asked:
            event["asked"] = asked
        note = Note(event)
        if kind in ("split", "metric"):
            note.describe_arrays(self, positional, named)
        else:
            note.describe_call(self, positional, named)
        return note

    def seen_enough(self, kind: str, name: str, place: dict[str, Any]) -> bool:
        """A call in a long loop is noted some dozens of times, and then the loop is left alone."""
        key = (kind, name, *place.values())
        self.met[key] = self.met.get(key, 0) + 1
        if self.met[key] == MAX_EVENTS_OF_A_LINE + 1:
            self.write({"kind": "many", "function": name, **place})
        return self.met[key] > MAX_EVENTS_OF_A_LINE

    def after(self, note: "Note", result: Any) -> None:
        """The second half: what came of it."""
        event = note.event
        if self.nested:
            event["nested"] = dict(sorted(self.nested.items())[:40])
        note.describe_result(self, result)
        self.write(event)

    def table(self, table: Table | None) -> int | None:
        """The number under which a table was written; equal tables are written once."""
        if table is None:
            return None
        record = table.as_record(sys.modules["numpy"])
        key = json.dumps(record, sort_keys=True)
        if key not in self.tables_written:
            self.tables_written[key] = len(self.tables_written) + 1
            self.write({"kind": "table", "table": self.tables_written[key], **record})
        return self.tables_written[key]

    def object_number(self, thing: Any) -> int:
        """The same for the same object, for as long as it lives."""
        known = self.objects.get(id(thing))
        if known is not None and known[0]() is thing:
            return known[1]
        self.objects[id(thing)] = weakref.ref(thing), self.number
        return self.number

    def write(self, record: dict[str, Any]) -> None:
        line = json.dumps(record, separators=(",", ":"), default=lambda value: type(value).__name__) + "\n"
        try:
            size = os.stat(self.path).st_size if os.path.exists(self.path) else 0
            if size + len(line) > MAX_FILE_BYTES:
                return
            with open(self.path, "a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(line)
        except OSError:
            return


class Note:
    """An event in the making, and the tables its second half needs."""

    def __init__(self, event: dict[str, Any]) -> None:
        self.event = event
        self.subject: Any = None
        self.given: Table | None = None

    def describe_call(self, journal: Journal, positional: tuple[Any, ...], named: dict[str, Any]) -> None:
        """A method of an estimator, or a function of cross-validation: (estimator, X, y)."""
        self.subject = positional[0] if positional else named.get("estimator")
        data = positional[1] if len(positional) > 1 else named.get("X")
        target = positional[2] if len(positional) > 2 else named.get("y")
        self.event.update(describe_object(self.subject), object=journal.object_number(self.subject))
        self.given = journal.reader.read(data)
        self.event["rows"] = journal.table(self.given)
        self.event["balance"] = balance(target)
        if named.get("sample_weight") is not None:
            self.event["weighted"] = True

    def describe_arrays(self, journal: Journal, positional: tuple[Any, ...], named: dict[str, Any]) -> None:
        """train_test_split(*arrays) and metric(y_true, y_score): no object, one array after the other."""
        if self.event["kind"] == "split":
            self.given = journal.reader.read(positional[0]) if positional else None
            self.event["rows"] = journal.table(self.given)
            self.event["balance"] = balance(positional[1]) if len(positional) > 1 else None
            return
        truth = positional[0] if positional else named.get("y_true")
        guess = positional[1] if len(positional) > 1 else named.get("y_pred", named.get("y_score", named.get("y_proba")))
        self.event["balance"] = balance(truth)
        self.event["of"] = prediction_behind(guess, journal.outputs)

    def describe_result(self, journal: Journal, result: Any) -> None:
        kind, event = self.event["kind"], self.event
        if kind == "split" and isinstance(result, list) and len(result) >= 2:
            event["train"] = journal.table(journal.reader.read(result[0]))
            event["test"] = journal.table(journal.reader.read(result[1]))
        elif kind == "resample" and isinstance(result, tuple) and len(result) >= 2:
            event["made"] = journal.table(journal.reader.read(result[0]))
            event["balance_after"] = balance(result[1])
        elif kind == "transform" or event["function"] == "fit_transform":
            journal.reader.link(self.given, result)
        elif kind == "predict":
            remember_output(journal.outputs, result, event["number"])
        elif kind in ("metric", "score"):
            event["value"] = number(result)
        elif kind == "validate":
            event["values"] = fold_values(result)
        if kind == "fit":
            event.update(describe_object(self.subject))


def describe_object(thing: Any) -> dict[str, Any]:
    """Class, what it can do, the steps or the estimator within it, and the settings that matter for judging."""
    own = getattr(thing, "__dict__", None) or {}
    kinds = (("fit_resample", "sampler"), ("predict", "model"), ("transform", "transformer"), ("split", "splitter"))
    found: dict[str, Any] = {"class": type(thing).__name__, "module": str(type(thing).__module__)[:80]}
    found["role"] = next((role for method, role in kinds if getattr(type(thing), method, None) is not None), "other")
    parts = own.get("steps") or own.get("transformers") or own.get("estimators")
    if isinstance(parts, (list, tuple)):
        found["parts"] = [type(part[1]).__name__ for part in parts[:20] if isinstance(part, tuple) and len(part) > 1]
    inner = own.get("best_estimator_", own.get("estimator", own.get("base_estimator")))
    if inner is not None:
        found["inner"] = type(inner).__name__
    settings = {name: plain(own[name]) for name in PARAMETERS if own.get(name) is not None}
    if settings:
        found["settings"] = settings
    return found


def balance(target: Any) -> dict[str, Any] | None:
    """How many rows of each class there are, where there are few classes."""
    numpy = sys.modules.get("numpy")
    if target is None or numpy is None or not hasattr(target, "__len__") or not 0 < len(target) <= MAX_LABELS:
        return None
    values = numpy.asarray(target)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1 or (values.dtype.kind == "O" and len(values) > 100_000):
        return None
    classes, counts = numpy.unique(values.astype(str) if values.dtype.kind == "O" else values, return_counts=True)
    if len(classes) > MAX_CLASSES:
        return {"rows": len(values)}
    counted = zip(classes.tolist(), counts.tolist())  # noqa: B905 - equally long
    return {"rows": len(values), "classes": {str(name)[:40]: count for name, count in counted}}


def remember_output(outputs: list[tuple[Any, int]], result: Any, event: int) -> None:
    try:
        outputs.append((weakref.ref(result), event))
    except TypeError:
        return
    del outputs[:-24]


def prediction_behind(guess: Any, outputs: list[tuple[Any, int]]) -> int | None:
    """The event whose output this is, or is a view of."""
    for _ in range(6):
        for reference, event in reversed(outputs):
            if guess is not None and reference() is guess:
                found: int = event
                return found
        guess = getattr(guess, "base", None)
    return None


def fold_values(result: Any) -> list[float | None] | None:
    scores: Any = result.get("test_score") if isinstance(result, dict) else result
    if getattr(scores, "ndim", 0) != 1 or len(scores) > 200:
        return None
    return [number(value) for value in scores]


def number(value: Any) -> float | None:
    """A finite number, or None."""
    if getattr(value, "ndim", 0) == 0 and isinstance(value, (int, float)) and abs(value) < 1e300:
        return float(value)
    return None


def plain(value: Any) -> Any:
    """A setting as something short that JSON has."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return value[:60]
    if isinstance(value, dict) and len(value) <= 12:
        return {str(key)[:40]: plain(item) for key, item in value.items()}
    return type(value).__name__


def place_of_call() -> dict[str, Any]:
    """File and line of the submission's own code, or the number of the cell that runs."""
    frame: FrameType | None = sys._getframe(4)
    for _ in range(60):
        if frame is None:
            return {}
        name = frame.f_code.co_filename
        if "ipykernel_" in name or name.startswith("<ipython-input"):
            return {"cell_run": cell_run(), "line": frame.f_lineno}
        if name.startswith(WORK) and not name.startswith(OURS):
            return {"file": name[len(WORK) :], "line": frame.f_lineno}
        frame = frame.f_back
    return {}


def cell_run() -> int:
    """Which execution this is in the kernel: 1 for the first cell that ran."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return int(getattr(shell, "execution_count", 0) or 0)


def program() -> str:
    return " ".join(str(word) for word in getattr(sys, "orig_argv", sys.argv)[1:4])[:200]
