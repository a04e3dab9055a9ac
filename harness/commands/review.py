"""harness review: the web app for interviewers."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared
from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.review.desk import Desk


def review(
    folder: Annotated[Path, typer.Argument(help="A run folder, or a folder of runs, batches or watches.")],
    rater: Annotated[
        str | None, typer.Option("--rater", help="Who rates. [default: the name of this account]", show_default=False)
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 0,
    listing: Annotated[bool, typer.Option("--list", help="Print what waits for a person, and leave.")] = False,
    packs: shared.PackFolders = None,
    key: shared.SigningKey = None,
    as_json: Annotated[bool, typer.Option("--json", help="With --list: print one JSON document and nothing else.")] = False,
) -> None:
    """Rate the human part of submissions, in a browser on this machine.

    The evidence comes first, without totals and without names; once everything that is for people is rated, the totals and
    the whole report open. A change keeps the first value and asks for a reason. Ratings go to a log in the run folder that
    shows when it was altered; the run is weighed again after each save, and nothing of the submission runs.
    """
    if as_json and not listing:
        raise UsageError("--json prints one document, and the web app has none", next_step="add --list")
    from harness.review.desk import Desk
    from harness.review.server import ReviewServer, new_secret
    from harness.settings import resolve

    token = new_secret()
    desk = Desk(folder, _rater(rater), resolve(None, tuple(packs or ()), key=key), token)
    if listing:
        _list(desk, as_json)
        return
    try:
        server = ReviewServer(desk, new_secret(), token, port)
    except OSError as problem:
        raise UsageError(
            f"port {port} cannot be used: {problem.strerror}", next_step="name another --port, or none"
        ) from problem
    with server:
        sys.stderr.write(f"{len(desk.runs)} submissions, rated as {desk.rater}; Ctrl-C ends it. Open in a browser:\n")
        shared.out(server.first_address)
        sys.stdout.flush()
        server.serve_forever()


def _rater(named: str | None) -> str:
    import getpass

    from harness.model.text import one_line

    try:
        rater = one_line(named or getpass.getuser(), 80)
    except (OSError, KeyError):
        rater = ""
    if not rater:
        raise UsageError("nobody is named", expected="a name that stands beside the ratings", next_step="--rater NAME")
    return rater


def _list(desk: "Desk", as_json: bool) -> None:
    import json
    from dataclasses import asdict

    rows = desk.rows()
    if as_json:
        shared.out(json.dumps({"schema_version": 1, "rater": desk.rater, "runs": [asdict(row) for row in rows]}, indent=1))
        return
    often = Counter(row.candidate for row in rows)
    for row, run in zip(rows, desk.runs, strict=True):
        name = row.candidate if often[row.candidate] == 1 else f"{row.candidate} ({run.name[:10]})"
        waits = row.problem or (", ".join(row.waiting) if row.waiting else "all rated")
        shared.out(f"{name}: {waits}" + "".join(f"\n  {gate}" for gate in row.gates))
