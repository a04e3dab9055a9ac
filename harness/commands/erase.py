"""harness erase: take away what is held of a candidate, and say what stays and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared
from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.erasing.places import Place
    from harness.model.erasure import Erasure


Whom = Annotated[str, typer.Argument(help="A candidate's id, or in a batch also the name of their entry.")]
Roots = Annotated[
    list[Path] | None,
    typer.Option("--in", help="A folder of runs, batches or watches; repeatable. [default: runs]", show_default=False),
]
Yes = Annotated[bool, typer.Option("--yes", help="Erase. Without it, only say what would go.")]
Reason = Annotated[str, typer.Option("--reason", help="For the tombstone: why.")]
Policy = Annotated[
    Path | None, typer.Option("--policy", help="A retention.yaml that says how long results are kept.", show_default=False)
]
Early = Annotated[
    str | None, typer.Option("--early", help="Why the least time of the policy does not hold here.", show_default=False)
]
Hold = Annotated[
    str | None,
    typer.Option("--hold", help="Put a legal hold on everything of theirs, for this reason.", show_default=False),
]
Release = Annotated[bool, typer.Option("--release", help="Take a legal hold away.")]
Store = Annotated[
    Path | None, typer.Option("--store", help="The result store of batches. [default: in the cache]", show_default=False)
]


def erase(
    candidate: Whom,
    roots: Roots = None,
    yes: Yes = False,
    reason: Reason = "asked for by the candidate",
    policy: Policy = None,
    early: Early = None,
    hold: Hold = None,
    release: Release = False,
    store: Store = None,
    as_json: shared.AsJson = False,
) -> None:
    """Erase a candidate's submission, results, ratings and logs from everywhere the harness keeps them.

    Looks through the folders that were named for run folders, batches and watches; says what is theirs; with --yes takes it
    away, leaves a tombstone without a name, and looks once more for files in which they are still named. Exit codes: 0 done
    or only looked, 1 still named somewhere, 2 usage, a legal hold, or a time that the policy keeps results for.
    """
    if hold is not None and (yes or release):
        raise UsageError("--hold goes with neither --yes nor --release", expected="one of them")
    from harness.documents import read_yaml
    from harness.erasing import removing
    from harness.model.erasure import Erasure, Retention
    from harness.settings import resolve

    folders = roots or [Path("runs")]
    rule = read_yaml(policy, Retention) if policy else None
    if yes:
        removing.sweep(folders)
    places = _found(folders, candidate)
    now = resolve().now
    if hold is not None or release:
        removing.hold(places, hold, now)
    held = tuple(place.held() for place in places)
    left: list[str] = []
    if yes:
        removing.expect_free(places, rule, early, now)
        left = _take_away(folders, candidate, places, store, f"{reason}; {early}" if early else reason)
    done = Erasure(erased=yes, held=held, stays=removing.STAYS, still_named_in=tuple(left))
    shared.out(done.to_json() if as_json else _told(done, hold, release=release))
    if left:
        raise typer.Exit(1)


def _found(folders: list[Path], candidate: str) -> "list[Place]":
    from harness.erasing.places import find

    places = find(folders, candidate)
    if not places:
        looked = ", ".join(map(str, folders))
        raise UsageError(f"nothing is held of {candidate!r}", where=looked, next_step="name the folders to look in with --in")
    return places


def _take_away(folders: list[Path], candidate: str, places: "list[Place]", store: Path | None, why: str) -> list[str]:
    """Remove every place, and say in which files they are still named."""
    from harness.batch.results import ResultStore
    from harness.erasing import removing
    from harness.settings import cache_folder, resolve

    words = {candidate, *(place.id for place in places)}.union(*(place.digests() for place in places))
    kept_in = ResultStore(store or cache_folder() / "results")
    for place in places:
        removing.remove(place, kept_in, why, resolve().now)
    return removing.still_named(folders, words)


def _told(done: "Erasure", hold: str | None, *, release: bool) -> str:
    lines = [_head(done, hold, release=release)]
    for one in done.held:
        hold = f"  LEGAL HOLD: {one.hold}" if one.hold else ""
        lines.append(f"  {one.kind:<6} {one.place}  {one.id}, {one.files} files, {one.bytes:,} bytes{hold}")
    if hold is not None or (release and not done.erased):
        return "\n".join(lines)
    if any(one.kind == "batch" for one in done.held):
        lines.append("  a batch's page holds everybody: it goes too; the same `harness batch` command makes a new one")
    lines += ["", "stays:", *(f"  {one.what}\n    {one.why}" for one in done.stays)]
    if done.still_named_in:
        lines += ["", "still named in:", *(f"  {one}" for one in done.still_named_in)]
    return "\n".join(lines)


def _head(done: "Erasure", hold: str | None, *, release: bool) -> str:
    if hold is not None:
        return "put on hold; nothing of it can be erased until the same command with --release:"
    if done.erased:
        return "erased:"
    return "no longer on hold; nothing was erased:" if release else "would be erased; nothing was, because --yes was not given:"
