"""Whether the submission's SQL gives the right rows, and at what cost."""

import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from checks.base import NoSettings, check, judged, not_measured
from checks.returned_tables import read_columns, same_cell
from checks.tables import Problem
from harness.model.answers import TableColumn
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.pack import SqlQuestion
from harness.model.record import Record
from harness.model.run import OutOfMemory, StepResult, TimedOut
from harness.model.text import one_line

ID = "sql_answers"
STEP = "sql"
MAX_MB = 20
HALF = 0.5
"""What a question is worth at most while some of its rows are wrong."""


class Told(Record):
    """What the program in the sandbox says of one statement."""

    file: str
    state: str
    message: str = ""
    steps: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)
    plan: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Judged:
    question: SqlQuestion
    score: float
    told: Told
    finding: Finding | None = None


@check("Questions answered in SQL", group="result", settings=NoSettings)
def sql_answers(evidence: Evidence, settings: NoSettings) -> CheckResult:
    """Each SELECT statement is put to a database with other groups under other names, and its rows are compared.

    Order does not count; every expected row has to be there, and no other. The cost is counted in instructions of the
    database engine, the same on every machine; a statement that needs more than its budget is interrupted and gives
    nothing. The plan is shown as the engine tells it. It cannot see whether a statement is easy to read.
    """
    del settings
    pack, runs, reference = evidence.pack, evidence.runs, evidence.reference
    part = pack.steps.sql if pack is not None else None
    if part is None or runs is None or reference is None:
        return not_measured(ID, Fault.UNSUPPORTED, "No questions in SQL were put here.")
    step, skipped = runs.step(STEP), runs.why_absent(STEP)
    if step is None:
        if skipped is not None and skipped.fault == "submission":
            message = f"No question is answered: {skipped.reason}."
            return judged(ID, 0.0, message, (_finding("absent", Severity.MAJOR, message, part.questions[0].file),))
        return not_measured(ID, Fault.HARNESS, "The statements were not put to the database.")
    told = _told(evidence)
    if not step.outcome.succeeded and len(told) < len(part.questions) and not _own_doing(step):
        return not_measured(
            ID, Fault.HARNESS, f"The step {STEP} {step.outcome.sentence()}, and not by what the statements took."
        )
    judgements = [
        _judge(evidence, question, number, told.get(question.file), reference.labels.with_name(question.expected))
        for number, question in enumerate(part.questions, start=1)
    ]
    if any(one is None for one in judgements):
        return not_measured(ID, Fault.PACK, "The expected rows of a question cannot be read.")
    return _result([one for one in judgements if one is not None])


def _own_doing(step: StepResult) -> bool:
    """Whether a statement used up the memory or the processor. Anything else that ends our own program is our affair."""
    busy = step.cpu_s is not None and step.cpu_s >= step.limits.wall_s / 2
    return isinstance(step.outcome, OutOfMemory) or step.memory_kill_seen or (isinstance(step.outcome, TimedOut) and busy)


def _told(evidence: Evidence) -> dict[str, Told]:
    """The account, as far as the step came; a statement without one was cut off."""
    data = evidence.read_artifact(STEP, "sql.json", MAX_MB * 1_000_000)
    try:
        listed = [Told.model_validate(one) for one in json.loads(data)] if data else []
    except (ValueError, TypeError, ValidationError):
        return {}
    return {one.file: one for one in listed}


def _judge(evidence: Evidence, question: SqlQuestion, number: int, told: Told | None, expected: Path) -> _Judged | None:
    if told is None:
        told = Told(file=question.file, state="failed", message="the step ended before it, at its limit of time or memory")
    if told.state == "absent":
        message = f"{question.file} is not there."
        return _Judged(question, 0.0, told, _finding("absent", Severity.MINOR, message, question.file))
    if told.state == "over_budget":
        message = f"{question.file} was interrupted after {question.most_steps:,} instructions of the database engine."
        finding = _finding("over_budget", Severity.MAJOR, message, question.file, "; ".join(told.plan[:4]))
        return _Judged(
            question, 0.0, told, finding.changed(fix="read each table once: a window in place of a sub-query for each row")
        )
    if told.state != "answered":
        message = f"{question.file} fails: {one_line(told.message, 160).rstrip('.')}."
        return _Judged(question, 0.0, told, _finding("fails", Severity.MAJOR, message, question.file))
    try:
        with expected.open(encoding="utf-8", newline="") as file:
            right = [tuple(row[column.name] for column in question.columns) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError):
        return None
    data = evidence.read_artifact(STEP, f"sql-{number}.csv", MAX_MB * 1_000_000)
    given = read_columns(data or b"", [column.name for column in question.columns], MAX_MB)
    if isinstance(given, Problem):
        message = f"{question.file} gives other columns than were asked for."
        finding = _finding("wrong_columns", Severity.MAJOR, message, question.file, given.seen)
        return _Judged(question, 0.0, told, finding.changed(expected=given.expected))
    return _compared(question, told, right, given)


def _compared(question: SqlQuestion, told: Told, right: list[tuple[str, ...]], given: list[tuple[str, ...]]) -> _Judged:
    matched = _matching(question.columns, right, given)
    share = matched / max(len(right), len(given), 1)
    if matched == len(right) == len(given):
        return _Judged(question, 1.0, told)
    message = f"{question.file} gives {len(given):,} rows, of which {matched:,} are right; {len(right):,} were expected."
    severity = Severity.MAJOR if share < HALF else Severity.MINOR
    return _Judged(question, HALF * share, told, _finding("wrong_rows", severity, message, question.file))


def _matching(columns: tuple[TableColumn, ...], right: list[tuple[str, ...]], given: list[tuple[str, ...]]) -> int:
    """How many expected rows were given, each row used once. Rows are found by their first cell, the group."""
    by_group: dict[str, list[tuple[str, ...]]] = {}
    for cells in given:
        if cells:
            by_group.setdefault(cells[0].strip(), []).append(cells)
    found: Counter[str] = Counter()
    for cells in right:
        candidates = by_group.get(cells[0].strip(), [])
        place = next((at for at, one in enumerate(candidates) if all(map(same_cell, columns, cells, one))), None)
        if place is not None:
            candidates.pop(place)
            found["matched"] += 1
    return found["matched"]


def _result(judgements: list[_Judged]) -> CheckResult:
    score = sum(one.score for one in judgements) / len(judgements)
    right = sum(one.score == 1.0 for one in judgements)
    summary = f"{right} of {len(judgements)} questions are answered right and within their budget."
    measurements = []
    for number, one in enumerate(judgements, start=1):
        measurements.append(Measurement(name=f"sql_{number}_right", value=one.score))
        measurements.append(Measurement(name=f"sql_{number}_instructions", value=float(one.told.steps)))
    return judged(ID, score, summary, tuple(one.finding for one in judgements if one.finding), tuple(measurements))


def _finding(rule: str, severity: Severity, message: str, path: str, seen: str = "") -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=Where(path=path, step=STEP),
        seen=one_line(seen, 300),
        level=Level.BEHAVIOUR,
    )
