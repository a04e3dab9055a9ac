"""harness compare: finished runs side by side."""

from pathlib import Path
from typing import Annotated

import typer

from harness.commands import shared


def compare(
    runs: Annotated[list[Path], typer.Argument(help="Two or more run folders of one pack.")],
    as_json: shared.AsJson = False,
) -> None:
    """Set finished runs side by side: criteria, checks, the ladder with intervals, and what only one of them has.

    Runs of different packs are refused. Where the runs differ in what they were graded with (pack version, data, profile,
    rubric, checks, environment), the difference is named first, with what cannot be compared because of it. Nothing is run.
    """
    from harness.comparing import compare as set_side_by_side
    from harness.publishing import comparison_text

    comparison = set_side_by_side(runs)
    if not comparison.same_footing:
        typer.echo("harness: these runs are not on one footing; the differences are named first", err=True)
    shared.out(comparison.to_json() if as_json else comparison_text(comparison))
