"""harness regrade: judge or weigh a finished run again, without running anything of the submission."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared

if TYPE_CHECKING:
    from harness.model.grade import CriterionScore, Grade
    from harness.model.report import Report
    from harness.model.rubric import Ratings
    from harness.store import RunFolder


def regrade(
    run: Annotated[Path, typer.Argument(help="A run folder that `harness grade` wrote.")],
    rubric: Annotated[
        Path | None, typer.Option("--rubric", help="Weigh with this rubric instead of the pack's.", show_default=False)
    ] = None,
    ratings: Annotated[
        Path | None, typer.Option("--ratings", help="A ratings file of human levels.", show_default=False)
    ] = None,
    profile: shared.ProfileName = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from", help="check or score. [default: score, unless checks or facts have changed]", show_default=False
        ),
    ] = None,
    formats: Annotated[str | None, shared.FORMATS] = None,
    packs: shared.PackFolders = None,
    key: shared.SigningKey = None,
    as_json: shared.AsJson = False,
    quiet: shared.Quiet = False,
) -> None:
    """Weigh a finished run again, and say what changed.

    No candidate code runs: what the steps left behind is read from the run folder. With a changed rubric only the
    arithmetic is done again; with changed checks or pack facts the checks are asked again.
    """
    wanted = shared.formats_for(formats, profile)
    from harness.documents import read_yaml
    from harness.errors import UsageError
    from harness.model.grade import Grade
    from harness.model.report import Lock, Report
    from harness.model.rubric import Rubric
    from harness.packs import open_pack
    from harness.pipeline import Order, where_to_start
    from harness.pipeline import regrade as carry_out
    from harness.settings import resolve
    from harness.store import open_run

    if start not in (None, "check", "score"):
        raise UsageError(f"there is no stage called {start!r} to start from", where="--from", expected="check or score")
    settings = resolve(None, tuple(packs or ()), key=key)
    folder = open_run(run)
    lock, before = folder.load(Lock), folder.load(Grade) if folder.has(Grade) else None
    earlier = folder.load(Report) if folder.has(Report) else None
    order = Order(
        submission=str(run),
        pack=open_pack(lock.pack, settings.packs),
        settings=settings,
        candidate=earlier.submission.candidate if earlier else None,
        profile=profile or (before.profile if before else None),
        formats=wanted,
        rubric=read_yaml(rubric, Rubric) if rubric else None,
        ratings=_ratings(ratings, folder),
    )
    shared.known_profile(order.profile, order.rubric or order.pack.rubric)
    report = carry_out(order, run, start or where_to_start(order, folder), shared.sayer(quiet or as_json))
    shared.out(report.to_json() if as_json else _changes(before, report))


def _ratings(named: Path | None, folder: "RunFolder") -> "Ratings":
    """Those that were named, else those that people entered before: a new rubric does not undo their work."""
    from harness.documents import read_json
    from harness.model.rubric import Ratings

    if named is not None:
        return read_json(named, Ratings)
    return folder.load(Ratings) if folder.has(Ratings) else Ratings()


def _changes(before: "Grade | None", after: "Report") -> str:
    """What is different now, criterion by criterion."""
    if before is None:
        return f"weighed: {_points(after.totals.automatic)} of 100 automatically"
    lines = [f"automatic total: {_points(before.totals.automatic)} before, {_points(after.totals.automatic)} now"]
    if (before.totals.low, before.totals.high) != (after.totals.low, after.totals.high):
        was_reach, is_reach = (f"{one.totals.low:g} to {one.totals.high:g}" for one in (before, after))
        lines.append(f"reachable: {was_reach} before, {is_reach} now")
    old = {one.id: one for one in before.criteria}
    for one in after.criteria:
        was = old.get(one.id)
        if was is None:
            lines.append(f"{one.id}: new, weight {one.weight:g}")
        elif (was.weight, was.automatic, was.manual) != (one.weight, one.automatic, one.manual):
            lines.append(f"{one.id}: {_told(was)} -> {_told(one)}")
    lines += [f"{gone}: no longer a criterion" for gone in old if gone not in {one.id for one in after.criteria}]
    return "\n".join(lines if len(lines) > 1 else [*lines, "nothing changed"])


def _told(one: "CriterionScore") -> str:
    parts = [f"weight {one.weight:g}"]
    if one.automatic_share:
        parts.append(f"automatic {_points(None if one.automatic is None else 100 * one.automatic)}")
    if one.automatic_share < 100:
        parts.append("not rated" if one.manual is None else f"rated {100 * one.manual:.0f}")
    return ", ".join(parts)


def _points(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.1f}"
