"""Whether tests notice faults, as the sandbox tells it."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks.test_strength import Settings, wilson
from checks.test_strength import test_strength as strength
from harness.model.evidence import Evidence
from harness.model.finding import Fault, Level, Severity, Verdict
from harness.model.run import Exited, SandboxLost, SkippedStep, TimedOut
from tests.checks.builders import Step, evidence_of, only, pack_of, rules

FINE = Exited(code=0)
CODE = "".join(f"def f{number}(a):\n    return a + {number}\n" for number in range(20))


def mutant(number: int, state: str, **more: Any) -> dict[str, Any]:
    place = {"file": "pkg/code.py", "line": 2 * number + 2, "kind": "arithmetic"}
    return {**place, "before": f"a + {number}", "after": f"(a - {number})", "state": state, "tests": 1, **more}


def tried(tmp_path: Path, killed: int, survived: int, *more: Any, outcome: Any = FINE, **report: Any) -> Evidence:
    mutants = [mutant(number, "killed") for number in range(killed)]
    mutants += [mutant(number, "survived") for number in range(killed, killed + survived)]
    document = {"format": 1, "state": "done", "tests": 3, "unsteady": [], "mutants": [*mutants, *more], **report}
    return evidence(tmp_path, json.dumps(document), outcome)


def evidence(tmp_path: Path, text: str | None, outcome: Any = FINE) -> Evidence:
    files = {} if text is None else {"mutants.json": text}
    steps = [Step("tests"), Step("mutants", outcome, files)]
    return evidence_of(tmp_path, {"pkg/code.py": CODE}, steps=steps, pack=pack_of())


def test_tests_that_notice_most_faults_are_met(tmp_path: Path) -> None:
    result = strength(tried(tmp_path, 12, 4), Settings())

    assert result.verdict is Verdict.MET
    assert result.measurements[0].value == 0.75
    assert {finding.rule for finding in result.findings} == {"unnoticed_fault"}


def test_an_unnoticed_fault_is_shown_where_it_was_put(tmp_path: Path) -> None:
    finding = only(strength(tried(tmp_path, 15, 1), Settings()), "unnoticed_fault")

    assert (finding.where.path, finding.where.line) == ("pkg/code.py", 32)
    assert finding.seen == "a + 15  ->  (a - 15)"
    assert finding.severity is Severity.INFO


def test_tests_that_notice_nothing_cannot_fail(tmp_path: Path) -> None:
    """They assert that something exists, has a shape, or nothing at all."""
    result = strength(tried(tmp_path, 0, 14), Settings())
    finding = only(result, "tests_cannot_fail")

    assert (result.score, finding.severity, finding.level) == (0.0, Severity.MAJOR, Level.EXECUTED)
    assert "another layer" in finding.innocent


def test_tests_that_notice_few_faults_are_weak(tmp_path: Path) -> None:
    result = strength(tried(tmp_path, 3, 17), Settings())

    assert "weak_tests" in rules(result)
    assert result.score == pytest.approx(0.25)


def test_a_fault_that_runs_for_ever_is_noticed(tmp_path: Path) -> None:
    late = [mutant(number, "timed_out") for number in range(8, 16)]

    assert strength(tried(tmp_path, 8, 0, *late), Settings()).score == 1.0


def test_few_faults_say_nothing(tmp_path: Path) -> None:
    result = strength(tried(tmp_path, 2, 1), Settings())

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)


def test_time_that_ran_out_is_not_the_submissions_fault(tmp_path: Path) -> None:
    assert strength(tried(tmp_path, 2, 1, state="out_of_time"), Settings()).fault is Fault.PACK


def test_flaky_tests_are_told(tmp_path: Path) -> None:
    result = strength(tried(tmp_path, 12, 0, unsteady=["tests/test_a.py::test_clock"]), Settings())

    assert only(result, "unsteady_tests").seen == "tests/test_a.py::test_clock"


def test_no_steady_test_is_not_measured(tmp_path: Path) -> None:
    result = strength(tried(tmp_path, 0, 0, state="no_steady_tests", unsteady=["tests/test_a.py::test_x"]), Settings())

    assert (result.verdict, rules(result)) == (Verdict.NOT_MEASURED, ["unsteady_tests"])


def test_an_account_that_does_not_fit_the_files_is_not_believed(tmp_path: Path) -> None:
    """A conftest that writes its own mutants.json has to know what stands on each line, at least."""
    invented = mutant(0, "killed", file="pkg/other.py")

    result = strength(tried(tmp_path, 15, 0, invented), Settings())

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.UNSUPPORTED)


def test_the_same_fault_told_often_counts_once(tmp_path: Path) -> None:
    repeated = [mutant(0, "killed")] * 50

    assert strength(tried(tmp_path, 1, 13, *repeated), Settings()).measurements[0].value == pytest.approx(1 / 14)


@pytest.mark.parametrize(
    "text", [None, "", "[]", "{" * 9000, '{"mutants": 3}', '{"mutants": [1, null, {"file": 3}], "state": "done"}']
)
def test_a_hostile_or_missing_report_is_not_measured(tmp_path: Path, text: str | None) -> None:
    assert strength(evidence(tmp_path, text, Exited(code=1)), Settings()).verdict is Verdict.NOT_MEASURED


def test_a_lost_sandbox_is_our_fault(tmp_path: Path) -> None:
    assert strength(evidence(tmp_path, None, SandboxLost(reason="gone")), Settings()).fault is Fault.HARNESS


def test_a_step_that_was_stopped_keeps_what_it_had_found(tmp_path: Path) -> None:
    evidence = tried(tmp_path, 9, 3, outcome=TimedOut(after_s=60), state="running")

    assert strength(evidence, Settings()).measurements[0].value == 0.75


def test_a_submission_without_tests_says_whose_doing_that_is(tmp_path: Path) -> None:
    skipped = SkippedStep(name="mutants", reason="no tests were collected", fault="submission")
    evidence = evidence_of(tmp_path, {"a.py": "x = 1"}, steps=[Step("tests")], skipped=[skipped], pack=pack_of())

    result = strength(evidence, Settings())

    assert result.fault is Fault.SUBMISSION
    assert "no tests were collected" in result.summary


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(8, 10)

    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 10)[0] == 0.0
