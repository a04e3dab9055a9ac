"""The feedback as SARIF 2.1.0 for code scanning: placed findings, with fingerprints that survive edits elsewhere."""

import json
from collections.abc import Sequence
from typing import Any

from harness.model.feedback import Feedback, ShownFinding
from reports.as_sarif import LEVELS, MAX_RESULTS, SCHEMA, text_of, uri, without_empty
from reports.feedback.words import NOT_THE_GRADE, place, safe


def render(feedback: Feedback) -> str:
    feedback = safe(feedback)
    placed = [finding for finding in feedback.findings if finding.path is not None]
    unplaced = [finding for finding in feedback.findings if finding.path is None]
    shown = placed[:MAX_RESULTS]
    rules = list(dict.fromkeys(_rule_id(finding) for finding in shown))
    run = {
        "tool": {"driver": _driver(feedback, rules, shown)},
        "automationDetails": {"id": f"harness-ci/{feedback.pack.id}/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules) for finding in shown],
        "properties": {
            "publicScore": feedback.score,
            "advice": NOT_THE_GRADE,
            "withoutAPlace": [f"{_rule_id(one)}: {text_of(one.message)}" for one in unplaced][:200],
            "resultsLeftOut": len(placed) - len(shown) + feedback.findings_not_listed,
        },
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(without_empty(document), indent=1, allow_nan=False, ensure_ascii=True) + "\n"


def _driver(feedback: Feedback, rules: Sequence[str], shown: Sequence[ShownFinding]) -> dict[str, Any]:
    titles = {check.check: check.title for check in feedback.checks}
    first = {_rule_id(finding): finding for finding in reversed(shown)}
    return {
        "name": "harness ci",
        "semanticVersion": text_of(feedback.harness_version),
        "rules": [_rule(rule, first[rule], titles.get(first[rule].check, first[rule].check)) for rule in rules],
    }


def _rule(rule: str, finding: ShownFinding, title: str) -> dict[str, Any]:
    return {
        "id": rule,
        "shortDescription": {"text": text_of(f"{title}: {finding.rule.replace('_', ' ') or 'finding'}")},
        "fullDescription": {"text": f"{text_of(title)}. {NOT_THE_GRADE}"},
        "help": {"text": f"The check {finding.check} and what it cannot see: harness checks {finding.check}"},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {"tags": ["take-home"]},
    }


def _result(finding: ShownFinding, rules: Sequence[str]) -> dict[str, Any]:
    line = finding.line if finding.line and finding.cell is None else 1
    told = f"{place(finding)}: {finding.message}" if finding.cell is not None else finding.message
    more = [f"{label}: {text}" for label, text in (("Seen", finding.seen), ("Expected", finding.expected)) if text]
    return {
        "ruleId": _rule_id(finding),
        "ruleIndex": rules.index(_rule_id(finding)),
        "kind": "fail",
        "level": LEVELS[finding.severity],
        "message": {"text": "\n".join(text_of(part) for part in (told, *more)).replace("](", "] (")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri(finding.path or ""), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 2},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": finding.fingerprint},
        "properties": {"confidence": finding.confidence},
    }


def _rule_id(finding: ShownFinding) -> str:
    return f"{text_of(finding.check)}.{text_of(finding.rule)}" if finding.rule else text_of(finding.check)
