"""Every format a report can be written in. A new one is a module with a `render` and a line here."""

from harness.errors import UsageError
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


def format_named(name: str) -> Renderer:
    """The renderer of that name; an error lists those there are."""
    if name in RENDERERS:
        return RENDERERS[name]
    known = ", ".join(RENDERERS)
    raise UsageError(
        f"there is no report format {name!r}", where="--format", expected=f"one of {known}", next_step=f"use --format {known}"
    )
