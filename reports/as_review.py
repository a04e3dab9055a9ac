"""Pages for raters: the evidence and the anchors first; what the checks add up to only once a person has rated."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from harness.model.finding import CheckResult, Finding
from harness.model.rating_log import LoggedRating, ReviewPage, RunRow
from harness.model.rubric import Criterion
from reports.as_html import TEMPLATES, page_environment, policy
from reports.escape import FULL, cleaned

_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,12}")
_MOST_FINDINGS = 8


@dataclass(frozen=True)
class Evidence:
    """What one check saw, without its score."""

    title: str
    summary: str
    findings: tuple[tuple[str, str, str], ...]
    more: int


@dataclass(frozen=True)
class Block:
    """One criterion on the page."""

    criterion: Criterion
    evidence: tuple[Evidence, ...]
    mine: LoggedRating | None
    others: tuple[str, ...]
    is_mine: bool


def render_list(rows: Sequence[RunRow], rater: str) -> tuple[str, str]:
    """The list of runs, and the policy it is shown under."""
    style = _style()
    page = page_environment().get_template("review_list.html")
    return page.render(rows=rows, rater=rater, style=style, policy=_policy(style)), _policy(style)


def render_page(page: ReviewPage) -> tuple[str, str]:
    """One run, and the policy it is shown under."""
    style, shown = _style(), cleaned(page.report, FULL)
    by_check = {check.check: check for check in shown.checks}
    blocks = [_block(one, by_check, page) for one in shown.rubric if one.id in {each.id for each in shown.criteria}]
    template = page_environment().get_template("review_run.html")
    totals = shown.totals if page.open else None
    text = template.render(page=page, report=shown, blocks=blocks, totals=totals, style=style, policy=_policy(style))
    return text, _policy(style)


def _block(criterion: Criterion, by_check: dict[str, CheckResult], page: ReviewPage) -> Block:
    evidence = tuple(_evidence(by_check[use.check]) for use in criterion.checks if use.check in by_check)
    return Block(
        criterion=criterion,
        evidence=evidence,
        mine=page.mine.get(criterion.id),
        others=page.others.get(criterion.id, ()),
        is_mine=criterion.id in page.to_rate,
    )


def _evidence(check: CheckResult) -> Evidence:
    shown = tuple(_finding(one) for one in check.findings[:_MOST_FINDINGS])
    more = len(check.findings) - len(shown) + check.findings_not_listed
    return Evidence(check.title or check.check, _blind(check.summary), shown, more)


def _finding(one: Finding) -> tuple[str, str, str]:
    return _blind(one.message), str(one.where), _blind(one.seen)


def _blind(text: str) -> str:
    """Addresses of people are left out: a rater does not need to know whose work it is."""
    return _EMAIL.sub("[address left out]", text)


def _style() -> str:
    return (TEMPLATES / "review.css").read_text(encoding="utf-8")


def _policy(style: str) -> str:
    return policy(style).replace("form-action 'none'", "form-action 'self'")
