"""The contract of a check.

A check is a function from Evidence (and its settings) to one CheckResult. It prints nothing, reads nothing but its
Evidence, knows no clock and no randomness, and never imports or runs anything of the submission. The docstring's first
line is the sentence that the report and `harness checks` show; the rest says how it looks and what it cannot see.
Marking has no side effect: `checks/catalog.py` lists the checks, `checks/registry.py` verifies them.

A check that raises is our fault, and is reported so by the stage that calls it: do not catch broadly inside.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Measurement, Verdict
from harness.model.record import Record

Group = Literal["static", "run", "practice", "result"]
Need = Literal["files", "execute", "tests", "predict", "predictions", "labels", "ladder"]
"""What must be there before a check can run. The stage answers not_measured, naming the need, when it is not."""

MAX_FINDINGS = 50


class NoSettings(Record):
    """For checks that nothing can be set on."""


class CheckFunction(Protocol):
    __name__: str
    __module__: str
    __doc__: str | None

    def __call__(self, evidence: Evidence, settings: Any, /) -> CheckResult: ...


@dataclass(frozen=True)
class CheckSpec:
    """A marked check: its id is its module's name."""

    id: str
    title: str
    group: Group
    needs: tuple[Need, ...]
    settings: type[Record]
    version: str
    """Raised when the same evidence can give another result."""
    function: CheckFunction

    @property
    def sentence(self) -> str:
        return (self.function.__doc__ or "").strip().split("\n", 1)[0]

    @property
    def explanation(self) -> str:
        return inspect.cleandoc(self.function.__doc__ or "")


def check(
    title: str,
    *,
    group: Group,
    needs: tuple[Need, ...] = ("files",),
    settings: type[Record] = NoSettings,
    version: str = "1",
) -> Callable[[CheckFunction], CheckFunction]:
    """Mark a function as a check. The function is returned unchanged, with its spec hung on it."""

    def mark(function: CheckFunction) -> CheckFunction:
        name = function.__module__.rsplit(".", 1)[-1]
        function.spec = CheckSpec(name, title, group, needs, settings, version, function)  # type: ignore[attr-defined]
        return function

    return mark


def spec_of(function: CheckFunction) -> CheckSpec | None:
    return getattr(function, "spec", None)


def judged(
    check_id: str,
    score: float,
    summary: str,
    findings: tuple[Finding, ...] = (),
    measurements: tuple[Measurement, ...] = (),
) -> CheckResult:
    """A measured result: met from 0.995 up, not met at 0, partial between."""
    score = min(1.0, max(0.0, score))
    verdict = Verdict.MET if score >= 0.995 else Verdict.NOT_MET if score <= 0.0 else Verdict.PARTIAL
    ordered = sorted(findings, key=lambda finding: _WEIGHT[finding.severity.value])
    return CheckResult(
        check=check_id,
        verdict=verdict,
        score=score,
        summary=summary,
        findings=tuple(ordered[:MAX_FINDINGS]),
        findings_not_listed=max(0, len(ordered) - MAX_FINDINGS),
        measurements=measurements,
    )


def not_measured(check_id: str, fault: Fault, why: str, findings: tuple[Finding, ...] = ()) -> CheckResult:
    """A result that says it has none, and whose doing that is."""
    return CheckResult(check=check_id, verdict=Verdict.NOT_MEASURED, fault=fault, summary=why, findings=findings)


_WEIGHT = {"blocker": 0, "major": 1, "minor": 2, "info": 3, "praise": 4}
