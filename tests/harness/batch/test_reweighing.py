"""`harness regrade` of a whole batch: every run and the cohort's page, and nothing of any submission is run."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.batch.folder import hold
from harness.documents import read_yaml
from harness.model.rubric import Rubric
from tests.builders import write_tree, write_yaml
from tests.commands import harness
from tests.small_pack import submission_files, write_small_pack

pytestmark = pytest.mark.bubblewrap


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two submissions and what is none, graded once for all tests here."""
    place = tmp_path_factory.mktemp("cohort")
    write_small_pack(place / "packs")
    write_tree(place / "subs" / "ada", submission_files("x1"))
    write_tree(place / "subs" / "bo", submission_files("0.5"))
    (place / "subs" / "cy.zip").write_text("no archive")
    done = batch(place)
    assert done[0] == 6, done[1]
    return place


@pytest.fixture
def place(graded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(graded, tmp_path / "cohort")


def batch(place: Path) -> tuple[int, str]:
    words = ("batch", "subs", "--pack", "packs/small", "--out", "out", "--store", "store", "--sandbox", "bubblewrap")
    done = harness(*words, "--own-names", cwd=place)
    return done.returncode, done.stderr


def totals(place: Path) -> dict[str, Any]:
    members = json.loads((place / "out" / "cohort.json").read_text())["members"]
    return {one["id"]: one["totals"]["automatic"] if one["totals"] else None for one in members}


def other_rubric(place: Path) -> Path:
    """Of the same criteria, with other weights."""
    path = place / "packs" / "small" / "rubric.yaml"
    rubric = read_yaml(path, Rubric).model_dump(mode="json")
    rubric["profiles"]["applied"]["weights"] = {"CODE": 20, "SCORE": 70, "REPRO": 10}
    write_yaml(place / "mine.yaml", rubric)
    return place / "mine.yaml"


def test_a_batch_is_weighed_again_as_a_whole_and_each_run_with_it(place: Path) -> None:
    before = totals(place)
    started = {run.name: (run / "lock.json").read_bytes() for run in (place / "out" / "runs").iterdir()}

    done = harness("regrade", "out", "--rubric", other_rubric(place), "--packs", "packs", cwd=place)

    after = totals(place)
    assert done.returncode == 0, done.stderr
    assert {name for name in after if after[name] != before[name]} == {"ada", "bo"}
    for name in ("ada", "bo"):
        assert f"{name}: automatic total {before[name]:.1f} before, {after[name]:.1f} now" in done.stdout
        run = place / "out" / "runs" / name
        assert json.loads((run / "report.json").read_text())["totals"]["automatic"] == after[name]
        assert (run / "lock.json").read_bytes() == started[name]
    rows = {row["submission"]: row for row in csv.DictReader((place / "out" / "cohort.csv").read_text().splitlines())}
    assert float(rows["ada"]["automatic_total"]) == pytest.approx(after["ada"])
    assert rows["cy"]["state"] == "not graded"


def test_the_cohort_is_told_on_a_footing_of_its_own_that_no_batch_takes_for_its_own(place: Path) -> None:
    """The same batch command afterwards goes back to the pack's weights, from the store, and runs nobody again."""
    before, footing = totals(place), json.loads((place / "out" / "cohort.json").read_text())["footing"]
    harness("regrade", "out", "--rubric", other_rubric(place), "--packs", "packs", cwd=place)
    assert json.loads((place / "out" / "cohort.json").read_text())["footing"] != footing

    code, said = batch(place)

    assert code == 6
    assert said.count("taken from the store") == 2
    assert totals(place) == before


def test_where_one_run_was_altered_none_is_weighed_again(place: Path) -> None:
    before, runs = totals(place), place / "out" / "runs"
    altered = next(path for path in sorted((runs / "bo" / "submission").rglob("*")) if path.is_file())
    altered.chmod(0o644)
    altered.write_text("altered")

    done = harness("regrade", "out", "--rubric", other_rubric(place), "--packs", "packs", cwd=place)

    assert done.returncode == 3
    assert "its content has changed" in done.stderr
    assert totals(place) == before
    assert json.loads((runs / "ada" / "report.json").read_text())["totals"]["automatic"] == before["ada"]


def test_json_is_the_cohort_and_nothing_else(place: Path) -> None:
    done = harness("regrade", "out", "--packs", "packs", "--json", cwd=place)
    assert json.loads(done.stdout) == json.loads((place / "out" / "cohort.json").read_text())


def test_ratings_are_of_one_person_and_not_of_a_batch(place: Path) -> None:
    (place / "ratings.json").write_text('{"format": 1, "ratings": []}')
    done = harness("regrade", "out", "--ratings", "ratings.json", "--packs", "packs", cwd=place)
    assert done.returncode == 2
    assert "--ratings is for one run" in done.stderr


def test_a_batch_that_another_process_is_writing_is_left_alone(place: Path) -> None:
    with hold(place / "out"):
        done = harness("regrade", "out", "--packs", "packs", cwd=place)
    assert done.returncode == 2
    assert "is grading into this folder" in done.stderr
