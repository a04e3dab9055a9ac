"""pack new, for every kind: a pack that lints clean, names what is left to do, and can be graded with at once."""

from pathlib import Path

import pytest

from harness.authoring.linting import lint_pack
from harness.authoring.scaffold import MARK, kinds, left_to_do, scaffold
from harness.errors import UsageError
from harness.packs import read_pack
from harness.pipeline import Order, grade
from harness.running import seed_for
from harness.settings import resolve
from tests.harness.authoring.kits import materialised

KINDS = ("forecast", "pipeline", "predict", "review")
EDITED = ("pack.yaml", "rubric.yaml", "facts.yaml", "interview.yaml")


def test_there_is_a_scaffold_for_every_kind_that_can_be_graded() -> None:
    assert kinds() == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_pack_lints_clean(kind: str, tmp_path: Path) -> None:
    scaffold(f"new_{kind}", kind, tmp_path)

    assert lint_pack(tmp_path / f"new_{kind}") == []


@pytest.mark.parametrize("kind", KINDS)
def test_everything_left_to_its_author_is_listed_with_its_place(kind: str, tmp_path: Path) -> None:
    left = scaffold("mine", kind, tmp_path)

    told = {tuple(one.split(":")[:2]) for one in left}
    marked = {
        (path.relative_to(tmp_path / "mine").as_posix(), str(number))
        for path in (tmp_path / "mine").rglob("*")
        if path.is_file() and ".schemas" not in path.parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if MARK in line
    }
    assert told == marked
    assert {place.split("/")[0] for place, _ in told} >= {
        "pack.yaml",
        "candidate",
        "generate.py",
        "interview.yaml",
        "exemplars",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_once_the_marks_are_gone(kind: str, tmp_path: Path) -> None:
    scaffold("mine", kind, tmp_path)
    for path in (tmp_path / "mine").rglob("*"):
        if path.is_file() and ".schemas" not in path.parts:
            path.write_text(path.read_text("utf-8").replace(MARK, "done"), "utf-8")

    assert left_to_do(tmp_path / "mine") == []


@pytest.mark.parametrize("kind", KINDS)
def test_editors_are_told_the_schema_of_every_document(kind: str, tmp_path: Path) -> None:
    scaffold("mine", kind, tmp_path)

    for name in EDITED:
        first = (tmp_path / "mine" / name).read_text("utf-8").splitlines()[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")
        assert (tmp_path / "mine" / schema).is_file(), first
    expected = tmp_path / "mine" / "exemplars" / "strong" / "expected.yaml"
    schema = expected.read_text("utf-8").splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (expected.parent / schema).resolve().is_file()


def test_each_new_pack_has_a_canary_of_its_own_in_its_private_files(tmp_path: Path) -> None:
    for name in ("one", "other"):
        scaffold(name, "predict", tmp_path)

    canaries = {read_pack(tmp_path / name).pack.canary for name in ("one", "other")}
    assert len(canaries) == 2
    assert all("CANARY\n" not in path.read_text("utf-8") for path in (tmp_path / "one").glob("*.yaml"))


def test_an_unknown_kind_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no scaffold for the kind 'forcast'"):
        scaffold("mine", "forcast", tmp_path)


def test_nothing_is_written_over_a_folder_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    with pytest.raises(UsageError, match="is there already"):
        scaffold("mine", "predict", tmp_path)


@pytest.mark.slow
@pytest.mark.bubblewrap
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_packs_strong_exemplar_stands_at_the_top_of_its_ladder(kind: str, tmp_path: Path) -> None:
    """The whole path: data, rungs, steps, checks and arithmetic of a pack that nobody has touched yet."""
    scaffold("mine", kind, tmp_path)
    opened, settings = read_pack(tmp_path / "mine"), resolve("bubblewrap")
    seed, _ = seed_for(opened.pack, None, None, None)
    submission = materialised(opened, settings, "strong", seed, tmp_path / "strong")

    report = grade(Order(str(submission), opened, settings, formats=("json",)), tmp_path / "run", lambda _: None)

    assert report.ladder is not None
    assert report.ladder.position == pytest.approx(1.0, abs=0.05)
    assert report.totals.automatic is not None
    assert [
        check.check for check in report.checks if check.fault is not None and check.fault.value in ("pack", "harness")
    ] == []
