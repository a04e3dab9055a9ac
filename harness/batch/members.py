"""From a report to the small record of a submission that the cohort is made of."""

from pathlib import Path

from harness.batch.folder import BatchFolder
from harness.model.cohort import CriterionPoint, Doing, Member, Unmeasured
from harness.model.finding import Fault, Verdict
from harness.model.report import Report
from harness.model.text import one_line

_MOST_REASONS = 2000


def member_of(report: Report, folder: BatchFolder, run: Path, key: str, footing: str) -> Member:
    """What the cohort has to know of one submission."""
    page = run / "report.html"
    cpu = [step.cpu_s for step in report.runs.steps]
    return Member(
        id=run.name,
        state="graded",
        footing=footing,
        key=key,
        run=folder.relative(run),
        report=folder.relative(page) if page.is_file() else None,
        run_id=report.run_id,
        submission_digest=report.submission.digest,
        data_seed=report.lock.data_seed,
        status=report.status,
        reason=one_line(" ".join(report.reasons), _MOST_REASONS),
        totals=report.totals,
        criteria=tuple(
            CriterionPoint(id=one.id, title=one.title, automatic=one.automatic, measured=one.measured)
            for one in report.criteria
            if one.automatic_share
        ),
        ladder=report.ladder,
        unmeasured=tuple(
            Unmeasured(
                check=one.check, title=one_line(one.title), fault=one.fault or Fault.HARNESS, reason=one_line(one.summary)
            )
            for one in report.checks
            if one.verdict is Verdict.NOT_MEASURED
        ),
        gates=tuple(one_line(gate.say) for gate in report.gates),
        red_flags=tuple(one_line(flag.title) for flag in report.red_flags),
        wall_s=round(sum(step.wall_s for step in report.runs.steps), 3),
        cpu_s=round(sum(one for one in cpu if one is not None), 3) if any(one is not None for one in cpu) else None,
    )


def not_graded(member: str, footing: str, doing: Doing, reason: str, key: str | None = None) -> Member:
    """A submission without a grade, and whose doing that is."""
    return Member(id=member, state="not_graded", footing=footing, key=key, doing=doing, reason=reason)
