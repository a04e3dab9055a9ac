"""Pushes graded for real, killed in the middle, and told without a word of the result."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.builders import write_tree
from tests.commands import harness
from tests.harness.watch.repositories import Candidate, write_config
from tests.harness.watch.test_looking import status, watch
from tests.small_pack import submission_files, write_small_pack

pytestmark = [pytest.mark.bubblewrap, pytest.mark.slow]
SLOW = "import time\n\n\ndef test_that_takes_its_time():\n    time.sleep(3)\n"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_pack(tmp_path_factory.mktemp("packs"))


@pytest.fixture(autouse=True)
def _in_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_SANDBOX", "bubblewrap")


@contextmanager
def watching(config: Path, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """A watch that goes on until it is ended."""
    command = [sys.executable, "-m", "harness", "watch", str(config), *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_until(true: object, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def states(config: Path) -> dict[str, str]:
    place = config.parent / "watch" / "state.sqlite"
    if not place.is_file():
        return {}
    database = sqlite3.connect(f"file:{place}?mode=ro", uri=True, timeout=30)
    try:
        return dict(database.execute("SELECT commit_id, state FROM push").fetchall())
    except sqlite3.OperationalError:
        return {}
    finally:
        database.close()


def run_of(config: Path, candidate: str, commit: str) -> Path:
    return config.parent / "watch" / "runs" / candidate / commit


def stages(run: Path) -> list[str]:
    """Which stages were begun, in order."""
    return [json.loads(line)["name"] for line in (run / "events.jsonl").read_text().splitlines() if '"stage"' in line]


def test_pushes_are_graded_as_often_as_allowed_and_never_twice(tmp_path: Path, pack: Path) -> None:
    heron, wren = Candidate(tmp_path, "heron"), Candidate(tmp_path, "wren")
    row = {"candidate": "heron", "repository": str(heron.remote), "branches": ["main"]}
    config = write_config(tmp_path / "watch.yaml", pack, row, {**row, "candidate": "wren", "repository": str(wren.remote)},
                          max_graded_pushes=2)  # fmt: skip
    first = heron.hand_in(submission_files("x1"))
    watch(config)
    reports = {first: (run_of(config, "heron", first) / "report.json").read_bytes()}
    second = heron.hand_in(submission_files("2 * x1 + x2"))
    watch(config)
    third = heron.hand_in(submission_files("x2"))
    late = wren.hand_in(submission_files("x1"))

    seen = watch(config)

    assert [(one["commit"], one["state"]) for one in seen["heron"]["pushes"]] == [
        (first, "graded"), (second, "graded"), (third, "kept"),
    ]  # fmt: skip
    assert [one["commit"] for one in seen["heron"]["pushes"] if one["counts"]] == [second]
    assert "all 2 gradings are used" in seen["heron"]["notes"][0]
    assert [one["state"] for one in seen["wren"]["pushes"]] == ["graded"]
    assert (run_of(config, "heron", first) / "report.json").read_bytes() == reports[first]
    report = json.loads((run_of(config, "wren", late) / "report.json").read_text())
    assert (report["submission"]["candidate"], report["submission"]["commit"]) == ("wren", late)
    assert report["submission"]["source"] == "wren"
    assert not (tmp_path / "watch" / "kept" / "wren" / late).exists()


def test_the_status_of_a_graded_commit_is_that_of_one_that_was_not(tmp_path: Path, pack: Path) -> None:
    """Nothing of the result, nor that there is one, is told to the candidate; nor printed."""
    heron = Candidate(tmp_path, "heron")
    config = write_config(
        tmp_path / "watch.yaml", pack, {"candidate": "heron", "repository": str(heron.remote), "branches": ["main"]}
    )
    commit = heron.hand_in(submission_files("x1"))
    done = harness("watch", config, "--once")
    assert done.returncode == 0, done.stderr

    report = json.loads((run_of(config, "heron", commit) / "report.json").read_text())
    shown = json.dumps(status(config, "heron", commit)) + done.stdout
    assert states(config) == {commit: "graded"}
    assert status(config, "heron", commit)["description"].rstrip("Z.0123456789:-T") == "Received "
    numbers = [report["totals"]["automatic"], report["ladder"]["value"], report["ladder"]["position"]]
    assert not [number for number in numbers if f"{number:.3f}"[:4] in shown]
    assert "graded" not in done.stdout


def test_a_watch_that_goes_on_grades_what_stands_at_the_deadline(tmp_path: Path, pack: Path) -> None:
    """One grading for each: nothing before the deadline, the last push at it, and nothing that comes later."""
    heron = Candidate(tmp_path, "heron")
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 8))
    row = {"candidate": "heron", "repository": str(heron.remote), "branches": ["main"]}
    config = write_config(tmp_path / "watch.yaml", pack, row, deadline=soon, max_graded_pushes=1)
    first = heron.hand_in(submission_files("x1"))
    with watching(config) as process:
        wait_until(lambda: states(config) == {first: "kept"})
        second = heron.hand_in(submission_files("2 * x1 + x2"))
        wait_until(lambda: states(config).get(second) in ("grading", "graded"))
        third = heron.hand_in(submission_files("x2"))
        wait_until(lambda: states(config) == {first: "kept", second: "graded", third: "kept"})
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM

    seen = watch(config)["heron"]

    assert {one["commit"]: (one["arrival"], one["counts"]) for one in seen["pushes"]} == {
        first: ("in_time", False), second: ("in_time", True), third: ("late", False),
    }  # fmt: skip
    assert seen["settled"] is True
    assert "after the deadline" in status(config, "heron", third)["description"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "ended"])
def test_a_watch_that_dies_while_it_grades_goes_on_and_counts_one_grading(
    tmp_path: Path, pack: Path, number: signal.Signals
) -> None:
    heron = Candidate(tmp_path, "heron")
    row = {"candidate": "heron", "repository": str(heron.remote), "branches": ["main"]}
    config = write_config(tmp_path / "watch.yaml", pack, row, max_graded_pushes=1)
    commit = heron.hand_in({**submission_files("x1"), "test_slow.py": SLOW})
    with watching(config) as process:
        wait_until(lambda: (run_of(config, "heron", commit) / "lock.json").exists())
        time.sleep(1)
        os.kill(process.pid, number)
        process.wait(30)
    assert states(config) == {commit: "grading"}

    seen = watch(config)["heron"]

    assert [(one["commit"], one["state"]) for one in seen["pushes"]] == [(commit, "graded")]
    assert seen["graded_pushes"] == 1
    assert stages(run_of(config, "heron", commit)).count("take") == 1
    from sandbox.choose import KNOWN

    assert list(KNOWN["bubblewrap"]().sweep()) == []


def test_killed_again_and_again_at_any_moment_it_still_ends_with_one_grade_for_each(tmp_path: Path, pack: Path) -> None:
    candidates = [Candidate(tmp_path, name) for name in ("heron", "wren")]
    rows = [{"candidate": one.name, "repository": str(one.remote), "branches": ["main"]} for one in candidates]
    config = write_config(tmp_path / "watch.yaml", pack, *rows, max_graded_pushes=2)
    commits = {one.name: one.hand_in(submission_files("x1")) for one in candidates}
    for seconds in (0.7, 1.6, 3.0):  # a push that is begun four times and never ended is left to a person
        with watching(config, "--quiet") as process:
            time.sleep(seconds)
            os.kill(process.pid, signal.SIGKILL)
            process.wait(30)

    seen = watch(config)
    graded = [(name, one["commit"], one["state"]) for name, row in seen.items() for one in row["pushes"]]
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "watch" / "runs").rglob("report.json")}
    again = watch(config)

    assert graded == [(name, commit, "graded") for name, commit in commits.items()]
    assert all((run_of(config, name, commit) / "report.json").is_file() for name, commit in commits.items())
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "watch" / "runs").rglob("report.json")}
    assert [row["graded_pushes"] for row in again.values()] == [1, 1]


def test_a_fault_of_the_harness_is_tried_again_and_never_the_candidates(tmp_path: Path, pack: Path) -> None:
    """A pack that cannot be graded with: three tries wait, nothing is counted, and the candidate is told that it is us."""
    from ruamel.yaml import YAML

    broken = write_small_pack(tmp_path / "packs")
    write_tree(broken, {"generate.py": "raise SystemExit('broken')\n"})
    assert YAML(typ="safe", pure=True).load((broken / "pack.yaml").read_text())["id"] == "small"
    heron = Candidate(tmp_path, "heron")
    config = write_config(
        tmp_path / "watch.yaml", broken, {"candidate": "heron", "repository": str(heron.remote), "branches": ["main"]}
    )
    commit = heron.hand_in(submission_files("x1"))

    seen = watch(config, code=6)["heron"]

    (push,) = seen["pushes"]
    assert (push["commit"], push["state"]) == (commit, "kept")
    assert push["reason"]
    assert seen["graded_pushes"] == 0
    assert status(config, "heron", commit)["state"] == "success"
