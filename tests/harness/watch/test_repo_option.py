"""harness grade --repo URL --commit SHA: one commit, pulled and graded."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.commands import harness
from tests.harness.watch.repositories import Candidate
from tests.small_pack import submission_files, write_small_pack


def grade(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return harness("grade", *arguments)


@pytest.mark.bubblewrap
def test_the_commit_that_was_named_is_graded_and_not_a_later_one(tmp_path: Path) -> None:
    pack, heron = write_small_pack(tmp_path / "packs"), Candidate(tmp_path, "heron")
    first = heron.hand_in(submission_files("x1"))
    heron.hand_in({"predict.py": "raise SystemExit(1)\n"})

    answer = grade("--repo", heron.remote, "--commit", first, "--pack", pack, "--sandbox", "bubblewrap", "--json",
                   "--out", tmp_path / "run")  # fmt: skip

    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)
    assert report["submission"]["commit"] == first
    assert report["ladder"]["position"] == pytest.approx(0.75, abs=1e-6)


def test_a_submission_and_a_repository_are_one_too_many(tmp_path: Path) -> None:
    assert grade(tmp_path, "--repo", tmp_path, "--pack", "x").returncode == 2


def test_neither_is_one_too_few() -> None:
    answer = grade("--pack", "x")

    assert answer.returncode == 2
    assert "no submission was named" in answer.stderr


def test_an_address_that_could_run_something_is_refused(tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path / "packs")

    answer = grade("--repo", "ext::sh -c id", "--commit", "HEAD", "--pack", pack, "--out", tmp_path / "run")

    assert answer.returncode == 4
    assert "refused" in answer.stderr
