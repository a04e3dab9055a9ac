"""harness checks: what each check looks at, and what it cannot see."""

import json
from typing import Annotated

import typer

from harness.commands import completing, shared
from harness.errors import UsageError


def checks(
    check: Annotated[
        str | None,
        typer.Argument(help="A check's id, for its whole explanation.", show_default=False, autocompletion=completing.checks),
    ] = None,
    as_json: shared.AsJson = False,
) -> None:
    """List the checks, or explain one of them."""
    from harness.checking import catalogue
    from harness.documents import nearest
    from harness.plugins import in_group

    specs = catalogue()
    brought = {one.name: one for one in in_group("checks")}
    if check is not None and check not in specs:
        raise UsageError(f"there is no check called {check!r}; {nearest(check, specs)}", next_step="harness checks")
    chosen = [specs[check]] if check else list(specs.values())
    if as_json:
        rows = [
            {
                "id": spec.id,
                "title": spec.title,
                "group": spec.group,
                "needs": list(spec.needs),
                "version": spec.version,
                "explanation": spec.explanation,
                "settings": spec.settings.model_json_schema(),
                "plugin": brought[spec.id].ref.model_dump(mode="json") if spec.id in brought else None,
            }
            for spec in chosen
        ]
        shared.out(json.dumps({"schema_version": 1, "checks": rows}, indent=1))
    elif check:
        spec = chosen[0]
        defaults = ", ".join(f"{name}={field.default!r}" for name, field in spec.settings.model_fields.items())
        origin = f"\nplug-in: {brought[spec.id].source}" if spec.id in brought else ""
        needs = ", ".join(spec.needs)
        shared.out(f"{spec.id}: {spec.title}\n\n{spec.explanation}\n\nneeds: {needs}\nsettings: {defaults or 'none'}{origin}")
    else:
        width = max(len(spec.id) for spec in chosen)
        origin_of = {name: f"  [{one.source}]" for name, one in brought.items()}
        shared.out("\n".join(f"{one.id:<{width}}  {one.group:<8}  {one.sentence}{origin_of.get(one.id, '')}" for one in chosen))
