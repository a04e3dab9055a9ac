"""Weighing a whole batch again: every graded run, then the cohort's page. Nothing of any submission is run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.batch import gathering
from harness.batch.folder import BatchFolder, hold
from harness.batch.members import member_of
from harness.batch.publishing import write_cohort
from harness.batch.results import digest_of
from harness.documents import read_json
from harness.errors import DamagedRunError, UsageError
from harness.model.cohort import Cohort, Member
from harness.model.grade import Grade
from harness.model.report import Report
from harness.provenance import still_ours

Reweigh = Callable[[Path], tuple[Grade | None, Report]]
"""Grades the run in this folder again; gives what was and what is."""


@dataclass(frozen=True)
class Reweighed:
    """One submission's automatic total, before and now."""

    id: str
    before: float | None
    now: float | None


def is_batch(root: Path) -> bool:
    return (root / "batch.json").is_file() and (root / "cohort.json").is_file()


def reweigh(root: Path, again: Reweigh, now: str) -> tuple[Cohort, tuple[Reweighed, ...]]:
    """Every graded submission of a batch, and its cohort told anew; or, where one run was altered, none of them.

    What is on record afterwards belongs to no `harness batch` command: the next one goes back to the pack's own weights,
    from stored results.
    """
    told = read_json(root / "cohort.json", Cohort, error=DamagedRunError)
    if not told.graded():
        raise UsageError("holds no graded submission", where=str(root), next_step="give the same `harness batch` command again")
    with hold(root) as folder:
        runs = [(one, folder.root / one.run) for one in told.graded() if one.run]
        for _, run in runs:
            still_ours(run, None, rewritten=(Grade, Report))
        results = [(one, *again(run)) for one, run in runs]
        rows = tuple(
            Reweighed(one.id, before.totals.automatic if before else None, report.totals.automatic)
            for one, before, report in results
        )
        cohort = _told_anew(told, {one.id: report for one, _, report in results}, folder, now)
        for member in cohort.members:
            folder.save(member)
        write_cohort(folder.root, cohort)
    return cohort, rows


def _told_anew(told: Cohort, reports: dict[str, Report], folder: BatchFolder, now: str) -> Cohort:
    any_report = next(iter(reports.values()))
    profile, rubric = any_report.profile, any_report.lock.rubric_digest
    footing = digest_of({"footing": told.footing, "profile": profile, "rubric": rubric})
    members = tuple(_member(one, reports.get(one.id), folder, footing) for one in told.members)
    graded = [one for one in members if one.state == "graded"]
    spread, why_not = gathering.distribution(graded)
    anew: Cohort = told.changed(
        created=now,
        profile=profile,
        footing=footing,
        members=members,
        distribution=spread,
        why_no_distribution=why_not,
        criteria=gathering.criteria(graded),
        ladder=gathering.ladder(graded),
        not_measured=gathering.not_measured(graded),
    )
    return anew


def _member(before: Member, report: Report | None, folder: BatchFolder, footing: str) -> Member:
    told = member_of(report, folder, folder.run(before.id), "", footing) if report is not None else before
    member: Member = told.changed(key=None, footing=footing)
    return member
