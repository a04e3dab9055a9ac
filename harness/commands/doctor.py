"""harness doctor: what works on this host, what is missing, and what that means."""

import json
import sys
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
    plugged, problem = _plugins()
    examined = [] if problem else examine(settings, conformance=conformance)
    if as_json:
        document = {
            "schema_version": 1,
            "backends": [one.as_data() for one in examined],
            "plugins": plugged,
            "problem": problem,
        }
        shared.out(json.dumps(document, indent=1))
    else:
        shared.out("\n\n".join([*(one.as_text() for one in examined), *_told(plugged)]))
    if problem:
        sys.stderr.write(f"harness: {problem}\n")
        raise typer.Exit(ExitCode.BAD_PACK)
    if not any(one.health.available for one in examined):
        raise typer.Exit(ExitCode.INFRASTRUCTURE)


def _plugins() -> tuple[list[dict[str, str]], str]:
    """Every plug-in there is, each held against its contract, and what is wrong with the first that breaks it."""
    from harness import checking, plugins, publishing, running
    from harness.errors import PluginError

    listed: list[dict[str, str]] = []
    try:
        listed = [one.ref.model_dump(mode="json") for one in plugins.installed()]
        checking.catalogue()
        running.take_kinds()
        running.take_backends()
        publishing.take_renderers()
    except PluginError as error:
        return listed, str(error)
    return listed, ""


def _told(plugged: list[dict[str, str]]) -> list[str]:
    rows = [f"  {one['group']:<10} {one['name']:<24} {one['distribution']} {one['version']}" for one in plugged]
    return ["\n".join(["plug-ins:", *rows])] if rows else []
