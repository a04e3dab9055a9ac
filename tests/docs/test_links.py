"""Links of the pages lead somewhere, and every page can be reached."""

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from ruamel.yaml import YAML

from tests.docs.fences import ROOT, pages

_ROOMS = "assessments|bench|checks|docs|examples|harness|reports|requirements|sandbox|templates|tests"
_OUR_PATH = re.compile(rf"(?:{_ROOMS}|\.ci)/[\w./*-]+")
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


def _inline(page: Path) -> list[Token]:
    tokens = MarkdownIt().enable("table").parse(page.read_text("utf-8"))
    return [child for token in tokens for child in token.children or ()]


def _links(page: Path) -> list[str]:
    found = [str(token.attrs.get("href") or token.attrs.get("src") or "") for token in _inline(page)]
    return [link for link in found if link and not _ELSEWHERE.match(link)]


def _anchors(page: Path) -> set[str]:
    tokens = MarkdownIt().enable("table").parse(page.read_text("utf-8"))
    titles = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    return {_slug(title) for title in titles}


def _slug(title: str) -> str:
    """As Python-Markdown makes it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_anchor_is_there(page: Path) -> None:
    for link in _links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor:
            assert anchor in _anchors(target), f"{page.name}: {link}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """What looks like a path of this repository is one; a star stands for any name."""
    names = {token.content for token in _inline(page) if token.type == "code_inline"}
    ours = [
        name
        for name in names
        if re.fullmatch(
            r"(?:docs|tests|bench|examples|templates|checks|sandbox|reports|harness|requirements|\.ci)/[\w./*-]+", name
        )
    ]
    missing = [name for name in ours if not list(ROOT.glob(name.rstrip("/")))]
    assert not missing


def test_every_page_is_in_the_navigation_once() -> None:
    configuration = YAML(typ="safe").load(ROOT / "mkdocs.yml")
    listed = list(_leaves(configuration["nav"]))
    assert sorted(listed) == sorted(str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md"))


def _leaves(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    inside = node.values() if isinstance(node, dict) else node
    assert isinstance(inside, list) or isinstance(node, dict)
    return [leaf for part in inside for leaf in _leaves(part)]
