"""The record itself. Only lone surrogates, which strict readers refuse, are shown as escapes."""

from harness.model.report import Report
from reports.escape import without_surrogates


def render(report: Report) -> str:
    return without_surrogates(report).to_json()
