"""`harness batch` as people start it, in real sandboxes: kills, signals, limits, equal names, and what is left afterwards."""

import json
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.builders import write_tree, write_yaml
from tests.small_pack import submission_files, write_small_pack

pytestmark = [pytest.mark.bubblewrap, pytest.mark.slow]

PATIENCE_S = 300
"""For a machine that is busy with other things."""

SLEEPY = "import time\ntime.sleep({seconds})\n"


class Batch:
    """A batch below one folder, started as a process."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.subs = place / "subs"
        self.pack = write_small_pack(place / "packs")
        self.started: list[subprocess.Popen[str]] = []

    def submit(self, name: str, formula: str = "x1", sleeps: float = 0.0) -> None:
        files = submission_files(formula)
        files["predict.py"] = SLEEPY.format(seconds=sleeps) + files["predict.py"]
        write_tree(self.subs / name, files)

    def start(self, *options: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "harness", "batch", str(self.subs), "--pack", str(self.pack), "--out", str(self.out)]
        command += ["--store", str(self.place / "store"), "--sandbox", "bubblewrap", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.started.append(process)
        return process

    def run(self, *options: str) -> tuple[int, str, str]:
        process = self.start(*options)
        out, err = process.communicate(timeout=3 * PATIENCE_S)
        return process.returncode, out, err

    @property
    def out(self) -> Path:
        return self.place / "out"

    def journal(self) -> list[dict[str, Any]]:
        try:
            return [json.loads(line) for line in (self.out / "events.jsonl").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def ended(self) -> dict[str, str]:
        names = json.loads((self.out / "names.json").read_text())["names"] if (self.out / "names.json").exists() else {}
        return {names[one["id"]]: one["found"] for one in self.journal() if one["event"] == "ended"}

    def members(self) -> dict[str, dict[str, Any]]:
        names = json.loads((self.out / "names.json").read_text())["names"]
        return {names[one["id"]]: one for one in json.loads((self.out / "cohort.json").read_text())["members"]}

    def wait_until_predicting(self, count: int) -> None:
        """Until so many sandboxes are in the middle of a sleepy predict.py."""
        deadline = time.monotonic() + PATIENCE_S
        while len(sleepers(self.place)) < count:
            assert time.monotonic() < deadline, "the batch did not get that far"
            time.sleep(0.1)


def sleepers(place: Path) -> list[int]:
    """Workers of a batch below `place` that wait for a sandbox: told by a run folder that is marked as being worked in."""
    return [
        json.loads(mark.read_text())["pid"]
        for mark in place.glob("out*/runs/*/.running")
        if (mark.parent / "lock.json").exists() and (mark.parent / "artifacts" / "tests").exists()
    ]


@pytest.fixture
def batch(tmp_path: Path) -> Iterator[Batch]:
    made = Batch(tmp_path)
    yield made
    for process in made.started:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def gone(pid: int, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_killed_in_the_middle_the_same_command_goes_on_and_repeats_nothing(batch: Batch) -> None:
    for number in range(2):
        batch.submit(f"quick{number}", f"x1 + {number}")
    for number in range(2):
        batch.submit(f"slow{number}", f"x2 + {number}", sleeps=7)
    first = batch.start("--jobs", "2")
    batch.wait_until_predicting(2)
    deadline = time.monotonic() + PATIENCE_S
    while set(batch.ended()) != {"quick0", "quick1"}:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    batch.wait_until_predicting(2)
    workers = sleepers(batch.place)

    first.kill()
    first.communicate()

    assert all(gone(pid) for pid in workers)
    assert not (batch.out / "cohort.html").exists()
    code, out, _ = batch.run("--jobs", "2")
    assert code == 0
    assert "4 submissions: 2 graded, 2 graded before" in out
    assert {one["state"] for one in batch.members().values()} == {"graded"}
    assert len(list((batch.out / "results").iterdir())) == 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_sandboxes_and_keeps_what_is_finished(batch: Batch, number: signal.Signals) -> None:
    batch.submit("a quick one")
    batch.submit("slow", "x2", sleeps=50)
    process = batch.start("--jobs", "2")
    deadline = time.monotonic() + PATIENCE_S
    while not batch.ended():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    batch.wait_until_predicting(1)
    workers = sleepers(batch.place)

    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 128 + number
    assert "the same command goes on from there" in err
    assert all(gone(pid, seconds=1) for pid in workers)
    (kept,) = (json.loads(path.read_text()) for path in (batch.out / "results").iterdir())
    assert (kept["state"], kept["doing"]) == ("graded", None), kept["reason"]


def test_a_second_batch_on_one_folder_is_refused(batch: Batch) -> None:
    batch.submit("slow", sleeps=30)
    batch.start()
    batch.wait_until_predicting(1)

    code, _, err = batch.run()

    assert code == 2
    assert "is grading into this folder" in err


def test_equal_names_a_broken_archive_and_a_sleeper_are_each_told_for_themselves(batch: Batch) -> None:
    manifest = YAML(typ="safe", pure=True).load((batch.pack / "pack.yaml").read_text())
    manifest["steps"]["predict"]["wall_s"] = 5
    write_yaml(batch.pack / "pack.yaml", manifest)
    batch.submit("jane", "x1")
    with zipfile.ZipFile(batch.subs / "jane.zip", "w") as archive:
        for name, text in submission_files("x2").items():
            archive.writestr(name, text)
    (batch.subs / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    batch.submit("sleeper", sleeps=60)

    code, out, _ = batch.run("--jobs", "3", "--json")

    document = json.loads(out)
    members = batch.members()
    assert code == 6
    assert len({one["id"] for one in document["members"]}) == 4
    assert members["broken.zip"]["doing"] == "submission"
    assert members["sleeper"]["state"] == "graded"
    assert "was stopped at its time limit of 5 s" in (batch.out / members["sleeper"]["report"]).read_text()
    assert members["jane"]["ladder"]["position"] > members["jane.zip"]["ladder"]["position"]
    assert document == json.loads((batch.out / "cohort.json").read_text())


def test_the_second_run_grades_nothing_and_says_so_in_plain_lines(batch: Batch) -> None:
    batch.submit("one")
    batch.submit("two", "x2")
    batch.run("--jobs", "2")
    before = sorted(path.stat().st_mtime_ns for path in (batch.out / "runs").rglob("report.json"))

    code, out, err = batch.run("--jobs", "2")

    assert code == 0
    assert "2 submissions: 2 graded before" in out
    assert "2/2 " in err
    assert "\x1b" not in err
    assert sorted(path.stat().st_mtime_ns for path in (batch.out / "runs").rglob("report.json")) == before


def test_a_pack_that_is_broken_ends_with_code_3_before_anything_is_graded(batch: Batch) -> None:
    batch.submit("one")
    (batch.pack / "generate.py").write_text("raise SystemExit('no data today')\n")

    code, out, err = batch.run()

    assert code == 3
    assert "no data today" in err
    assert "Traceback" not in err
    assert out == ""


def test_own_names_stay_where_they_are_asked_for(batch: Batch) -> None:
    batch.submit("c-001")

    batch.run("--own-names")

    assert (batch.out / "runs" / "c-001" / "report.html").is_file()
    shutil.rmtree(batch.out)
