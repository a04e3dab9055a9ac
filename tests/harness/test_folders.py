"""Folders to write into: one rule for runs, batches and watches."""

from pathlib import Path

import pytest

from harness.batch import folder as batch
from harness.errors import ExitCode, UsageError
from harness.folders import make_folder, take_folder
from harness.store import begin
from harness.watch import folder as watch


@pytest.mark.parametrize("writer", ["run", "batch", "watch"])
def test_nobody_writes_into_a_folder_in_which_somebody_else_keeps_something(writer: str, tmp_path: Path) -> None:
    root = tmp_path / "mine"
    root.mkdir()
    (root / "thesis.tex").write_text("mine")
    held = {"run": begin, "batch": lambda at: batch.hold(at, tmp_path / "subs"), "watch": watch.hold}[writer](root)
    with pytest.raises(UsageError, match=rf"no {writer} has written, such as 'thesis\.tex'"), held:
        pass
    assert [path.name for path in root.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("writer", ["run", "batch", "watch"])
@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_file_in_the_way_is_named(writer: str, below: str, tmp_path: Path) -> None:
    """Also where it stands in the place of a folder further up."""
    (tmp_path / "notes.txt").write_text("x")
    root = tmp_path / "notes.txt" / below
    held = {"run": begin, "batch": lambda at: batch.hold(at, tmp_path / "subs"), "watch": watch.hold}[writer](root)
    with pytest.raises(UsageError, match="is a file") as met, held:
        pass
    assert met.value.where == str(tmp_path / "notes.txt")
    assert met.value.next_step == "name another --out"
    assert met.value.exit_code == ExitCode.USAGE


def test_a_folder_that_cannot_be_made_is_told_with_the_reason() -> None:
    with pytest.raises(UsageError, match="cannot be made: No such file or directory"):
        make_folder(Path("/proc/nowhere/run"), "a folder for the run")


def test_a_new_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    take_folder(tmp_path / "a" / "b", "run", lambda _name: False, mode=0o700)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_names_that_begin_with_a_dot_are_nobodys(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_text("")
    take_folder(tmp_path, "run", lambda _name: False)
    assert [path.name for path in tmp_path.iterdir()] == [".DS_Store"]
