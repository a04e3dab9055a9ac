"""Telling: a Report becomes files. The only part of the harness that opens the reports room."""

from collections.abc import Iterable

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


def as_text(report: Report) -> str:
    """The report for a terminal."""
    from reports.as_console import render

    return render(report)
