"""One-defect mutants of the reference: what reading alone can tell is raised, and nothing else. `pack calibrate` runs them."""

from functools import cache
from pathlib import Path

import pytest

from harness import checking, intake
from harness.authoring.exemplars import MUTANT, base_of, materialise
from harness.model.evidence import Evidence
from harness.packs import OpenPack, open_pack, read_expected

HEAVY = ("blocker", "major", "minor")
READ = ("docs", "eda", "explanation", "imbalance", "iteration", "leakage", "limitations", "lint", "missing_values", "secrets")
"""Checks that need no run; what the others find is for a calibration."""


@cache
def _opened() -> OpenPack:
    return open_pack("card_fraud", ())


def _mutants() -> list[str]:
    return sorted(path.parent.name for path in (_opened().root / "exemplars").glob(f"*/{MUTANT}"))


def _raised(name: str, folder: Path) -> set[str]:
    opened = _opened()
    submission = materialise(opened, name, folder / name, folder / "data")
    files = folder / f"{name}-snapshot"
    snapshot = intake.take(str(submission), files)
    evidence = Evidence(snapshot=snapshot, files=files, pack=opened.pack, facts=opened.facts, brief=opened.brief_text())
    _, results = checking.read_only(evidence, opened.pack.checks)
    found = [one for result in results for one in result.findings if one.severity.value in HEAVY and one.rule]
    return {f"{one.check}:{one.rule}" for one in found}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return _raised("reference", tmp_path_factory.mktemp("sound"))


@pytest.mark.parametrize("name", _mutants())
def test_a_mutant_raises_what_reading_can_tell_of_it_and_nothing_else(name: str, sound: set[str], tmp_path: Path) -> None:
    wanted = {one for one in read_expected(_opened().root, name).findings if one.startswith((*READ, "validation"))}
    assert base_of(_opened(), name) == "reference"
    assert _raised(name, tmp_path) - sound == wanted


def test_every_mutant_has_one_defect_told_by_one_check_and_what_follows_from_it() -> None:
    told = {name: {one.split(":")[0] for one in read_expected(_opened().root, name).findings} for name in _mutants()}
    assert len(told) >= 15
    assert {name: checks for name, checks in told.items() if not 1 <= len(checks) <= 2} == {}
