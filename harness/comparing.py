"""Comparing finished runs: first whether they stand on one footing, then what differs. Pure but for reading the runs."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Literal

from harness.documents import read_json
from harness.errors import DamagedRunError, UsageError
from harness.model.comparison import (
    CheckLine,
    Comparison,
    CriterionLine,
    FootingDifference,
    LadderLines,
    OwnFinding,
    Side,
    Span,
    Tie,
)
from harness.model.finding import CheckResult, Severity
from harness.model.report import LadderPlace, Report

_LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_Weight = Literal["values", "totals", "everything", "little"]


def read_runs(folders: Sequence[Path]) -> list[Report]:
    """The reports of finished runs, of one pack."""
    if not 2 <= len(folders) <= len(_LABELS):
        raise UsageError(f"{len(folders)} runs were named", expected=f"from 2 to {len(_LABELS)} run folders")
    reports = []
    for folder in folders:
        if not (folder / "report.json").is_file():
            raise UsageError("is not a finished run folder", where=str(folder), expected="a folder that holds report.json")
        reports.append(read_json(folder / "report.json", Report, error=DamagedRunError))
    packs = sorted({report.pack.id for report in reports})
    if len(packs) > 1:
        raise UsageError(
            f"these runs are of different packs: {', '.join(packs)}",
            expected="runs of one pack: nothing in different tasks can be set side by side",
        )
    return reports


def compare(folders: Sequence[Path]) -> Comparison:
    """Side by side. What keeps the runs from one footing is named first."""
    reports = read_runs(folders)
    labels = _LABELS[: len(reports)]
    differences = _differences(reports)
    return Comparison(
        pack=reports[0].pack.id,
        same_footing=all(one.weighs == "little" for one in differences),
        differences=differences,
        sides=tuple(
            Side(
                label=label,
                run=str(folder),
                candidate=report.submission.candidate,
                run_id=report.run_id,
                status=report.status,
                totals=report.totals,
            )
            for label, folder, report in zip(labels, folders, reports, strict=True)
        ),
        criteria=_criteria(reports),
        checks=_checks(reports),
        ladder=_ladder(reports, labels),
        own_findings=_own_findings(reports, labels),
    )


def _differences(reports: Sequence[Report]) -> tuple[FootingDifference, ...]:
    locks = [report.lock for report in reports]
    asked: list[tuple[str, _Weight, list[str]]] = [
        ("version of the pack", "little", [report.pack.version for report in reports]),
        ("pack, as it grades (grading digest)", "everything", [lock.grading_digest for lock in locks]),
        ("seed of the data", "values", [str(lock.data_seed) for lock in locks]),
        ("data", "values", [lock.data_digest or "none" for lock in locks]),
        ("role profile", "totals", [report.profile for report in reports]),
        ("rubric", "totals", [lock.rubric_digest for lock in locks]),
        ("checks and their versions", "totals", [_versions(lock.check_versions) for lock in locks]),
        ("environment", "totals", [lock.environment_digest or "none" for lock in locks]),
        ("harness", "little", [lock.harness_version for lock in locks]),
        ("back end", "little", [f"{lock.backend} {lock.backend_version}".strip() for lock in locks]),
        ("threads of each step", "little", [str(lock.threads) for lock in locks]),
    ]
    return tuple(
        FootingDifference(what=what, values=tuple(values), weighs=weighs)
        for what, weighs, values in asked
        if len(set(values)) > 1
    )


def _versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))


def _criteria(reports: Sequence[Report]) -> tuple[CriterionLine, ...]:
    titles = {one.id: one.title for report in reports for one in report.criteria if one.automatic_share}
    known = [{one.id: one.automatic for one in report.criteria} for report in reports]
    return tuple(
        CriterionLine(id=name, title=title, automatic=tuple(one.get(name) for one in known)) for name, title in titles.items()
    )


def _checks(reports: Sequence[Report]) -> tuple[CheckLine, ...]:
    titles = {one.check: one.title or one.check for report in reports for one in report.checks}
    known: list[dict[str, CheckResult]] = [{one.check: one for one in report.checks} for report in reports]
    return tuple(
        CheckLine(
            check=name,
            title=title,
            verdicts=tuple(one[name].verdict.value if name in one else None for one in known),
            scores=tuple(one[name].score if name in one else None for one in known),
        )
        for name, title in titles.items()
    )


def _ladder(reports: Sequence[Report], labels: str) -> LadderLines | None:
    places = [report.ladder for report in reports]
    first = next((place for place in places if place is not None), None)
    if first is None:
        return None
    data = {(report.lock.data_seed, report.lock.data_digest, report.lock.grading_digest) for report in reports}
    compared_by: Literal["value", "position"] = "value" if len(data) == 1 else "position"
    values, positions = tuple(map(_value, places)), tuple(map(_position, places))
    compared = values if compared_by == "value" else positions
    if len({report.lock.grading_digest for report in reports}) > 1:
        compared = (None,) * len(reports)
    pairs = combinations(zip(labels, compared, strict=True), 2)
    ties = tuple(
        Tie(one=one, other=other, state=_tie(first_span, second_span)) for (one, first_span), (other, second_span) in pairs
    )
    return LadderLines(
        metric=first.metric, title=first.title, compared_by=compared_by, values=values, positions=positions, ties=ties
    )


def _value(place: LadderPlace | None) -> Span | None:
    return None if place is None or place.value is None else Span(value=place.value, low=place.low, high=place.high)


def _position(place: LadderPlace | None) -> Span | None:
    if place is None or place.position is None:
        return None
    return Span(value=place.position, low=place.position_low, high=place.position_high)


def _tie(one: Span | None, other: Span | None) -> Literal["tied", "apart", "unknown"]:
    if one is None or other is None or one.low is None or one.high is None or other.low is None or other.high is None:
        return "unknown"
    return "tied" if one.low <= other.high and other.low <= one.high else "apart"


def _own_findings(reports: Sequence[Report], labels: str) -> tuple[OwnFinding, ...]:
    """Kinds of findings that one run alone has: for each the first, which is where to begin reading."""
    kinds = [
        {
            (finding.check, finding.rule): finding
            for result in report.checks
            for finding in reversed(result.findings)
            if finding.severity is not Severity.INFO
        }
        for report in reports
    ]
    own = []
    for index, (label, mine) in enumerate(zip(labels, kinds, strict=True)):
        others = {kind for position, one in enumerate(kinds) if position != index for kind in one}
        own += [OwnFinding(label=label, finding=finding) for kind, finding in reversed(mine.items()) if kind not in others]
    return tuple(own)
