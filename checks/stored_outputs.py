"""Stored outputs of a notebook against those of our own execution: do the numbers come back?

Numbers are compared cell by cell. Lines that tell of time, memory or addresses are left out, since no two runs agree on
them. What was edited by hand, or belongs to another state of the code, shows up here.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harness.model.evidence import MAX_NOTEBOOK_BYTES, Evidence
from harness.model.run import StepResult

AGREES = 0.01
MAX_CELLS, MAX_TEXT, MAX_NUMBERS = 2_000, 200_000, 2_000
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w.]|\d)")
_UNSTEADY = re.compile(
    r"(?i)\b(?:time|times|elapsed|wall|cpu|secs?|seconds?|ms|µs|us|min|minutes?|it/s|s/it|memory|[km]b|date|version|pid|warn\w*)\b"
    r"|0x[0-9a-f]{4,}|\d\d:\d\d|\d{4}-\d\d-\d\d|/(?:home|tmp|usr|Users|content|work)/|s/step|ms/step"
)


@dataclass(frozen=True)
class CellNumbers:
    """One cell whose numbers were stored and came again."""

    cell: int
    compared: int
    differing: int
    stored: float | None = None
    """The first number that differs, as stored and as it came again."""
    again: float | None = None


@dataclass(frozen=True)
class Comparison:
    """All cells of one notebook that could be compared."""

    notebook: str
    step: str
    cells: tuple[CellNumbers, ...]
    not_comparable: int
    """Cells whose outputs have another shape than the stored ones."""

    @property
    def compared(self) -> int:
        return sum(cell.compared for cell in self.cells)

    @property
    def agreeing(self) -> float:
        return 1 - sum(cell.differing for cell in self.cells) / self.compared if self.compared else 1.0


def compare_outputs(evidence: Evidence, step: StepResult) -> Comparison | None:
    """None when the notebook had no stored numbers, or there is no execution to compare with."""
    if step.target is None:
        return None
    stored = _outputs(evidence.read_text(step.target, MAX_NOTEBOOK_BYTES))
    data = evidence.read_artifact(step.name, "executed.ipynb", MAX_NOTEBOOK_BYTES)
    again = _outputs(data.decode("utf-8", errors="replace") if data is not None else None)
    cells, odd = [], 0
    for index, text in stored.items():
        before, now = _numbers(text), _numbers(again.get(index, ""))
        if not before or index not in again:
            continue
        if len(before) != len(now):
            odd += 1
        else:
            cells.append(_compared(index, before, now))
    return Comparison(step.target, step.name, tuple(cells), odd) if cells or odd else None


def _compared(index: int, before: list[float], now: list[float]) -> CellNumbers:
    pairs = [(one, other) for one, other in zip(before, now, strict=True) if not _agree(one, other)]
    first = pairs[0] if pairs else (None, None)
    return CellNumbers(index, len(before), len(pairs), *first)


def _agree(stored: float, again: float) -> bool:
    return math.isclose(stored, again, rel_tol=AGREES, abs_tol=1e-9)


def _numbers(text: str) -> list[float]:
    steady = "\n".join(line for line in text[:MAX_TEXT].splitlines() if not _UNSTEADY.search(line))
    found = [float(match.group()) for match, _ in zip(_NUMBER.finditer(steady), range(MAX_NUMBERS), strict=False)]
    return [value for value in found if math.isfinite(value)]


def _outputs(text: str | None) -> dict[int, str]:
    """Text that each code cell put out, by the cell's index among all cells."""
    try:
        document = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return {}
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        return {}
    found = {index: "\n".join(_texts(cell)) for index, cell in enumerate(cells[:MAX_CELLS]) if isinstance(cell, dict)}
    return {index: output for index, output in found.items() if output.strip()}


def _texts(cell: dict[str, Any]) -> Iterator[str]:
    outputs = cell.get("outputs") if cell.get("cell_type") == "code" else None
    for output in outputs[:300] if isinstance(outputs, list) else ():
        if not isinstance(output, dict) or output.get("name") == "stderr" or output.get("output_type") == "error":
            continue
        data = output.get("data")
        yield _joined(output.get("text", data.get("text/plain") if isinstance(data, dict) else ""))


def _joined(value: object) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
