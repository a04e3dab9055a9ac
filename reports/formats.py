"""Every format a report can be written in. A new one is a module with a `render` and a line here."""

import re
from typing import Any

from harness.errors import HarnessError, UsageError
from reports import as_html, as_json, as_junit, as_markdown, as_sarif
from reports.base import Renderer

_ALL = (
    Renderer("html", "report.html", "page for people, on screen and on paper", as_html.render),
    Renderer("json", "report.json", "the whole record", as_json.render),
    Renderer("md", "report.md", "Markdown for a comment", as_markdown.render),
    Renderer("junit", "report.junit.xml", "JUnit XML for a build", as_junit.render),
    Renderer("sarif", "report.sarif", "SARIF for code scanning", as_sarif.render),
)
RENDERERS = {renderer.name: renderer for renderer in _ALL}


def accept(name: str, renderer: Any) -> None:
    """Take in a plug-in's renderer, once it keeps the contract and its names are free."""
    if RENDERERS.get(name) is renderer:
        return
    if not isinstance(renderer, Renderer) or not callable(renderer.render):
        raise HarnessError(f"it is {renderer!r:.60}", expected="a Renderer of reports.base with a function to render")
    if renderer.name != name or not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", name):
        raise HarnessError(f"its format is called {renderer.name!r}", expected="a plain name, the same as its entry point's")
    if not re.fullmatch(r"report\.[a-z0-9][a-z0-9.]{0,30}", renderer.file_name):
        raise HarnessError(f"it writes {renderer.file_name!r}", expected="a file called report.SOMETHING")
    if name in RENDERERS or renderer.file_name in {one.file_name for one in RENDERERS.values()}:
        raise HarnessError("there is a format or a file of this name already", expected="names of its own")
    RENDERERS[name] = renderer


def format_named(name: str) -> Renderer:
    """The renderer of that name; an error lists those there are."""
    if name in RENDERERS:
        return RENDERERS[name]
    known = ", ".join(RENDERERS)
    raise UsageError(
        f"there is no report format {name!r}", where="--format", expected=f"one of {known}", next_step=f"use --format {known}"
    )
