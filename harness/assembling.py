"""Putting the report together: everything the stages recorded, plus what a reader needs first. Pure: no clock, and no
file but the shipped table of error rates."""

from collections.abc import Iterable, Sequence

from harness.detector_rates import rates_for
from harness.model.finding import CheckResult, Finding, Measurement, Severity, Verdict
from harness.model.grade import Grade
from harness.model.interview import Interview, Question
from harness.model.pack import Pack
from harness.model.report import (
    Asked,
    LadderPlace,
    Lock,
    PackRef,
    Report,
    Rung,
    SandboxRef,
    SubmissionRef,
    Timing,
)
from harness.model.rubric import Rubric
from harness.model.run import RunSet
from harness.model.submission import Declaration, Snapshot

_HEAVY = (Severity.BLOCKER, Severity.MAJOR, Severity.MINOR)
_ORDER = {severity: index for index, severity in enumerate(Severity)}
DOUBTFUL_BELOW = 0.9


def assemble(
    *,
    lock: Lock,
    pack: Pack,
    rubric: Rubric,
    interview: Interview,
    snapshot: Snapshot,
    declaration: Declaration,
    candidate: str,
    runs: RunSet,
    results: Sequence[CheckResult],
    grade: Grade,
    rungs: Sequence[Rung],
) -> Report:
    """The whole report as one record."""
    measurements = {one.name: one for result in results for one in result.measurements}
    return Report(
        run_id=lock.run_id,
        created=lock.created,
        harness_version=lock.harness_version,
        status=grade.status,
        reasons=grade.reasons,
        profile=grade.profile,
        pack=_pack(pack, lock),
        submission=_submission(snapshot, declaration, candidate),
        sandbox=SandboxRef(
            backend=runs.hardening.backend,
            version=runs.hardening.version,
            hardening=runs.hardening.controls,
            gaps=runs.hardening.gaps,
        ),
        totals=grade.totals,
        criteria=grade.criteria,
        checks=tuple(results),
        measurements=measurements,
        ladder=_ladder(pack, rungs, measurements, declaration),
        gates=grade.gates,
        red_flags=grade.red_flags,
        strengths=_strengths(results),
        concerns=_concerns(results),
        check_yourself=_doubtful(results),
        questions=_questions(interview, results),
        detector_rates=rates_for(results, lock.check_versions),
        timings=tuple(Timing(step=s.name, wall_s=s.wall_s, cpu_s=s.cpu_s, peak_mb=s.peak_mb) for s in runs.steps),
        files=snapshot.files,
        refusals=snapshot.refusals,
        runs=runs,
        lock=lock,
        rubric=rubric.criteria,
        lines=rubric.lines,
        lines_calibrated=rubric.calibrated,
        floors=rubric.profiles[grade.profile].floors,
    )


def _pack(pack: Pack, lock: Lock) -> PackRef:
    return PackRef(
        id=pack.id,
        version=pack.version,
        title=pack.title,
        kind=pack.kind,
        summary=pack.summary,
        public_digest=lock.public_digest,
        grading_digest=lock.grading_digest,
    )


def _submission(snapshot: Snapshot, declaration: Declaration, candidate: str) -> SubmissionRef:
    return SubmissionRef(
        digest=snapshot.digest,
        source=snapshot.source.name,
        source_kind=snapshot.source.kind,
        commit=snapshot.source.commit,
        candidate=candidate,
        declared=declaration.declared,
        minutes_spent=declaration.minutes_spent,
        ai_use=declaration.ai_use,
    )


def _ladder(
    pack: Pack, rungs: Sequence[Rung], measurements: dict[str, Measurement], declaration: Declaration
) -> LadderPlace | None:
    if not rungs:
        return None
    value, place = measurements.get(pack.metric.name), measurements.get("ladder_position")
    declared = declaration.declared
    return LadderPlace(
        metric=pack.metric.name,
        title=pack.metric.title or pack.metric.name,
        higher_is_better=rungs[-1].value > rungs[0].value,
        rungs=tuple(rungs),
        value=value.value if value else None,
        low=value.low if value else None,
        high=value.high if value else None,
        position=place.value if place else None,
        position_low=place.low if place else None,
        position_high=place.high if place else None,
        declared=declared.value if declared and declared.metric == pack.metric.name else None,
    )


def _strengths(results: Sequence[CheckResult]) -> tuple[Finding, ...]:
    """Three: what checks praised, then the checks that were fully met."""
    praised = [finding for result in results for finding in result.findings if finding.severity is Severity.PRAISE]
    met = [
        Finding(check=result.check, severity=Severity.PRAISE, message=result.summary)
        for result in results
        if result.verdict is Verdict.MET and result.check not in {finding.check for finding in praised}
    ]
    return tuple([*praised, *met][:3])


def _concerns(results: Sequence[CheckResult]) -> tuple[Finding, ...]:
    """The three heaviest findings, at most one of a kind, then checks that were not met without saying where."""
    heavy = _by_weight(finding for result in results for finding in result.findings if finding.severity in _HEAVY)
    chosen: dict[tuple[str, str], Finding] = {}
    for finding in heavy:
        chosen.setdefault((finding.check, finding.rule), finding)
    told = {finding.check for finding in chosen.values()}
    unmet = [
        Finding(check=result.check, severity=Severity.MAJOR, message=result.summary)
        for result in results
        if result.verdict is Verdict.NOT_MET and result.check not in told
    ]
    return tuple(_by_weight([*chosen.values(), *unmet])[:3])


def _doubtful(results: Sequence[CheckResult]) -> tuple[Finding, ...]:
    """Three places where the tool may be wrong: heavy findings it is least sure of, then what it could not measure."""
    unsure = [
        finding
        for result in results
        for finding in result.findings
        if finding.severity in _HEAVY and finding.confidence < DOUBTFUL_BELOW
    ]
    unsure.sort(key=lambda finding: (_ORDER[finding.severity], finding.confidence))
    unmeasured = [
        Finding(check=result.check, severity=Severity.INFO, message=f"Not measured: {result.summary}")
        for result in results
        if result.verdict is Verdict.NOT_MEASURED
    ]
    return tuple([*unsure, *unmeasured][:3])


def _questions(interview: Interview, results: Sequence[CheckResult]) -> tuple[Asked, ...]:
    """The core questions of the pack, then those that this submission's results ask for."""
    asked: list[Asked] = []
    kinds = {"core": 0, "doubt": 1, "change_request": 2, "new_constraint": 3, "learning": 4}
    for question in sorted(interview.questions, key=lambda one: kinds[one.kind]):
        about = _trigger(question, results)
        if about is not None:
            asked.append(_asked(question, about))
    doubts = [one for one in asked if _kind(interview, one) == "doubt"]
    fixed = [one for one in asked if _kind(interview, one) != "doubt"]
    core = [one for one in fixed if _kind(interview, one) == "core"]
    rest = [one for one in fixed if _kind(interview, one) != "core"]
    return tuple([*core, *doubts[: interview.max_questions - len(core) - min(2, len(rest))], *rest][: interview.max_questions])


def _kind(interview: Interview, asked: Asked) -> str:
    return next(question.kind for question in interview.questions if question.id == asked.id)


def _trigger(question: Question, results: Sequence[CheckResult]) -> str | None:
    """The place a question is about, an empty text when it is about none, or None when it is not to be asked."""
    for result in results:
        if question.when_rule is not None:
            hit = next(
                (finding for finding in result.findings if f"{finding.check}:{finding.rule}" == question.when_rule), None
            )
            if hit is not None:
                return str(hit.where)
        elif question.when_check == result.check and result.verdict.value in question.when_verdict:
            return str(result.findings[0].where) if result.findings else ""
    return "" if question.always else None


def _asked(question: Question, about: str) -> Asked:
    fields = ("id", "ask", "why", "strong_sign", "weak_sign", "criterion", "minutes")
    return Asked(about=about, **{field: getattr(question, field) for field in fields})


def _by_weight(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (_ORDER[finding.severity], -finding.confidence))
