"""What a calibration grades, and which earlier grades it may keep."""

from pathlib import Path

import pytest

from harness.authoring.calibrate import Plan, calibrate, make_plan
from harness.packs import OpenPack, read_pack
from harness.settings import resolve
from tests.harness.authoring.kits import silent
from tests.small_pack import write_small_pack


def plan_of(opened: OpenPack, root: Path, *only: str) -> Plan:
    return make_plan(opened, resolve("bubblewrap"), (1, 2), 1, root, 1, only, silent)


def test_exemplars_are_graded_on_every_seed_and_tricks_on_one(tmp_path: Path) -> None:
    opened = read_pack(write_small_pack(tmp_path / "small"))
    write_mutant(opened.root)

    grades = plan_of(opened, tmp_path / "out").grades

    assert {seed for name, seed in grades if name == "naive"} == {1, 2}
    assert {seed for name, seed in grades if name in ("mutant-unread", "idle", "cheat-hunts-labels")} == {1}
    assert len(set(grades)) == len(grades)


@pytest.mark.slow
@pytest.mark.bubblewrap
def test_a_grade_is_kept_while_its_exemplar_and_the_packs_rules_stay_and_made_again_when_they_change(tmp_path: Path) -> None:
    opened = read_pack(write_small_pack(tmp_path / "small"))
    report = tmp_path / "out" / "runs" / "1" / "naive" / "report.json"

    def run_after(change: str) -> int:
        """When the report was written, after this file of the pack got one more line."""
        if change:
            with (opened.root / change).open("a", encoding="utf-8") as file:
                file.write("\n# changed\n")
        made = make_plan(read_pack(opened.root), resolve("bubblewrap"), (1,), 1, tmp_path / "out", 1, ("naive",), silent)
        (cell,) = calibrate(made).cells
        assert cell.automatic is not None
        assert cell.rungs
        return report.stat().st_mtime_ns

    first = run_after("")
    assert run_after("exemplars/naive/expected.yaml") == first
    after_rubric = run_after("rubric.yaml")
    assert after_rubric > first
    assert run_after("exemplars/naive/submission/README.md") > after_rubric


def write_mutant(root: Path) -> None:
    place = root / "exemplars" / "mutant-unread"
    place.mkdir()
    (place / "mutant.yaml").write_text("base: reference\ndefect: The README is gone.\nremove: [README.md]\n", "utf-8")
    (place / "expected.yaml").write_text("automatic: [0, 100]\n", "utf-8")
