"""Own tests count when the sources define them, they assert something, and a complete run shows that they passed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from checks.own_tests import Settings, own_tests
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Verdict
from harness.model.run import Exited, SandboxLost, SkippedStep, TimedOut
from tests.checks.builders import Step, evidence_of, notebook_of, only, rules

CODE = "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a - b\n"
TESTS = """from calc import add, sub


def test_add():
    assert add(1, 2) == 3


def test_sub():
    assert sub(3, 2) == 1
"""
FILES = {"calc.py": CODE, "tests/test_calc.py": TESTS}
PASSED = [("tests/test_calc.py", "test_add", "passed"), ("tests/test_calc.py", "test_sub", "passed")]
REACH = {"calc.py": {"ran": [1, 2, 5, 6], "could": [1, 2, 5, 6]}}


def _step(passed: Sequence[tuple[str, str, str]], code: int = 0, **more: Any) -> Step:
    report = {
        "format": 1,
        "exit": code,
        "complete": True,
        "errors": [],
        "coverage": REACH,
        "results": [{"file": file, "name": name, "outcome": outcome, "ran": True} for file, name, outcome in passed],
    }
    return Step("tests", Exited(code=code), {"tests.json": json.dumps(report | more)})


def _judge(tmp_path: Path, files: dict[str, str], *steps: Step, **more: Any) -> CheckResult:
    settings = Settings(enough=2, **more.pop("settings", {}))
    return own_tests(evidence_of(tmp_path, files, steps=steps, **more), settings)


def _measured(result: CheckResult) -> dict[str, float]:
    return {one.name: one.value for one in result.measurements}


def test_passing_asserting_tests_that_reach_the_code_are_met(tmp_path: Path) -> None:
    result = _judge(tmp_path, FILES, _step(PASSED))
    assert (result.verdict, result.findings) == (Verdict.MET, ())
    assert _measured(result) == {
        "tests_defined": 2,
        "tests_collected": 2,
        "tests_passing": 2,
        "tests_asserting": 2,
        "tests_reach": 1.0,
    }
    assert "self-reported" in result.summary


def test_a_failing_test_is_named_with_its_line(tmp_path: Path) -> None:
    result = _judge(tmp_path, FILES, _step([PASSED[0], ("tests/test_calc.py", "test_sub", "failed")], 1))
    finding = only(result, "failing")
    assert (finding.where.path, finding.where.line, finding.seen) == ("tests/test_calc.py", 8, "test_sub")
    assert result.verdict is Verdict.PARTIAL


def test_all_cases_of_a_parametrised_test_have_to_pass(tmp_path: Path) -> None:
    cases = [("tests/test_calc.py", "test_add[1]", "passed"), ("tests/test_calc.py", "test_add[2]", "failed"), PASSED[1]]
    assert _measured(_judge(tmp_path, FILES, _step(cases, 1)))["tests_passing"] == 1


def test_code_that_no_test_reaches_costs_half(tmp_path: Path) -> None:
    coverage = {"calc.py": {"ran": [1, 5], "could": [1, 2, 5, 6]}}
    result = _judge(tmp_path, FILES, _step(PASSED, coverage=coverage))
    assert result.score == pytest.approx(0.5)
    assert rules(result) == ["low_coverage"]


def test_coverage_is_counted_on_our_own_reading_of_the_lines(tmp_path: Path) -> None:
    coverage = {"calc.py": {"ran": [*range(3, 6), *range(100, 900)], "could": [3]}, "other.py": {"ran": [1], "could": [1]}}
    assert _measured(_judge(tmp_path, FILES, _step(PASSED, coverage=coverage)))["tests_reach"] == 0.0


def test_results_for_tests_that_no_source_defines_count_for_nothing(tmp_path: Path) -> None:
    invented = [("tests/test_calc.py", f"test_invented_{number}", "passed") for number in range(50)]
    result = _judge(tmp_path, FILES, _step(invented))
    assert _measured(result)["tests_passing"] == 0
    assert result.score == pytest.approx(0.1)


def test_tests_without_assertions_are_worth_nothing(tmp_path: Path) -> None:
    files = {"calc.py": CODE, "tests/test_calc.py": "from calc import add\ndef test_add():\n    add(1, 2)\n"}
    result = _judge(tmp_path, files, _step(PASSED[:1]))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["assertion_free"])


def test_tests_of_shape_alone_are_worth_little(tmp_path: Path) -> None:
    files = {"calc.py": CODE, "tests/test_calc.py": "from calc import add\ndef test_add():\n    assert add(1, 2) is not None\n"}
    result = _judge(tmp_path, files, _step(PASSED[:1]))
    assert rules(result) == ["shape_only"]
    assert result.score is not None
    assert 0 < result.score < 0.25


def test_a_file_of_an_odd_name_counts_half(tmp_path: Path) -> None:
    files = {"calc.py": CODE, "model_checks.py": "import pytest\n" + TESTS}
    result = _judge(
        tmp_path, files, _step([("model_checks.py", "test_add", "passed"), ("model_checks.py", "test_sub", "passed")])
    )
    assert rules(result) == ["odd_name", "odd_name"]
    assert result.verdict is Verdict.PARTIAL


@pytest.mark.parametrize(
    "step",
    [
        Step("tests"),
        Step("tests", files={"tests.json": "{"}),
        _step(PASSED, complete=False),
        _step(PASSED, exit=1),
        _step([*PASSED, ("tests/test_calc.py", "test_more", "failed")]),
        Step("tests", Exited(code=64), {"tests.json": json.dumps({"results": []})}),
        Step("tests", TimedOut(after_s=60), {"tests.json": json.dumps({"results": [], "complete": False, "exit": None})}),
    ],
    ids=["no report", "broken", "incomplete", "exit codes differ", "green with a failure", "killed", "timed out"],
)
def test_a_missing_or_partial_account_is_not_passing(tmp_path: Path, step: Step) -> None:
    result = _judge(tmp_path, FILES, step)
    assert "incomplete_report" in rules(result)
    assert _measured(result)["tests_passing"] == 0
    assert result.score == pytest.approx(0.1)


def test_a_test_said_to_have_passed_without_running_is_not_passing(tmp_path: Path) -> None:
    results = [{"file": "tests/test_calc.py", "name": "test_add", "outcome": "passed", "ran": False}]
    result = _judge(tmp_path, FILES, _step([], results=results))
    assert _measured(result)["tests_passing"] == 0
    assert "skipped" in rules(result)


def test_skipped_tests_are_not_passing(tmp_path: Path) -> None:
    result = _judge(tmp_path, FILES, _step([(file, name, "skipped") for file, name, _ in PASSED]))
    assert rules(result) == ["skipped", "skipped"]
    assert result.score == pytest.approx(0.1)


def test_no_tests_is_not_met(tmp_path: Path) -> None:
    result = _judge(tmp_path, {"calc.py": CODE}, _step([], 5))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["no_tests"])


def test_a_test_package_of_empty_files_is_no_tests(tmp_path: Path) -> None:
    files = {"calc.py": CODE, "tests/__init__.py": "", "tests/test_calc.py": ""}
    finding = only(_judge(tmp_path, files, _step([], 5)), "no_tests")
    assert "tests/test_calc.py" in finding.seen


def test_notebooks_alone_are_judged_by_the_packs_rule(tmp_path: Path) -> None:
    files = {"a.ipynb": notebook_of("x = 1")}
    skipped = SkippedStep(name="tests", reason="the submission has no Python file", fault="submission")
    result = _judge(tmp_path, files, skipped=[skipped])
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.UNSUPPORTED)
    (tmp_path / "again").mkdir()
    result = _judge(tmp_path / "again", files, skipped=[skipped], settings={"notebook_only": "count"})
    assert result.verdict is Verdict.NOT_MET


def test_tests_that_came_with_the_starter_are_not_their_own(tmp_path: Path) -> None:
    result = _judge(tmp_path, FILES, _step(PASSED), brief=f"Look at the starter:\n{TESTS}")
    assert rules(result) == ["no_tests"]


def test_an_import_error_of_a_test_file_is_told(tmp_path: Path) -> None:
    errors = [{"file": "tests/test_calc.py", "message": "ModuleNotFoundError: No module named 'calc'"}]
    result = _judge(tmp_path, FILES, _step([], 2, errors=errors))
    assert "No module named 'calc'" in only(result, "collection_error").seen


@pytest.mark.parametrize("conftest", ["def pytest_runtest_makereport(item, call): pass\n", "import os\nos._exit(0)\n"])
def test_a_set_up_that_decides_outcomes_is_told(tmp_path: Path, conftest: str) -> None:
    result = _judge(tmp_path, {**FILES, "conftest.py": conftest}, _step(PASSED))
    assert only(result, "decides_outcomes").where.path == "conftest.py"


def test_a_lost_sandbox_is_ours(tmp_path: Path) -> None:
    result = _judge(tmp_path, FILES, Step("tests", SandboxLost(reason="gone")))
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.HARNESS)


def test_an_environment_without_pytest_is_the_packs_fault(tmp_path: Path) -> None:
    result = _judge(tmp_path, FILES, Step("tests", Exited(code=78), stderr="the environment has no pytest"))
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.PACK)


def test_static_reading_tells_what_is_defined(tmp_path: Path) -> None:
    result = own_tests(evidence_of(tmp_path, FILES), Settings())
    assert result.fault is Fault.UNSUPPORTED
    assert "2 tests are defined, of which 2 assert something" in result.summary


HOSTILE_TESTS = [
    b"def test_a():\n    assert " + b"(" * 5000,
    b"\xff\xfe\x00def test_a(): pass",
    b"def test_a():\n    assert f() == '" + b"x" * 900_000 + b"'",
    b"# coding: rot13\ndef test_a(): assert 1\n",
    b"def test_\xd9\xa1():\n    assert f() == 1\n",
    b"\x00" * 1000,
]


@pytest.mark.parametrize("source", HOSTILE_TESTS)
@pytest.mark.parametrize(
    "report",
    [
        b"",
        b"[" * 90_000,
        b'{"results": [7, {"file": [], "name": {}, "outcome": 3}], "coverage": {"calc.py": {"ran": "x"}}, "exit": -5}',
    ],
)
def test_no_source_and_no_report_breaks_the_check(tmp_path: Path, source: bytes, report: bytes) -> None:
    evidence: Evidence = evidence_of(
        tmp_path, {"test_a.py": source, "calc.py": CODE}, steps=[Step("tests", Exited(code=1), {"tests.json": report})]
    )
    result = own_tests(evidence, Settings())
    assert result.score is not None
    assert result.score <= 0.1
    assert result.to_json()
