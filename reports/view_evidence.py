"""From findings, checks, criteria and the ladder to rows. Takes a cleaned report; knows no format."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from harness.model.finding import CheckResult, Finding, Measurement, Severity, Verdict
from harness.model.grade import CriterionScore, RaisedFlag
from harness.model.report import DetectorRates, LadderPlace, Report, Rung
from harness.model.rubric import Criterion
from reports import numbers, wording
from reports.escape import Caps
from reports.rows import CheckRow, CriterionBlock, LadderRow, MeasureRow, Pair, Point, ProfileRow, RungRow

RATES_UNKNOWN = "error rates of this detector not known yet"


def anchors(report: Report) -> dict[str, str]:
    """Where each check stands on the page, by our own count."""
    return {result.check: f"check-{index}" for index, result in enumerate(report.checks, start=1)}


def point(finding: Finding, report: Report) -> Point:
    """A finding in words. One without a rule repeats a check's summary: it has no confidence or error rates of its own."""
    told = bool(finding.rule) or finding.confidence < 1
    confidence = f"confidence {numbers.percent(finding.confidence)}" if told else ""
    return Point(
        text=finding.message,
        place=str(finding.where),
        confidence=confidence,
        about=", ".join(
            part
            for part in (wording.SEVERITY[finding.severity], confidence, wording.LEVEL[finding.level] if finding.rule else "")
            if part
        ),
        check=finding.check,
        anchor=anchors(report).get(finding.check, ""),
        seen=finding.seen,
        expected=finding.expected,
        fix=finding.fix,
        rates=_rates(finding, report.detector_rates) or RATES_UNKNOWN if finding.rule else "",
        known_rates=_rates(finding, report.detector_rates),
        innocent=finding.innocent,
    )


def flag_point(flag: RaisedFlag, report: Report) -> Point:
    made = point(flag.finding, report)
    return Point(**{**vars(made), "title": flag.title, "innocent": flag.innocent or flag.finding.innocent})


def praise(report: Report) -> tuple[Point, ...]:
    """Positive notes have equal space; those that stand among the strengths come first there and are not repeated."""
    told = {(finding.check, finding.message) for finding in report.strengths[:3]}
    found = [finding for result in report.checks for finding in result.findings if finding.severity is Severity.PRAISE]
    return tuple(point(finding, report) for finding in found if (finding.check, finding.message) not in told)[:10]


def criteria(report: Report, profile: Sequence[ProfileRow], caps: Caps) -> tuple[CriterionBlock, ...]:
    meant = {criterion.id: criterion for criterion in report.rubric}
    results = {result.check: result for result in report.checks}
    return tuple(
        _criterion(scored, row, meant.get(scored.id), results, report, caps)
        for scored, row in zip(report.criteria, profile, strict=True)
    )


def other_checks(report: Report, caps: Caps) -> tuple[CheckRow, ...]:
    used = {check for scored in report.criteria for check in scored.checks}
    return tuple(check_row(result, report, caps) for result in report.checks if result.check not in used)


def check_row(result: CheckResult, report: Report, caps: Caps) -> CheckRow:
    shown = sorted(result.findings, key=lambda finding: list(Severity).index(finding.severity))[: caps.findings]
    hidden = len(result.findings) - len(shown) + result.findings_not_listed
    return CheckRow(
        id=result.check,
        title=result.title or result.check,
        anchor=anchors(report)[result.check],
        verdict=wording.VERDICT[result.verdict],
        score=numbers.percent(result.score) if result.score is not None else "",
        summary=result.summary,
        fault=wording.FAULT[result.fault] if result.fault else "",
        points=_rates_once([point(finding, report) for finding in shown], [finding.rule for finding in shown]),
        not_listed=f"{numbers.many(hidden, 'more finding')} not listed here" if hidden else "",
        measures=measures(result.measurements),
    )


def measures(measured: Sequence[Measurement]) -> tuple[MeasureRow, ...]:
    return tuple(
        MeasureRow(one.name.replace("_", " "), numbers.number(one.value), numbers.interval(one.low, one.high))
        for one in measured
    )


def ladder(report: Report) -> LadderRow | None:
    place = report.ladder
    if place is None:
        return None
    rungs = tuple(RungRow(rung.name, _within(rung.position), numbers.number(rung.value)) for rung in place.rungs)
    declared = place.declared
    return LadderRow(
        title=place.title or place.metric,
        direction="higher is better" if place.higher_is_better else "lower is better",
        rungs=rungs,
        measured=numbers.number(place.value),
        interval=numbers.interval(place.low, place.high),
        place=_place_in_words(place),
        declared=numbers.number(declared) if declared is not None else "",
        declared_note="self-reported" + (", beyond the ladder" if _beyond(place) else ""),
        comparison=_comparison(place),
        position=None if place.position is None else _within(place.position),
        low=None if place.position_low is None else _within(place.position_low),
        high=None if place.position_high is None else _within(place.position_high),
        declared_position=position_of(declared, place.rungs) if declared is not None else None,
    )


def position_of(value: float, rungs: Sequence[Rung]) -> float | None:
    """A value's place between the rungs it lies between, held to the ladder's ends; None when the rungs do not ascend."""
    ordered = sorted(rungs, key=lambda rung: rung.position)
    values = [rung.value for rung in ordered]
    sign = 1 if len(values) > 1 and values[-1] > values[0] else -1
    if len(values) < 2 or any(sign * after <= sign * before for before, after in pairwise(values)):
        return None
    if sign * value <= sign * values[0]:
        return _within(ordered[0].position)
    for lower, upper in pairwise(ordered):
        if sign * value <= sign * upper.value:
            share = (value - lower.value) / (upper.value - lower.value)
            return _within(lower.position + share * (upper.position - lower.position))
    return _within(ordered[-1].position)


def _criterion(
    scored: CriterionScore,
    row: ProfileRow,
    meant: Criterion | None,
    results: Mapping[str, CheckResult],
    report: Report,
    caps: Caps,
) -> CriterionBlock:
    levels = vars(meant.anchors) if meant else {}
    return CriterionBlock(
        id=scored.id,
        title=scored.title,
        anchor=row.anchor,
        plain=meant.plain if meant else "",
        state=row.sentence,
        reason=scored.reason.rstrip(".") if scored.measured < 1 or scored.state in ("not_measured", "not_applicable") else "",
        anchors=tuple(Pair(f"Level {number}", text) for number, text in enumerate(levels.values(), start=1)),
        checks=tuple(check_row(results[check], report, caps) for check in scored.checks if check in results),
    )


def _rates(finding: Finding, known: Mapping[str, DetectorRates]) -> str:
    """How its detector did on generated cases, in one clause; empty where that is not known."""
    alone = known.get(f"{finding.check}:{finding.rule}") if finding.rule else None
    together = known.get(finding.check) if finding.rule and finding.severity is not Severity.PRAISE else None
    rates = alone or together
    if rates is None:
        return ""
    who = "this detector" if alone else "the detectors of this check"
    alarms = numbers.many(rates.false_alarms, "false alarm")
    return f"{who} hit {rates.hits:,} of {rates.planted:,} planted cases and gave {alarms} on {rates.clean:,} clean ones"


def _rates_once(points: Sequence[Point], rules: Sequence[str]) -> tuple[Point, ...]:
    """Rates stand at the first finding of each kind, and are not repeated at the others."""
    first = {rule: place for place, rule in reversed(list(enumerate(rules)))}
    return tuple(
        one if first[rule] == place else replace(one, known_rates="")
        for place, (one, rule) in enumerate(zip(points, rules, strict=True))
    )


def _place_in_words(place: LadderPlace) -> str:
    if place.position is None:
        return "could not be measured"
    ordered = sorted(place.rungs, key=lambda rung: rung.position)
    below = [rung.name for rung in ordered if rung.position <= place.position + 1e-9]
    above = [rung.name for rung in ordered if rung.position > place.position + 1e-9]
    where = f"{numbers.number(place.position, 2)} on the ladder"
    if below and above:
        return f"{where}, between {below[-1]} and {above[0]}"
    if below:
        return f"{where}, at or above {below[-1]}"
    return f"{where}, below {above[0]}" if above else where


def _comparison(place: LadderPlace) -> str:
    if place.declared is None:
        return "The submission declares no result of its own."
    declared = numbers.number(place.declared)
    if place.value is None:
        return f"Declared {declared}; could not be measured."
    sentence = f"Measured {numbers.number(place.value)}, declared {declared}"
    if place.low is None or place.high is None:
        return f"{sentence}."
    inside = place.low <= place.declared <= place.high
    return f"{sentence}; the declared value lies {'within' if inside else 'outside'} the measured interval."


def _beyond(place: LadderPlace) -> bool:
    values = [rung.value for rung in place.rungs]
    return place.declared is not None and bool(values) and not min(values) <= place.declared <= max(values)


def _within(position: float) -> float:
    return min(1.0, max(0.0, position)) if position == position else 0.0


def measured_count(report: Report) -> int:
    return sum(result.verdict is not Verdict.NOT_MEASURED for result in report.checks)
