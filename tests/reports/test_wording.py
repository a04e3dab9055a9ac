"""The report supports a person's decision: what it says is scanned, all of it."""

import ast
from pathlib import Path

import pytest

import reports
from reports import as_console, as_html, as_markdown, wording
from reports.wording import words_left_out
from tests.reports import parts
from tests.reports.builders import graded_report, make_report, not_gradable_report
from tests.reports.test_hostile_text import read_page

ROOM = Path(reports.__file__).parent
WORDS_OF_A_FORMAT = {"fail", "failure"}
"""Element and kind names that JUnit and SARIF prescribe."""


@pytest.mark.parametrize(
    "sentence",
    [
        "This submission did not pass.",
        "They failed.",
        "We reject it.",
        "Hire them.",
        "cheated",
        "plagiarised",
        "AI-written",
        "below the cut-off",
        "lacks the skill",
        "The candidate is weak at tests.",
        "a strong candidate",
        "score of the person",
    ],
)
def test_a_word_that_decides_or_accuses_is_found(sentence: str) -> None:
    assert words_left_out(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Measured 0.17, declared 0.91; trap column used.",
        "Not shown in this exercise.",
        "The band passband is a passenger.",
        "The submission could not be measured.",
        "Uncalibrated line.",
    ],
)
def test_a_plain_statement_of_evidence_is_left_alone(sentence: str) -> None:
    assert words_left_out(sentence) == ()


@pytest.mark.parametrize("template", sorted(ROOM.glob("templates/*")), ids=lambda path: path.name)
def test_no_template_decides_or_accuses(template: Path) -> None:
    assert words_left_out(template.read_text(encoding="utf-8")) == ()


@pytest.mark.parametrize("module", sorted(ROOM.glob("*.py")), ids=lambda path: path.name)
def test_no_text_in_the_code_decides_or_accuses(module: Path) -> None:
    """Comments for developers are free; every other string could reach a reader."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    table = _strings_of(tree, "_LEFT_OUT") | WORDS_OF_A_FORMAT | _docstrings(tree)

    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]

    assert [(text, words_left_out(text)) for text in said if text not in table and words_left_out(text)] == []


@pytest.mark.parametrize("report", [make_report(), graded_report(), not_gradable_report()], ids=lambda report: report.status)
def test_no_whole_report_decides_or_accuses(report: object) -> None:
    page = " ".join(read_page(as_html.render(report)).words)  # type: ignore[arg-type]

    for text in (page, as_markdown.render(report), as_console.render(report)):  # type: ignore[arg-type]
        assert words_left_out(text) == ()


def test_the_band_wording_is_the_default_rubrics() -> None:
    assert [line.words for line in parts.LINES] == [wording.BANDS[name] for name in ("onward", "mixed", "below")]


def _strings_of(tree: ast.Module, name: str) -> set[str]:
    """The strings in the value of a module's constant: here, the list of words itself."""
    return {
        inner.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name
        for inner in ast.walk(node.value)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    }


def _docstrings(tree: ast.Module) -> set[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return {ast.get_docstring(node, clean=False) or "" for node in ast.walk(tree) if isinstance(node, kinds)}
