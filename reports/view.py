"""A report as rows and sentences, in the order of the page: what all human formats share, and nothing any format adds.

Everything that goes in is cleaned here first, so no renderer meets raw text of a submission.
"""

from harness.model.finding import CheckResult, Measurement, Verdict
from harness.model.grade import CriterionScore
from harness.model.report import Asked, Report
from reports import numbers, wording
from reports.escape import FULL, Caps, cleaned
from reports.rows import CHECKS_ONLY, PEOPLE_ONLY, Pair, ProfileRow, QuestionRow, Status, Sum, View
from reports.view_evidence import criteria, flag_point, ladder, measured_count, measures, other_checks, point, praise
from reports.view_run import entry_in_short, kinds_in_words, method_block, run_block, work_block

SHOWN_POINTS = 3
SHOWN_QUESTIONS = 8
SHOWN_REASONS = 6
SHORT_COMMIT = 12
LADDER_POSITION = "ladder_position"
"""The measurement that the ladder already shows."""


def view(report: Report, caps: Caps = FULL) -> View:
    """The whole page. Pure: the same report gives the same rows."""
    report = cleaned(report, caps)
    profile = tuple(_profile_row(index, one) for index, one in enumerate(report.criteria, start=1))
    questions = tuple(_question(asked) for asked in report.questions[:SHOWN_QUESTIONS])
    return View(
        run_id=report.run_id,
        status=_status(report),
        total=_sum(report),
        sentences=_sentences(report),
        profile=profile,
        check_yourself=tuple(point(finding, report) for finding in report.check_yourself[:SHOWN_POINTS]),
        strengths=tuple(point(finding, report) for finding in report.strengths[:SHOWN_POINTS]),
        concerns=tuple(point(finding, report) for finding in report.concerns[:SHOWN_POINTS]),
        questions=questions,
        question_minutes=sum(question.minutes for question in questions),
        ladder=ladder(report),
        measures=measures(_beside_the_ladder(report)[: caps.rows]),
        gates=tuple(_gate(report)),
        red_flags=tuple(flag_point(flag, report) for flag in report.red_flags),
        praise=praise(report),
        criteria=criteria(report, profile, caps),
        other_checks=other_checks(report, caps),
        run=run_block(report),
        work=work_block(report, caps),
        method=method_block(report),
        rights=wording.RIGHTS,
    )


def _beside_the_ladder(report: Report) -> tuple[Measurement, ...]:
    shown = {report.ladder.metric, LADDER_POSITION} if report.ladder else set()
    return tuple(measured for name, measured in report.measurements.items() if name not in shown)


def _status(report: Report) -> Status:
    to_rate = [one for one in report.criteria if one.automatic_share < 100 and one.state != "not_applicable"]
    rated = sum(one.manual is not None for one in to_rate)
    measured = measured_count(report)
    missing = len(report.checks) - measured
    covered = f"{measured} of {numbers.many(len(report.checks), 'check')} measured"
    covered += f", {rated} of {len(to_rate)} criteria rated by people"
    covered += f", {numbers.many(missing, 'check')} not measured" if missing else ""
    facts = (
        Pair("Task pack", f"{report.pack.id} {report.pack.version}"),
        Pair("Role profile", report.profile),
        Pair("Submission", report.submission.candidate),
        Pair("Commit", report.submission.commit[:SHORT_COMMIT] if report.submission.commit else "none"),
        Pair("Date", report.created[:10] or "not recorded"),
    )
    return Status(report.pack.title, _state(report), _reasons(report), facts, covered, wording.ADVICE)


def _state(report: Report) -> str:
    """A report that people have not rated is not called graded, however complete its checks are."""
    if report.status == "graded" and report.totals.final is None:
        return wording.UNRATED
    return wording.STATUS[report.status]


def _reasons(report: Report) -> tuple[str, ...]:
    more = len(report.reasons) - SHOWN_REASONS
    rest = (f"{numbers.many(more, 'more reason')}, told with the checks below",) if more > 0 else ()
    return (*report.reasons[:SHOWN_REASONS], *rest)


def _sum(report: Report) -> Sum:
    totals = report.totals
    rated = totals.final is not None
    lines = tuple((line.at_least, line.words) for line in report.lines if line.at_least > 0) if rated else ()
    return Sum(
        automatic=numbers.points(totals.automatic),
        automatic_value=totals.automatic,
        automatic_note=f"checks cover {numbers.percent(totals.automatic_coverage)} of the automatic weight",
        coverage=f"{numbers.percent(totals.coverage)} of all weight is known",
        reachable=f"{numbers.points(totals.low)} to {numbers.points(totals.high)}",
        low=totals.low,
        high=totals.high,
        from_checks=totals.low * _share_of_checks(report.criteria),
        why_no_final=_why_no_final(report),
        final=numbers.points(totals.final) if rated else "",
        final_value=totals.final,
        band=(totals.band or "") if rated else "",
        lines=lines,
        lines_note="" if not rated else "calibrated lines" if report.lines_calibrated else "uncalibrated lines",
    )


def _why_no_final(report: Report) -> str:
    if report.totals.final is not None:
        return ""
    if any(gate.withholds_total for gate in report.gates):
        return "withheld: a gate asks for a person first"
    return "no total and no band before people have rated"


def _share_of_checks(scored: tuple[CriterionScore, ...]) -> float:
    """How much of the points earned so far came from checks."""
    rows = [_profile_row(0, one) for one in scored]
    checks = sum(one.weight * row.by_checks for one, row in zip(scored, rows, strict=True))
    people = sum(one.weight * row.by_people for one, row in zip(scored, rows, strict=True))
    return checks / (checks + people) if checks + people else 1.0


def _sentences(report: Report) -> tuple[Pair, ...]:
    return (
        Pair("The task", report.pack.summary or report.pack.title),
        Pair("What came back", _came_back(report)),
        Pair("Best evidence", _best_evidence(report)),
        Pair("Largest doubt", _largest_doubt(report)),
    )


def _came_back(report: Report) -> str:
    kinds = kinds_in_words(report.files)
    what = numbers.many(len(report.files), "file") + (f" ({kinds})" if kinds else "")
    steps = report.runs.steps
    ended = next((step for step in steps if not step.outcome.succeeded), None)
    if not steps:
        ran = "nothing was run"
    elif ended is None:
        ran = f"all {numbers.many(len(steps), 'step')} ended normally" if len(steps) > 1 else "its one step ended normally"
    else:
        ran = f"step {ended.name} {ended.sentence()}"
    return f"{what}, {entry_in_short(report.runs)}; {ran}."


def _best_evidence(report: Report) -> str:
    if report.strengths:
        return report.strengths[0].message
    met = [result for result in report.checks if result.verdict is Verdict.MET]
    if met:
        return max(met, key=lambda result: result.score or 0.0).summary
    return "No check has found its condition met so far."


def _largest_doubt(report: Report) -> str:
    withheld = next((gate for gate in report.gates if gate.withholds_total), None)
    if withheld:
        return f"{withheld.say} {withheld.because}".strip()
    if report.status == "not_gradable" and report.reasons:
        return report.reasons[0]
    if report.red_flags:
        return f"{report.red_flags[0].title}: {report.red_flags[0].finding.message}"
    if report.concerns:
        return report.concerns[0].message
    return _unmeasured_doubt(report.checks)


def _unmeasured_doubt(checks: tuple[CheckResult, ...]) -> str:
    absent = [result for result in checks if result.verdict is Verdict.NOT_MEASURED]
    if absent:
        return f"{numbers.many(len(absent), 'check')} could not be measured; the first: {absent[0].summary}"
    return "No finding of weight was raised."


def _profile_row(index: int, one: CriterionScore) -> ProfileRow:
    share = one.automatic_share / 100
    known = one.measured if one.automatic is not None else 0.0
    applies = one.state != "not_applicable"
    return ProfileRow(
        id=one.id,
        title=one.title,
        weight=numbers.weight(one.weight),
        automatic=_automatic_in_words(one),
        people=_people_in_words(one),
        state="" if one.state in ("scored", "pending_human") else wording.CRITERION_STATE[one.state],
        floor=wording.FLOOR[one.floor] if one.floor else "",
        by_checks=share * known * (one.automatic or 0.0) if applies else 0.0,
        by_people=(1 - share) * (one.manual or 0.0) if applies else 0.0,
        open=share * (1 - known) + ((1 - share) if one.manual is None else 0.0) if applies else 0.0,
        has_floor=one.floor is not None,
        applies=applies,
        anchor=f"criterion-{index}",
    )


def _automatic_in_words(one: CriterionScore) -> str:
    if one.automatic_share == 0:
        return PEOPLE_ONLY
    if one.automatic is None:
        return "not measured"
    part = numbers.percent(one.automatic)
    return part if one.measured >= 1 else f"{part} ({numbers.percent(one.measured)} measured)"


def _people_in_words(one: CriterionScore) -> str:
    if one.automatic_share == 100:
        return CHECKS_ONLY
    if not one.levels:
        return "not applicable" if one.state == "not_applicable" else "not rated yet"
    apart = max(one.levels) - min(one.levels)
    given = ("level " if len(one.levels) == 1 else "levels ") + ", ".join(str(level) for level in one.levels)
    return f"{given}: raters differ by {apart} levels" if apart >= 2 else given


def _question(asked: Asked) -> QuestionRow:
    return QuestionRow(
        ask=asked.ask,
        why=asked.why,
        strong=asked.strong_sign,
        weak=asked.weak_sign,
        criterion=asked.criterion,
        minutes=asked.minutes,
        about=asked.about,
    )


def _gate(report: Report) -> list[Pair]:
    note = " No total is shown until a person has looked."
    return [Pair(f"{gate.id}: {gate.say}", gate.because + (note if gate.withholds_total else "")) for gate in report.gates]
