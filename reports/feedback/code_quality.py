"""GitLab's code quality report: an array of places, each with a fingerprint that survives edits elsewhere."""

import json

from harness.model.feedback import Feedback
from harness.model.finding import Severity
from reports.escape import terminal
from reports.feedback.words import safe

_SEVERITIES = {Severity.BLOCKER: "blocker", Severity.MAJOR: "major", Severity.MINOR: "minor"}


def render(feedback: Feedback) -> str:
    """Only findings with a file: GitLab has no place for the others. Of two with one fingerprint it would drop one."""
    rows = [
        {
            "description": terminal(finding.message),
            "check_name": f"{finding.check}.{finding.rule}" if finding.rule else finding.check,
            "fingerprint": finding.fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": finding.path,
                "lines": {"begin": finding.line if finding.line and finding.cell is None else 1},
            },
        }
        for finding in safe(feedback).findings
        if finding.path is not None
    ]
    return json.dumps(rows, indent=1, ensure_ascii=True) + "\n"
