"""The run folder: whole files or none, one owner at a time, nothing of a stranger's touched."""

import contextlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.errors import DamagedRunError, UsageError
from harness.model.submission import Snapshot
from harness.store import RunFolder, begin, open_run, write_whole
from tests.builders import make_runs, make_snapshot


def test_what_is_saved_is_loaded_unchanged(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.save(make_snapshot("a.py"))

    assert folder.load(Snapshot) == make_snapshot("a.py")


def test_a_file_is_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    write_whole(tmp_path / "report.json", b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "report.json", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert (tmp_path / "report.json").read_bytes() == b"old"


def test_a_damaged_record_says_which_file_and_what_to_expect(tmp_path: Path) -> None:
    (tmp_path / "snapshot.json").write_text('{"digest": 5}')

    with pytest.raises(DamagedRunError) as caught:
        RunFolder(tmp_path).load(Snapshot)

    assert str(tmp_path / "snapshot.json") in str(caught.value)


def test_a_folder_with_somebodys_files_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")

    with pytest.raises(UsageError, match=r"thesis\.tex"), begin(tmp_path):
        pass

    assert sorted(path.name for path in tmp_path.iterdir()) == ["thesis.tex"]


def test_a_run_that_was_cut_off_is_recognised_and_a_finished_one_is_not(tmp_path: Path) -> None:
    with contextlib.suppress(KeyboardInterrupt), begin(tmp_path) as folder:
        folder.save(make_snapshot("a.py"))
        raise KeyboardInterrupt
    with begin(tmp_path) as folder:
        assert folder.left_unfinished
    with begin(tmp_path) as folder:
        assert not folder.left_unfinished


def test_a_run_that_ended_before_its_first_record_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), begin(tmp_path / "run"):
        raise KeyboardInterrupt

    assert not (tmp_path / "run").exists()


def test_a_second_grader_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    parent = os.getppid()
    start = Path(f"/proc/{parent}/stat").read_text().rsplit(")", 1)[1].split()[19]
    (tmp_path / ".running").write_text(json.dumps({"pid": parent, "start": start}))

    with pytest.raises(UsageError, match=f"process {parent} is grading into this folder"), begin(tmp_path):
        pass


def test_a_later_process_of_the_same_number_does_not_count_as_the_owner(tmp_path: Path) -> None:
    (tmp_path / ".running").write_text(json.dumps({"pid": os.getppid(), "start": "1"}))

    with begin(tmp_path) as folder:
        assert folder.left_unfinished


def test_clearing_removes_only_what_runs_write(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.save(make_runs())
    (tmp_path / ".keep").write_text("")
    folder.artifacts.mkdir()

    folder.clear()

    assert [path.name for path in tmp_path.iterdir()] == [".keep"]


def test_events_are_one_json_line_each(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.note(datetime(2026, 1, 2, tzinfo=UTC), "stage", name="take\nnext")
    folder.note(datetime(2026, 1, 2, tzinfo=UTC), "stage", name="run")

    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [event["name"] for event in events] == ["take\nnext", "run"]


def test_opening_what_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a run folder"):
        open_run(tmp_path)


def test_opening_a_run_that_never_finished_says_what_to_do(tmp_path: Path) -> None:
    RunFolder(tmp_path).save(make_snapshot("a.py"))

    with pytest.raises(DamagedRunError, match="never finished"):
        open_run(tmp_path)
