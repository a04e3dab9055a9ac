"""harness regrade: judge or weigh a finished run again, without running anything of the submission."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared
from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.batch.reweighing import Reweigh
    from harness.model.grade import CriterionScore, Grade
    from harness.model.report import Report
    from harness.model.rubric import Ratings, Rubric
    from harness.pipeline import Order
    from harness.settings import Format, Settings
    from harness.store import RunFolder

    Formats = tuple[Format, ...]


Runs = Annotated[Path, typer.Argument(help="A run folder that `harness grade` wrote, or a folder of `harness batch`.")]
NewRubric = Annotated[
    Path | None, typer.Option("--rubric", help="Weigh with this rubric instead of the pack's.", show_default=False)
]
RatingsFile = Annotated[
    Path | None, typer.Option("--ratings", help="A ratings file of human levels, for one run.", show_default=False)
]
Start = Annotated[
    str | None,
    typer.Option("--from", help="check or score. [default: score, unless checks or facts have changed]", show_default=False),
]


def regrade(
    run: Runs,
    rubric: NewRubric = None,
    ratings: RatingsFile = None,
    profile: shared.ProfileName = None,
    start: Start = None,
    formats: Annotated[str | None, shared.FORMATS] = None,
    packs: shared.PackFolders = None,
    key: shared.SigningKey = None,
    as_json: shared.AsJson = False,
    quiet: shared.Quiet = False,
) -> None:
    """Weigh a finished run again, or every run of a batch, and say what changed.

    No candidate code runs: what the steps left behind is read from the run folder. With a changed rubric only the
    arithmetic is done again; with changed checks or pack facts the checks are asked again.
    """
    wanted = shared.formats_for(formats, profile)
    from harness.batch.reweighing import is_batch
    from harness.documents import read_yaml
    from harness.model.rubric import Rubric
    from harness.settings import resolve

    if start not in (None, "check", "score"):
        raise UsageError(f"there is no stage called {start!r} to start from", where="--from", expected="check or score")
    settings = resolve(None, tuple(packs or ()), key=key)
    new_rubric = read_yaml(rubric, Rubric) if rubric else None
    say = shared.sayer(quiet or as_json)

    def again(place: Path) -> "tuple[Grade | None, Report]":
        before, order = _order(place, settings, new_rubric, ratings, profile, wanted)
        return before, _carry_out(order, place, start, say)

    if is_batch(run):
        if ratings is not None:
            raise UsageError("--ratings is for one run, and this is a batch", where=str(run), next_step="name one of its runs")
        _regrade_batch(run, again, settings.now.isoformat(timespec="seconds"), as_json=as_json)
        return
    before, report = again(run)
    shared.out(report.to_json() if as_json else _changes(before, report))


def _order(
    run: Path, settings: "Settings", rubric: "Rubric | None", ratings: Path | None, profile: str | None, formats: "Formats"
) -> "tuple[Grade | None, Order]":
    """What was graded here, and the order to weigh it again."""
    from harness.model.grade import Grade
    from harness.model.report import Lock, Report
    from harness.packs import open_pack
    from harness.pipeline import Order
    from harness.store import open_run

    folder = open_run(run)
    before = folder.load(Grade) if folder.has(Grade) else None
    earlier = folder.load(Report) if folder.has(Report) else None
    order = Order(
        submission=str(run),
        pack=open_pack(folder.load(Lock).pack, settings.packs),
        settings=settings,
        candidate=earlier.submission.candidate if earlier else None,
        profile=profile or (before.profile if before else None),
        formats=formats,
        rubric=rubric,
        ratings=_ratings(ratings, folder),
    )
    shared.known_profile(order.profile, order.rubric or order.pack.rubric)
    return before, order


def _carry_out(order: "Order", run: Path, start: str | None, say: Callable[[str], None]) -> "Report":
    from harness.pipeline import regrade as carry_out
    from harness.pipeline import where_to_start
    from harness.store import RunFolder

    return carry_out(order, run, start or where_to_start(order, RunFolder(run)), say)


def _regrade_batch(root: Path, again: "Reweigh", now: str, *, as_json: bool) -> None:
    from harness.batch.reweighing import reweigh

    cohort, rows = reweigh(root, again, now)
    if as_json:
        shared.out(cohort.to_json())
        return
    lines = [f"{one.id}: automatic total {_points(one.before)} before, {_points(one.now)} now" for one in rows]
    shared.out("\n".join([*lines, "", f"page: {root / 'cohort.html'}"]))


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
