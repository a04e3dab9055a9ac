"""A submission in which nothing can be measured has a report and no grade; the batch says so."""

import json
from pathlib import Path

import pytest

from harness.batch.units import Answer
from harness.batch.watching import sentence_of
from tests.builders import write_tree
from tests.commands import harness
from tests.small_pack import submission_files, write_small_pack


@pytest.mark.bubblewrap
def test_an_empty_entry_leaves_the_batch_with_some_ungraded(tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path / "packs")
    write_tree(tmp_path / "subs" / "ada", submission_files("x1"))
    (tmp_path / "subs" / "eve").mkdir()
    words = ("batch", "subs", "--pack", pack, "--out", "out", "--store", "store", "--own-names", "--sandbox", "bubblewrap")

    first, again = (harness(*words, cwd=tmp_path) for _ in range(2))

    for done in (first, again):
        assert done.returncode == 6, done.stderr
        assert "nothing could be measured in 1 of them" in done.stdout
        assert "nothing could be measured" in next(line for line in done.stderr.splitlines() if " eve:" in line)
    members = json.loads((tmp_path / "out" / "cohort.json").read_text())["members"]
    assert {one["id"]: one["status"] for one in members}["eve"] == "not_gradable"


@pytest.mark.parametrize(
    ("automatic", "fully", "ending"),
    [(None, False, "nothing could be measured"), (40.0, False, "not everything could be measured"), (40.0, True, "graded")],
)
def test_how_much_was_measured_is_said_as_it_is(automatic: float | None, fully: bool, ending: str) -> None:
    assert sentence_of(Answer(found="graded", automatic=automatic, fully_measured=fully)).endswith(ending)
