"""harness doctor: what works on this host, what is missing, and what that means."""

import json
from typing import Annotated

import typer

from harness.commands import shared
from harness.errors import ExitCode


def doctor(
    conformance: Annotated[
        bool, typer.Option("--conformance", help="Also try every behaviour of the sandbox contract.")
    ] = False,
    sandbox: shared.SandboxChoice = None,
    as_json: shared.AsJson = False,
) -> None:
    """Check this host: sandboxes, limits, disk, images. Leaves with code 5 when no sandbox works."""
    from harness.running import examine
    from harness.settings import resolve

    settings = resolve(sandbox)
    examined = examine(settings, conformance=conformance)
    if as_json:
        shared.out(json.dumps({"schema_version": 1, "backends": [one.as_data() for one in examined]}, indent=1))
    else:
        shared.out("\n\n".join(one.as_text() for one in examined))
    if not any(one.health.available for one in examined):
        raise typer.Exit(ExitCode.INFRASTRUCTURE)
