"""Hostile text in every field of a report, through every format, read back by readers that people really use."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from harness.model.report import Report
from reports import as_console, as_html, as_json, as_junit, as_markdown, as_sarif
from reports.formats import RENDERERS
from tests.reports.hostile import HOSTILE, poisoned

VOID = {"meta", "br", "hr", "img", "input", "link"}
UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Page(HTMLParser):
    """What a browser would make of a page: elements with their attributes, in order, and whether they nest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    @property
    def shapes(self) -> set[tuple[str, tuple[str, ...]]]:
        return {(tag, tuple(sorted(attributes))) for tag, attributes in self.elements}


def read_page(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    return page


@cache
def ordinary_page() -> Page:
    return read_page(as_html.render(poisoned("ordinary words")))


def read_markdown(text: str) -> list[tuple[str, str, str]]:
    """(kind, content, tag) of everything a Markdown reader sees, HTML and tables switched on."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    flat = []
    for token in reader.parse(text):
        flat.append((token.type, token.content, token.tag))
        flat += [(child.type, child.content, child.tag) for child in token.children or ()]
    return flat


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_has_the_same_elements_whatever_the_submission_says(text: str) -> None:
    ordinary = ordinary_page()

    page = read_page(as_html.render(poisoned(text)))

    assert page.shapes <= ordinary.shapes | {("details", ("class",)), ("summary", ())}
    assert page.comments == []
    assert all(not name.startswith("on") for _tag, attributes in page.elements for name in attributes)
    assert {attributes.get("href", "#")[:1] for _tag, attributes in page.elements} == {"#"}


@pytest.mark.parametrize("text", HOSTILE)
def test_ids_classes_and_links_of_a_page_are_never_made_of_submitted_text(text: str) -> None:
    ordinary = ordinary_page()
    known = {value for _tag, one in ordinary.elements for name, value in one.items() if name in ("id", "class", "href")}

    page = read_page(as_html.render(poisoned(text)))

    used = {value for _tag, one in page.elements for name, value in one.items() if name in ("id", "class", "href")}
    assert used <= known | {"printed", "empty", "value words"}


def test_a_page_shows_markup_as_words() -> None:
    page = read_page(as_html.render(poisoned("<b>bold</b>")))

    assert "<b>bold</b>" in "".join(page.words)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_keeps_submitted_text_from_acting(text: str) -> None:
    tokens = read_markdown(as_markdown.render(poisoned(text)))

    kinds = {kind for kind, _content, _tag in tokens}
    assert kinds.isdisjoint(
        {"html_inline", "html_block", "link_open", "image", "s_open", "hr", "code_block", "blockquote_open"}
    )
    loose = " ".join(content for kind, content, _tag in tokens if kind == "text")
    assert not re.search(r"(?i)@[a-z0-9]|#\d|\bgh-\d|![0-9]|\$\d|[a-z]://|\bwww\.[a-z]", loose)
    if len(text) < 1000:
        assert [tag for kind, _content, tag in tokens if kind == "heading_open"] == headings_of_an_ordinary_report()


@cache
def headings_of_an_ordinary_report() -> list[str]:
    return [
        tag for kind, _content, tag in read_markdown(as_markdown.render(poisoned("ordinary words"))) if kind == "heading_open"
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_fits_a_comment_and_keeps_the_verdict(text: str) -> None:
    shown = as_markdown.render(poisoned(text))

    assert len(shown) < 60_000
    assert "**Graded.** Advice to people, not a decision." in shown[:3000]
    assert "| Total with people's ratings | 66.2 of 100" in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_a_terminal_gets_lines_without_controls_or_commands(text: str) -> None:
    lines = as_console.render(poisoned(text), width=80).splitlines()

    assert all(len(line) <= 80 for line in lines)
    assert not any(UNSHOWABLE.search(line) for line in lines)
    assert not any(line.lstrip().startswith("::") or "##[" in line or "##vso[" in line for line in lines)


@pytest.mark.parametrize("text", HOSTILE)
def test_junit_is_read_by_its_readers_and_no_case_is_doubled(text: str) -> None:
    shown = as_junit.render(poisoned(text))

    Xml.fromstring(shown.encode("utf-8"))
    cases = [(case.classname, case.name) for suite in JUnitXml.fromstring(shown.encode()) for case in suite]
    assert len(cases) == len(set(cases)) == len(list(Xml.fromstring(shown).iter("testcase")))


@pytest.mark.parametrize("text", HOSTILE)
def test_json_and_sarif_are_strict_and_well_formed_unicode(text: str) -> None:
    for shown in (as_json.render(poisoned(text)), as_sarif.render(poisoned(text))):
        document = json.loads(shown, parse_constant=lambda word: pytest.fail(word))
        json.dumps(document, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("renderer", RENDERERS.values(), ids=lambda renderer: renderer.name)
@given(text=st.text(st.characters(), max_size=40))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_at_all_can_be_written_and_encoded(renderer: object, text: str) -> None:
    """Every code point of Unicode, surrogates among them, in every field."""
    report: Report = poisoned(text)

    shown = renderer.render(report)  # type: ignore[attr-defined]

    shown.encode("utf-8")
    if renderer.name in ("html", "md"):  # type: ignore[attr-defined]
        assert not UNSHOWABLE.search(shown)
    if renderer.name == "html":  # type: ignore[attr-defined]
        read_page(shown)
    if renderer.name == "junit":  # type: ignore[attr-defined]
        Xml.fromstring(shown.encode("utf-8"))


@given(text=st.text(alphabet="`*_[]()<>!@#|~-+=:/.&$\\\n 1aw", max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_mix_of_active_characters_gets_out_of_markdown(text: str) -> None:
    from reports.escape import code_block, code_line, markdown

    tokens = read_markdown(f"- {markdown(text)}\n- {code_line(text)}\n\n{code_block(text)}\n\nlast")

    kinds = [kind for kind, _content, _tag in tokens]
    assert set(kinds) <= {
        "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "paragraph_open", "paragraph_close",
        "inline", "text", "text_special", "code_inline", "fence",
    }  # fmt: skip
    assert (kinds.count("list_item_open"), kinds.count("code_inline"), kinds.count("fence")) == (2, 1, 1)
    assert tokens[-2][1] == "last"
