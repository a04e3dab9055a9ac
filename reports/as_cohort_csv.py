"""A cohort as a table for spreadsheets: one line a submission, numbers as numbers, texts that no spreadsheet runs."""

import csv
import io
from collections.abc import Iterator

from harness.model.cohort import Cohort, Member
from reports.escape import csv_cell

Cell = str | float | int | None

_COLUMNS = (
    "submission",
    "state",
    "whose_doing",
    "reason",
    "status",
    "automatic_total",
    "automatic_measured_share",
    "reachable_low",
    "reachable_high",
    "metric",
    "value",
    "value_low",
    "value_high",
    "ladder_position",
    "ladder_low",
    "ladder_high",
    "tied_with",
    "gates",
    "red_flags",
    "checks_not_measured",
    "wall_s",
    "cpu_s",
    "submission_digest",
    "report",
)


def render(cohort: Cohort) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    criteria = [one.id for one in cohort.criteria]
    writer.writerow([*_COLUMNS, *(csv_cell(f"automatic_{name}") for name in criteria)])
    ties = _ties(cohort)
    for member in cohort.members:
        writer.writerow([csv_cell(cell) for cell in _row(member, ties.get(member.id, ""), criteria)])
    for waiting in cohort.waiting:
        writer.writerow([csv_cell(waiting), "not graded yet"])
    return out.getvalue()


def _ties(cohort: Cohort) -> dict[str, str]:
    groups = cohort.ladder.groups if cohort.ladder else ()
    return {
        name: " ".join(other for other in group.members if other != name) or "nobody"
        for group in groups
        for name in group.members
    }


def _row(one: Member, tied: str, criteria: list[str]) -> Iterator[Cell]:
    totals, place = one.totals, one.ladder
    yield from (one.id, one.state.replace("_", " "), one.doing, one.reason, one.status)
    yield from ((totals.automatic, totals.automatic_coverage, totals.low, totals.high) if totals else (None, None, None, None))
    yield from (
        (place.metric, place.value, place.low, place.high, place.position, place.position_low, place.position_high)
        if place
        else (None,) * 7
    )
    yield from (tied, len(one.gates), len(one.red_flags), " ".join(gap.check for gap in one.unmeasured))
    yield from (one.wall_s, one.cpu_s, one.submission_digest, one.report)
    shares = {point.id: point.automatic for point in one.criteria}
    yield from (shares.get(name) for name in criteria)
