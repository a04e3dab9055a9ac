"""The submission's own tests: what they assert, whether they ran and passed, and what they reach."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from checks.assertions import Strength
from checks.base import check, judged, not_measured
from checks.defined_tests import DefinedTest, defined_tests, function_lines, is_test_file
from checks.failures import explain
from checks.given import Given
from checks.own_code import sources_of
from checks.practice.sources import Sources
from checks.reports_inside import TestsReport, read_tests_report
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.record import Record, Share
from harness.model.run import Exited, StepResult

ID = "own_tests"
STEP = "tests"
_WORTH = {Strength.NONE: 0.0, Strength.SHAPE: 0.35, Strength.VALUE: 1.0}
_UNPROVEN = 0.1
_MAX_LISTED = 15
_EARLY_EXIT = re.compile(r"\bos\s*\.\s*_exit\s*\(")
_OUTCOME_HOOKS = re.compile(
    r"def\s+(pytest_(?:runtest_makereport|pyfunc_call|runtest_protocol|runtest_call|ignore_collect|report_teststatus|sessionfinish))\b"
)


class Settings(Record):
    """What is asked of a submission's own tests."""

    enough: int = Field(default=5, ge=1, description="So many asserting, passing tests are enough.")
    coverage: Share = Field(default=0.6, gt=0, description="Share of the code inside own functions that is enough to reach.")
    notebook_only: Literal["not_measured", "count"] = Field(
        default="not_measured", description="Whether a submission of notebooks alone is asked for tests."
    )


@dataclass(frozen=True)
class _Tally:
    """Defined tests against what pytest is said to have seen."""

    defined: tuple[DefinedTest, ...]
    outcomes: dict[tuple[str, str], set[str]]
    """By file and function name: outcomes of all its cases."""
    complete: bool
    reach: float | None

    def outcome(self, test: DefinedTest) -> str:
        said = self.outcomes.get((test.path, test.name.rsplit("::", 1)[-1]))
        if said is None:
            return "not_collected"
        if not self.complete:
            return "unproven"
        return next(iter(said)) if len(said) == 1 else next((one for one in _BAD if one in said), "passed")

    @property
    def passing(self) -> tuple[DefinedTest, ...]:
        return tuple(test for test in self.defined if self.outcome(test) == "passed")


_BAD = ("failed", "error", "not_run", "skipped", "xfailed")


@check("Own tests", group="run", settings=Settings)
def own_tests(evidence: Evidence, settings: Settings) -> CheckResult:
    """The submission's tests are found, collected and passing, assert something, and reach its own functions.

    Tests and what they assert are read from the sources; then they are run under our own pytest configuration, and only
    tests that the sources define count. Assertions that cannot fail count for nothing, those about existence or shape for
    little. The run is a claim of the submission's own process, so an incomplete account counts as not passing. It cannot
    see whether the tests would notice a subtle fault.
    """
    sources = sources_of(evidence)
    given = Given(evidence.brief)
    defined = defined_tests(sources, given)
    scripts = [unit for unit in sources.units if unit.kind == "script" and not is_test_file(unit.path)]
    if not defined and not scripts and settings.notebook_only == "not_measured" and evidence.named(".ipynb"):
        return not_measured(ID, Fault.UNSUPPORTED, "The submission is of notebooks alone, of which this pack asks no tests.")
    if not defined:
        return _none(evidence)
    blocked = _blocked(evidence, defined)
    if blocked is not None:
        return blocked
    report = read_tests_report(evidence)
    step = evidence.runs.step(STEP) if evidence.runs else None
    assert step is not None  # noqa: S101 - `_blocked` has answered when there is none
    tally = _Tally(defined, _outcomes(report), _is_complete(report, step), _reach(sources, report, given))
    findings = (*_about_run(evidence, step, report, tally), *_about_tests(tally), *_about_hooks(evidence))
    return judged(ID, _score(tally, settings), _summary(tally), findings, _measurements(tally))


def _none(evidence: Evidence) -> CheckResult:
    named = [path for path in evidence.named(".py") if is_test_file(path)]
    seen = f"files that could hold tests: {', '.join(named[:5])}" if named else ""
    message = "There are test files, and none defines a test." if named else "The submission has no tests."
    finding = Finding(
        check=ID,
        severity=Severity.MAJOR,
        rule="no_tests",
        message=message,
        seen=seen,
        expected="tests of the submission's own functions",
        fix="test the parts whose failure would go unnoticed",
    )
    return judged(ID, 0.0, message, (finding,), (Measurement(name="tests_defined", value=0),))


def _blocked(evidence: Evidence, defined: tuple[DefinedTest, ...]) -> CheckResult | None:
    """Tests that are there and could not be run, by whose doing that was."""
    asserting = sum(test.strength > Strength.NONE for test in defined)
    static = f"{len(defined)} tests are defined, of which {asserting} assert something; "
    if evidence.runs is None:
        return not_measured(ID, Fault.UNSUPPORTED, f"{static}nothing was run.")
    step = evidence.runs.step(STEP)
    if step is None:
        skipped = evidence.runs.why_absent(STEP)
        fault = Fault(skipped.fault) if skipped else Fault.HARNESS
        return not_measured(ID, fault, f"{static}they were not run: {skipped.reason if skipped else 'the step is missing'}.")
    if not step.outcome.succeeded:
        failure = explain(evidence, step)
        if failure.fault in (Fault.HARNESS, Fault.PACK):
            return not_measured(ID, failure.fault, f"{static}running them {failure.sentence}")
    return None


def _outcomes(report: TestsReport | None) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for one in report.results if report else ():
        name = one.name.split("[", 1)[0].rsplit("::", 1)[-1]
        outcome = "not_run" if one.outcome == "passed" and not one.ran else one.outcome
        found.setdefault((one.file, name), set()).add(outcome)
    return found


def _is_complete(report: TestsReport | None, step: StepResult) -> bool:
    if report is None or not report.complete or not isinstance(step.outcome, Exited):
        return False
    failed = any(one.outcome in ("failed", "error") for one in report.results) or bool(report.collection_errors)
    return step.outcome.code == report.exit_code and report.exit_code in (0, 1, 2) and not (failed and report.exit_code == 0)


def _reach(sources: Sources, report: TestsReport | None, given: Given) -> float | None:
    """Share of the statements in the submission's own functions that the tests ran; None where it has no functions."""
    all_lines = reached = 0
    for unit in sources.units:
        if unit.kind != "script" or is_test_file(unit.path) or given.containment(unit.source) >= 0.9:
            continue
        lines = frozenset[int]().union(*(function_lines(block.tree) for block in unit.blocks))
        ran, _ = report.covered.get(unit.path, (frozenset(), frozenset())) if report else (frozenset(), frozenset())
        all_lines += len(lines)
        reached += len(lines & ran)
    return reached / all_lines if all_lines else None


def _score(tally: _Tally, settings: Settings) -> float:
    worth = sum(_WORTH[test.strength] * (1.0 if test.usual else 0.5) for test in tally.passing)
    if not worth:
        return _UNPROVEN if any(test.strength for test in tally.defined) else 0.0
    amount = min(1.0, worth / settings.enough)
    reach = amount if tally.reach is None else min(1.0, tally.reach / settings.coverage)
    return worth / len(tally.defined) * (amount + reach) / 2


def _about_run(evidence: Evidence, step: StepResult, report: TestsReport | None, tally: _Tally) -> Iterator[Finding]:
    if not tally.complete:
        why = explain(evidence, step).sentence if not isinstance(step.outcome, Exited) else "left no full account of its tests."
        yield _finding(
            "incomplete_report",
            Severity.MAJOR,
            f"The test run {why}",
            Where(step=STEP),
            seen=f"exit code {step.outcome.code}" if isinstance(step.outcome, Exited) else "",
            fix="let every test end by itself, and nothing end the process",
        )
    for path, message in (report.collection_errors if report else ())[:_MAX_LISTED]:
        yield _finding(
            "collection_error", Severity.MAJOR, "A test file cannot be imported.", Where(path=path or None), seen=message[:300]
        )


def _about_tests(tally: _Tally) -> Iterator[Finding]:
    listed: Counter[str] = Counter()
    for test in tally.defined:
        for rule, severity, message, fix in _faults(test, tally.outcome(test)):
            listed[rule] += 1
            if listed[rule] <= _MAX_LISTED:
                yield _finding(rule, severity, message, Where(path=test.path, line=test.line), seen=test.name, fix=fix)
    if tally.reach is not None and tally.passing and tally.reach < 0.2:
        yield _finding(
            "low_coverage", Severity.MINOR, f"The tests reach {tally.reach:.0%} of the code inside own functions.", Where()
        )


def _faults(test: DefinedTest, outcome: str) -> Iterator[tuple[str, Severity, str, str]]:
    if test.strength is Strength.NONE:
        yield "assertion_free", Severity.MINOR, "A test asserts nothing that could fail.", "assert what the code returns"
    elif test.strength is Strength.SHAPE:
        yield "shape_only", Severity.MINOR, "A test looks only at existence, type or shape.", "assert a value that matters"
    if not test.usual:
        yield "odd_name", Severity.MINOR, "A test is in a file that a plain pytest run does not find.", "call it test_....py"
    if outcome in ("failed", "error"):
        yield "failing", Severity.MAJOR, f"A test of the submission does not pass ({outcome}).", "make it pass, or say why not"
    elif outcome == "not_collected":
        yield "not_collected", Severity.MINOR, "A test is not collected.", "name it so that a plain pytest run finds it"
    elif outcome in ("skipped", "xfailed", "not_run"):
        yield "skipped", Severity.MINOR, f"A test was not truly run ({outcome}).", ""


def _about_hooks(evidence: Evidence) -> Iterator[Finding]:
    for path in evidence.named(".py"):
        text = evidence.read_text(path) or ""
        hook = _OUTCOME_HOOKS.search(text) if path.endswith("conftest.py") or is_test_file(path) else None
        leaves = _EARLY_EXIT.search(text) if hook is None and is_test_file(path) else None
        found = hook or leaves
        if found is not None:
            yield _finding(
                "decides_outcomes",
                Severity.MAJOR if leaves else Severity.MINOR,
                "The submission's test set-up has a say in how its tests end.",
                Where(path=path, line=text.count("\n", 0, found.start()) + 1),
                seen=found.group(0)[:120],
                innocent="Reporting, or steps that build on each other.",
            )


def _finding(
    rule: str, severity: Severity, message: str, where: Where, *, seen: str = "", fix: str = "", innocent: str = ""
) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=where,
        seen=seen,
        fix=fix,
        level=Level.EXECUTED,
        innocent=innocent,
    )


def _summary(tally: _Tally) -> str:
    defined, passing = len(tally.defined), tally.passing
    asserting = sum(test.strength is Strength.VALUE for test in passing)
    reach = f"; they reach {tally.reach:.0%} of the code inside own functions" if tally.reach is not None else ""
    if not tally.complete:
        return f"{defined} tests are defined, and the run left no account that could prove any of them."
    return f"Of {defined} defined tests {len(passing)} pass, and {asserting} of these assert values{reach} (self-reported)."


def _measurements(tally: _Tally) -> tuple[Measurement, ...]:
    values = {
        "tests_defined": len(tally.defined),
        "tests_collected": sum(tally.outcome(test) != "not_collected" for test in tally.defined),
        "tests_passing": len(tally.passing),
        "tests_asserting": sum(test.strength is Strength.VALUE for test in tally.defined),
    }
    found = [Measurement(name=name, value=value) for name, value in values.items()]
    if tally.reach is not None:
        found.append(Measurement(name="tests_reach", value=round(tally.reach, 4)))
    return tuple(found)
