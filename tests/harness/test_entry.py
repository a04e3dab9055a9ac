"""How predictions are asked for."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from harness.model.submission import CommandEntry, Declaration, FunctionEntry, NotebookEntry, ServiceEntry
from harness.running.entry import EntryChoice, choose_entry
from tests.builders import make_pack, make_snapshot, write_tree

OFFERS = make_pack().entry_points
NAMING = '{"cells": [{"source": "df.to_csv(\\"predictions.csv\\")"}]}'


def choose(tmp_path: Path, files: dict[str, str], declaration: Declaration | None = None, problem: str = "") -> EntryChoice:
    root = write_tree(tmp_path / "submission", files)
    return choose_entry(declaration or Declaration(), problem, make_snapshot(*sorted(files)), root, OFFERS)


def test_what_submission_json_names_comes_first(tmp_path: Path) -> None:
    named = Declaration(entry=CommandEntry(predict="python mine.py {out}"))

    choice = choose(tmp_path, {"predict.py": "", "mine.py": ""}, named)

    assert choice == EntryChoice(named.entry, "named in submission.json")


def test_without_a_declaration_the_packs_first_offer_that_applies_is_taken(tmp_path: Path) -> None:
    choice = choose(tmp_path, {"predict.py": "", "a.ipynb": NAMING})

    assert isinstance(choice.entry, CommandEntry)
    assert "there is no submission.json; found predict.py" in choice.reason


def test_a_declaration_that_cannot_be_read_is_told_and_the_offers_are_tried(tmp_path: Path) -> None:
    choice = choose(tmp_path, {"predict.py": "", "submission.json": "{"}, problem="it is not JSON")

    assert isinstance(choice.entry, CommandEntry)
    assert "submission.json could not be used (it is not JSON)" in choice.reason


def test_the_shallowest_notebook_that_speaks_of_the_predictions_file_is_taken(tmp_path: Path) -> None:
    choice = choose(tmp_path, {"deep/er/a.ipynb": NAMING, "deep/z.ipynb": NAMING, "eda.ipynb": "{}"})

    assert choice.entry == NotebookEntry(path="deep/z.ipynb", writes="predictions.csv")


def test_a_lone_notebook_is_taken_even_when_it_names_no_file(tmp_path: Path) -> None:
    assert choose(tmp_path, {"work/only.ipynb": "{}"}).entry == NotebookEntry(path="work/only.ipynb")


def test_of_several_notebooks_that_name_no_file_none_is_guessed(tmp_path: Path) -> None:
    choice = choose(tmp_path, {"a.ipynb": "{}", "b.ipynb": "{}"})

    assert choice.entry is None
    assert "looked for a notebook that writes predictions.csv or predict.py" in choice.reason


def test_a_declared_notebook_that_is_absent_is_no_entry(tmp_path: Path) -> None:
    choice = choose(tmp_path, {"predict.py": ""}, Declaration(entry=NotebookEntry(path="gone.ipynb")))

    assert choice == EntryChoice(None, "submission.json names gone.ipynb, which is not in the submission")


def test_a_declared_function_is_looked_for_as_module_and_as_package(tmp_path: Path) -> None:
    declared = Declaration(entry=FunctionEntry(call="kit.model:rank"))

    assert choose(tmp_path / "1", {"src/kit/model.py": ""}, declared).entry == declared.entry
    assert choose(tmp_path / "2", {"kit/model/__init__.py": ""}, declared).entry == declared.entry
    assert choose(tmp_path / "3", {"kit/other.py": ""}, declared).entry is None


def test_a_service_that_the_pack_offers_is_found_by_its_file(tmp_path: Path) -> None:
    offer = {"kind": "service", "needs_file": "serve.py", "entry": {"kind": "service", "start": "python serve.py {port}"}}
    offers = make_pack(entry_points=[offer]).entry_points
    root = write_tree(tmp_path / "submission", {"serve.py": ""})

    found = choose_entry(Declaration(), "", make_snapshot("serve.py"), root, offers)
    absent = choose_entry(Declaration(), "", make_snapshot("other.py"), root, offers)

    assert found.entry == ServiceEntry(start="python serve.py {port}")
    assert absent.reason == "there is no submission.json; looked for serve.py (the pack's service) and found none"


@pytest.mark.parametrize("path", ["/predict?x=1", "predict", "/a b", "/x\r\nHost: elsewhere", "//" + "a" * 120])
def test_a_path_at_which_a_service_is_asked_is_a_plain_one(path: str) -> None:
    """It is written into a request: nothing in it may begin another line or another question."""
    with pytest.raises(ValidationError):
        ServiceEntry(start="python serve.py", predict=path)
