"""Whether a review can be read by a program and points at places that exist."""

from pathlib import Path

from checks.base import NoSettings, check, judged, not_measured
from checks.reviewing import find_review
from checks.tables import Problem
from harness.model.answers import ReviewAnswer
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.review import ReviewFinding
from harness.model.text import one_line

ID = "review_valid"
EMPTY = 0.25
"""The form was kept, and nothing was put into it."""


@check("The review can be read", group="run")
def review_valid(evidence: Evidence, settings: NoSettings) -> CheckResult:
    """The review file is strict JSON in the agreed form, and every finding names lines that the repository has.

    Entries that break the form are left out and told one by one; the share of usable entries is the score, and
    an empty list gets a quarter. It cannot see whether anything that is said there is right.
    """
    contract = evidence.pack.answer if evidence.pack else None
    if not isinstance(contract, ReviewAnswer):
        return not_measured(ID, Fault.UNSUPPORTED, "Without a pack of the kind review there is no contract for a review.")
    review = find_review(evidence, contract)
    if review.unreadable is not None:
        summary = f"The review cannot be read: {review.unreadable.message}."
        return judged(ID, 0.0, summary, (_finding(review.unreadable, contract.file, Severity.BLOCKER),))
    repository = evidence.reference.public / contract.repository if evidence.reference and evidence.reference.public else None
    lost = [_lost(one, repository) for one in review.findings] if repository else []
    problems = (*review.problems, *(problem for problem in lost if problem is not None))
    entries = len(review.findings) + sum(problem.rule == "bad_entry" for problem in review.problems)
    findings = tuple(_finding(problem, contract.file, Severity.MINOR) for problem in problems)
    counted = (Measurement(name="review_entries", value=entries),)
    if not entries:
        return judged(ID, EMPTY, "The review is an empty list: it can be read, and says nothing.", findings, counted)
    usable = max(0, entries - len(problems))
    summary = f"{usable} of {entries} entries of the review are in the agreed form and point at lines that exist."
    return judged(ID, usable / entries, summary, findings, counted)


def _lost(finding: ReviewFinding, repository: Path) -> Problem | None:
    """A finding about a file or lines that are not there. The path is looked up among the files, never opened by name."""
    files = {path.relative_to(repository).as_posix(): path for path in repository.rglob("*") if path.is_file()}
    file = files.get(finding.place.file)
    if file is None:
        message = f"entry {finding.index + 1} names a file that is not in the repository"
        return Problem("no_such_file", message, row=finding.index + 1, seen=finding.place.file, expected=", ".join(files)[:200])
    lines = len(file.read_bytes().splitlines())
    if finding.place.last > lines:
        message = f"entry {finding.index + 1} names lines that the file has not"
        return Problem("no_such_line", message, row=finding.index + 1, seen=str(finding.place), expected=f"at most {lines}")
    return None


def _finding(problem: Problem, file: str, severity: Severity) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=problem.rule,
        message=f"{problem.message[:1].upper()}{one_line(problem.message)[1:]}.",
        where=Where(path=file, row=problem.row),
        seen=one_line(problem.seen),
        expected=one_line(problem.expected),
        level=Level.BEHAVIOUR,
    )
