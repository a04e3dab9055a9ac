"""harness clean: remove what dead or expired runs left behind. Never a global prune."""

from typing import Annotated

import typer

from harness.commands import shared


def clean(
    mine: Annotated[
        bool, typer.Option("--mine", help="Also what runs of this host left that have not expired, if their process is gone.")
    ] = False,
    as_json: shared.AsJson = False,
) -> None:
    """Remove containers, folders and control groups whose owner is dead or expired."""
    import json

    from harness.running import sweep_leftovers

    removed = list(sweep_leftovers(everything_mine=mine))
    if as_json:
        shared.out(json.dumps({"schema_version": 1, "removed": removed}, indent=1))
    else:
        shared.out("\n".join(removed) if removed else "nothing was left behind")
