"""harness grade: one submission, from folder, archive or commit to report."""

from pathlib import Path
from typing import Annotated

import typer

from harness.commands import shared
from harness.errors import ExitCode, UsageError


def grade(
    pack: shared.PackName,
    submission: Annotated[
        str | None,
        typer.Argument(help="A folder, a zip or tar archive, or a git repository (path or URL).", show_default=False),
    ] = None,
    repo: Annotated[
        str | None,
        typer.Option("--repo", help="A git repository to pull --commit from, in place of a submission.", show_default=False),
    ] = None,
    commit: Annotated[
        str | None, typer.Option("--commit", help="Commit, branch or tag of a git submission.", show_default=False)
    ] = None,
    candidate: Annotated[
        str | None, typer.Option("--candidate", help="The candidate's pseudonym; chooses their data.", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Run folder. [default: runs/PACK-NAME]", show_default=False)] = None,
    sandbox: shared.SandboxChoice = None,
    profile: shared.ProfileName = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of the pack's data.", show_default=False)] = None,
    formats: Annotated[str | None, shared.FORMATS] = None,
    fail_under: shared.FailUnder = None,
    ratings: Annotated[
        Path | None, typer.Option("--ratings", help="A ratings file of human levels.", show_default=False)
    ] = None,
    packs: shared.PackFolders = None,
    key: shared.SigningKey = None,
    as_json: shared.AsJson = False,
    quiet: shared.Quiet = False,
) -> None:
    """Run, judge and weigh a submission; write its report.

    The submission is copied and hashed first, and only the copy is used. Every step runs in a fresh sandbox without a
    network. Exit codes: 0 graded, 1 below --fail-under, 2 usage, 3 pack, 4 submission, 5 sandbox.
    """
    wanted = shared.formats_for(formats, profile)
    submission, commit = _named(submission, repo, commit)
    from harness.documents import read_json
    from harness.model.rubric import Ratings
    from harness.packs import open_pack
    from harness.pipeline import Order
    from harness.pipeline import grade as carry_out
    from harness.publishing import as_text
    from harness.settings import resolve

    settings = resolve(sandbox, tuple(packs or ()), key=key)
    opened = open_pack(pack, settings.packs)
    shared.known_profile(profile, opened.rubric)
    order = Order(
        submission=submission,
        pack=opened,
        settings=settings,
        commit=commit,
        candidate=candidate,
        seed=seed,
        profile=profile,
        formats=wanted,
        ratings=read_json(ratings, Ratings) if ratings else Ratings(),
    )
    root = out or Path("runs") / f"{opened.pack.id}-{shared.safe_name(candidate or Path(submission).resolve().name)}"
    _refuse_inside(root, submission)
    report = carry_out(order, root, shared.sayer(quiet or as_json))
    shared.out(report.to_json() if as_json else as_text(report))
    if not as_json:
        shared.out(f"\nreport: {root / 'report.html'}" if "html" in wanted else f"\nrun folder: {root}")
    reason = shared.below_bar(report, fail_under)
    if reason:
        typer.echo(f"harness: {reason}", err=True)
        raise typer.Exit(ExitCode.BELOW_BAR)


def _named(submission: str | None, repo: str | None, commit: str | None) -> tuple[str, str | None]:
    """The one thing that is to be graded. A repository named as such is read by its commits, never by its work tree."""
    if submission is None and repo is None:
        raise UsageError("no submission was named", expected="a path, an address, or --repo with --commit")
    if submission is not None and repo is not None:
        raise UsageError("a submission and --repo were both named", expected="one of them")
    return (submission, commit) if submission is not None else (str(repo), commit or "HEAD")


def _refuse_inside(root: Path, submission: str) -> None:
    """A run folder inside the submission would become part of it."""
    source = Path(submission)
    if source.is_dir() and root.resolve().is_relative_to(source.resolve()):
        raise UsageError(
            "lies inside the submission", where=str(root), expected="a place outside it", next_step="name another --out"
        )
