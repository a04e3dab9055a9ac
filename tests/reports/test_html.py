"""The page: one file, nothing fetched, nothing run, readable without a mouse, without colour and without sight."""

import base64
import hashlib
import re
from itertools import pairwise

import pytest

from harness.model.finding import Finding, Severity
from harness.model.report import Report
from harness.model.submission import FileEntry
from reports import as_html
from tests.reports import parts
from tests.reports.builders import graded_report, make_report, not_gradable_report, small_report
from tests.reports.test_hostile_text import Page, read_page

REPORTS = [make_report(), graded_report(), not_gradable_report(), small_report()]
each = pytest.mark.parametrize("report", REPORTS, ids=["provisional", "graded", "not gradable", "small"])


def elements(page: Page, tag: str) -> list[dict[str, str | None]]:
    return [attributes for name, attributes in page.elements if name == tag]


@each
def test_the_first_thing_in_the_head_is_a_policy_that_allows_one_style_sheet(report: Report) -> None:
    text = as_html.render(report)
    style = text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    page = read_page(text)

    tags = [name for name, _attributes in page.elements]
    first = page.elements[tags.index("head") + 1]
    assert first[1]["http-equiv"] == "Content-Security-Policy"
    assert first[1]["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert {"name": "referrer", "content": "no-referrer"} in elements(page, "meta")


@each
def test_nothing_is_run_fetched_or_sent(report: Report) -> None:
    text = as_html.render(report)
    page = read_page(text)

    tags = {name for name, _attributes in page.elements}
    assert tags.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "input", "img", "base", "use", "image"})
    names = {name for _tag, attributes in page.elements for name in attributes}
    assert names.isdisjoint({"style", "src", "srcset", "action", "xlink:href", "onclick", "onload"})
    assert "url(" not in text
    assert "@import" not in text
    addresses = re.findall(r"[a-z]+://[^\s\"'<]+", text)
    assert set(addresses) <= {"http://www.w3.org/2000/svg"}


@each
def test_every_link_leads_to_a_place_on_the_page_and_no_id_is_used_twice(report: Report) -> None:
    page = read_page(as_html.render(report))

    ids = [str(attributes["id"]) for _tag, attributes in page.elements if "id" in attributes]
    targets = [str(attributes["href"]) for attributes in elements(page, "a")]
    labelled = [str(attributes["aria-labelledby"]) for _tag, attributes in page.elements if "aria-labelledby" in attributes]
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in targets} <= set(ids)
    assert set(labelled) <= set(ids)


@each
def test_headings_descend_one_at_a_time_under_one_first_heading(report: Report) -> None:
    page = read_page(as_html.render(report))

    depths = [int(name[1]) for name, _attributes in page.elements if re.fullmatch("h[1-6]", name)]
    assert depths[0] == 1
    assert depths.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(depths))


@each
def test_every_table_has_a_caption_and_every_header_cell_a_scope(report: Report) -> None:
    text = as_html.render(report)
    page = read_page(text)

    assert text.count("<caption>") == len(elements(page, "table")) > 0
    assert all(attributes.get("scope") in ("col", "row") for attributes in elements(page, "th"))


@each
def test_every_picture_is_an_image_with_a_title(report: Report) -> None:
    text = as_html.render(report)

    pictures = re.findall(r"<svg .*?</svg>", text, flags=re.S)
    assert len(pictures) == text.count("<svg") > 0
    assert all(re.match(r'<svg [^>]*role="img"[^>]*><title>[^<]+</title>', picture) for picture in pictures)


@each
def test_the_page_has_landmarks_a_language_and_a_way_past_the_header(report: Report) -> None:
    page = read_page(as_html.render(report))

    tags = [name for name, _attributes in page.elements]
    assert [tags.count(name) for name in ("header", "main", "nav", "footer")] == [1, 1, 1, 1]
    assert elements(page, "html") == [{"lang": "en"}]
    assert elements(page, "a")[0] == {"class": "skip", "href": "#main"}


def test_blocks_stand_in_the_order_a_reader_expects() -> None:
    text = as_html.render(make_report())
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", text)

    assert titles == [
        "In four sentences",
        "Profile",
        "Check this yourself",
        "Strengths",
        "Concerns",
        "Ask these questions",
        "Result on hidden data",
        "Gates and red flags",
        "Evidence per criterion",
        "How it ran",
        "Map of the work",
        "How numbers are made",
        "Rights and contact",
    ]


def test_page_one_is_read_in_three_minutes() -> None:
    """At 240 words a minute; signs and numbers of the tables are not counted."""
    first = as_html.render(make_report()).split("<body>")[1].split("<nav")[0]
    words = re.findall(r"[A-Za-z][\w'./-]*", re.sub(r"<svg .*?</svg>|<[^>]+>", " ", first, flags=re.S))

    assert 200 < len(words) < 720


def test_the_page_prints_on_paper_and_follows_the_readers_choice_of_dark() -> None:
    text = as_html.render(make_report())

    assert "@page { size: A4;" in text
    assert "@media print" in text
    assert "@media screen and (prefers-color-scheme: dark)" in text


def test_the_same_report_gives_the_same_page() -> None:
    assert as_html.render(make_report()) == as_html.render(make_report())


def test_a_report_that_would_be_huge_is_cut_to_the_size_limit_with_counts() -> None:
    loud = Finding(check="loud", severity=Severity.MINOR, message="<" * 5000, seen="<" * 50_000, expected="&" * 50_000)
    checks = tuple(parts.result(f"loud_{number}", "<" * 300, 0.5, "<" * 300, *[loud] * 50) for number in range(100))
    files = tuple(FileEntry(path=f"{'<' * 200}{number}", size=1, sha256="0" * 64) for number in range(20_000))

    text = as_html.render(make_report(checks=checks, files=files))

    assert len(text) <= as_html.MAX_CHARACTERS
    assert "more findings not listed here" in text
    assert "more, in report.json" in text
    assert "<title>Rank card transactions for the dispute team: Provisional</title>" in text


def test_a_sandboxs_protections_and_gaps_are_all_told() -> None:
    words = " ".join(" ".join(read_page(as_html.render(make_report())).words).split())

    assert "network enforced no interfaces but loopback" in words
    assert "file system size polled (checked at intervals) every 0.5 s" in words
    assert "disk bandwidth not available needs a cgroup controller this host does not give" in words
    assert "a full disk is told from a size limit polled, so a short burst can go unseen" in words


def test_only_the_templates_need_the_template_engine() -> None:
    """The command line imports the list of formats; it must not pay for what it does not use."""
    import subprocess
    import sys

    code = "import sys, reports.formats; print([m for m in ('jinja2', 'rich', 'pandas', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
