"""Telling: a Report becomes files. The only part of the harness that opens the reports room."""

from collections.abc import Iterable

from harness.model.authoring import Calibration
from harness.model.cohort import Cohort
from harness.model.comparison import Comparison
from harness.model.report import Report
from harness.store import RunFolder


def publish(report: Report, folder: RunFolder, formats: Iterable[str]) -> tuple[str, ...]:
    """Write the asked-for formats; JSON always. Returns the file names."""
    from reports.formats import RENDERERS

    wanted = {"json", *formats}
    written = []
    for renderer in RENDERERS.values():
        if renderer.name in wanted:
            folder.write(renderer.file_name, renderer.render(report))
            written.append(renderer.file_name)
    return tuple(written)


def file_names(formats: Iterable[str]) -> tuple[str, ...]:
    """What the asked-for formats are called in a run folder; JSON always."""
    from reports.formats import RENDERERS

    return tuple(one.file_name for one in RENDERERS.values() if one.name in {"json", *formats})


def as_text(report: Report) -> str:
    """The report for a terminal."""
    from reports.as_console import render

    return render(report)


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


def comparison_text(comparison: Comparison) -> str:
    """Runs side by side, for a terminal."""
    from reports.as_comparison import render

    return render(comparison)
