"""The result store: whole or absent, checked before use, shared without being changed by its users."""

import multiprocessing
import os
from pathlib import Path
from unittest.mock import Mock

import pytest

from harness.batch.results import ResultStore, content_key, open_store
from harness.errors import SandboxError
from tests.builders import write_tree

KEY = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    return open_store(tmp_path / "store")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    root = write_tree(tmp_path / "run", {"report.json": "{}", "events.jsonl": "one\n", "submission/.hidden/a.py": "x = 1"})
    (root / ".running").write_text("{}")
    return root


def everything(_: Path) -> bool:
    return True


def test_a_kept_run_comes_back_whole_and_without_its_mark(store: ResultStore, run: Path, tmp_path: Path) -> None:
    store.keep(KEY, run)

    assert store.bring(KEY, tmp_path / "back", everything)

    back = tmp_path / "back"
    assert sorted(path.relative_to(back).as_posix() for path in back.rglob("*") if path.is_file()) == [
        "events.jsonl",
        "report.json",
        "submission/.hidden/a.py",
    ]


def test_what_is_appended_to_a_run_does_not_reach_the_store(store: ResultStore, run: Path, tmp_path: Path) -> None:
    store.keep(KEY, run)
    store.bring(KEY, tmp_path / "back", everything)
    with (tmp_path / "back" / "events.jsonl").open("a") as events:
        events.write("two\n")

    assert store.bring(KEY, tmp_path / "again", everything)
    assert (tmp_path / "again" / "events.jsonl").read_text() == "one\n"


@pytest.mark.parametrize("damage", ["report.json", "submission/.hidden/a.py"])
def test_a_stored_file_that_changed_is_found_out_and_the_result_dropped(
    store: ResultStore, run: Path, tmp_path: Path, damage: str
) -> None:
    store.keep(KEY, run)
    (stored,) = (tmp_path / "store").glob(f"??/*/{damage}")
    stored.write_text("changed")

    assert not store.bring(KEY, tmp_path / "back", everything)
    assert not store.has(KEY)
    assert not (tmp_path / "back").exists()


def test_a_file_added_to_or_missing_from_a_stored_run_is_found_out(store: ResultStore, run: Path, tmp_path: Path) -> None:
    store.keep(KEY, run)
    (stored,) = (tmp_path / "store").glob("??/*/report.json")
    stored.with_name("more.json").write_text("{}")

    assert not store.bring(KEY, tmp_path / "back", everything)


def test_a_result_that_is_not_accepted_is_left_where_it_is(store: ResultStore, run: Path, tmp_path: Path) -> None:
    store.keep(KEY, run)

    assert not store.bring(KEY, tmp_path / "back", lambda _: False)
    assert store.has(KEY)


def test_a_draft_counts_for_nothing(store: ResultStore, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is killed before the rename has stored nothing."""
    monkeypatch.setattr(Path, "rename", Mock(side_effect=KeyboardInterrupt))

    with pytest.raises(KeyboardInterrupt):
        store.keep(KEY, run)

    assert not store.has(KEY)


def test_bringing_replaces_what_an_earlier_version_left(store: ResultStore, run: Path, tmp_path: Path) -> None:
    store.keep(KEY, run)
    write_tree(tmp_path / "back", {"old.json": "{}"})

    store.bring(KEY, tmp_path / "back", everything)

    assert not (tmp_path / "back" / "old.json").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"store", "run", "back"}


def test_links_in_a_run_are_not_followed_into_the_store(store: ResultStore, run: Path, tmp_path: Path) -> None:
    (run / "passwd").symlink_to("/etc/passwd")

    store.keep(KEY, run)

    assert not list((tmp_path / "store").glob("??/*/passwd"))


def test_a_store_that_everybody_may_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store").chmod(0o777)

    with pytest.raises(SandboxError, match="everybody may write"):
        open_store(tmp_path / "store")


def _hold(root: Path, key: str, held: "multiprocessing.synchronize.Event", leave: "multiprocessing.synchronize.Event") -> None:
    with ResultStore(root).claim(key, lambda _: None):
        held.set()
        leave.wait(30)
        os._exit(0)


def test_a_key_is_held_by_one_process_at_a_time_and_freed_by_its_death(store: ResultStore) -> None:
    context = multiprocessing.get_context("fork")
    held, leave = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(store.root, KEY, held, leave))
    holder.start()
    held.wait(30)
    said: list[str] = []

    def say(sentence: str) -> None:
        said.append(sentence)
        leave.set()

    with store.claim(KEY, say):
        pass
    holder.join()
    holder.close()

    assert said == ["another batch is grading the same; waiting for its result"]


def test_everything_that_could_change_a_result_changes_the_key() -> None:
    keys = {content_key("f", "s", 1), content_key("g", "s", 1), content_key("f", "t", 1), content_key("f", "s", 2)}

    assert len(keys) == 4
    assert content_key("f", "s", 1) == content_key("f", "s", 1)
