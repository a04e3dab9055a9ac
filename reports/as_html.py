"""The report as one HTML file: no scripts, nothing fetched, readable on paper, by keyboard and by screen reader."""

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from harness.model.report import Report
from reports import charts
from reports.escape import BARE, FULL, TIGHT, Caps
from reports.rows import View
from reports.view import view

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

MAX_CHARACTERS = 4_500_000
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Pictures:
    """Our own SVG, marked as safe: every text in it went through `escape.svg`."""

    total: "Markup"
    bars: "tuple[Markup, ...]"
    ladder: "Markup"
    timeline: "Markup"
    kinds: "tuple[Markup, ...]"
    key_checks: "Markup"
    key_people: "Markup"
    key_open: "Markup"
    key_floor: "Markup"


def render(report: Report) -> str:
    """A page below the size limit: lists and texts are cut harder for a report that would not fit otherwise."""
    text = ""
    for caps in (FULL, TIGHT, BARE):
        text = _page(report, caps)
        if len(text) <= MAX_CHARACTERS:
            break
    return text


def policy(style: str) -> str:
    """What a browser may do with the page: show it, with this one style sheet."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def _page(report: Report, caps: Caps) -> str:
    from markupsafe import Markup

    shown = view(report, caps)
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    template = page_environment().get_template("report.html")
    return template.render(view=shown, pictures=_pictures(shown), style=Markup(style), policy=policy(style)) + "\n"  # noqa: S704


@cache
def page_environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _pictures(shown: View) -> Pictures:
    from markupsafe import Markup

    return Pictures(
        total=Markup(charts.total_track(shown.total)),  # noqa: S704
        bars=tuple(Markup(charts.profile_bar(row)) for row in shown.profile),  # noqa: S704
        ladder=Markup(charts.ladder(shown.ladder) if shown.ladder else ""),  # noqa: S704
        timeline=Markup(charts.timeline(shown.run.steps)),  # noqa: S704
        kinds=tuple(
            Markup(charts.share_bar(row.share, f"{row.kind}: {row.size}"))  # noqa: S704
            for row in shown.work.kinds
        ),
        **{f"key_{kind}": Markup(charts.key(kind)) for kind in ("checks", "people", "open", "floor")},  # noqa: S704
    )
