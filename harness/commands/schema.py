"""harness schema: the format of a document, for editors and other tools."""

import json
from typing import Annotated

import typer

from harness.commands import completing, shared


def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            help="Such as pack, rubric or report. Without it: the names.",
            show_default=False,
            autocompletion=completing.schemas,
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of one of our documents."""
    from harness.documents import nearest, schema_of
    from harness.errors import UsageError
    from harness.schemas.catalog import DOCUMENTS

    if name is None:
        shared.out("\n".join(sorted(DOCUMENTS)))
        return
    if name not in DOCUMENTS:
        raise UsageError(f"there is no document called {name!r}; {nearest(name, DOCUMENTS)}", next_step="harness schema")
    shared.out(json.dumps(schema_of(DOCUMENTS[name]), indent=1))
