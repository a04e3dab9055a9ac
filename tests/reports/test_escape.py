"""The one place that escapes, and how numbers are written."""

import pytest

from reports import numbers
from reports.escape import cleaned, code_block, code_line, csv_cell, markdown, svg, terminal, xml_characters
from tests.reports.builders import make_report


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\uff1d1"])
def test_a_csv_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert str(csv_cell(text)).startswith("'")


def test_csv_numbers_stay_numbers_and_ordinary_text_stays_text() -> None:
    assert [csv_cell(value) for value in (-1.5, 3, None, "amber-heron-42")] == [-1.5, 3, "", "amber-heron-42"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 50 % of them", "plain words, 50 % of them"),
        ("snake_case and `code`", "snake\\_case and \\`code\\`"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("see #12 by @you", "see \\#\u200b12 by @\u200byou"),
        ("https://x.example", "https:\u200b//x.example"),
        ("- not a list", "\\- not a list"),
        ("12. not a list", "12\u200b. not a list"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_sentence_in_markdown_is_readable_and_inert(text: str, shown: str) -> None:
    assert markdown(text) == shown


def test_code_in_markdown_cannot_be_left() -> None:
    assert code_line("a `` b") == "```a `` b```"
    assert code_line("`") == "`` ` ``"
    assert code_line("") == "` `"
    assert code_block("```\nx") == "````text\n```\nx\n````"


def test_a_terminal_line_shows_what_would_have_moved_the_cursor() -> None:
    assert terminal("a\x1b[2Jb\nc ##[group]d") == "a\\x1b[2Jb c # #[group]d"


def test_xml_forbids_some_characters_and_they_are_shown() -> None:
    assert xml_characters("a\x00b\ufffec\ud800") == "a\\x00b\\ufffec\\ud800"
    assert svg("<\"'&>") == "&lt;&quot;&#39;&amp;&gt;"


def test_cleaning_leaves_closed_words_and_numbers_as_they_are() -> None:
    report = make_report()

    assert cleaned(report).totals == report.totals
    assert cleaned(report).criteria == report.criteria
    assert cleaned(report).checks == report.checks


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "not measured"),
        (float("nan"), "not a number"),
        (float("inf"), "not a number"),
        (0.0, "0"),
        (0.91, "0.91"),
        (0.5804, "0.58"),
        (0.02714, "0.0271"),
        (-3.14159, "-3.14"),
        (18420.0, "18,420"),
        (100.0, "100"),
        (1e-7, "1e-07"),
        (9.999, "10"),
    ],
)
def test_a_measured_value_has_three_digits_that_mean_something(value: float | None, shown: str) -> None:
    assert numbers.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (61, "1 min 01 s"), (600, "10 min"), (7260, "2 h 01 min")]
)
def test_times_are_told_as_people_tell_them(value: float, shown: str) -> None:
    assert numbers.seconds(value) == shown


@pytest.mark.parametrize(("count", "shown"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2_500_000, "2.5 MB")])
def test_sizes_are_told_in_tens(count: int, shown: str) -> None:
    assert numbers.size(count) == shown
