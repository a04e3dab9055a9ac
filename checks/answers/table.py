"""A returned table against the golden one: how rungs are measured."""

from pathlib import Path

from checks.returned_tables import read_golden, read_returned
from checks.table_scores import match, slice_match
from checks.tables import LabelsError
from harness.errors import PackError
from harness.model.answers import TableAnswer
from harness.model.pack import Metric, Pack

METRIC = "slice_match"


def measure(pack: Pack, metric: Metric, answer: bytes, reference: Path) -> float:
    """The metric of one table. What is wrong with an exemplar's table is the pack's fault, and raises PackError."""
    contract = pack.answer
    if not isinstance(contract, TableAnswer) or metric.name != METRIC:
        raise PackError(f"a returned table is measured by {METRIC!r}, not by {metric.name!r}", where="pack.yaml, metric")
    try:
        golden = read_golden(reference, contract, pack.data.id_column)
    except LabelsError as error:
        raise PackError(str(error), where=pack.id, next_step="correct the generator") from error
    returned = read_returned(answer, contract, golden.ids)
    wrong = (returned.unreadable,) if returned.unreadable else returned.problems
    if wrong:
        raise PackError(
            f"an exemplar's table is not valid: {wrong[0].message} ({wrong[0].seen})",
            where=pack.id,
            expected=wrong[0].expected,
            next_step="correct the exemplar",
        )
    return slice_match(match(golden, returned, contract))
