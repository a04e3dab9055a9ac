"""Honest programs go on working: hardening that breaks ordinary work would be the candidate's loss."""

import re

import pytest

from tests.hostile.attacks import honest
from tests.hostile.attacks.arena import Arena, Told
from tests.hostile.attacks.pack import write_pack
from tests.sandbox.engines import BACK_ENDS

LIMITS = {"wall_s": 120, "memory_mb": 2048, "cpus": 2, "shm_mb": 64, "stream_kb": 1024}


@pytest.fixture(scope="module", params=BACK_ENDS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    pack = write_pack(tmp_path_factory.mktemp("packs"), limits=LIMITS)
    return Arena(tmp_path_factory.mktemp("arena"), request.param, pack).submit(honest.files())


@pytest.mark.parametrize("means", honest.MEANS)
def test_an_ordinary_means_works(means: str, told: Told) -> None:
    said = re.search(rf"^MEANS {honest.name_of(means)} (.*)$", told.printed("predict"), re.MULTILINE)

    assert said is not None, told.printed("predict", "stderr")[-500:]
    assert said[1] == "works"


def test_its_predictions_are_taken(told: Told) -> None:
    assert told.check("predictions_valid")["verdict"] == "met"
    assert told.document["ladder"]["position"] == pytest.approx(1.0, abs=1e-6)


def test_its_notebook_runs_to_its_end(told: Told) -> None:
    assert told.step("execute")["outcome"] == {"kind": "exited", "code": 0}
    assert told.check("runs_clean")["score"] == 1.0


def test_its_tests_are_found_and_pass(told: Told) -> None:
    assert told.step("tests")["outcome"] == {"kind": "exited", "code": 0}
    assert {"failing", "not_collected", "incomplete_report"}.isdisjoint(told.rules("own_tests"))


def test_nothing_of_it_is_told_as_our_fault(told: Told) -> None:
    assert "harness" not in {check["fault"] for check in told.document["checks"]}
