"""How much of what was planted a review finds, as a place on the ladder of measured reviews."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.bootstrap import Interval
from checks.ladder import Ladder, build
from checks.probe_answers import NoAnswers, ProbesError, find_answers, judge, read_probes
from checks.proof import proved
from checks.review_points import METRIC, points, settings_of
from checks.reviewing import Matched, PlantedError, find_review, match, read_planted
from harness.errors import PackError
from harness.model.answers import ReviewAnswer
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.pack import Pack
from harness.model.record import Record
from harness.model.review import Decoy, Planted, PlantedBug, ReviewFinding

ID = "review_score"
HEAVY = {3: Severity.MAJOR, 2: Severity.MINOR, 1: Severity.MINOR}


class Settings(Record):
    """How the review is placed."""

    min_gap: float = Field(default=0.02, ge=0, lt=0.5, description="Smallest step between rungs, as a share of the ladder.")


@dataclass(frozen=True)
class _Judged:
    planted: Planted
    matched: Matched
    ladder: Ladder
    values: dict[str, Interval]
    proof_missing: str
    """Why repairs could not be judged, when that was not the submission's doing."""


@check("What the review finds", group="result", needs=("files", "labels", "ladder"), settings=Settings)
def review_score(evidence: Evidence, settings: Settings) -> CheckResult:
    """Planted faults found, weighed by severity, minus false alarms on decoys, plus repairs that hold, on the ladder.

    A finding counts when file, lines (within a slack) and mechanism fit; the score is the place on the ladder of measured
    reviews. The interval is a bootstrap of 2,000 draws over what was planted. Precision over other findings is not computed:
    they may be real faults that nobody planted, so they are listed for a person. It cannot see how well a finding is argued.
    """
    pack, reference = evidence.pack, evidence.reference
    if pack is None or reference is None or not isinstance(pack.answer, ReviewAnswer):
        return not_measured(ID, Fault.UNSUPPORTED, "What was planted is not at hand here.")
    review = find_review(evidence, pack.answer)
    if review.unreadable is not None:
        reason = f"The review cannot be read: {review.unreadable.message}."
        return not_measured(ID, Fault.SUBMISSION, reason)
    try:
        planted = read_planted(reference.labels.read_bytes())
        judged_one = _judge(evidence, pack, match(review.findings, planted, pack.answer), planted, settings)
    except (PlantedError, PackError, ProbesError) as error:
        return not_measured(ID, Fault.PACK, f"The pack cannot be scored with: {str(error).splitlines()[0]}.")
    return _result(judged_one, pack.answer)


def _judge(evidence: Evidence, pack: Pack, matched: Matched, planted: Planted, settings: Settings) -> _Judged:
    rungs = evidence.reference.rungs if evidence.reference else ()
    ladder = build(rungs, higher_is_better=True, min_gap=settings.min_gap)
    if isinstance(ladder, str):
        raise PackError(ladder)
    done: tuple[str, ...] = ()
    missing = ""
    if pack.steps.calls is not None:
        answers = find_answers(evidence)
        if isinstance(answers, NoAnswers):
            missing = answers.reason if answers.fault is not Fault.SUBMISSION else ""
        else:
            done = proved(planted, judge(read_probes(evidence), answers))
    return _Judged(planted, matched, ladder, points(planted, matched, done, settings_of(pack.metric)), missing)


def _result(judged_one: _Judged, contract: ReviewAnswer) -> CheckResult:
    main, ladder, matched = judged_one.values[METRIC], judged_one.ladder, judged_one.matched
    position, low, high = (ladder.position(value) for value in (main.value, main.low, main.high))
    measurements = [
        Measurement(name=name, value=one.value, low=one.low, high=one.high) for name, one in judged_one.values.items()
    ]
    measurements.append(Measurement(name="ladder_position", value=position, low=low, high=high))
    bugs, decoys = judged_one.planted.bugs, judged_one.planted.decoys
    summary = (
        f"{len(matched.found)} of {len(bugs)} planted faults found, {len(matched.alarms)} of {len(decoys)} decoys called so; "
        f"{main.value:.2f} points (95 % interval {main.low:.2f} to {main.high:.2f}), which is {position:.2f} on the ladder."
    )
    if judged_one.proof_missing:
        summary += f" Repairs could not be judged: {judged_one.proof_missing}"
    return judged(ID, position, summary, tuple(_findings(judged_one, contract)), tuple(measurements))


def _findings(judged_one: _Judged, contract: ReviewAnswer) -> Iterator[Finding]:
    matched = judged_one.matched
    for bug in judged_one.planted.bugs:
        hit = matched.found.get(bug.id)
        yield _missed(bug) if hit is None else _found(bug, hit)
    for decoy in judged_one.planted.decoys:
        alarm = matched.alarms.get(decoy.id)
        if alarm is not None:
            yield _alarm(decoy, alarm)
    for one in matched.unmatched:
        yield _about(
            one, "unmatched", Severity.INFO, "Matches nothing that was planted: a person says whether it is a real fault."
        )
    for one in matched.too_long:
        fix = f"point at {contract.most_lines} lines or fewer"
        yield _about(one, "too_long", Severity.INFO, "Covers so many lines that it points nowhere, and matches nothing.", fix)
    for one in matched.repeated:
        yield _about(one, "repeated", Severity.INFO, "Says again what another finding says, and is not counted twice.")
    if matched.beyond:
        first = matched.beyond[0]
        told = f"{len(matched.beyond)} findings come after the first {contract.most_findings}, and are not counted."
        yield _about(first, "beyond_limit", Severity.INFO, told)


def _found(bug: PlantedBug, hit: ReviewFinding) -> Finding:
    apart = abs(hit.severity - bug.severity)
    weighed = "" if not apart else f" (weighed {hit.severity}, where {bug.severity} was expected)"
    return Finding(
        check=ID,
        severity=Severity.PRAISE if bug.severity == 3 else Severity.INFO,
        rule=f"found_{bug.id}",
        message=f"Found: {bug.title}{weighed}.",
        where=Where(path=hit.place.file, line=hit.place.first),
        seen=hit.evidence[:300],
        confidence=hit.confidence,
        level=Level.BEHAVIOUR,
    )


def _missed(bug: PlantedBug) -> Finding:
    return Finding(
        check=ID,
        severity=HEAVY[bug.severity],
        rule=f"missed_{bug.id}",
        message=f"Not found: {bug.title}.",
        where=Where(path=bug.places[0].file, line=bug.places[0].first),
        expected=f"{bug.mechanism}, severity {bug.severity}, at {bug.places[0]}",
        level=Level.BEHAVIOUR,
        innocent="It may be described in words, at another place or under another name: read review.md.",
    )


def _alarm(decoy: Decoy, alarm: ReviewFinding) -> Finding:
    return Finding(
        check=ID,
        severity=Severity.MINOR,
        rule=f"alarm_{decoy.id}",
        message=f"Called a fault, and is right: {decoy.title}.",
        where=Where(path=alarm.place.file, line=alarm.place.first),
        seen=alarm.evidence[:300],
        expected=decoy.why_right,
        level=Level.BEHAVIOUR,
        innocent="The argument may be better than ours: read it.",
    )


def _about(one: ReviewFinding, rule: str, severity: Severity, message: str, fix: str = "") -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=Where(path=one.place.file, line=one.place.first),
        seen=f"{one.mechanism}, severity {one.severity}: {one.evidence[:250]}",
        fix=fix,
        confidence=one.confidence,
        level=Level.MENTION,
    )
