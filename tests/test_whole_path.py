"""The whole path, for real: a submission graded end to end in each back end, from outside the process."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.builders import write_tree, write_yaml
from tests.commands import harness
from tests.sandbox.engines import BACK_ENDS
from tests.small_pack import FORMULAS, submission_files, write_small_pack

ORDER = ("blank", *FORMULAS)


def graded(answer: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert answer.returncode == 0, answer.stderr
    report: dict[str, Any] = json.loads(answer.stdout)
    return report


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_pack(tmp_path_factory.mktemp("packs"))


Reports = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def graded_in(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Reports]:
    """Every exemplar graded in one back end, with its run folder under `run`; each back end is asked once."""

    @cache
    def all_exemplars(back_end: str) -> Reports:
        root = tmp_path_factory.mktemp(back_end)
        return {name: {**grade(pack, name, back_end, root / name), "run": str(root / name)} for name in ORDER}

    return all_exemplars


@pytest.fixture(params=BACK_ENDS)
def reports(request: pytest.FixtureRequest, graded_in: Callable[[str], Reports]) -> Reports:
    return graded_in(request.param)


@pytest.fixture
def naive(graded_in: Callable[[str], Reports], tmp_path: Path) -> dict[str, Any]:
    """A finished run of bubblewrap, in a folder that a test may change."""
    report = graded_in("bubblewrap")["naive"]
    return {**report, "run": shutil.copytree(report["run"], tmp_path / "run")}


def grade(pack: Path, exemplar: str, back_end: str, out: Path) -> dict[str, Any]:
    return graded(
        harness(
            "grade", pack / "exemplars" / exemplar / "submission", "--pack", pack, "--sandbox", back_end, "--out", out, "--json"
        )
    )


def test_better_work_stands_higher_in_every_back_end(reports: Reports) -> None:
    totals = [reports[name]["totals"]["automatic"] for name in ORDER]

    assert totals == sorted(totals)
    assert len(set(totals)) == len(totals)


def test_the_rungs_of_the_ladder_are_where_their_exemplars_stand(reports: Reports) -> None:
    places = {name: reports[name]["ladder"]["position"] for name in FORMULAS}

    assert places == pytest.approx({"dummy": 0.0, "naive": 0.25, "reference": 0.75, "strong": 1.0}, abs=1e-6)


def test_a_blank_submission_is_not_measured_where_nothing_could_be(reports: Reports) -> None:
    by_check = {check["check"]: check for check in reports["blank"]["checks"]}

    assert by_check["holdout_score"]["verdict"] == "not_measured"
    assert by_check["holdout_score"]["fault"] == "submission"
    assert reports["blank"]["status"] == "provisional"


def test_every_file_of_a_run_is_there_and_whole(reports: Reports) -> None:
    run = Path(reports["strong"]["run"])

    names = {path.name for path in run.iterdir()}
    assert names >= {
        "report.html", "report.json", "report.md", "report.junit.xml", "report.sarif", "snapshot.json", "runs.json",
        "checks.json", "grade.json", "lock.json", "events.jsonl", "artifacts",
    }  # fmt: skip
    assert not [name for name in names if name.startswith(".")]


def test_no_label_is_anywhere_in_the_run_folder(reports: Reports) -> None:
    """The only table with the holdout's ids is the candidate's own predictions."""
    run = Path(reports["strong"]["run"])

    assert [path.name for path in run.rglob("*.csv")] == ["predictions.csv"]
    assert not list(run.rglob("labels*"))


def test_the_lock_pins_what_could_change_a_mark(reports: Reports) -> None:
    lock = json.loads(Path(reports["strong"]["run"], "lock.json").read_text())

    for name in (
        "grading_digest",
        "public_digest",
        "submission_digest",
        "environment_digest",
        "data_digest",
        "exchange_digest",
    ):
        assert len(lock[name]) == 64, name
    assert [rung["name"] for rung in lock["rungs"]] == ["dummy", "naive", "reference", "strong"]
    assert lock["controls"]


@pytest.mark.bubblewrap
@pytest.mark.docker
def test_both_back_ends_give_the_same_numbers(graded_in: Callable[[str], Reports]) -> None:
    one, other = (graded_in(name)["reference"] for name in ("bubblewrap", "docker"))

    assert one["totals"] == other["totals"]
    assert one["criteria"] == other["criteria"]
    measured = [
        {name: value for name, value in report["measurements"].items() if name != "run_seconds"} for report in (one, other)
    ]
    assert measured[0] == measured[1]


@pytest.mark.bubblewrap
def test_a_changed_weight_changes_only_what_it_must_and_runs_nothing(pack: Path, naive: dict[str, Any], tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    rubric = YAML(typ="safe", pure=True).load((pack / "rubric.yaml").read_text())
    rubric["profiles"]["applied"]["weights"] = {"CODE": 20, "SCORE": 60, "REPRO": 20}
    runs = (naive["run"] / "runs.json").read_bytes()

    after = regrade(pack, naive, "--rubric", write_yaml(tmp_path / "r.yaml", rubric))

    assert after["totals"]["automatic"] < naive["totals"]["automatic"]
    assert after["checks"] == naive["checks"]
    assert (naive["run"] / "runs.json").read_bytes() == runs
    changed = [
        one["id"] for one, was in zip(after["criteria"], naive["criteria"], strict=True) if one["weight"] != was["weight"]
    ]
    assert changed == ["CODE", "SCORE", "REPRO"]
    assert [one["automatic"] for one in after["criteria"]] == [one["automatic"] for one in naive["criteria"]]


def regrade(pack: Path, report: dict[str, Any], *more: str | Path) -> dict[str, Any]:
    return graded(harness("regrade", report["run"], "--packs", pack.parent, *more, "--json"))


@pytest.mark.bubblewrap
def test_ratings_from_a_file_are_kept_when_the_run_is_weighed_again(pack: Path, naive: dict[str, Any], tmp_path: Path) -> None:
    said = {"format": 1, "ratings": [{"criterion": "CODE", "level": 3, "rater": "kim", "evidence": "clear"}]}
    (tmp_path / "ratings.json").write_text(json.dumps(said))

    regrade(pack, naive, "--ratings", tmp_path / "ratings.json")
    after = regrade(pack, naive)

    assert next(one["manual"] for one in after["criteria"] if one["id"] == "CODE") == 0.75


@pytest.mark.bubblewrap
def test_the_same_run_told_twice_is_the_same_byte_for_byte(pack: Path, naive: dict[str, Any]) -> None:
    told = []
    for _ in range(2):
        regrade(pack, naive)
        told.append({path.name: path.read_bytes() for path in naive["run"].glob("report.*")})

    assert told[0]
    assert told[0] == told[1]


@pytest.mark.bubblewrap
def test_checks_can_be_asked_again_without_the_submission_running(pack: Path, naive: dict[str, Any]) -> None:
    after = regrade(pack, naive, "--from", "check")

    assert after["checks"] == naive["checks"]
    assert after["totals"] == naive["totals"]


@pytest.mark.bubblewrap
def test_a_bar_that_is_not_reached_leaves_with_code_1(pack: Path, tmp_path: Path) -> None:
    submission = pack / "exemplars" / "dummy" / "submission"

    answer = harness(
        "grade", submission, "--pack", pack, "--sandbox", "bubblewrap", "--out", tmp_path / "run", "--fail-under", "90"
    )

    assert answer.returncode == 1
    assert "is below the bar of 90" in answer.stderr


def grade_with_bubblewrap(pack: Path, submission: Path, out: Path, *more: str) -> dict[str, Any]:
    return graded(harness("grade", submission, "--pack", pack, "--sandbox", "bubblewrap", "--out", out, "--json", *more))


@pytest.mark.bubblewrap
def test_the_candidates_exit_code_never_becomes_ours(pack: Path, tmp_path: Path) -> None:
    submission = write_tree(tmp_path / "submission", {**submission_files("x1"), "predict.py": "raise SystemExit(5)\n"})

    report = grade_with_bubblewrap(pack, submission, tmp_path / "run")

    outcomes = {step["name"]: step["outcome"] for step in report["runs"]["steps"]}
    assert outcomes["predict"] == {"kind": "exited", "code": 5}


@pytest.mark.bubblewrap
def test_a_folder_its_zip_and_its_commit_are_one_submission(pack: Path, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "work", submission_files("x1"))
    archive = shutil.make_archive(str(tmp_path / "work-zip"), "zip", folder)
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "all"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)

    reports = [
        grade_with_bubblewrap(pack, folder, tmp_path / "1"),
        grade_with_bubblewrap(pack, Path(archive), tmp_path / "2"),
        grade_with_bubblewrap(pack, folder, tmp_path / "3", "--commit", "HEAD"),
    ]

    assert len({report["submission"]["digest"] for report in reports}) == 1
    assert len({report["totals"]["automatic"] for report in reports}) == 1


SLOW_TEST = "import time\n\n\ndef test_that_takes_its_time():\n    time.sleep(4)\n"


@pytest.mark.parametrize("back_end", BACK_ENDS)
def test_a_killed_grade_leaves_nothing_behind_and_the_same_command_then_completes(
    pack: Path, tmp_path: Path, back_end: str
) -> None:
    submission = write_tree(tmp_path / "submission", {**submission_files("x1"), "test_slow.py": SLOW_TEST})
    asked = ["grade", str(submission), "--pack", str(pack), "--sandbox", back_end, "--out", str(tmp_path / "run"), "--json"]
    running = subprocess.Popen([sys.executable, "-m", "harness", *asked], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(tmp_path / "run" / "lock.json")
    time.sleep(1.5)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()

    answer = harness(*asked)

    assert graded(answer)["totals"]["automatic"] is not None
    assert harness("clean", "--json").returncode == 0
    assert leftovers(back_end) == []


def wait_for(path: Path) -> None:
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.1)
    pytest.fail(f"{path.name} was never written")


def leftovers(back_end: str) -> list[str]:
    """What a back end would still remove: nothing of ours may be left once its owner is dead."""
    from sandbox.choose import KNOWN

    return list(KNOWN[back_end]().sweep())
