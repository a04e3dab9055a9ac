"""The criteria as a table for spreadsheets."""

import csv
import io

from harness.model.report import Report
from reports.base import Renderer


def render(report: Report) -> str:
    """One row a criterion. A title that a spreadsheet could take for a formula starts with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["criterion", "title", "weight", "automatic"])
    for one in report.criteria:
        title = f"'{one.title}" if one.title[:1] in "=+-@" else one.title
        writer.writerow([one.id, title, one.weight, "" if one.automatic is None else round(one.automatic, 4)])
    return text.getvalue()


CSV = Renderer("csv", "report.csv", "criteria as a table", render)
