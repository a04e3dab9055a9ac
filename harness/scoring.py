"""Weighing: check results, a rubric and people's ratings become a Grade. Pure arithmetic, no files, no clock."""

from collections.abc import Mapping, Sequence
from typing import Literal

from harness.model.finding import CheckResult, Fault, Verdict
from harness.model.grade import CriterionScore, CriterionState, Grade, OpenGate, RaisedFlag, Totals
from harness.model.rubric import LEVEL_POINTS, Criterion, Rating, Ratings, Rubric

FLOOR_POINTS = LEVEL_POINTS[2]


def score(results: Sequence[CheckResult], rubric: Rubric, ratings: Ratings, profile: str) -> Grade:
    """The grade. What was not measured never counts as zero: it widens the reachable range instead."""
    by_check = {result.check: result for result in results}
    role = rubric.profiles[profile]
    criteria = tuple(
        _criterion(
            one, role.weights[one.id], one.id in role.floors, by_check, [r for r in ratings.ratings if r.criterion == one.id]
        )
        for one in rubric.criteria
    )
    gates = _gates(results, rubric)
    totals = _totals(criteria, rubric, withheld=any(gate.withholds_total for gate in gates))
    few = _too_few_raters(criteria, ratings, role.raters) if totals.final is not None else ()
    status, reasons = _status(criteria, results, gates, few)
    totals = totals.changed(band=None) if few else totals
    return Grade(
        profile=profile,
        status=status,
        reasons=reasons,
        totals=totals,
        criteria=criteria,
        gates=gates,
        red_flags=_red_flags(results, rubric),
        floors_missed=tuple(one.id for one in criteria if one.floor == "missed"),
    )


def _criterion(
    criterion: Criterion, weight: float, is_floor: bool, results: Mapping[str, CheckResult], ratings: Sequence[Rating]
) -> CriterionScore:
    automatic, measured, undelivered, reason = _automatic_part(criterion, results)
    manual, not_applicable = _manual_part(ratings)
    share = criterion.automatic_share / 100
    known_automatic = share == 0 or automatic is not None
    known_manual = share == 1 or manual is not None
    points = share * (automatic or 0.0) + (1 - share) * (manual or 0.0) if known_automatic and known_manual else None
    state: CriterionState
    if not_applicable:
        state, points = "not_applicable", None
    elif points is not None:
        state = "scored"
    elif share and automatic is None:
        state = "not_measured"
    else:
        state, reason = "pending_human", reason or "a person has not rated it yet"
    return CriterionScore(
        id=criterion.id,
        title=criterion.title,
        weight=weight,
        state=state,
        score=points,
        automatic=automatic,
        automatic_share=criterion.automatic_share,
        measured=measured,
        undelivered=undelivered,
        manual=manual,
        levels=tuple(rating.level for rating in ratings if rating.level is not None),
        checks=tuple(use.check for use in criterion.checks),
        reason="rated as not applicable" if not_applicable else reason if state != "scored" or measured < 1 else "",
        floor=None if not is_floor else "open" if points is None else "met" if points >= FLOOR_POINTS else "missed",
    )


def _automatic_part(criterion: Criterion, results: Mapping[str, CheckResult]) -> tuple[float | None, float, float, str]:
    """(mean of measured checks, share of their weight that was measured, share the submission left out, why)."""
    if not criterion.automatic_share:
        return None, 1.0, 0.0, ""
    total = sum(use.weight for use in criterion.checks)
    earned = known = undelivered = 0.0
    missing: list[str] = []
    for use in criterion.checks:
        result = results.get(use.check)
        if result is not None and result.score is not None:
            earned += use.weight * result.score
            known += use.weight
            continue
        missing.append(f"{use.check}: {result.summary if result else 'this pack does not run it'}")
        undelivered += use.weight if result is not None and result.fault is Fault.SUBMISSION else 0.0
    return (earned / known if known else None), known / total, undelivered / total, "; ".join(missing)


def _manual_part(ratings: Sequence[Rating]) -> tuple[float | None, bool]:
    levels = [rating.level for rating in ratings if rating.level is not None]
    if not levels:
        return None, bool(ratings)
    return sum(LEVEL_POINTS[level] for level in levels) / len(levels), False


def _totals(criteria: Sequence[CriterionScore], rubric: Rubric, *, withheld: bool) -> Totals:
    """Points over what applies. `low` gives nothing for what is open, `high` gives it all.

    What is not measured through no doing of the submission is left out of the automatic total. What the submission itself
    left undelivered stays in: else a program that crashes would stand above one that does its work modestly.
    """
    weights = _spread_weights(criteria, rubric)
    automatic_points = automatic_known = automatic_all = undelivered = known = low = 0.0
    for one in criteria:
        weight = weights[one.id]
        share = one.automatic_share / 100
        automatic_weight, manual_weight = weight * share, weight * (1 - share)
        automatic_all += automatic_weight
        undelivered += automatic_weight * one.undelivered
        if one.automatic is not None:
            automatic_known += automatic_weight * one.measured
            automatic_points += automatic_weight * one.measured * one.automatic
        if one.manual is not None:
            known += manual_weight
            low += manual_weight * one.manual
    known += automatic_known
    low += automatic_points
    everything = sum(weights.values()) or 1.0
    complete = all(one.state in ("scored", "not_applicable") for one in criteria) and known > 0
    rated = complete and any(one.levels for one in criteria)
    final = None
    if rated and not withheld:
        final = 100 * sum(weights[one.id] * (one.score or 0.0) for one in criteria) / everything
    return Totals(
        automatic=_rounded(100 * automatic_points / (automatic_known + undelivered)) if automatic_known else None,
        low=_rounded(100 * low / everything),
        high=_rounded(100 * (low + everything - known) / everything),
        coverage=min(1.0, round(known / everything, 6)),
        automatic_coverage=min(1.0, round(automatic_known / automatic_all, 6)) if automatic_all else 0.0,
        final=_rounded(final) if final is not None else None,
        band=_band(final, criteria, rubric) if final is not None else None,
    )


def _spread_weights(criteria: Sequence[CriterionScore], rubric: Rubric) -> dict[str, float]:
    """Weights with those of not-applicable criteria given to their family, or to all when the family has no other."""
    family = {criterion.id: criterion.family for criterion in rubric.criteria}
    weights = {one.id: one.weight for one in criteria}
    applies = [one.id for one in criteria if one.state != "not_applicable"]
    for one in criteria:
        if one.state != "not_applicable":
            continue
        heirs = [other for other in applies if family[other] == family[one.id]] or applies
        pool = sum(weights[heir] for heir in heirs)
        for heir in heirs:
            weights[heir] += one.weight * (weights[heir] / pool if pool else 1 / len(heirs))
        weights[one.id] = 0.0
    return weights


def _band(final: float, criteria: Sequence[CriterionScore], rubric: Rubric) -> str:
    lines = sorted(rubric.lines, key=lambda line: line.at_least, reverse=True)
    if any(abs(final - line.at_least) <= rubric.margin for line in lines if line.at_least > 0):
        return "Too close to call"
    reached = [line for line in lines if final >= line.at_least]
    best = lines[0]
    if reached[0] is best and any(one.floor == "missed" for one in criteria):
        return lines[1].words
    return reached[0].words


def _gates(results: Sequence[CheckResult], rubric: Rubric) -> tuple[OpenGate, ...]:
    opened = []
    for gate in rubric.gates:
        for result in results:
            if gate.when_check is not None and result.check != gate.when_check:
                continue
            rules = {finding.rule for finding in result.findings}
            by_rule = gate.when_rule is not None and gate.when_rule in rules
            by_verdict = (
                gate.when_rule is None and result.verdict.value in gate.when_verdict and result.fault is not Fault.HARNESS
            )
            if by_rule or by_verdict:
                opened.append(OpenGate(id=gate.id, say=gate.say, withholds_total=gate.withholds_total, because=result.summary))
                break
    return tuple(opened)


def _red_flags(results: Sequence[CheckResult], rubric: Rubric) -> tuple[RaisedFlag, ...]:
    raised = []
    for flag in rubric.red_flags:
        finding = next(
            (
                finding
                for result in results
                if result.check == flag.when_check
                for finding in result.findings
                if finding.rule == flag.when_rule
            ),
            None,
        )
        if finding is not None:
            raised.append(RaisedFlag(id=flag.id, title=flag.title, innocent=flag.innocent, finding=finding))
    return tuple(raised)


def _why_nothing(results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Each reason once, with the checks that give it."""
    checks: dict[str, list[str]] = {}
    for result in results:
        checks.setdefault(result.summary, []).append(result.check)
    return tuple(f"{names[0] if len(names) == 1 else f'{len(names)} checks'}: {said}" for said, names in checks.items())


def _status(
    criteria: Sequence[CriterionScore], results: Sequence[CheckResult], gates: Sequence[OpenGate], more: Sequence[str]
) -> tuple[Literal["graded", "provisional", "not_gradable"], tuple[str, ...]]:
    if not any(result.score is not None for result in results):
        return "not_gradable", _why_nothing(results)
    reasons = [f"{gate.id}: {gate.say}" for gate in gates]
    reasons += [
        f"{result.check} was not measured ({result.fault.value if result.fault else 'unknown'}): {result.summary}"
        for result in results
        if result.verdict is Verdict.NOT_MEASURED and _feeds(result.check, criteria)
    ]
    reasons += more
    return ("provisional" if reasons else "graded"), tuple(reasons)


def _too_few_raters(criteria: Sequence[CriterionScore], ratings: Ratings, wanted: int) -> tuple[str, ...]:
    """Criteria that fewer people have rated than this profile asks for, before it names a band."""
    people = {one.id: {rating.rater for rating in ratings.ratings if rating.criterion == one.id} for one in criteria}
    short = [one.id for one in criteria if one.automatic_share < 100 and len(people[one.id]) < wanted]
    return (f"{wanted} people rate before a band is named; fewer have rated {', '.join(short)}",) if short else ()


def _feeds(check: str, criteria: Sequence[CriterionScore]) -> bool:
    return any(check in one.checks and one.state != "not_applicable" and one.automatic_share for one in criteria)


def _rounded(points: float) -> float:
    return min(100.0, max(0.0, round(points, 2)))
