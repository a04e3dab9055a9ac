"""From what was found to what is told: every field of the feedback is named here, and nothing else gets through."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from harness import __version__
from harness.ci.build import Build
from harness.ci.sandboxed import Ran, Subject, validated
from harness.model.evidence import Evidence
from harness.model.feedback import (
    Feedback,
    ShownCheck,
    ShownFinding,
    ShownPack,
    ShownSkip,
    ShownSource,
    ShownStep,
)
from harness.model.finding import CheckResult, Finding, Severity, Verdict
from harness.model.run import StepResult
from harness.model.text import clean, one_line

ASKS = (Severity.BLOCKER, Severity.MAJOR, Severity.MINOR)
"""Findings that ask for something, heaviest first."""
MOST_FINDINGS = 2000
LAST_LINES, LINE = 40, 300


@dataclass(frozen=True)
class Told:
    """What a build is told besides its results."""

    build: Build
    prefix: str
    """Where the submission lies below the repository's root."""
    created: str
    bar: float | None
    notes: tuple[str, ...]


def tell(subject: Subject, evidence: Evidence, ran: Ran, results: Sequence[CheckResult], told: Told) -> Feedback:
    findings = _findings(evidence, results, told.prefix)
    score = _score(results)
    scorable = any(one.check == "predictions_valid" and one.verdict is Verdict.MET for one in results)
    return Feedback(
        created=told.created,
        harness_version=__version__,
        pack=ShownPack(id=subject.pack.id, version=subject.pack.version, title=subject.pack.title),
        source=_source(subject, told.build),
        score=score,
        bar=told.bar,
        below=_below(results, score, told.bar),
        checks=tuple(_check(one) for one in results),
        findings=tuple(findings[:MOST_FINDINGS]),
        findings_not_listed=max(0, len(findings) - MOST_FINDINGS) + sum(one.findings_not_listed for one in results),
        steps=tuple(_step(one) for one in ran.runs.steps),
        skipped=tuple(ShownSkip(name=one.name, reason=one_line(one.reason), fault=one.fault) for one in ran.runs.skipped),
        validation=validated(subject, ran, scorable=scorable),
        sandbox="" if ran.runs.hardening.backend == "none" else ran.runs.hardening.backend,
        notes=told.notes,
    )


def _source(subject: Subject, build: Build) -> ShownSource:
    return ShownSource(
        digest=subject.snapshot.digest,
        files=len(subject.snapshot.files),
        commit=subject.snapshot.source.commit or build.commit,
        system=build.system,
        event=build.event,
        ref=build.ref,
        request=build.request,
        from_fork=build.from_fork,
        first_push=build.first_push,
        forced=build.forced,
    )


def _score(results: Iterable[CheckResult]) -> float | None:
    """What was not measured is left out; it never counts as zero."""
    scores = [one.score for one in results if one.score is not None]
    return round(100 * sum(scores) / len(scores), 1) if scores else None


def _below(results: Iterable[CheckResult], score: float | None, bar: float | None) -> str:
    if bar is None:
        return ""
    broken = [one.title for one in results if one.check == "contract" and one.verdict is Verdict.NOT_MET]
    if broken:
        return "the form that was agreed is not kept"
    if score is None:
        return f"nothing was measured, so the bar of {bar:g} is not reached"
    return f"the public score of {score:g} is below the bar of {bar:g}" if score < bar else ""


def _check(result: CheckResult) -> ShownCheck:
    return ShownCheck(
        check=result.check,
        title=result.title or result.check,
        verdict=result.verdict,
        score=result.score,
        fault=result.fault,
        summary=one_line(result.summary, 600),
    )


def _step(step: StepResult) -> ShownStep:
    succeeded = step.outcome.succeeded
    words = [] if succeeded else (step.stderr.text().rstrip() or step.stdout.text().rstrip()).splitlines()[-LAST_LINES:]
    return ShownStep(
        name=step.name,
        target=one_line(step.target) if step.target else None,
        ended=one_line(step.sentence()),
        succeeded=succeeded,
        wall_s=round(step.wall_s, 1),
        last_words=tuple(clean(line, LINE) for line in words),
    )


def _findings(evidence: Evidence, results: Sequence[CheckResult], prefix: str) -> list[ShownFinding]:
    """Heaviest first, then the surest, then by place."""
    asking = [one for result in results for one in result.findings if one.severity in ASKS and not _is_told_twice(one)]
    asking.sort(key=lambda one: (one.where.path or "", one.where.cell or 0, one.where.line or 0))
    marked = list(zip(asking, _marks(evidence, asking), strict=True))
    marked.sort(key=lambda pair: (ASKS.index(pair[0].severity), -pair[0].confidence))
    files = set(evidence.snapshot.paths())
    return [_finding(one, mark, prefix, files) for one, mark in marked]


def _is_told_twice(finding: Finding) -> bool:
    """That a file is missing is told by the form already."""
    return (finding.check, finding.rule) == ("docs", "missing_file")


def _finding(finding: Finding, mark: str, prefix: str, files: set[str]) -> ShownFinding:
    path = finding.where.path
    placed = path is not None and path in files
    return ShownFinding(
        check=finding.check,
        rule=one_line(finding.rule),
        severity=finding.severity,
        message=one_line(finding.message),
        path=str(PurePosixPath(prefix) / path) if placed and path else None,
        cell=finding.where.cell if placed else None,
        line=finding.where.line if placed else None,
        seen=clean(finding.seen, 600),
        expected=clean(finding.expected, 600),
        fix=clean(finding.fix, 600),
        innocent=one_line(finding.innocent),
        confidence=finding.confidence,
        fingerprint=mark,
    )


def _marks(evidence: Evidence, findings: Sequence[Finding]) -> Iterator[str]:
    """Rule, path and the line's own text, never its number; equal ones are counted in the order in which they stand."""
    seen: Counter[str] = Counter()
    for finding in findings:
        whole = "\0".join((finding.check, finding.rule, finding.where.path or "", _words(evidence, finding)))
        mark = hashlib.sha256(whole.encode("utf-8", errors="backslashreplace")).hexdigest()[:24]
        seen[mark] += 1
        yield f"{mark}:{seen[mark]}"


def _words(evidence: Evidence, finding: Finding) -> str:
    """The text of the line; elsewhere what was seen, or the sentence without its numbers."""
    where = finding.where
    text = evidence.read_text(where.path) if where.path and where.line and where.cell is None else None
    lines = text.split("\n") if text is not None else []
    if where.line and where.line <= len(lines) and lines[where.line - 1].strip():
        return " ".join(lines[where.line - 1].split())
    seen = " ".join(finding.seen.split())
    return seen or "".join("#" if character.isdigit() else character for character in finding.message)
