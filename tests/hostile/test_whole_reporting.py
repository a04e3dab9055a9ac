"""What is told of a hostile submission, in every format and on the terminal, shows its words and lets none of them act."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from tests.hostile.attacks import graffiti
from tests.hostile.attacks.arena import Arena, Told, new_folder, read_page, strict_json, write_files
from tests.hostile.attacks.pack import write_pack
from tests.sandbox.engines import BACK_ENDS

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
COMMAND = re.compile(r"^\s*(::|##\[|##vso\[)|##\[|##vso\[", re.MULTILINE)


@pytest.fixture(scope="module", params=BACK_ENDS)
def arena(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Arena:
    root = tmp_path_factory.mktemp(request.param)
    return Arena(root, request.param, write_pack(tmp_path_factory.mktemp("packs")))


@pytest.fixture(scope="module")
def submission(arena: Arena) -> Path:
    """In a folder whose own name tries as well."""
    return write_files(new_folder(arena.root, "given") / f"::error file=x::{graffiti.MARK} <b>", graffiti.files())


@pytest.fixture(scope="module")
def told(arena: Arena, submission: Path) -> Told:
    return arena.grade(submission, "--candidate", f"{graffiti.MARK} <script>")


def test_the_walls_were_written_on(told: Told) -> None:
    """The control: the words did reach the report, by many ways."""
    text = (told.run or Path()).joinpath("report.json").read_text()

    assert text.count(graffiti.MARK) > 30
    assert told.step("predict")["outcome"]["code"] != 0
    assert told.step("execute")["outcome"]["code"] != 0
    snapshot = json.loads((told.run or Path()).joinpath("snapshot.json").read_text())
    assert {refusal["kind"] for refusal in snapshot["refusals"]} >= {"hostile_name"}


def test_the_page_has_the_words_as_words_and_no_tag_or_attribute_of_them(told: Told) -> None:
    text = (told.run or Path()).joinpath("report.html").read_text("utf-8")
    page = read_page(text)

    assert graffiti.MARK in "".join(page.text)
    assert page.scripts == 0
    assert page.outside == []
    assert not re.search(rf"<[^>]*{graffiti.MARK}[^>]*=", re.sub(r"<(style|title).*?</\1>", "", text, flags=re.DOTALL))
    assert not CONTROL.search(text)


def test_markdown_becomes_a_page_in_which_nothing_acts_either(told: Told) -> None:
    text = (told.run or Path()).joinpath("report.md").read_text("utf-8")

    page = read_page(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))

    assert page.scripts == 0
    assert page.outside == []
    assert not CONTROL.search(text.replace("\u200b", ""))
    assert not COMMAND.search(text)
    assert len(text) < 65_536


def test_junit_has_the_words_in_texts_and_attributes_only(told: Told) -> None:
    tree = ElementTree.fromstring((told.run or Path()).joinpath("report.junit.xml").read_bytes())

    assert {one.tag for one in tree.iter()} <= {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "error",
        "skipped",
        "properties",
        "property",
        "system-out",
        "system-err",
    }


def test_sarif_names_places_inside_the_submission_only(told: Told) -> None:
    document = strict_json((told.run or Path()).joinpath("report.sarif").read_text("utf-8"))

    for place in every(document, "uri"):
        assert not re.match(r"(?i)[a-z][a-z0-9+.-]*:|//|\.\.", place) or place.startswith("https://"), place
        assert graffiti.MARK not in place or "%" in place or re.fullmatch(r"[\w./%-]+", place), place


def every(document: Any, key: str) -> list[str]:
    if isinstance(document, dict):
        own = [document[key]] if isinstance(document.get(key), str) else []
        return own + [one for value in document.values() for one in every(value, key)]
    return [one for value in document for one in every(value, key)] if isinstance(document, list) else []


def test_the_terminal_gets_no_control_character_and_no_command_of_a_build_service(arena: Arena, told: Told) -> None:
    again = arena.harness("regrade", told.run or "", "--packs", (arena.pack or Path()).parent, "--from", "score")
    whole = arena.harness("inspect", next((told.run or Path()).parent.glob("run/submission")))

    for answer in (again, whole):
        assert answer.code == 0, answer.stderr
        assert not CONTROL.search(answer.stdout)
        assert not COMMAND.search(answer.stdout)


@pytest.mark.bubblewrap
def test_a_grade_that_is_told_on_the_terminal_is_told_in_clean_lines(submission: Path, tmp_path: Path) -> None:
    told = Arena(tmp_path, pack=write_pack(tmp_path / "packs")).grade_into(tmp_path / "out", submission)

    assert told.code == 0, told.stderr
    assert not CONTROL.search(told.stdout + told.stderr)
    assert not COMMAND.search(told.stdout + told.stderr)


@pytest.mark.parametrize("words", [("inspect",), ("inspect", "--json"), ("inspect", "--jsonl")])
def test_reading_a_folder_with_a_hostile_name_prints_clean_lines(words: tuple[str, ...], tmp_path: Path) -> None:
    place = write_files(tmp_path / "::error file=x::y\x1b[31m\u202e", {"a.py": "x = 1\n"})
    arena = Arena(tmp_path)

    told = arena.harness(*words, place.name, cwd=tmp_path)

    assert told.code == 0, told.stderr
    assert not CONTROL.search(told.stdout)
    assert not COMMAND.search(told.stdout)


def test_a_path_that_is_not_there_is_told_in_clean_lines(tmp_path: Path) -> None:
    told = Arena(tmp_path).harness("inspect", "nothing\n::error::x\x1b[2J\u202e")

    assert told.code == 4
    assert not CONTROL.search(told.stderr)
    assert not COMMAND.search(told.stderr)
