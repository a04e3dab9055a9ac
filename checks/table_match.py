"""How much of a returned table is right, as a place on the ladder of measured solutions."""

from dataclasses import dataclass

from pydantic import Field

from checks.answers.table import METRIC
from checks.base import check, judged, not_measured
from checks.bootstrap import Interval
from checks.ladder import Ladder, build
from checks.predicted import STEP, NoPredictions, find_predictions
from checks.returned_tables import ReturnedTable, read_golden, read_returned
from checks.table_scores import Matched, match, slice_intervals
from checks.tables import LabelsError
from harness.model.answers import TableAnswer
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.record import Record, Share

ID = "table_match"
PLAIN = "plain"


class Settings(Record):
    """When a slice of difficult rows counts as handled, and what each is called."""

    handled: Share = Field(default=0.9, description="Share of right rows from which a slice counts as handled.")
    least_rows: int = Field(default=8, ge=1, description="Fewer rows that are difficult in one respect alone prove nothing.")
    min_gap: float = Field(default=0.02, ge=0, lt=0.5, description="Smallest step between rungs, as a share of the ladder.")
    words: dict[str, str] = Field(default_factory=dict, description="What is special in each slice, as part of a sentence.")


@dataclass(frozen=True)
class _Measured:
    ladder: Ladder
    matched: Matched
    values: dict[str, Interval]
    table: ReturnedTable
    contract: TableAnswer


@check("Rows of the table that are right", group="result", needs=("predictions", "labels", "ladder"), settings=Settings)
def table_match(evidence: Evidence, settings: Settings) -> CheckResult:
    """The returned table, compared with a golden one row by row, as the mean over slices of difficult rows.

    A row is right when every cell is: numbers within the agreed tolerance, times as moments, texts as they are. Slices
    weigh alike however few their rows are, because rare difficulties are the point. The interval is a bootstrap of 2,000
    draws of rows. A finding looks at rows that are difficult in one respect alone. It cannot see why a cell is wrong.
    """
    pack, reference = evidence.pack, evidence.reference
    if pack is None or reference is None or not isinstance(pack.answer, TableAnswer):
        return not_measured(ID, Fault.UNSUPPORTED, "There is no golden table at hand here.")
    found = find_predictions(evidence, pack)
    if isinstance(found, NoPredictions):
        return not_measured(ID, found.fault, found.reason)
    try:
        golden = read_golden(reference.labels, pack.answer, pack.data.id_column)
    except LabelsError as error:
        return not_measured(ID, Fault.PACK, f"The pack cannot be scored with: {error}.")
    ladder = build(reference.rungs, higher_is_better=True, min_gap=settings.min_gap)
    if isinstance(ladder, str):
        return not_measured(ID, Fault.PACK, f"The pack cannot be scored with: {ladder}.")
    table = read_returned(found, pack.answer, golden.ids)
    if table.unreadable is not None:
        problem = table.unreadable
        finding = _finding("unreadable", Severity.BLOCKER, f"{problem.message.capitalize()}.", problem.seen, problem.expected)
        reason = f"The table cannot be read: {problem.message}."
        return not_measured(ID, Fault.SUBMISSION, reason, (finding.changed(fix=problem.fix),))
    matched = match(golden, table, pack.answer)
    return _result(_Measured(ladder, matched, slice_intervals(matched, METRIC), table, pack.answer), settings)


def _result(measured: _Measured, settings: Settings) -> CheckResult:
    ladder, main = measured.ladder, measured.values[METRIC]
    position = ladder.position(main.value)
    ends = sorted((ladder.position(main.low), ladder.position(main.high)))
    measurements = [
        Measurement(name=name, value=one.value, low=one.low, high=one.high) for name, one in measured.values.items()
    ]
    measurements += [
        Measurement(name="ladder_position", value=position, low=ends[0], high=ends[1]),
        Measurement(name="skill", value=ladder.skill(main.value)),
    ]
    summary = (
        f"Over the slices, {main.value:.0%} of the rows are right (95 % interval {main.low:.0%} to {main.high:.0%}), "
        f"which is {position:.2f} on the ladder; of all rows, {measured.matched.share():.1%}."
    )
    return judged(ID, position, summary, (*_problems(measured), *_unhandled(measured, settings)), tuple(measurements))


def _problems(measured: _Measured) -> tuple[Finding, ...]:
    return tuple(
        _finding(
            problem.rule,
            Severity.MAJOR,
            f"In the table, {problem.message}, {problem.count:,} times; such rows count as wrong.",
            problem.seen,
            problem.expected,
            problem.row,
        )
        for problem in measured.table.problems
    )


def _unhandled(measured: _Measured, settings: Settings) -> tuple[Finding, ...]:
    """Slices whose rows are wrong; where even rows without any difficulty are, that alone is told, column by column."""
    matched = measured.matched
    if PLAIN in matched.golden.slices and matched.share(matched.golden.slices[PLAIN]) < settings.handled:
        return (_plain(measured),)
    findings = []
    for name, marks in matched.golden.slices.items():
        alone = matched.only(name)
        share = matched.share(alone) if sum(alone) >= settings.least_rows else matched.share(marks)
        if share < settings.handled:
            rows = sum(alone) if sum(alone) >= settings.least_rows else sum(marks)
            words = settings.words.get(name, f"that are difficult by {name.replace('_', ' ')}")
            message = f"Of the rows {words}, and are difficult in nothing else, {share:.0%} are right."
            severity = Severity.MAJOR if share < settings.handled / 2 else Severity.MINOR
            findings.append(_finding(f"slice_{name}", severity, message, f"{rows:,} such rows", "all of them right"))
    return tuple(findings)


def _plain(measured: _Measured) -> Finding:
    matched = measured.matched
    share = matched.share(matched.golden.slices[PLAIN])
    columns = sorted((matched.column_share(place), column.name) for place, column in enumerate(measured.contract.columns))
    seen = ", ".join(f"{name} right in {part:.0%}" for part, name in columns)
    message = f"Of the rows without any difficulty, {share:.0%} are right, so the definitions themselves are not met."
    return _finding("plain_rows", Severity.MAJOR, message, seen, "the definitions of the columns as the brief gives them")


def _finding(rule: str, severity: Severity, message: str, seen: str, expected: str, row: int | None = None) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=Where(step=STEP, row=row),
        seen=seen,
        expected=expected,
        level=Level.BEHAVIOUR,
    )
