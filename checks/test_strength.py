"""Whether the submission's tests notice faults."""

import json
import math
from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.failures import explain
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.record import Record, Share
from harness.model.run import SandboxLost
from harness.model.text import one_line

ID = "test_strength"
STEP, FILE = "mutants", "mutants.json"
MAX_BYTES, MAX_MUTANTS, SHOWN = 500_000, 200, 5
KINDS = frozenset({"comparison", "boolean", "arithmetic", "constant", "return_none", "dropped_call"})
NOTICED = frozenset({"killed", "timed_out"})


class Settings(Record):
    """What is asked of tests."""

    enough: Share = Field(default=0.6, gt=0, description="Share of noticed faults that earns everything.")
    least: int = Field(default=8, ge=1, description="Faults that have to be tried before anything is said.")


@dataclass(frozen=True)
class TriedFault:
    """One fault, where it was put, and whether a test noticed."""

    path: str
    line: int
    kind: str
    before: str
    after: str
    noticed: bool


@dataclass(frozen=True)
class Tried:
    """mutants.json, as far as it fits the submission."""

    state: str
    tests: int
    unsteady: tuple[str, ...]
    faults: tuple[TriedFault, ...]
    foreign: int
    """Faults told of places that the submission does not have."""

    @property
    def noticed(self) -> int:
        return sum(fault.noticed for fault in self.faults)


@check("Tests notice faults", group="run", needs=("tests",), settings=Settings)
def test_strength(evidence: Evidence, settings: Settings) -> CheckResult:
    """Small faults are put into lines that the submission's own tests reach, and the tests are run against each.

    Forty places are drawn alike for the same sources: comparisons, and/or, arithmetic, constants, a returned None, a call
    left out. Only tests that passed twice on sound code take part. Full marks from six in ten noticed. The count comes out
    of the sandbox in which the tests ran, so it is never more than executed evidence; faults that change nothing, which no
    test can notice, are why nobody reaches ten in ten. It cannot see whether the faults that matter for the task are tested.
    """
    runs = evidence.runs
    if runs is None:
        return not_measured(ID, Fault.UNSUPPORTED, "Nothing was run.")
    step = runs.step(STEP)
    if step is None:
        skipped = runs.why_absent(STEP)
        reason = (
            f"No fault was tried: {one_line(skipped.reason)}." if skipped else "This pack does not put faults into the code."
        )
        return not_measured(ID, Fault(skipped.fault) if skipped else Fault.PACK, reason)
    if isinstance(step.outcome, SandboxLost):
        return not_measured(ID, Fault.HARNESS, f"Trying faults {step.outcome.sentence()}.")
    tried = read_tried(evidence)
    if tried is None:
        failure = explain(evidence, step)
        fault = failure.fault if failure.fault is not Fault.SUBMISSION else Fault.UNSUPPORTED
        return not_measured(ID, fault, f"Trying faults {failure.sentence}")
    return _judged(tried, settings)


test_strength.__test__ = False  # type: ignore[attr-defined]


def read_tried(evidence: Evidence) -> Tried | None:
    """Strictly: what does not fit the submission's own files is counted and left out."""
    data = evidence.read_artifact(STEP, FILE, MAX_BYTES)
    try:
        document = json.loads(data.decode("utf-8", errors="replace")) if data is not None else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("mutants"), list):
        return None
    told = [_fault(evidence, one) for one in document["mutants"][:MAX_MUTANTS]]
    faults = list(dict.fromkeys(one for one in told if one is not None))
    unsteady = document.get("unsteady")
    tests = document.get("tests")
    return Tried(
        state=one_line(document["state"], 40) if isinstance(document.get("state"), str) else "",
        tests=tests if isinstance(tests, int) and not isinstance(tests, bool) and 0 <= tests < 100_000 else 0,
        unsteady=tuple(one_line(one, 200) for one in unsteady[:20] if isinstance(one, str))
        if isinstance(unsteady, list)
        else (),
        faults=tuple(faults),
        foreign=sum(one is None for one in told),
    )


def _fault(evidence: Evidence, told: object) -> TriedFault | None:
    if not isinstance(told, dict):
        return None
    path, line, before = told.get("file"), told.get("line"), told.get("before")
    after, kind, state = told.get("after"), told.get("kind"), told.get("state")
    if not (isinstance(path, str) and isinstance(line, int) and isinstance(before, str) and isinstance(after, str)):
        return None
    text = evidence.read_text(path) if path.endswith(".py") else None
    lines = text.split("\n") if text is not None else []
    stands_there = 0 < line <= len(lines) and before.split("\n")[0][:40] in lines[line - 1]
    if not stands_there or kind not in KINDS or not isinstance(state, str):
        return None
    return TriedFault(path, line, kind, one_line(before, 120), one_line(after, 120), state in NOTICED)


def _judged(tried: Tried, settings: Settings) -> CheckResult:
    findings = list(_unsteady(tried))
    count, noticed = len(tried.faults), tried.noticed
    if tried.state == "no_steady_tests":
        return not_measured(ID, Fault.SUBMISSION, "No test passes twice on the code as it is.", tuple(findings))
    if tried.foreign:
        reason = f"The account of {tried.foreign} faults does not fit the submission's files, so none of it is believed."
        return not_measured(ID, Fault.UNSUPPORTED, reason, tuple(findings))
    if count < settings.least:
        late = tried.state not in ("done", "no_steady_tests")
        why = "the time for them ran out" if late else "the tests reach too little code of the submission's own"
        reason = f"Only {count} faults could be tried, because {why}; {settings.least} are needed to say anything."
        return not_measured(ID, Fault.PACK if late else Fault.SUBMISSION, reason, tuple(findings))
    low, high = wilson(noticed, count)
    rate = noticed / count
    findings += _verdict(tried, high)
    summary = (
        f"The tests noticed {noticed} of {count} small faults in the lines they reach ({rate:.0%}, "
        f"95 % interval {low:.0%} to {high:.0%})."
    )
    measurement = Measurement(name="faults_noticed", value=rate, low=low, high=high)
    return judged(ID, rate / settings.enough, summary, tuple(findings), (measurement,))


def wilson(hits: int, count: int) -> tuple[float, float]:
    """95 % interval of a share."""
    z = 1.959964
    share = hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _verdict(tried: Tried, high: float) -> list[Finding]:
    survived = [fault for fault in tried.faults if not fault.noticed]
    findings = []
    if tried.noticed == 0:
        message = f"The tests cannot fail: none of {len(tried.faults)} faults in the lines they reach was noticed."
        innocent = "The tests aim at another layer, such as the shape of files."
        findings.append(_finding("tests_cannot_fail", Severity.MAJOR, message, Where(step=STEP), innocent=innocent))
    elif high < 0.5:
        message = f"Most faults go unnoticed: {len(survived)} of {len(tried.faults)} in the lines that the tests reach."
        findings.append(
            _finding("weak_tests", Severity.MINOR, message, Where(step=STEP), fix="assert results, not only that code runs")
        )
    for fault in survived[:SHOWN]:
        message = "No test notices when this is changed."
        place = Where(path=fault.path, line=fault.line)
        findings.append(_finding("unnoticed_fault", Severity.INFO, message, place, f"{fault.before}  ->  {fault.after}"))
    return findings


def _unsteady(tried: Tried) -> tuple[Finding, ...]:
    if not tried.unsteady:
        return ()
    message = f"{len(tried.unsteady)} tests pass in one run and not in the next, on the same code."
    return (_finding("unsteady_tests", Severity.MINOR, message, Where(step=STEP), ", ".join(tried.unsteady[:3])),)


def _finding(
    rule: str, severity: Severity, message: str, where: Where, seen: str = "", fix: str = "", innocent: str = ""
) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=where,
        seen=seen,
        fix=fix,
        confidence=0.9 if severity is not Severity.INFO else 0.7,
        level=Level.EXECUTED,
        innocent=innocent,
    )
