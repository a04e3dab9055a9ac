"""Whether the predictions can be scored at all."""

from checks.base import NoSettings, check, judged, not_measured
from checks.predicted import STEP, NoPredictions, find_predictions, without_predictions
from checks.tables import LabelsError, PredictionTable, Problem, read_labels, read_predictions
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.pack import Pack

ID = "predictions_valid"


@check("Predictions can be scored", group="run")
def predictions_valid(evidence: Evidence, settings: NoSettings) -> CheckResult:
    """The predictions file has the agreed two columns, every id exactly once, and finite numbers in range.

    It is read strictly, as text: nothing about encoding, separators, ids or numbers is guessed. Predictions that are all
    equal, or that are only yes and no, are valid and are noted. It cannot see whether the numbers are any good.
    """
    pack = evidence.pack
    if pack is None:
        return not_measured(ID, Fault.UNSUPPORTED, "Without a pack there is no contract for predictions.")
    found = find_predictions(evidence, pack)
    if isinstance(found, NoPredictions):
        return without_predictions(ID, found, Severity.BLOCKER)
    expected: tuple[str, ...] | None = None
    if evidence.reference is not None:
        try:
            expected = read_labels(evidence.reference.labels, pack.data.id_column, pack.data.target).ids
        except LabelsError as error:
            return not_measured(ID, Fault.PACK, f"The pack's label file cannot be used: {error}.")
    table = read_predictions(found, pack.predictions, expected)
    rows = Measurement(name="prediction_rows", value=len(table.values))
    if table.problems:
        findings = tuple(_finding(problem, pack) for problem in table.problems)
        return judged(ID, 0.0, _sentence(table.problems), findings, (rows,))
    checked = "every id once, and" if expected is not None else "and (ids were not compared, for want of the holdout)"
    summary = f"The predictions file holds {len(table.values):,} rows, {checked} finite numbers in range."
    return judged(ID, 1.0, summary, _notices(table, pack), (rows,))


def _finding(problem: Problem, pack: Pack) -> Finding:
    times = f", {problem.count:,} times" if problem.count > 1 and problem.row is not None else ""
    first = f"; first in row {problem.row}" if problem.row is not None else ""
    return Finding(
        check=ID,
        severity=Severity.BLOCKER,
        rule=problem.rule,
        message=f"In the predictions, {problem.message}{times}{first}.",
        where=Where(step=STEP, path=pack.predictions.file, row=problem.row),
        seen=problem.seen,
        expected=problem.expected,
        fix=problem.fix,
        level=Level.BEHAVIOUR,
    )


def _sentence(problems: tuple[Problem, ...]) -> str:
    first = problems[0]
    row = f" (row {first.row})" if first.row is not None else ""
    more = f", and {len(problems) - 1} other kinds of fault" if len(problems) > 1 else ""
    return f"The predictions file cannot be scored: {first.message}{row}{more}."


def _notices(table: PredictionTable, pack: Pack) -> tuple[Finding, ...]:
    distinct = set(table.values.values())
    if len(distinct) == 1 and len(table.values) > 1:
        rule, message = "constant", "Every prediction is the same number, so the predictions do not depend on the input."
    elif len(distinct) == 2 and distinct <= {0.0, 1.0}:
        rule, message = "hard_labels", "The predictions are only 0 and 1, so nothing can be ranked within either group."
    else:
        return ()
    seen = " and ".join(f"{value:g}" for value in sorted(distinct))
    return (
        Finding(
            check=ID,
            severity=Severity.MINOR,
            rule=rule,
            message=message,
            where=Where(step=STEP, path=pack.predictions.file),
            seen=seen,
            expected="a number for each row that says how likely or how much",
            level=Level.BEHAVIOUR,
            innocent="A deliberate baseline." if rule == "constant" else "Decisions were asked for.",
        ),
    )
