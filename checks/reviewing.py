"""Reading a review and matching it to what was planted.

A finding has found a planted fault when the file is equal, the lines overlap within a slack, and the mechanism is equal or
listed as equivalent. Each finding counts for one fault, each fault once. Findings of one mechanism on the same lines are
merged. What matches nothing is listed for a person: it may be a real fault that nobody planted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from checks.strict_json import NotJsonError, read_strict
from checks.tables import Problem
from harness.model.answers import ReviewAnswer
from harness.model.evidence import Evidence
from harness.model.review import Place, Planted, PlantedBug, ReviewFinding
from harness.model.text import clean, one_line

MOST_READ = 1000
OTHER = "other"
_PREFIXES = ("./", "data/", "repo/")


class PlantedError(Exception):
    """planted.json cannot be used: the pack's fault."""


@dataclass(frozen=True)
class Review:
    """What a review file holds. `unreadable` is set when nothing could be read at all."""

    findings: tuple[ReviewFinding, ...] = ()
    problems: tuple[Problem, ...] = ()
    unreadable: Problem | None = None


@dataclass(frozen=True)
class Matched:
    """Every finding of a review in the one group that it belongs to."""

    found: Mapping[str, ReviewFinding]
    """By the planted fault's id."""
    alarms: Mapping[str, ReviewFinding]
    """By the decoy's id."""
    unmatched: tuple[ReviewFinding, ...]
    repeated: tuple[ReviewFinding, ...]
    too_long: tuple[ReviewFinding, ...]
    beyond: tuple[ReviewFinding, ...]


def read_planted(data: bytes) -> Planted:
    try:
        return Planted.model_validate_json(data)
    except ValidationError as error:
        raise PlantedError(str(error).splitlines()[0]) from error


def find_review(evidence: Evidence, contract: ReviewAnswer) -> Review:
    """The review in the submission, or why there is none."""
    entry = next((one for one in evidence.snapshot.files if one.path == contract.file), None)
    if entry is None:
        return _nothing("missing_file", f"there is no {contract.file}", expected="a list of findings")
    limit = contract.max_mb * 1_000_000
    if entry.size > limit:
        return _nothing("too_large", f"{contract.file} is too large", f"{entry.size:,} bytes", f"at most {limit:,} bytes")
    return read_review((evidence.files / contract.file).read_bytes(), contract)


def read_review(data: bytes, contract: ReviewAnswer) -> Review:
    """Strictly: a list of objects. An entry that breaks the form is left out and told; the others stand."""
    try:
        document = read_strict(data)
    except NotJsonError as error:
        return _nothing("not_json", f"{contract.file} cannot be read: {one_line(str(error))}", expected="JSON")
    if not isinstance(document, list):
        return _nothing("not_a_list", f"{contract.file} is no list", type(document).__name__, "a list of findings")
    entries = [_finding(value, index, contract) for index, value in enumerate(document[:MOST_READ])]
    findings = [one for one in entries if isinstance(one, ReviewFinding)]
    problems = [one for one in entries if isinstance(one, Problem)]
    if len(document) > MOST_READ:
        problems.append(Problem("too_many", f"only the first {MOST_READ:,} entries are read", seen=f"{len(document):,}"))
    return Review(tuple(findings), tuple(problems))


def match(findings: Sequence[ReviewFinding], planted: Planted, contract: ReviewAnswer) -> Matched:
    """Merge, count, pair, and sort out the rest."""
    kept, repeated = _merged(findings)
    counted, beyond = kept[: contract.most_findings], kept[contract.most_findings :]
    too_long = tuple(one for one in counted if one.place.last - one.place.first >= contract.most_lines)
    pointing = [one for one in counted if one not in too_long]
    found = _paired(pointing, planted.bugs, contract.line_slack)
    used = {one.index for one in found.values()}
    alarms: dict[str, ReviewFinding] = {}
    unmatched, again = [], list(repeated)
    for one in pointing:
        if one.index in used:
            continue
        if any(_hits(one, bug, contract.line_slack) for bug in planted.bugs):
            again.append(one)
            continue
        decoys = [
            decoy.id
            for decoy in planted.decoys
            if one.mechanism in decoy.tempts and any(one.place.overlaps(place, contract.line_slack) for place in decoy.places)
        ]
        for decoy in decoys:
            alarms.setdefault(decoy, one)
        unmatched += [] if decoys else [one]
    return Matched(found, alarms, tuple(unmatched), tuple(again), too_long, tuple(beyond))


def _hits(finding: ReviewFinding, bug: PlantedBug, slack: int) -> bool:
    return finding.mechanism in bug.names and any(finding.place.overlaps(place, slack) for place in bug.places)


def _paired(findings: Sequence[ReviewFinding], bugs: Sequence[PlantedBug], slack: int) -> dict[str, ReviewFinding]:
    """The pairing with the greatest weight: graver faults choose first, and give way where another finding will do."""
    taken: dict[int, PlantedBug] = {}

    def place(bug: PlantedBug, tried: set[int]) -> bool:
        for number, finding in enumerate(findings):
            if number in tried or not _hits(finding, bug, slack):
                continue
            tried.add(number)
            if number not in taken or place(taken[number], tried):
                taken[number] = bug
                return True
        return False

    for bug in sorted(bugs, key=lambda one: -one.severity):
        place(bug, set())
    return {bug.id: findings[number] for number, bug in sorted(taken.items())}


def _merged(findings: Sequence[ReviewFinding]) -> tuple[list[ReviewFinding], list[ReviewFinding]]:
    """A finding goes into an earlier one of the same mechanism that shares a line with it; the earlier keeps its lines."""
    kept: list[ReviewFinding] = []
    repeated: list[ReviewFinding] = []
    for one in findings:
        twin = any(one.mechanism == other.mechanism and one.place.overlaps(other.place) for other in kept)
        (repeated if twin else kept).append(one)
    return kept, repeated


def _finding(value: Any, index: int, contract: ReviewAnswer) -> ReviewFinding | Problem:
    def wrong(what: str, seen: Any, expected: str) -> Problem:
        message = f"entry {index + 1} cannot be used: {what}"
        return Problem("bad_entry", message, row=index + 1, seen=one_line(repr(seen)[:200], 120), expected=expected)

    if not isinstance(value, dict):
        return wrong("it is no object", value, "file, lines, mechanism, severity, confidence, evidence, fix")
    file, mechanism, lines = value.get("file"), value.get("mechanism"), _range(value.get("lines"))
    severity, confidence = value.get("severity"), value.get("confidence", 1.0)
    if not isinstance(file, str) or not file or len(file) > 300:
        return wrong("file", file, "a path of the repository")
    if lines is None:
        return wrong("lines", value.get("lines"), "[first, last], counted from 1")
    if not isinstance(mechanism, str) or mechanism not in (*contract.mechanisms, OTHER):
        return wrong("mechanism", mechanism, f"one of the list, or {OTHER!r}")
    if isinstance(severity, bool) or severity not in (1, 2, 3):
        return wrong("severity", severity, "1, 2 or 3")
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 <= confidence <= 1:
        return wrong("confidence", confidence, "a number from 0 to 1")
    texts = value.get("evidence", ""), value.get("fix", "")
    if not all(isinstance(text, str) for text in texts):
        return wrong("evidence or fix", texts, "text")
    return ReviewFinding(
        index=index,
        place=Place(file=plain_path(file), first=lines[0], last=lines[1]),
        mechanism=mechanism,
        severity=severity,
        confidence=float(confidence),
        evidence=clean(texts[0], 1500),
        fix=clean(texts[1], 1500),
    )


def plain_path(file: str) -> str:
    """As the repository names it; where the repository was unpacked does not matter."""
    path = one_line(file)
    for prefix in _PREFIXES:
        path = path.removeprefix(prefix)
    return path


def _range(lines: Any) -> tuple[int, int] | None:
    if not isinstance(lines, list) or len(lines) != 2 or not all(type(one) is int for one in lines):
        return None
    first, last = lines
    return (first, last) if 1 <= first <= last <= 1_000_000 else None


def _nothing(rule: str, message: str, seen: str = "", expected: str = "") -> Review:
    return Review(unreadable=Problem(rule, message, seen=seen, expected=expected))
