"""Strict reading of trace.jsonl: what the tracer inside the sandbox noted of splits, fits, resamplings, scores.

It was written in a process in which a candidate's code ran, so it is a claim. It may raise or clear a doubt and lift a
live call (E1) to an executed one (E2); it never earns points alone. Sizes, types and counts are checked here, every text
is cleaned, and a line that does not fit is left out.
"""

import json
import math
from dataclasses import dataclass, field
from typing import Any

from harness.model.evidence import MAX_NOTEBOOK_BYTES, Evidence
from harness.model.finding import Where
from harness.model.text import one_line

FILE = "trace.jsonl"
MAX_BYTES, MAX_LINES, MAX_DIGITS = 2_100_000, 12_000, 12 * 600
KINDS = frozenset({"many", "fit", "resample", "transform", "predict", "score", "split", "folds", "validate", "metric"})
_DIGITS = 12


@dataclass(frozen=True)
class TracedRows:
    """The rows of one table: how many, and a sample of them by content and by index label."""

    rows: int
    columns: int
    names: tuple[str, ...] = ()
    content: frozenset[int] | None = None
    bits: int = 0
    """How many low bits are zero in every hash of the sample."""
    distinct: float = 1.0
    linked: bool = False
    """Whether the hashes are those of the rows that went into an earlier transformation."""
    labels: frozenset[int] | None = None
    label_bits: int = 0
    plain: bool = False
    """Whether the labels merely count the rows from 0."""


@dataclass(frozen=True)
class TracedCall:
    """One call that the submission made itself."""

    kind: str
    number: int
    function: str
    cls: str = ""
    module: str = ""
    role: str = ""
    """model, transformer, sampler, splitter or other."""
    subject: int | None = None
    """The same for calls on the same object."""
    parts: tuple[str, ...] = ()
    """Classes of a pipeline's steps, or of what lies within a column transformer or an ensemble."""
    inner: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    rows: TracedRows | None = None
    train: TracedRows | None = None
    test: TracedRows | None = None
    made: TracedRows | None = None
    balance: dict[str, int] = field(default_factory=dict)
    balance_after: dict[str, int] = field(default_factory=dict)
    weighted: bool = False
    of: int | None = None
    """For a metric: the number of the prediction that it was computed from."""
    value: float | None = None
    values: tuple[float, ...] = ()
    nested: dict[str, int] = field(default_factory=dict)
    """How often a library called what within this call, as `fit:StandardScaler`."""
    file: str = ""
    line: int | None = None
    cell_run: int | None = None
    """Which execution in the kernel it belongs to: 1 for the first cell that ran."""


@dataclass(frozen=True)
class Trace:
    """All calls of one step, in order."""

    step: str
    target: str | None
    calls: tuple[TracedCall, ...]
    cells: tuple[int, ...] = ()
    """Index of the cell of each execution, counting all cells from 0."""

    def of_kind(self, *kinds: str) -> tuple[TracedCall, ...]:
        return tuple(call for call in self.calls if call.kind in kinds)

    @property
    def loops(self) -> tuple[TracedCall, ...]:
        """Places that made the same call so often that the tracer left off noting it."""
        return self.of_kind("many")

    def where(self, call: TracedCall) -> Where:
        """The call's place in the submission."""
        if call.cell_run and call.cell_run <= len(self.cells):
            return Where(path=self.target, cell=self.cells[call.cell_run - 1], line=call.line, step=self.step)
        return Where(path=call.file or None, line=call.line if call.file else None, step=self.step)


def read_trace(evidence: Evidence, step: str) -> Trace | None:
    """What was traced in this step; None when there is no trace."""
    data = evidence.read_artifact(step, FILE, MAX_BYTES)
    if data is None:
        return None
    target = next((one.target for one in evidence.runs.steps if one.name == step), None) if evidence.runs else None
    return Trace(step, target, _calls(data), _cells(evidence, target))


def read_traces(evidence: Evidence) -> tuple[Trace, ...]:
    """The traces of every step that has one, but for further runs that only probe."""
    steps = evidence.runs.steps if evidence.runs else ()
    found = (read_trace(evidence, step.name) for step in steps if not step.name.startswith("probe"))
    return tuple(trace for trace in found if trace is not None)


def _calls(data: bytes) -> tuple[TracedCall, ...]:
    tables: dict[int, TracedRows] = {}
    calls: list[TracedCall] = []
    offset = 0
    for line in data.split(b"\n", MAX_LINES)[:MAX_LINES]:
        record = _record(line)
        if record.get("kind") == "start":
            tables, offset = {}, max((call.number for call in calls), default=0)
        elif record.get("kind") == "table" and (number := _whole(record.get("table"))) is not None:
            tables[number] = _rows(record)
        elif record.get("kind") in KINDS:
            calls.append(_call(record, tables, offset))
    return tuple(calls)


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8", errors="replace"), parse_constant=lambda text: None)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _call(record: dict[str, Any], tables: dict[int, TracedRows], offset: int) -> TracedCall:
    """Numbers go on from one process of the step to the next."""

    def numbered(name: str) -> int | None:
        value = _whole(record.get(name))
        return None if value is None else value + offset

    def table(name: str) -> TracedRows | None:
        value = _whole(record.get(name))
        return None if value is None else tables.get(value)

    parts, values = record.get("parts"), record.get("values")
    return TracedCall(
        kind=str(record["kind"]),
        number=numbered("number") or offset,
        function=_word(record.get("function")),
        cls=_word(record.get("class")),
        module=_word(record.get("module")),
        role=_word(record.get("role")),
        subject=numbered("object"),
        parts=tuple(_word(part) for part in parts[:20]) if isinstance(parts, list) else (),
        inner=_word(record.get("inner")),
        settings=_settings(record.get("settings")),
        asked=_settings(record.get("asked")),
        rows=table("rows"),
        train=table("train"),
        test=table("test"),
        made=table("made"),
        balance=_balance(record.get("balance")),
        balance_after=_balance(record.get("balance_after")),
        weighted=record.get("weighted") is True,
        of=numbered("of"),
        value=_number(record.get("value")),
        values=tuple(one for value in values[:200] if (one := _number(value)) is not None) if isinstance(values, list) else (),
        nested=_counts(record.get("nested")),
        file=_word(record.get("file")),
        line=_whole(record.get("line")) or None,
        cell_run=_whole(record.get("cell_run")),
    )


def _rows(record: dict[str, Any]) -> TracedRows:
    names = record.get("names")
    distinct = _number(record.get("distinct"))
    return TracedRows(
        rows=_whole(record.get("rows")) or 0,
        columns=_whole(record.get("columns")) or 0,
        names=tuple(_word(name) for name in names[:40]) if isinstance(names, list) else (),
        content=_hashes(record.get("content")),
        bits=min(40, _whole(record.get("bits")) or 0),
        distinct=1.0 if distinct is None else min(1.0, max(0.0, distinct)),
        linked=record.get("linked") is True,
        labels=_hashes(record.get("labels")),
        label_bits=min(40, _whole(record.get("label_bits")) or 0),
        plain=record.get("plain") is True,
    )


def _hashes(value: object) -> frozenset[int] | None:
    if not isinstance(value, str) or len(value) > MAX_DIGITS or len(value) % _DIGITS:
        return None
    try:
        return frozenset(int(value[at : at + _DIGITS], 16) for at in range(0, len(value), _DIGITS))
    except ValueError:
        return None


def _balance(value: object) -> dict[str, int]:
    classes = value.get("classes") if isinstance(value, dict) else None
    return _counts(classes)


def _counts(value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        return {}
    return {_word(name): count for name, raw in list(value.items())[:40] if (count := _whole(raw)) is not None}


def _settings(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    return {_word(name): _plain(one) for name, one in list(value.items())[:20]}


def _plain(value: object) -> Any:
    if isinstance(value, dict):
        return {_word(name): _plain(one) for name, one in list(value.items())[:12] if not isinstance(one, dict)}
    if isinstance(value, bool) or value is None:
        return value
    return _word(value) if isinstance(value, str) else _number(value)


def _word(value: object) -> str:
    return one_line(value, 200) if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000_000 else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e300 or math.isnan(value):
        return None
    return float(value)


def _cells(evidence: Evidence, target: str | None) -> tuple[int, ...]:
    """Indices of the cells that a kernel executes: code, and not empty."""
    text = evidence.read_text(target, MAX_NOTEBOOK_BYTES) if target and target.endswith(".ipynb") else None
    try:
        document = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return ()
    cells = document.get("cells") if isinstance(document, dict) else None
    if cells is None and isinstance(document, dict) and isinstance(document.get("worksheets"), list):
        cells = [cell for sheet in document["worksheets"] if isinstance(sheet, dict) for cell in sheet.get("cells") or ()]
    return tuple(index for index, cell in enumerate(cells if isinstance(cells, list) else ()) if _runs(cell))


def _runs(cell: object) -> bool:
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return False
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return isinstance(source, str) and bool(source.strip())
