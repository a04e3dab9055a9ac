"""Whether a table comes out the same however often, in whatever order and for however few rows it is built."""

import csv
import io
from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.failures import explain
from checks.predicted import NoPredictions, find_predictions, without_predictions
from checks.returned_tables import ReturnedTable, read_golden, read_returned, same_cell
from checks.table_scores import match
from checks.tables import LabelsError
from harness.model.answers import TableAnswer
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.pack import Pack
from harness.model.record import Record, Share
from harness.model.run import PROBE_ROWS, SandboxLost, StepResult, TimedOut

ID = "rebuilds"
MAX_ROWS_BYTES = 60_000_000


class Settings(Record):
    """What counts as the same table."""

    same: Share = Field(default=0.999, description="Share of the rows that have to be what they were.")
    right: Share = Field(default=0.1, description="Only rows that were right the first time count; such a share is needed.")


@dataclass(frozen=True)
class _Way:
    """One way of building again: its weight, the rule it breaks, and what that means."""

    weight: float
    rule: str
    message: str
    fix: str


_WAYS = {
    "twice": _Way(
        2.0, "not_idempotent", "A second build in the same place gives another table", "write whole files, never append"
    ),
    "shuffled_input": _Way(
        2.0,
        "depends_on_order",
        "Another order of the input's rows and files, and one file more that came before, give another table",
        "let ids, revisions and times decide, never the place in a file or its name",
    ),
    "backfill": _Way(
        2.0,
        "backfill_differs",
        "The rows of one day, built alone, are not what they were",
        "let no row depend on other rows asked",
    ),
    "resumed": _Way(
        1.0, "not_resumable", "After a build that was killed half-way, the next one gives another table", "publish by renaming"
    ),
}


@dataclass(frozen=True)
class _Compared:
    kind: str
    share: float | None
    finding: Finding | None = None
    why: str = ""
    fault: Fault = Fault.PACK


@check("The same table however it is built", group="run", settings=Settings)
def rebuilds(evidence: Evidence, settings: Settings) -> CheckResult:
    """The table is built again: in the same place, after a kill, from input in another order, and for one day alone.

    Each row has to be what it was, under whatever id it is asked for. Only rows that were right the first time are
    compared, since an empty table is always equal to itself; with too few of them nothing is credited. It cannot see
    what would happen with other data than this.
    """
    pack = evidence.pack
    if pack is None or not isinstance(pack.answer, TableAnswer) or evidence.runs is None or evidence.reference is None:
        return not_measured(ID, Fault.UNSUPPORTED, "There is no table to build here.")
    found = find_predictions(evidence, pack)
    if isinstance(found, NoPredictions):
        return without_predictions(ID, found)
    try:
        golden = read_golden(evidence.reference.labels, pack.answer, pack.data.id_column)
    except LabelsError as error:
        return not_measured(ID, Fault.PACK, f"The golden table cannot be used: {error}.")
    first = read_returned(found, pack.answer, golden.ids)
    right = {key for key, good in zip(golden.ids, match(golden, first, pack.answer).rows, strict=True) if good}
    if len(right) < settings.right * len(golden.ids):
        return judged(
            ID, 0.0, f"Only {len(right)} rows were right at first, so that a table which stays as it is proves nothing."
        )
    steps = [step for step in evidence.runs.probes if step.altered and step.altered.kinds[0] in _WAYS]
    compared = [_compare(evidence, pack, step, first, right, settings) for step in steps]
    return _result(compared)


def _result(compared: list[_Compared]) -> CheckResult:
    measured = [one for one in compared if one.share is not None]
    if not measured:
        why = compared[0].why if compared else "no further build was run"
        return not_measured(ID, compared[0].fault if compared else Fault.PACK, f"Nothing was built again: {why}.")
    total = sum(_WAYS[one.kind].weight for one in measured)
    score = sum(_WAYS[one.kind].weight for one in measured if one.finding is None) / total
    bad = [one.kind.replace("_", " ") for one in measured if one.finding]
    ways = f"{len(measured) - len(bad)} of {len(measured)} ways of building again"
    summary = f"The table is the same after {ways}" + (f"; not after: {', '.join(bad)}." if bad else ".")
    measurements = tuple(Measurement(name=f"rebuilt_{one.kind}", value=one.share or 0.0) for one in measured)
    return judged(ID, score, summary, tuple(one.finding for one in measured if one.finding), measurements)


def _compare(
    evidence: Evidence, pack: Pack, step: StepResult, first: ReturnedTable, right: set[str], settings: Settings
) -> _Compared:
    kind = step.altered.kinds[0] if step.altered else ""
    way = _WAYS[kind]
    if isinstance(step.outcome, SandboxLost):
        return _Compared(kind, None, why=step.outcome.sentence(), fault=Fault.HARNESS)
    if isinstance(step.outcome, TimedOut) and not _busy(step):
        why = f"{step.name} {step.outcome.sentence()} without having had the processor for half of it"
        return _Compared(kind, None, why=why, fault=Fault.HARNESS)
    if not step.outcome.succeeded:
        failure = explain(evidence, step)
        if not failure.lowers:
            return _Compared(kind, None, why=failure.sentence, fault=failure.fault)
        return _Compared(kind, 0.0, _finding(way, step, f"the build {failure.sentence.rstrip('.')}"))
    bases = _bases(evidence, step)
    answer = pack.answer
    assert isinstance(answer, TableAnswer)  # noqa: S101 - told before
    data = evidence.read_artifact(step.name, answer.file, answer.max_mb * 1_000_000)
    if bases is None:
        return _Compared(kind, None, why="the account of its rows is not there", fault=Fault.HARNESS)
    if data is None:
        return _Compared(kind, 0.0, _finding(way, step, f"it left no {answer.file}"))
    again = read_returned(data, answer, bases)
    wanted = {key: base for key, base in bases.items() if base in right}
    if not wanted:
        return _Compared(kind, None, why="none of its rows was right at first", fault=Fault.SUBMISSION)
    differing = [key for key, base in wanted.items() if not _same(answer, first.rows[base], again.rows.get(key))]
    share = 1 - len(differing) / len(wanted)
    if share >= settings.same:
        return _Compared(kind, share)
    seen = f"{len(differing):,} of {len(wanted):,} rows that were right at first"
    if again.unreadable or again.problems:
        problem = again.unreadable or again.problems[0]
        seen += f"; {problem.message} ({problem.count:,} times)"
    return _Compared(kind, share, _finding(way, step, seen))


def _busy(step: StepResult) -> bool:
    """Whether the time was used up by working. The first build kept within it, so that a starved machine is likelier."""
    return step.cpu_s is not None and step.cpu_s >= step.limits.wall_s / 2


def _same(answer: TableAnswer, before: tuple[str, ...], now: tuple[str, ...] | None) -> bool:
    return now is not None and all(map(same_cell, answer.columns, before, now))


def _bases(evidence: Evidence, step: StepResult) -> dict[str, str] | None:
    data = evidence.read_artifact(step.name, PROBE_ROWS, MAX_ROWS_BYTES)
    if data is None:
        return None
    return {row["id"]: row["base_id"] for row in csv.DictReader(io.StringIO(data.decode("utf-8")))}


def _finding(way: _Way, step: StepResult, seen: str) -> Finding:
    return Finding(
        check=ID,
        severity=Severity.MAJOR,
        rule=way.rule,
        message=f"{way.message}.",
        where=Where(step=step.name),
        seen=seen,
        expected="every row as it was",
        fix=way.fix,
        level=Level.BEHAVIOUR,
    )
