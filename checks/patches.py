"""Whether a review's patches repair what was planted."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.probe_answers import STEP, Held, NoAnswers, ProbesError, find_answers, judge, read_probes
from checks.proof import proved
from checks.reviewing import PlantedError, read_planted
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.record import Record
from harness.model.review import Planted, PlantedBug
from harness.model.text import one_line

ID = "patches"
APPLIED = "applied.json"


class Settings(Record):
    """What is enough."""

    enough: int = Field(default=3, ge=1, description="Repairs of that many of the gravest faults give the full score.")


@check("Repairs that hold", group="result", needs=("files", "labels"), settings=Settings)
def patches(evidence: Evidence, settings: Settings) -> CheckResult:
    """The patches are applied to a copy of the repository, and hidden probes tell which planted faults are gone.

    Functions of the patched repository are called in a sandbox with the author's values; what they return is compared
    outside. A fault counts as repaired when all its probes hold. Without a patch nothing is repaired: that is a result.
    It cannot see repairs that change names or parameters, nor how well they are written.
    """
    pack, reference = evidence.pack, evidence.reference
    if pack is None or reference is None or pack.steps.calls is None:
        return not_measured(ID, Fault.UNSUPPORTED, "Without hidden probes nothing can be said of patches.")
    try:
        planted = read_planted(reference.labels.read_bytes())
        probes = read_probes(evidence)
    except (PlantedError, ProbesError) as error:
        return not_measured(ID, Fault.PACK, f"The pack cannot be scored with: {str(error).splitlines()[0]}.")
    account = _account(evidence)
    answers = find_answers(evidence)
    if isinstance(answers, NoAnswers):
        if answers.fault is not Fault.SUBMISSION:
            return not_measured(ID, answers.fault, answers.reason)
        given = any(path.startswith(("patches/", "patched/")) for path in evidence.snapshot.paths())
        unusable = (_finding("unusable", Severity.MAJOR, answers.reason, Where(step=STEP)),) if given else ()
        return judged(ID, 0.0, answers.reason, (*unusable, *_left_out(account)))
    held = judge(probes, answers)
    done = proved(planted, held)
    score = _weight(planted, done) / _enough(planted, settings.enough)
    summary = f"{len(done)} of {len(planted.bugs)} planted faults are repaired by patches, as hidden probes tell."
    findings = (*_left_out(account), *_about_bugs(planted, done, held, account))
    return judged(ID, score, summary, findings, (Measurement(name="faults_repaired", value=len(done)),))


def _weight(planted: Planted, done: tuple[str, ...]) -> float:
    return float(sum(bug.severity for bug in planted.bugs if bug.id in done))


def _enough(planted: Planted, count: int) -> float:
    gravest = sorted((bug.severity for bug in planted.bugs if bug.probes), reverse=True)[:count]
    return float(sum(gravest) or 1)


def _account(evidence: Evidence) -> list[Mapping[str, Any]]:
    """What became of each patch; written by the harness itself once the sandbox was gone."""
    data = evidence.read_artifact(STEP, APPLIED, 1_000_000)
    return json.loads(data) if data else []


def _left_out(account: list[Mapping[str, Any]]) -> Iterator[Finding]:
    for one in account:
        if one["problem"]:
            message = f"A patch could not be applied: {one_line(one['problem'])}."
            yield _finding("does_not_apply", Severity.MINOR, message, Where(path=one_line(one["source"])))


def _about_bugs(
    planted: Planted, done: tuple[str, ...], held: dict[str, Held], account: list[Mapping[str, Any]]
) -> Iterator[Finding]:
    changed = {file for one in account for file in one["files"]}
    for bug in planted.bugs:
        where = Where(path=bug.places[0].file, line=bug.places[0].first)
        if bug.id in done:
            yield _finding(f"repaired_{bug.id}", Severity.PRAISE, f"Repaired, and shown by a probe: {bug.title}.", where)
        elif any(place.file in changed for place in bug.places):
            yield _still_there(bug, held, where)


def _still_there(bug: PlantedBug, held: dict[str, Held], where: Where) -> Finding:
    failed = next((held[name] for name in bug.probes if name in held and not held[name].ok), None)
    told = f"The file was changed, and this is still so: {bug.title}."
    seen, expected = (failed.seen, failed.probe.title) if failed else ("", "")
    return _finding(f"still_there_{bug.id}", Severity.INFO, told, where, seen, expected)


def _finding(rule: str, severity: Severity, message: str, where: Where, seen: str = "", expected: str = "") -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=where,
        seen=one_line(seen),
        expected=expected,
        level=Level.BEHAVIOUR,
        innocent="The repair may be of another form than the probe can see." if rule.startswith("still_there") else "",
    )
