"""The report as SARIF 2.1.0, as code scanning reads it: one run, one result for each finding with a place in the submission.

Only findings that ask for something are results, since other kinds would become alerts. What has no place in a file of the
snapshot, and the totals, stand in the run's properties. A finding in a notebook points at the file, whose lines are not the
cell's lines, and names the cell and line in words.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from harness.model.finding import CheckResult, Finding, Severity
from harness.model.report import Report
from harness.model.text import clean
from reports import wording
from reports.escape import FULL, cleaned

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_RESULTS = 5000
MAX_TEXT = 1000
LEVELS = {Severity.BLOCKER: "error", Severity.MAJOR: "warning", Severity.MINOR: "note"}


def render(report: Report) -> str:
    files = {entry.path for entry in report.files}
    asked = sorted(_asked(report), key=lambda finding: list(LEVELS).index(finding.severity))
    placed = [finding for finding in asked if _is_placed(finding, files)]
    unplaced = [finding for finding in asked if not _is_placed(finding, files)]
    shown = placed[:MAX_RESULTS]
    titles = {result.check: result for result in cleaned(report, FULL).checks}
    rules = list(dict.fromkeys(_rule_id(finding) for finding in shown))
    run = {
        "tool": {"driver": _driver(report, rules, shown, titles)},
        "automationDetails": {"id": f"harness/{text_of(report.pack.id)}/{text_of(report.run_id)}"},
        "columnKind": "unicodeCodePoints",
        "results": list(_results(shown, rules)),
        "properties": _properties(report, unplaced, len(placed) - len(shown)),
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(without_empty(document), indent=1, allow_nan=False, ensure_ascii=True) + "\n"


def _asked(report: Report) -> Iterator[Finding]:
    return (finding for result in report.checks for finding in result.findings if finding.severity in LEVELS)


def _driver(report: Report, rules: Sequence[str], shown: Iterable[Finding], titles: dict[str, CheckResult]) -> dict[str, Any]:
    first = {_rule_id(finding): finding for finding in reversed(list(shown))}
    return {
        "name": "harness",
        "semanticVersion": text_of(report.harness_version),
        "rules": [_rule(rule, first[rule], titles) for rule in rules],
    }


def _rule(rule: str, finding: Finding, titles: dict[str, CheckResult]) -> dict[str, Any]:
    check = titles.get(text_of(finding.check))
    title = (check.title if check else "") or text_of(finding.check)
    kind = text_of(finding.rule).replace("_", " ") if finding.rule else "finding"
    return {
        "id": rule,
        "shortDescription": {"text": f"{title}: {kind}"[:MAX_TEXT]},
        "fullDescription": {"text": f"{title}. {wording.ADVICE}"},
        "help": {"text": f"The check {text_of(finding.check)} and what it cannot see: harness checks {text_of(finding.check)}"},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {"tags": ["take-home"]},
    }


def _results(findings: Iterable[Finding], rules: Sequence[str]) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    index = {rule: number for number, rule in enumerate(rules)}
    for finding in findings:
        rule = _rule_id(finding)
        mark = _fingerprint(rule, finding)
        seen[mark] += 1
        yield {
            "ruleId": rule,
            "ruleIndex": index[rule],
            "kind": "fail",
            "level": LEVELS[finding.severity],
            "message": {"text": _message(finding)},
            "locations": [_location(finding)],
            "partialFingerprints": {"primaryLocationLineHash": f"{mark}:{seen[mark]}"},
            "properties": {"confidence": finding.confidence, "evidence": finding.level.value},
        }


def _message(finding: Finding) -> str:
    """The sentence, then what was seen and expected. A bracket pair that would make a link is pulled apart."""
    place = f"{_cell(finding)}: " if finding.where.cell is not None else ""
    parts = [f"{place}{text_of(finding.message)}"]
    parts += [f"Seen: {text_of(finding.seen)}"] if finding.seen else []
    parts += [f"Expected: {text_of(finding.expected)}"] if finding.expected else []
    return "\n".join(parts).replace("](", "] (")


def _location(finding: Finding) -> dict[str, Any]:
    where = finding.where
    physical = {
        "artifactLocation": {"uri": uri(where.path or ""), "uriBaseId": "%SRCROOT%"},
        "region": _region(finding),
    }
    if where.cell is None:
        return {"physicalLocation": physical}
    return {"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": _cell(finding)}]}


def _region(finding: Finding) -> dict[str, int]:
    where = finding.where
    line = where.line if where.cell is None and where.line else 1
    column = where.column if where.cell is None and where.line and where.column else 1
    return {"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + 1}


def _cell(finding: Finding) -> str:
    line = f", line {finding.where.line}" if finding.where.line else ""
    return f"cell {finding.where.cell}{line}"


def _fingerprint(rule: str, finding: Finding) -> str:
    """Rule, path and text: an edit elsewhere in the file moves no finding. Numbers are left out where only words are left."""
    seen = " ".join(finding.seen.split())
    words = seen or "".join("#" if character.isdigit() else character for character in finding.message)
    whole = "\0".join((rule, finding.where.path or "", words))
    return sha256(whole.encode("utf-8", errors="backslashreplace")).hexdigest()[:16]


def _rule_id(finding: Finding) -> str:
    return f"{text_of(finding.check)}.{text_of(finding.rule)}" if finding.rule else text_of(finding.check)


def uri(path: str) -> str:
    """A path of the snapshot, relative to the repository; every character with a meaning in an address is encoded."""
    return quote(path.encode("utf-8", errors="backslashreplace"), safe="/")


def _is_placed(finding: Finding, files: Set[str]) -> bool:
    path = finding.where.path
    return path is not None and path in files and not path.startswith("/") and ".." not in path.split("/")


def _properties(report: Report, unplaced: Iterable[Finding], left_out: int) -> dict[str, Any]:
    totals = report.totals
    return {
        "status": report.status,
        "advice": wording.ADVICE,
        "automaticTotal": totals.automatic,
        "reachable": [totals.low, totals.high],
        "coverage": totals.coverage,
        "withoutAPlace": [f"{_rule_id(finding)}: {text_of(finding.message)}" for finding in unplaced][:200],
        "resultsLeftOut": left_out,
    }


def text_of(text: str) -> str:
    """Cleaned and never empty."""
    return clean(text, MAX_TEXT).strip() or "(empty)"


def without_empty(value: Any) -> Any:
    """Readers refuse empty strings."""
    if isinstance(value, dict):
        return {key: without_empty(inner) for key, inner in value.items() if inner is not None and inner != ""}
    if isinstance(value, list):
        return [without_empty(inner) for inner in value if inner is not None and inner != ""]
    return value
