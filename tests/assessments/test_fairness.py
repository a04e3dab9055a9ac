"""The quick pack, whole: what its exemplars get through the front door, and that two candidates' tasks are equally hard."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.authoring.rules import SPREAD, without_itself
from harness.cli import app
from harness.footing import prepare
from harness.packs import OpenPack, open_pack, read_expected
from harness.running import open_session, seed_for
from tests.harness.authoring.kits import SECRET, exported, materialised, settings_with_secret, silent

pytestmark = [pytest.mark.slow, pytest.mark.bubblewrap]
CANDIDATES = ("heron", "egret")


@pytest.fixture(scope="module")
def opened() -> OpenPack:
    return open_pack("ai_review")


@pytest.mark.parametrize("name", ["starter", "naive"])
def test_an_exemplar_gets_the_mark_that_its_pack_says(name: str, opened: OpenPack, tmp_path: Path) -> None:
    submission = materialised(opened, settings_with_secret(), name, opened.pack.data.demo_seed, tmp_path / "work")
    words = [
        "grade",
        str(submission),
        "--pack",
        "ai_review",
        "--out",
        str(tmp_path / "run"),
        "--sandbox",
        "bubblewrap",
        "--json",
    ]
    done = CliRunner().invoke(app, [*words, "--seed", str(opened.pack.data.demo_seed)])
    assert done.exit_code == 0, done.output
    low, high = read_expected(opened.root, name).automatic
    assert low <= json.loads(done.stdout)["totals"]["automatic"] <= high


def test_two_candidates_get_different_data_on_which_weak_and_good_work_stand_alike(opened: OpenPack, tmp_path: Path) -> None:
    """bench/exports.py measures the same for the packs whose exemplars take longer."""
    settings, places = settings_with_secret(), []
    for candidate in CANDIDATES:
        seed, _ = seed_for(opened.pack, SECRET, candidate, None)
        with open_session(settings, opened.lock, "test", silent) as session:
            values = [rung.value for rung in prepare(opened, seed, session)]
        places.append((without_itself(values, 1), without_itself(values, 2)))
        exported(opened, candidate, tmp_path / candidate)

    first, second = (told(tmp_path / candidate / "data") for candidate in CANDIDATES)
    assert first != second
    for weak, other in zip(*places, strict=True):
        assert abs(weak - other) <= SPREAD


def told(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
