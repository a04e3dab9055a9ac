"""The cohort's page and table: side by side, never ranked, harmless whatever submissions brought along."""

import base64
import csv
import hashlib
import io
import re
from typing import Any

import pytest

from harness.model.cohort import Cohort
from reports import as_cohort_csv, as_cohort_html
from reports.cohort_ladder import MOST_DRAWN
from reports.wording import words_left_out
from tests.reports.cohorts import empty_cohort, make_cohort, member, ungraded
from tests.reports.hostile import HOSTILE, poisoned
from tests.reports.test_hostile_text import UNSHOWABLE, Page, read_page

COHORTS = [make_cohort(), empty_cohort(), make_cohort(data_seed=None)]
each = pytest.mark.parametrize("cohort", COHORTS, ids=["full", "empty", "own data"])


def poison(text: str) -> Cohort:
    made: Any = poisoned(text, make_cohort())  # type: ignore[arg-type]
    assert isinstance(made, Cohort)
    return made


def words(page: Page) -> str:
    return re.sub(r"\s+", " ", " ".join(page.words))


def rows(cohort: Cohort) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_cohort_csv.render(cohort), newline="")))


@each
def test_the_page_is_one_file_that_fetches_runs_and_sends_nothing(cohort: Cohort) -> None:
    text = as_cohort_html.render(cohort)
    page = read_page(text)

    tags = {name for name, _ in page.elements}
    assert tags.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "input", "img", "base", "use", "image"})
    assert {name for _, attributes in page.elements for name in attributes}.isdisjoint({"style", "src", "onclick", "onload"})
    style = text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in text or f"style-src 'sha256-{digest}'" in text


@each
def test_every_link_leads_to_the_page_itself_or_to_a_report_of_the_batch(cohort: Cohort) -> None:
    page = read_page(as_cohort_html.render(cohort))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    links = [str(attributes.get("href")) for tag, attributes in page.elements if tag == "a"]

    assert len(ids) == len(set(ids))
    for link in links:
        assert link.removeprefix("#") in ids if link.startswith("#") else re.fullmatch(r"runs/[\w.-]+/report\.html", link)
    assert len(links) - 1 == sum(1 for one in cohort.members if one.state == "graded")


@each
def test_the_page_never_decides_and_never_ranks(cohort: Cohort) -> None:
    shown = words(read_page(as_cohort_html.render(cohort)))

    assert words_left_out(shown) == ()
    assert not re.search(
        r"(?i)\b(rank(s|ed|ing)?|best|worst|winner|top \d|first place)\b", shown.replace(cohort.pack_title, "")
    )


def test_submissions_stand_in_the_order_of_their_ids() -> None:
    page = words(read_page(as_cohort_html.render(make_cohort())))
    table = page[page.index("In the order of their pseudonyms") : page.index("How automatic totals are spread")]
    places = [table.index(one.id) for one in make_cohort().graded()]

    assert places == sorted(places)


def test_tied_groups_are_named_with_their_members_and_how_they_were_made() -> None:
    page = words(read_page(as_cohort_html.render(make_cohort())))

    assert "3 tied" in page
    assert "2 tied" in page
    assert "Compared are intervals." in page
    assert "Not placed" in page
    assert page.index("late-lynx-6", page.index("Not placed"))


def test_a_small_cohort_shows_no_distribution_and_says_why() -> None:
    small = make_cohort(
        distribution=None, why_no_distribution="2 of 2 submissions have an automatic total; below 5 none is shown"
    )
    text = as_cohort_html.render(small)

    assert "below 5 none is shown" in text
    assert "Middle half" in text
    assert 'aria-label="How' not in text
    assert "0 to 10" not in text


def test_whose_doing_it_is_stands_beside_everybody_without_a_grade() -> None:
    kinds = ("submission", "pack", "infrastructure", "harness", "time_limit")
    cohort = make_cohort(members=tuple(ungraded(f"a-b-{kind[0]}", kind) for kind in kinds))
    page = words(read_page(as_cohort_html.render(cohort)))

    for sentence in (
        "the submission could not be used",
        "the task pack's doing",
        "this machine's doing",
        "the harness's doing",
        "the batch's own limit",
    ):
        assert sentence in page


def test_equal_submissions_are_told_with_an_innocent_explanation() -> None:
    twice = tuple(member(name, submission_digest="same") for name in ("amber-fox-1", "calm-owl-2"))
    page = words(read_page(as_cohort_html.render(make_cohort(members=twice))))

    assert "under 2 names: amber-fox-1, calm-owl-2. Perhaps somebody handed in twice." in page


def test_a_picture_has_its_numbers_in_a_table_beside_it() -> None:
    page = read_page(as_cohort_html.render(make_cohort()))
    pictures = [attributes for tag, attributes in page.elements if tag == "svg" and "wide" in str(attributes["class"])]

    assert len(pictures) == 2
    assert "0.2 (0.15 to 0.25)" in words(page)
    assert "60 to 70" in words(page)


def test_a_crowd_has_its_table_and_no_picture() -> None:
    crowd = tuple(member(f"a-b-{number}") for number in range(MOST_DRAWN + 1))
    ladder = make_cohort().ladder
    assert ladder is not None
    group = ladder.groups[0].model_copy(update={"members": tuple(one.id for one in crowd)})
    cohort = make_cohort(members=crowd, ladder=ladder.model_copy(update={"groups": (group,), "not_placed": ()}))

    text = as_cohort_html.render(cohort)

    assert 'class="measured"' not in text
    assert f"{MOST_DRAWN + 1} tied" in text


def test_groups_say_between_which_rungs_they_lie_whichever_way_is_better() -> None:
    ladder = make_cohort().ladder
    assert ladder is not None
    upside_down = tuple(rung.model_copy(update={"value": 1 - rung.value}) for rung in ladder.rungs)
    lower = ladder.model_copy(update={"rungs": upside_down, "higher_is_better": False})
    low = ladder.model_copy(update={"groups": (ladder.groups[0].model_copy(update={"low": -9.0, "high": -8.0}),)})

    assert "from below dummy to dummy" in words(read_page(as_cohort_html.render(make_cohort(ladder=low))))
    below = lower.model_copy(update={"groups": (ladder.groups[0].model_copy(update={"low": 8.0, "high": 9.0}),)})
    assert "from below dummy to dummy" in words(read_page(as_cohort_html.render(make_cohort(ladder=below))))


SHAPES = read_page(as_cohort_html.render(make_cohort())).shapes


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_adds_nothing_to_the_page(text: str) -> None:
    page = read_page(as_cohort_html.render(poison(text)))

    assert page.shapes <= SHAPES
    assert page.open == []
    assert not UNSHOWABLE.search("".join(page.words))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_the_table_is_run_by_a_spreadsheet(text: str) -> None:
    read = list(csv.reader(io.StringIO(as_cohort_csv.render(poison(text)), newline="")))

    widths = {len(row) for row in read[:-1]}
    assert len(widths) == 1
    for cell in (cell for row in read for cell in row):
        assert cell.lstrip(" ")[:1] not in ("=", "@", "\t", "\r") or not cell
        assert not re.match(r"[+-]\D", cell)
        assert not UNSHOWABLE.search(cell)


def test_the_table_has_a_line_for_everybody_and_numbers_as_numbers() -> None:
    table = {row["submission"]: row for row in rows(make_cohort())}

    assert len(table) == 8
    assert float(table["amber-fox-1"]["automatic_total"]) == 61.5
    assert table["amber-fox-1"]["tied_with"] == "calm-owl-2 dusky-elk-3"
    assert table["late-lynx-6"]["value"] == ""
    assert (table["misty-crow-7"]["automatic_total"], table["misty-crow-7"]["whose_doing"]) == ("", "submission")
    assert table["noble-seal-8"]["state"] == "not graded yet"


def test_the_same_cohort_gives_the_same_bytes() -> None:
    assert as_cohort_html.render(make_cohort()) == as_cohort_html.render(make_cohort())
