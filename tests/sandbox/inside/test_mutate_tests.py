"""Trying faults against a submission's own tests, for real."""

from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.inside.place import run_inside

CODE = """
def ratio(a, b):
    if a + b == 0:
        return 0.0
    return a / (a + b)


def never_called(a):
    return a + 1
"""
STRONG = """
from pkg.code import ratio

def test_ratio():
    assert ratio(1, 3) == 0.25
    assert ratio(0, 0) == 0.0
    assert ratio(2, -1) == 2.0
    assert ratio(2, 2) == 0.5
"""
EMPTY = """
from pkg.code import ratio

def test_it_runs():
    ratio(1, 3)
    ratio(0, 0)
"""


def tried(tmp_path: Path, tests: str, wall_s: float = 600, **more: str) -> dict[str, Any]:
    """Run the program over this code and these tests."""
    work = {"pkg/__init__.py": "", "pkg/code.py": CODE, "tests/test_code.py": tests, **more}
    ran = run_inside(tmp_path, "mutate_tests.py", {"wall_s": wall_s}, work)
    assert ran.code == 0, ran.stderr
    assert (tmp_path / "work" / "pkg" / "code.py").read_text("utf-8") == work["pkg/code.py"]
    document: dict[str, Any] = ran.document("mutants.json")
    return document


def states(document: dict[str, Any]) -> set[str]:
    return {one["state"] for one in document["mutants"]}


def test_tests_that_assert_results_notice_every_fault(tmp_path: Path) -> None:
    document = tried(tmp_path, STRONG)

    assert document["state"] == "done"
    assert len(document["mutants"]) == document["possible"] >= 6
    assert states(document) == {"killed"}
    assert {one["file"] for one in document["mutants"]} == {"pkg/code.py"}
    assert max(one["line"] for one in document["mutants"]) <= 5


def test_tests_that_assert_nothing_notice_only_what_stops(tmp_path: Path) -> None:
    """The comparison that guards a division by zero may stop the code; a wrong number stops nobody."""
    document = tried(tmp_path, EMPTY)
    wrong = {one["before"]: one["state"] for one in document["mutants"] if one["kind"] in ("return_none", "constant")}

    assert set(wrong.values()) == {"survived"}


def test_tests_that_fail_or_waver_take_no_part(tmp_path: Path) -> None:
    wavering = STRONG + (
        "\ndef test_broken():\n    assert ratio(1, 1) == 7\n"
        "\ndef test_once():\n    import pathlib\n    place = pathlib.Path('seen')\n    fresh = not place.exists()\n"
        "    place.touch()\n    assert fresh\n"
    )
    document = tried(tmp_path, wavering)

    assert document["tests"] == 1
    assert document["unsteady"] == ["tests/test_code.py::test_once"]
    assert states(document) == {"killed"}


def test_without_a_steady_test_nothing_is_tried(tmp_path: Path) -> None:
    document = tried(tmp_path, "def test_broken():\n    assert False\n")

    assert (document["state"], document["mutants"]) == ("no_steady_tests", [])


def test_a_fault_that_never_ends_is_stopped(tmp_path: Path) -> None:
    loop = "\ndef count(n):\n    done = 0\n    while done < n:\n        done += 1\n    return done\n"
    tests = "from pkg.code import count\n\ndef test_count():\n    assert count(3) == 3\n"
    document = tried(tmp_path, tests, **{"pkg/code.py": loop})
    turned = next(one for one in document["mutants"] if one["before"] == "done += 1")

    assert turned["state"] == "timed_out"


@pytest.mark.slow
def test_a_fault_is_only_tried_where_there_is_room_for_it(tmp_path: Path) -> None:
    """Six times what the tests take on sound code, for the fault may make them slower."""
    slow = STRONG.replace("def test_ratio():", "def test_ratio():\n    import time; time.sleep(3)")
    document = tried(tmp_path, slow, wall_s=20)

    assert document["state"] == "out_of_time"
    assert document["mutants"] == []
    assert document["possible"] >= 6


def test_hostile_tests_end_their_own_child_only(tmp_path: Path) -> None:
    """One leaves with a code of success, one floods the answer, one closes everything it finds."""
    hostile = STRONG + (
        "\ndef test_leaves():\n    import os\n    if not ratio(1, 3) == 0.25:\n        os._exit(0)\n"
        "\ndef test_closes():\n    import os\n    if not ratio(1, 3) == 0.25:\n        os.closerange(0, 4096)\n"
    )
    document = tried(tmp_path, hostile)

    assert document["state"] == "done"
    assert states(document) == {"killed"}


def test_tests_under_other_names_take_part(tmp_path: Path) -> None:
    """unittest classes, and a file whose name pytest would not collect."""
    odd = "import unittest\nfrom pkg.code import ratio\n\nclass CheckRatio(unittest.TestCase):\n"
    odd += "    def test_it(self):\n        self.assertEqual(ratio(1, 3), 0.25)\n"
    document = tried(tmp_path, "", **{"checks_of_ratio_tests_here.py": odd})

    assert document["tests"] == 1
    assert "killed" in states(document)
