"""What lies in the cache under its final name is complete, however its builders fared."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from harness.errors import SandboxError
from sandbox.image.cache import build_once, cache_folder


def fill(draft: Path) -> None:
    (draft / "built").write_text("yes", encoding="utf-8")


def test_a_place_is_filled_once_and_then_found(tmp_path: Path) -> None:
    calls = []
    for _ in range(2):
        build_once(tmp_path / "cache" / "place", lambda draft: (calls.append(draft), fill(draft))[1])
    assert len(calls) == 1
    assert (tmp_path / "cache" / "place" / "built").read_text() == "yes"


def test_a_failed_build_leaves_neither_a_place_nor_a_draft(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        fill(draft)
        raise SandboxError("no luck")

    with pytest.raises(SandboxError, match="no luck"):
        build_once(tmp_path / "place", fail)
    assert [one.name for one in tmp_path.iterdir()] == [".place.lock"]


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(SandboxError, match="No space left on device") as caught:
        build_once(tmp_path / "place", fail)
    assert "HARNESS_CACHE_DIR" in caught.value.next_step


def build_slowly(place: Path, log: Path) -> None:
    def slow(draft: Path) -> None:
        with log.open("a") as file:
            file.write("built\n")
        time.sleep(0.3)
        fill(draft)

    build_once(place, slow)


def test_builders_side_by_side_build_it_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=build_slowly, args=(tmp_path / "place", tmp_path / "log")) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert (tmp_path / "log").read_text() == "built\n"


def hang_while_building(place: Path) -> None:
    def hang(draft: Path) -> None:
        fill(draft)
        (place.parent / "begun").touch()
        time.sleep(600)

    build_once(place, hang)


def test_what_a_killed_builder_left_is_neither_used_nor_kept(tmp_path: Path) -> None:
    worker = multiprocessing.get_context("spawn").Process(target=hang_while_building, args=(tmp_path / "place",))
    worker.start()
    while not (tmp_path / "begun").exists():
        time.sleep(0.02)
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join(60)
    assert not (tmp_path / "place").exists()
    assert list(tmp_path.glob(".place.draft-*"))
    build_once(tmp_path / "place", fill)
    assert list(tmp_path.glob(".place.draft-*")) == []
    assert (tmp_path / "place" / "built").exists()


def test_the_cache_is_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_CACHE_DIR", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    assert (tmp_path / "mine").stat().st_mode & 0o077 == 0


def test_a_cache_that_everybody_can_fill_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_CACHE_DIR", str(tmp_path))
    tmp_path.chmod(0o777)
    with pytest.raises(SandboxError, match="everybody may write"):
        cache_folder()
