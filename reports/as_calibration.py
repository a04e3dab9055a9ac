"""A pack's calibration as one page: the ladder over seeds, exemplars by criteria, what did not hold and what to change."""

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from harness.model.authoring import Calibration, Cell
from reports.as_html import TEMPLATES, page_environment, policy
from reports.charts import WIDE, image, line, text

if TYPE_CHECKING:
    from markupsafe import Markup

ROW, TOP, NAMES = 30, 34, 190
RUNGS = ((0.0, "dummy"), (0.25, "naive"), (0.75, "reference"), (1.0, "strong"))


def render(calibration: Calibration) -> str:
    """The page, with the same style sheet and the same policy as a report."""
    from markupsafe import Markup

    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    names = list(dict.fromkeys(cell.exemplar for cell in calibration.cells))
    template = page_environment().get_template("calibration.html")
    return (
        template.render(
            calibration=calibration,
            names=names,
            picture=_picture(calibration, names),
            rows=[_row(name, calibration.cells) for name in names],
            criteria=list(dict.fromkeys(key for cell in calibration.cells for key in cell.criteria)),
            broken=[one for one in calibration.rulings if not one.ok and one.level == "error"],
            warned=[one for one in calibration.rulings if not one.ok and one.level == "warning"],
            style=Markup(style),  # noqa: S704 - our own file
            policy=policy(style),
        )
        + "\n"
    )


def _picture(calibration: Calibration, names: Sequence[str]) -> "Markup":
    """A row an exemplar, a mark a seed, the rungs as upright lines."""
    from markupsafe import Markup

    placed = [name for name in names if any(cell.ladder is not None for cell in calibration.cells if cell.exemplar == name)]
    height = TOP + ROW * len(placed) + 10
    span = WIDE - NAMES - 20

    def at(position: float) -> float:
        return NAMES + span * min(1.0, max(0.0, position))

    parts = []
    for position, name in RUNGS:
        parts += [
            line("rung", at(position), TOP - 8, at(position), height - 6),
            text("tick", at(position), TOP - 16, name, "middle"),
        ]
    for index, name in enumerate(placed):
        y = TOP + ROW * index + ROW / 2
        parts += [text("name", 0, y + 5, name, "start"), line("axis", NAMES, y, NAMES + span, y)]
        for cell in calibration.cells:
            if cell.exemplar == name and cell.ladder is not None:
                parts.append(line("final", at(cell.ladder), y - 8, at(cell.ladder), y + 8))
    title = f"Places on the ladder of {len(placed)} exemplars, {len(calibration.seeds)} seeds each; the table has the numbers."
    return Markup(image("wide", WIDE, height, title, parts))  # noqa: S704 - every text in it went through escape.svg


def _row(name: str, cells: Sequence[Cell]) -> dict[str, object]:
    """An exemplar's medians over seeds."""
    mine = [cell for cell in cells if cell.exemplar == name]
    criteria = {key for cell in mine for key in cell.criteria}
    return {
        "name": name,
        "total": _middle([cell.automatic for cell in mine]),
        "ladder": ", ".join("none" if cell.ladder is None else f"{cell.ladder:.2f}" for cell in mine),
        "criteria": {key: _percent([cell.criteria.get(key) for cell in mine]) for key in criteria},
        "findings": sorted({rule for cell in mine for rule in cell.findings}),
        "seconds": _middle([cell.seconds for cell in mine]),
        "error": next((cell.error for cell in mine if cell.error), ""),
    }


def _middle(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{median(known):.1f}" if known else "not measured"


def _percent(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{100 * median(known):.0f}" if known else ""
