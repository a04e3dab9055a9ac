"""Telling: a Report becomes files. The only part of the harness that opens the reports room."""

from collections.abc import Iterable, Sequence

from harness import plugins
from harness.model.authoring import Calibration
from harness.model.cohort import Cohort
from harness.model.comparison import Comparison
from harness.model.feedback import Feedback
from harness.model.rating_log import ReviewPage, RunRow
from harness.model.report import Report
from harness.store import RunFolder


def publish(report: Report, folder: RunFolder, formats: Iterable[str]) -> tuple[str, ...]:
    """Write the asked-for formats; JSON always. Returns the file names."""
    from reports.formats import RENDERERS

    take_renderers()
    wanted = {"json", *formats}
    written = []
    for renderer in RENDERERS.values():
        if renderer.name in wanted:
            folder.write(renderer.file_name, renderer.render(report))
            written.append(renderer.file_name)
    return tuple(written)


def take_renderers() -> None:
    """Formats that other distributions bring; refused here, before anything is told."""
    if plugins.names("renderers"):
        from reports.formats import accept

        plugins.join("renderers", accept)


def file_names(formats: Iterable[str]) -> tuple[str, ...]:
    """What the asked-for formats are called in a run folder; JSON always."""
    from reports.formats import RENDERERS

    take_renderers()
    return tuple(one.file_name for one in RENDERERS.values() if one.name in {"json", *formats})


def as_text(report: Report, width: int) -> str:
    """The report for a terminal of this width."""
    from reports.as_console import render

    return render(report, width)


def calibration_page(calibration: Calibration) -> str:
    """A pack's calibration as one HTML page."""
    from reports.as_calibration import render

    return render(calibration)


def cohort_page(cohort: Cohort) -> str:
    """A cohort as one HTML page."""
    from reports.as_cohort_html import render

    return render(cohort)


def cohort_table(cohort: Cohort) -> str:
    """A cohort as CSV for spreadsheets."""
    from reports.as_cohort_csv import render

    return render(cohort)


def review_list(rows: Sequence[RunRow], rater: str) -> tuple[str, str]:
    """What waits for a rater, as a page, and the policy it is shown under."""
    from reports.as_review import render_list

    return render_list(rows, rater)


def review_page(page: ReviewPage) -> tuple[str, str]:
    """One run as a rater sees it, and the policy it is shown under."""
    from reports.as_review import render_page

    return render_page(page)


def comparison_text(comparison: Comparison) -> str:
    """Runs side by side, for a terminal."""
    from reports.as_comparison import render

    return render(comparison)


def feedback_files(feedback: Feedback) -> dict[str, str]:
    """A candidate's feedback in every form that a build keeps, by file name."""
    from reports.feedback import code_quality, junit, sarif

    return {
        "feedback.json": feedback.to_json(),
        "feedback.md": feedback_summary(feedback),
        "feedback.junit.xml": junit.render(feedback),
        "feedback.sarif": sarif.render(feedback),
        "gl-code-quality-report.json": code_quality.render(feedback),
    }


def feedback_summary(feedback: Feedback) -> str:
    """A candidate's feedback for the page of a build."""
    from reports.feedback.summary import render

    return render(feedback)


def feedback_log(feedback: Feedback) -> str:
    """A candidate's feedback for a build's log: no line begins with their text."""
    from reports.feedback.log import render

    return render(feedback)


def feedback_annotations(feedback: Feedback) -> tuple[str, ...]:
    """A candidate's feedback as GitHub's workflow commands."""
    from reports.feedback.annotations import render

    return render(feedback)


def failure_annotation(sentence: str) -> str:
    """A failure that is no finding as one of GitHub's workflow commands."""
    from reports.feedback.annotations import failure

    return failure(sentence)


def log_line(text: str) -> str:
    """Any text as one line of a build's log that no system takes for a command."""
    from reports.feedback.log import quoted

    return quoted(text)
