"""A cohort as one HTML page, a sibling of the report: no scripts, nothing fetched, every picture with its table."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.model.cohort import Cohort
from reports import charts, cohort_charts
from reports.as_html import TEMPLATES, page_environment, policy
from reports.cohort_rows import CohortView
from reports.cohort_view import view

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True)
class Pictures:
    """Our own SVG, marked as safe: every text in it went through `escape.svg`."""

    spread: "Markup"
    ladder: "Markup"
    key_checks: "Markup"
    key_people: "Markup"


def render(cohort: Cohort) -> str:
    from markupsafe import Markup

    shown = view(cohort)
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "cohort.css"))
    template = page_environment().get_template("cohort.html")
    return template.render(view=shown, pictures=_pictures(shown), style=Markup(style), policy=policy(style)) + "\n"  # noqa: S704


def _pictures(shown: CohortView) -> Pictures:
    from markupsafe import Markup

    drawn = shown.ladder is not None and shown.ladder.drawn
    return Pictures(
        spread=Markup(cohort_charts.spread(shown.spread) if shown.spread else ""),  # noqa: S704
        ladder=Markup(cohort_charts.ladder(shown.ladder) if shown.ladder and drawn else ""),  # noqa: S704
        key_checks=Markup(charts.key("checks")),  # noqa: S704
        key_people=Markup(charts.key("people")),  # noqa: S704
    )
