"""harness grade: one submission, from folder, archive or commit to report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared
from harness.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from harness.model.report import Report
    from harness.model.rubric import Ratings


Named = Annotated[
    str | None,
    typer.Argument(help="A folder, a zip or tar archive, or a git repository (path or URL).", show_default=False),
]
Repository = Annotated[
    str | None,
    typer.Option("--repo", help="A git repository to pull --commit from, in place of a submission.", show_default=False),
]
Commit = Annotated[str | None, typer.Option("--commit", help="Commit, branch or tag of a git submission.", show_default=False)]
Candidate = Annotated[
    str | None, typer.Option("--candidate", help="The candidate's pseudonym; chooses their data.", show_default=False)
]
RunPlace = Annotated[Path | None, typer.Option("--out", help="Run folder. [default: runs/PACK-NAME]", show_default=False)]
RatingsFile = Annotated[Path | None, typer.Option("--ratings", help="A ratings file of human levels.", show_default=False)]


def grade(
    pack: shared.PackName,
    submission: Named = None,
    repo: Repository = None,
    commit: Commit = None,
    candidate: Candidate = None,
    out: RunPlace = None,
    sandbox: shared.SandboxChoice = None,
    profile: shared.ProfileName = None,
    seed: shared.Seed = None,
    formats: Annotated[str | None, shared.FORMATS] = None,
    fail_under: shared.FailUnder = None,
    ratings: RatingsFile = None,
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
    from harness.packs import open_pack
    from harness.pipeline import Order
    from harness.pipeline import grade as carry_out
    from harness.settings import resolve

    settings = resolve(sandbox, tuple(packs or ()), key=key)
    opened = open_pack(pack, settings.packs)
    shared.known_profile(profile, opened.rubric)
    given = _ratings(ratings)
    order = Order(submission, opened, settings, commit, candidate, seed, profile, wanted, ratings=given)
    root = out or Path("runs") / f"{opened.pack.id}-{shared.safe_name(candidate or Path(submission).resolve().name)}"
    _refuse_inside(root, submission)
    _tell(carry_out(order, root, shared.sayer(quiet or as_json)), root, as_json=as_json, bar=fail_under)


def _tell(report: "Report", root: Path, *, as_json: bool, bar: float | None) -> None:
    """The report, where its page is, and the exit code that its content means."""
    from harness.publishing import as_text

    shared.out(report.to_json() if as_json else as_text(report, shared.width()))
    if not as_json:
        page = root / "report.html"
        shared.out(f"\nreport: {page}" if page.is_file() else f"\nrun folder: {root}")
    shared.expect_gradable(report)
    reason = shared.below_bar(report, bar)
    if reason:
        typer.echo(f"harness: {reason}", err=True)
        raise typer.Exit(ExitCode.BELOW_BAR)


def _ratings(named: Path | None) -> "Ratings":
    from harness.documents import read_json
    from harness.model.rubric import Ratings

    return read_json(named, Ratings) if named else Ratings()


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
