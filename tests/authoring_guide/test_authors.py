"""docs/authors.md is true: its commands print what it says, its excerpts stand in the pack, and the pack is sound."""

import re
import shutil
from pathlib import Path

import pytest

from harness.authoring.linting import lint_pack
from harness.authoring.scaffold import left_to_do
from harness.model.pack import ServiceOffer
from harness.packs import BUILT_IN, read_pack
from tests.docs.desk import follow
from tests.docs.fences import ROOT, Command, agrees, commands, fences

PAGE = ROOT / "docs" / "authors.md"
EXAMPLES = sorted(path for path in (ROOT / "examples" / "packs").iterdir() if (path / "pack.yaml").is_file())
PACK = ROOT / "examples" / "packs" / "parcel_late"
MOST_KB = 600


@pytest.mark.slow
@pytest.mark.bubblewrap
def test_every_command_of_the_guide_does_what_it_shows(tmp_path: Path) -> None:
    """In the reader's order and in one place, because each step builds on those before; a calibration is among them."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")

    followed = follow(tmp_path, commands(PAGE), log=tmp_path / "log.txt")

    for ran in followed:
        assert ran.code == 0, f"{ran.command}\n{ran.printed}\n{(tmp_path / 'log.txt').read_text()}"
        assert agrees(ran.command.told, ran.printed), f"{ran.command}\nprinted:\n{ran.printed}"
    assert len(followed) >= 15


def test_the_guide_shows_each_command_of_an_author() -> None:
    shown = " ".join(command.typed for command in commands(PAGE))

    for word in ("new", "todo", "lint", "validate", "calibrate", "profiles", "export"):
        assert f"harness pack {word} " in shown
    assert "harness grade " in shown
    assert "self_check.py" in shown


@pytest.mark.parametrize("language", ["python", "yaml"])
def test_every_excerpt_stands_in_the_pack(language: str) -> None:
    """Word for word, however far it is indented there."""
    texts = [_flush(path.read_text("utf-8")) for path in PACK.rglob("*") if path.suffix in (".py", ".yaml")]
    excerpts = [_flush(fence.text) for fence in fences(PAGE) if fence.language == language]

    assert excerpts
    for excerpt in excerpts:
        assert any(excerpt in text for text in texts), excerpt


def test_numbers_of_the_pack_in_the_text_are_those_of_the_pack() -> None:
    text, opened = PAGE.read_text("utf-8"), read_pack(PACK)
    rows = opened.pack.data.profile["holdout_days"] * opened.pack.data.profile["parcels_a_day"]

    assert f"{rows:,} rows made it steadier" in text


def test_a_command_that_prints_something_else_is_noticed() -> None:
    assert agrees(("ok  one: ...", "...", "last"), "ok  one: 3 s\nmore\nlast\n")
    assert agrees(("first", "..."), "first\n")
    assert not agrees(("ok  one: ...", "last"), "ok  one: 3 s\nmore\nlast\n")
    assert not agrees(("ok  one: ...", "...", "last"), "ok  one: 3 s\nmore\nlast2\n")
    assert not agrees((), "something\n")
    assert agrees((), "")


def test_a_commands_variable_is_kept_for_those_after_it(tmp_path: Path) -> None:
    typed = [Command(PAGE, 1, "export A=b", ()), Command(PAGE, 2, 'echo "$A"', ("b",))]

    assert [ran.printed for ran in follow(tmp_path, typed)] == ["", "b\n"]


@pytest.mark.parametrize("pack", EXAMPLES, ids=lambda path: path.name)
def test_an_example_pack_lints_clean_and_has_nothing_left_to_do(pack: Path) -> None:
    assert lint_pack(pack) == []
    assert left_to_do(pack) == []


@pytest.mark.parametrize("pack", EXAMPLES, ids=lambda path: path.name)
def test_an_example_pack_is_small_and_of_a_subject_of_its_own(pack: Path) -> None:
    size = sum(path.stat().st_size for path in pack.rglob("*") if path.is_file())

    assert size < MOST_KB * 1000
    assert not (BUILT_IN / pack.name).exists()


def test_the_example_offers_a_service() -> None:
    (offer,) = [one for one in read_pack(PACK).pack.entry_points if isinstance(one, ServiceOffer)]

    assert (PACK / "exemplars" / "service" / "submission" / offer.needs_file).is_file()


def test_schema_lines_of_the_example_lead_to_the_schemas() -> None:
    for document in [*PACK.glob("*.yaml"), *PACK.glob("exemplars/*/expected.yaml")]:
        found = re.match(r"# yaml-language-server: \$schema=(\S+)", document.read_text("utf-8"))
        assert found, document
        assert (document.parent / found[1]).is_file(), document


def test_the_examples_tests_pass_where_they_lie(tmp_path: Path) -> None:
    """What the guide calls work of a colleague has tests that pass and notice its mutant."""
    for name in ("reference", "strong", "service"):
        place = shutil.copytree(PACK / "exemplars" / name / "submission", tmp_path / name)
        (ran,) = follow(place, [Command(PAGE, 1, "python -m pytest -q -p no:cacheprovider", ())])
        assert ran.code == 0, ran.printed


def _flush(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())
