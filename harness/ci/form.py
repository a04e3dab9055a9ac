"""What can be told of a submission's form before anybody grades it: files, declaration, entry, environment, returned table."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from harness.ci.contract import REQUIREMENTS
from harness.ci.sandboxed import Ran, Subject
from harness.intake import read_declaration
from harness.model.answers import TableAnswer
from harness.model.finding import CheckResult, Finding, Level, Severity, Verdict, Where
from harness.model.text import one_line

ID = "contract"
_TITLE = "The form that was agreed"
_LOWERS = {Severity.BLOCKER: 1.0, Severity.MAJOR: 0.5, Severity.MINOR: 0.1}
_MOST_REFUSALS = 20


def check_form(subject: Subject, ran: Ran) -> CheckResult:
    """The contract as one more check: its score falls with each thing that would stop or mislead a grading."""
    findings = tuple(_findings(subject, ran))
    score = max(0.0, round(1.0 - sum(_LOWERS[one.severity] for one in findings), 6))
    verdict = Verdict.MET if score == 1 else Verdict.NOT_MET if score == 0 else Verdict.PARTIAL
    told = f"{len(findings)} to correct" if findings else "files, entry point and environment are as agreed"
    return CheckResult(check=ID, title=_TITLE, verdict=verdict, score=score, summary=f"The form: {told}.", findings=findings)


def _findings(subject: Subject, ran: Ran) -> Iterator[Finding]:
    present = set(subject.snapshot.paths())
    for name in subject.pack.required_files:
        if name not in present:
            yield _finding("missing_file", Severity.BLOCKER, f"{name} is missing.", fix="the brief says what stands in it")
    yield from _declaration(subject)
    if subject.assignment.lock is None:
        message = f"{REQUIREMENTS} is not the one that was handed out, and work is graded with that one."
        path = REQUIREMENTS if REQUIREMENTS in present else None
        yield _finding("other_environment", Severity.BLOCKER, message, path, fix="restore it; nothing else can be installed")
    for refusal in [one for one in subject.snapshot.refusals if not one.harmless][:_MOST_REFUSALS]:
        message = "Something was left out and is not graded."
        yield _finding("left_out", Severity.MAJOR, message, None, refusal.path, refusal.reason)
    if isinstance(subject.pack.answer, TableAnswer):
        yield from _table(subject, subject.pack.answer, ran)


def _declaration(subject: Subject) -> Iterator[Finding]:
    declaration, problem = read_declaration(subject.files, subject.snapshot)
    if problem:
        yield _finding("declaration", Severity.BLOCKER, "Not all of submission.json can be used.", "submission.json", problem)
    if declaration.pack is not None and declaration.pack != subject.pack.id:
        message = "submission.json names another assignment."
        yield _finding("other_pack", Severity.MAJOR, message, "submission.json", declaration.pack, f"pack: {subject.pack.id}")
    if subject.choice.entry is None and subject.pack.entry_points:
        yield _finding("no_entry", Severity.BLOCKER, "There is no way to start this submission.", None, subject.choice.reason)


def _table(subject: Subject, answer: TableAnswer, ran: Ran) -> Iterator[Finding]:
    """The returned table's columns and ids, where a build has ended well."""
    step = ran.runs.step("predict")
    if step is None or ran.data is None:
        return
    place = subject.scratch / "artifacts" / "predict"
    missing = [one for one in (answer.file, *answer.also_returned) if not (place / one).is_file()]
    for name in missing:
        yield _finding("not_returned", Severity.BLOCKER, f"The build left no {name}.", None, step.outcome.sentence())
    score = ran.data / subject.pack.data.score
    if answer.file in missing or not score.is_file():
        return
    asked, returned = _read(score.read_bytes()), _read((place / answer.file).read_bytes())
    wanted = [answer.id_column, *(column.name for column in answer.columns)]
    if returned is None or sorted(returned[0]) != sorted(wanted):
        seen = ",".join(returned[0])[:300] if returned else "no CSV in UTF-8"
        yield _finding("columns", Severity.BLOCKER, f"{answer.file} has other columns.", None, seen, ",".join(wanted))
        return
    if asked is None or answer.id_column not in asked[0]:
        return
    at, asked_at = returned[0].index(answer.id_column), asked[0].index(answer.id_column)
    ids = Counter(row[at] if at < len(row) else "" for row in returned[1:])
    expected = {row[asked_at] for row in asked[1:] if asked_at < len(row)}
    told = {
        "ids have no row": len(expected - ids.keys()),
        "rows have an unknown id": sum(count for name, count in ids.items() if name not in expected),
        "ids stand more than once": sum(count > 1 for count in ids.values()),
    }
    for what, count in told.items():
        if count:
            yield _finding("ids", Severity.BLOCKER, f"In {answer.file}, {count} {what}.", None, expected="each id exactly once")


def _read(data: bytes) -> list[list[str]] | None:
    try:
        rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) if row]
    except (UnicodeDecodeError, csv.Error):
        return None
    return rows or None


def _finding(
    rule: str, severity: Severity, message: str, path: str | None = None, seen: str = "", expected: str = "", fix: str = ""
) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=Where(path=path),
        seen=one_line(seen),
        expected=one_line(expected),
        fix=fix,
        level=Level.EXECUTED,
    )
