"""Cohorts for tests of the page and the table."""

from typing import Any

from harness.model.cohort import (
    Bin,
    Cohort,
    CriterionPoint,
    CriterionSpread,
    Distribution,
    Ladder,
    Member,
    NotMeasured,
    TiedGroup,
    Unmeasured,
)
from harness.model.finding import Fault
from harness.model.grade import Totals
from harness.model.report import LadderPlace
from tests.reports import parts

RUNGS = parts.LADDER.rungs


def member(name: str, value: float | None = 0.4, **changes: Any) -> Member:
    """A graded member whose result has an interval of a tenth."""
    place = LadderPlace(
        metric="average_precision",
        title="Average precision",
        higher_is_better=True,
        rungs=RUNGS,
        value=value,
        low=None if value is None else value - 0.05,
        high=None if value is None else value + 0.05,
        position=value,
        position_low=None if value is None else value - 0.05,
        position_high=None if value is None else value + 0.05,
    )
    defaults: dict[str, Any] = {
        "id": name,
        "state": "graded",
        "footing": "f" * 64,
        "key": "k" * 64,
        "run": f"runs/{name}",
        "report": f"runs/{name}/report.html",
        "status": "provisional",
        "data_seed": 1,
        "submission_digest": f"digest of {name}",
        "totals": Totals(automatic=61.5, low=40, high=80, coverage=0.5, automatic_coverage=0.9),
        "criteria": (CriterionPoint(id="CODE", title="Code", automatic=0.5, measured=1),),
        "ladder": place,
        "unmeasured": (Unmeasured(check="lint", title="Code quality", fault=Fault.HARNESS, reason="ruff was not there"),),
        "wall_s": 12.0,
        "cpu_s": 9.5,
    }
    return Member(**{**defaults, **changes})


def ungraded(name: str, doing: str = "submission", reason: str = "the zip file can't be read") -> Member:
    return Member(id=name, state="not_graded", footing="f" * 64, doing=doing, reason=reason)  # type: ignore[arg-type]


def make_cohort(**changes: Any) -> Cohort:
    """Six graded in two groups, one without a result, one without a grade, one waiting."""
    names = {"amber-fox-1": 0.2, "calm-owl-2": 0.22, "dusky-elk-3": 0.24, "fern-kite-4": 0.6, "ivory-bear-5": 0.62}
    graded = [member(name, value) for name, value in names.items()] + [member("late-lynx-6", None)]
    bins = tuple(
        Bin(low=low, high=low + 10, fully_measured=0, partly_measured=6 if low == 60 else 0) for low in range(0, 100, 10)
    )
    ladder = Ladder(
        metric="average_precision",
        title="Average precision",
        higher_is_better=True,
        rungs=RUNGS,
        compared_by="value",
        groups=(
            TiedGroup(members=("amber-fox-1", "calm-owl-2", "dusky-elk-3"), low=0.15, high=0.29),
            TiedGroup(members=("fern-kite-4", "ivory-bear-5"), low=0.55, high=0.67),
        ),
        not_placed=("late-lynx-6",),
        how="Compared are intervals.",
    )
    defaults: dict[str, Any] = {
        "created": "2026-01-14T09:30:00+00:00",
        "harness_version": "0.1.0",
        "pack": "card_fraud",
        "pack_version": "1.0.0",
        "pack_title": "Rank card transactions",
        "public_digest": "a" * 64,
        "grading_digest": "b" * 64,
        "profile": "applied",
        "backend": "docker",
        "environment_digest": "c" * 64,
        "footing": "f" * 64,
        "data_seed": 1,
        "members": (*graded, ungraded("misty-crow-7")),
        "waiting": ("noble-seal-8",),
        "distribution": Distribution(
            members=6, lowest=61.5, lower_quartile=61.5, median=61.5, upper_quartile=61.5, highest=61.5, bins=bins
        ),
        "criteria": (
            CriterionSpread(id="CODE", title="Code", measured=6, of=6, lower_quartile=0.5, median=0.5, upper_quartile=0.5),
        ),
        "ladder": ladder,
        "not_measured": (NotMeasured(check="lint", title="Code quality", fault=Fault.HARNESS, count=6),),
    }
    return Cohort(**{**defaults, **changes})


def empty_cohort() -> Cohort:
    """Nothing could be graded."""
    return make_cohort(
        members=(ungraded("misty-crow-7"), ungraded("olive-hare-9", "infrastructure", "the engine went away")),
        distribution=None,
        why_no_distribution="0 of 0 submissions have an automatic total",
        criteria=(),
        ladder=None,
        not_measured=(),
    )
