"""harness pack: the author's commands."""

import json
from pathlib import Path
from typing import Annotated

import typer

from harness.commands import shared
from harness.errors import ExitCode

app = typer.Typer(help="List and examine task packs.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_packs(packs: shared.PackFolders = None, as_json: shared.AsJson = False) -> None:
    """List the packs that can be graded with."""
    from harness.packs import find_packs, read_pack
    from harness.settings import resolve

    found = [read_pack(root) for root in find_packs(resolve(None, tuple(packs or ())).packs).values()]
    if as_json:
        rows = [
            {
                "id": one.pack.id,
                "version": one.pack.version,
                "title": one.pack.title,
                "kind": one.pack.kind,
                "roles": list(one.pack.roles),
            }
            for one in found
        ]
        shared.out(json.dumps({"schema_version": 1, "packs": rows}, indent=1))
    else:
        shared.out("\n".join(f"{one.pack.id}  {one.pack.version}  {one.pack.kind}  {one.pack.title}" for one in found))


@app.command("lint")
def lint(
    pack: Annotated[str, typer.Argument(help="A pack's id, or the path of its folder.")],
    packs: shared.PackFolders = None,
    as_json: shared.AsJson = False,
) -> None:
    """Read a pack whole and tell every problem in it, in seconds and without a sandbox."""
    from harness.authoring.linting import lint_pack
    from harness.packs import find_pack_root
    from harness.settings import resolve

    root: Path = find_pack_root(pack, resolve(None, tuple(packs or ())).packs)
    problems = lint_pack(root)
    errors = [problem for problem in problems if problem.level == "error"]
    if as_json:
        shared.out(json.dumps({"schema_version": 1, "pack": root.name, "problems": [p.as_data() for p in problems]}, indent=1))
    else:
        shared.out("\n".join(map(str, problems)) or f"{root.name}: nothing to correct")
    if errors:
        raise typer.Exit(ExitCode.BAD_PACK)
