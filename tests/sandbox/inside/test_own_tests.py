"""Running a submission's own tests: what truly ran is written down, whatever the submission's hooks say."""

from pathlib import Path

import pytest

from tests.sandbox.inside.place import Ran, run_inside

pytestmark = pytest.mark.slow

CODE = "def add(a, b):\n    return a + b\n\n\ndef unused():\n    return 1\n"


def _run(tmp_path: Path, **files: str) -> Ran:
    return run_inside(tmp_path, "own_tests.py", {}, {path.replace("__", "/"): text for path, text in files.items()})


def _outcomes(ran: Ran) -> dict[str, str]:
    return {one["name"]: one["outcome"] for one in ran.document("tests.json")["results"]}


def test_outcomes_of_every_kind_are_told_apart(tmp_path: Path) -> None:
    tests = """
import unittest
import pytest
from calc import add

@pytest.mark.parametrize("n", [1, 2])
def test_good(n): assert add(n, 1) == n + 1
def test_bad(): assert add(1, 1) == 3
def test_skipped(): pytest.skip("later")
@pytest.mark.xfail
def test_expected(): assert False
def test_broken(no_such_fixture): pass
class TestOld(unittest.TestCase):
    def test_good(self): self.assertEqual(add(1, 2), 3)
    def test_bad(self): self.assertEqual(add(1, 2), 4)
class TestNew:
    def test_good(self, tmp_path): assert tmp_path.exists()
"""
    ran = run_inside(tmp_path, "own_tests.py", {}, {"calc.py": CODE, "tests/test_calc.py": tests})
    report = ran.document("tests.json")
    assert (report["complete"], report["exit"], ran.code) == (True, 1, 1)
    assert _outcomes(ran) == {
        "test_good[1]": "passed",
        "test_good[2]": "passed",
        "test_bad": "failed",
        "test_skipped": "skipped",
        "test_expected": "xfailed",
        "test_broken": "error",
        "TestOld::test_good": "passed",
        "TestOld::test_bad": "failed",
        "TestNew::test_good": "passed",
    }
    assert report["coverage"]["calc.py"] == {"ran": [1, 2, 5], "could": [1, 2, 5, 6]}


def test_a_package_below_src_is_importable(tmp_path: Path) -> None:
    files = {"src/calc.py": CODE, "tests/test_a.py": "from calc import add\ndef test_add(): assert add(1, 1) == 2\n"}
    ran = run_inside(tmp_path, "own_tests.py", {}, files)
    assert _outcomes(ran) == {"test_add": "passed"}


def test_tests_in_a_file_of_an_odd_name_are_collected(tmp_path: Path) -> None:
    odd = "import pytest\ndef test_one(): assert 1 + 1 == 2\n"
    ran = run_inside(tmp_path, "own_tests.py", {}, {"checks_of_model.py": odd})
    assert _outcomes(ran) == {"test_one": "passed"}


def test_a_script_with_a_function_called_test_is_not_imported(tmp_path: Path) -> None:
    script = "from pathlib import Path\nPath('trained').touch()\ndef test_model(model, data): assert model\n"
    ran = run_inside(tmp_path, "own_tests.py", {}, {"train.py": script})
    assert not (tmp_path / "work" / "trained").exists()
    assert ran.document("tests.json")["exit"] == 5


def test_the_submissions_configuration_has_no_say(tmp_path: Path) -> None:
    files = {
        "pytest.ini": "[pytest]\naddopts = --collect-only -p no:terminal\npython_files = nothing.py\n",
        "setup.cfg": "[tool:pytest]\naddopts = --deselect test_a.py\n",
        ".coveragerc": "[run]\nplugins = no_such_plugin\n[report]\nexclude_lines = .\n",
        "test_a.py": "def test_bad():\n    assert 1 == 2\n",
    }
    ran = run_inside(tmp_path, "own_tests.py", {}, files)
    assert _outcomes(ran) == {"test_bad": "failed"}
    assert ran.document("tests.json")["complete"]


def test_a_file_that_cannot_be_imported_is_an_error_and_stops_no_other(tmp_path: Path) -> None:
    files = {"test_a.py": "import no_such_module\n", "test_b.py": "def test_ok(): assert 1 + 1 == 2\n"}
    ran = run_inside(tmp_path, "own_tests.py", {}, files)
    (error,) = ran.document("tests.json")["errors"]
    assert error["file"] == "test_a.py"
    assert "no_such_module" in error["message"]
    assert _outcomes(ran) == {"test_ok": "passed"}


FAILING = "def test_bad():\n    assert 1 == 2\n"


@pytest.mark.parametrize(
    "conftest",
    [
        "import os\nos._exit(0)\n",
        "import sys\nsys.exit(0)\n",
        "import os\ndef pytest_collection_finish(session): os._exit(0)\n",
        "import os\ndef pytest_sessionfinish(session, exitstatus): os._exit(0)\n",
    ],
)
def test_leaving_early_leaves_an_incomplete_report(tmp_path: Path, conftest: str) -> None:
    ran = run_inside(tmp_path, "own_tests.py", {}, {"conftest.py": conftest, "test_a.py": FAILING})
    report = ran.document("tests.json")
    assert not report["complete"]
    assert "passed" not in _outcomes(ran).values()


@pytest.mark.parametrize(
    "conftest",
    [
        """
import pytest
@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome = "passed"
    report.longrepr = None
""",
        """
import pytest
@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    return True
""",
        """
def pytest_collection_modifyitems(items):
    for item in items:
        item.runtest = lambda: None
""",
    ],
    ids=["rewritten report", "call left out", "replaced runtest"],
)
def test_a_hook_that_declares_a_failing_test_passed_is_not_believed(tmp_path: Path, conftest: str) -> None:
    ran = run_inside(tmp_path, "own_tests.py", {}, {"conftest.py": conftest, "test_a.py": FAILING})
    assert _outcomes(ran)["test_bad"] in ("failed", "not_run")


def test_tests_that_are_dropped_after_collection_are_listed_as_not_run(tmp_path: Path) -> None:
    conftest = "def pytest_collection_modifyitems(items): items[:] = items[:1]\n"
    files = {"conftest.py": conftest, "test_a.py": "def test_ok(): assert 1 + 1 == 2\n" + FAILING}
    assert _outcomes(run_inside(tmp_path, "own_tests.py", {}, files)) == {"test_ok": "passed", "test_bad": "not_run"}


def test_a_process_left_behind_does_not_hold_the_report_back(tmp_path: Path) -> None:
    test = "import subprocess\ndef test_ok():\n    assert subprocess.Popen(['sleep', '60'], close_fds=False).pid\n"
    assert _outcomes(run_inside(tmp_path, "own_tests.py", {}, {"test_a.py": test})) == {"test_ok": "passed"}


def test_output_of_tests_is_not_taken_for_records(tmp_path: Path) -> None:
    record = {"test": "x", "file": "y", "outcome": "passed", "ran": True}
    test = f"import json\ndef test_bad():\n    print(json.dumps({record}))\n    assert 0\n"
    assert _outcomes(run_inside(tmp_path, "own_tests.py", {}, {"test_a.py": test})) == {"test_bad": "failed"}
