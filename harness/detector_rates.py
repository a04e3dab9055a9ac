"""The known error rates of detectors, as they were measured and shipped: read once, and quoted beside findings."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from harness.documents import read_json
from harness.errors import HarnessError
from harness.model.finding import CheckResult, Severity
from harness.model.report import DetectorRates, DetectorTable

FILE = Path(__file__).with_name("detector_rates.json")


@cache
def shipped() -> DetectorTable:
    """The table of this installation."""
    return read_json(FILE, DetectorTable, error=HarnessError)


def rates_for(results: Sequence[CheckResult], check_versions: Mapping[str, str]) -> dict[str, DetectorRates]:
    """Rates of what was raised, by check:rule, or by check where a fault's rule was not tried alone.

    A check of another version than the one that was measured has no known rates.
    """
    table = shipped()
    found: dict[str, DetectorRates] = {}
    for result in results:
        measured = table.check_versions.get(result.check)
        if measured is None or check_versions.get(result.check, measured) != measured:
            continue
        for finding in result.findings:
            key = f"{finding.check}:{finding.rule}"
            if key not in table.detectors and finding.severity is not Severity.PRAISE:
                key = finding.check
            if finding.rule and key in table.detectors:
                found[key] = table.detectors[key]
    return dict(sorted(found.items()))
