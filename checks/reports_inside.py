"""Strict reading of the small JSON files that our programs inside the sandbox leave behind.

They come out of a place where a candidate's code ran, so they are a claim: sizes, types and depth are checked here, every
string is cleaned, and whatever does not fit is as good as absent.
"""

import json
from dataclasses import dataclass
from typing import Any

from harness.model.evidence import Evidence
from harness.model.text import clean, one_line

MAX_REPORT_BYTES = 2_000_000
MAX_CELLS = 5_000
MAX_RESULTS = 20_000


@dataclass(frozen=True)
class CellRun:
    """One executed cell, by its index among all cells."""

    index: int
    seconds: float
    state: str
    """done, error, timed_out, kernel_died or not_run."""


@dataclass(frozen=True)
class NotebookReport:
    """notebook.json: how a notebook went."""

    state: str
    cells: tuple[CellRun, ...]
    error_cell: int | None = None
    error_line: int | None = None
    error_type: str = ""
    error_message: str = ""


@dataclass(frozen=True)
class TestRun:
    """One test as pytest met it; `ran` when its function was truly entered."""

    __test__ = False

    file: str
    name: str
    outcome: str
    ran: bool


@dataclass(frozen=True)
class TestsReport:
    """tests.json: what pytest collected, how each test ended, and which lines of the submission were executed."""

    __test__ = False

    exit_code: int
    complete: bool
    results: tuple[TestRun, ...]
    collection_errors: tuple[tuple[str, str], ...]
    """File and first line of the error."""
    covered: dict[str, tuple[frozenset[int], frozenset[int]]]
    """By file: lines that ran, and lines that could have."""


def read_notebook_report(evidence: Evidence, step: str) -> NotebookReport | None:
    document = document_of(evidence, step, "notebook.json")
    if document is None or not isinstance(document.get("cells"), list):
        return None
    cells = tuple(
        CellRun(index, _number(one.get("seconds")), _word(one.get("state")))
        for one in document["cells"][:MAX_CELLS]
        if isinstance(one, dict) and (index := _whole(one.get("index"))) is not None
    )
    error = document.get("error")
    error = error if isinstance(error, dict) else {}
    line = _whole(error.get("line"))
    return NotebookReport(
        _word(document.get("state")),
        cells,
        _whole(error.get("cell")),
        line if line else None,
        _word(error.get("type")),
        _text(error.get("message")),
    )


def read_tests_report(evidence: Evidence) -> TestsReport | None:
    document = document_of(evidence, "tests", "tests.json")
    if document is None or not isinstance(document.get("results"), list):
        return None
    results = tuple(
        TestRun(_path(one.get("file")), _word(one.get("name")), _word(one.get("outcome")), one.get("ran") is True)
        for one in document["results"][:MAX_RESULTS]
        if isinstance(one, dict)
    )
    raw_errors = document.get("errors")
    errors = tuple(
        (_path(one.get("file")), _text(one.get("message")))
        for one in (raw_errors[:200] if isinstance(raw_errors, list) else [])
        if isinstance(one, dict)
    )
    exit_code = _whole(document.get("exit"))
    return TestsReport(
        -1 if exit_code is None else exit_code, document.get("complete") is True, results, errors, _coverage(document)
    )


def _coverage(document: dict[str, Any]) -> dict[str, tuple[frozenset[int], frozenset[int]]]:
    files = document.get("coverage")
    if not isinstance(files, dict):
        return {}
    return {
        _path(name): (_lines(lines.get("ran")), _lines(lines.get("could")))
        for name, lines in list(files.items())[:2000]
        if isinstance(lines, dict)
    }


def _lines(value: object) -> frozenset[int]:
    if not isinstance(value, list):
        return frozenset()
    return frozenset(one for one in value[:200_000] if isinstance(one, int) and not isinstance(one, bool))


def document_of(evidence: Evidence, step: str, name: str) -> dict[str, Any] | None:
    data = evidence.read_artifact(step, name, MAX_REPORT_BYTES)
    if data is None:
        return None
    try:
        document = json.loads(data.decode("utf-8", errors="replace"), parse_constant=lambda text: None)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _whole(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000_000:
        return value
    return None


def _number(value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e7:
        return float(value)
    return 0.0


def _word(value: object) -> str:
    return one_line(value, 200) if isinstance(value, str) else ""


def _path(value: object) -> str:
    return one_line(value, 400) if isinstance(value, str) else ""


def _text(value: object) -> str:
    return clean(value, 600) if isinstance(value, str) else ""
