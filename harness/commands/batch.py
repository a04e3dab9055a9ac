"""harness batch: every submission of a folder, side by side."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared
from harness.errors import ExitCode

if TYPE_CHECKING:
    from harness.batch.carrying import Ask, Outcome
    from harness.batch.results import ResultStore
    from harness.model.pack import Pack
    from harness.packs import OpenPack
    from harness.settings import Settings


Submissions = Annotated[Path, typer.Argument(help="A folder with one entry a submission: a folder or an archive.")]
BatchPlace = Annotated[
    Path | None, typer.Option("--out", help="The batch's folder. [default: runs/batch-PACK-FOLDER]", show_default=False)
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", min=1, max=256, help="Submissions at the same time. [default: processors]", show_default=False
    ),
]
Shard = Annotated[str | None, typer.Option("--shard", help="I/N: only every N-th entry, from the I-th on.", show_default=False)]
Store = Annotated[
    Path | None,
    typer.Option("--store", help="Where results are kept for other batches. [default: in the cache]", show_default=False),
]
OwnNames = Annotated[
    bool, typer.Option("--own-names", help="The entries' names are pseudonyms already: show them instead of new ones.")
]
Limit = Annotated[
    float | None,
    typer.Option(
        "--limit", min=1, help="Seconds for one submission as a whole. [default: from the pack's steps]", show_default=False
    ),
]


def batch(
    folder: Submissions,
    pack: shared.PackName,
    out: BatchPlace = None,
    jobs: Jobs = None,
    shard: Shard = None,
    store: Store = None,
    own_names: OwnNames = False,
    limit: Limit = None,
    sandbox: shared.SandboxChoice = None,
    profile: shared.ProfileName = None,
    seed: shared.Seed = None,
    formats: Annotated[str | None, shared.FORMATS] = None,
    fail_under: shared.FailUnder = None,
    packs: shared.PackFolders = None,
    key: shared.SigningKey = None,
    as_json: shared.AsJson = False,
    quiet: shared.Quiet = False,
) -> None:
    """Grade every submission of a folder, and write one page for the cohort.

    Each is graded in a process of its own, so that one bad submission costs one submission. Give the same command again to
    go on after an interruption: what is graded is not graded twice, here or in any batch with the same --store. Names are
    replaced by pseudonyms; names.json says whose is whose.

    Exit codes: 0 all graded, 1 some below --fail-under, 2 usage, 3 pack, 5 stopped because of this machine, 6 some not graded.
    """
    wanted = shared.formats_for(formats, profile)
    from harness.batch.carrying import Ask
    from harness.batch.entries import parse_shard
    from harness.publishing import file_names

    opened, settings, slots = _opened(pack, jobs, sandbox, tuple(packs or ()), key)
    shared.known_profile(profile, opened.rubric)
    ask = Ask(
        source=folder,
        root=out or _place(opened.pack.id, folder),
        opened=opened,
        settings=settings,
        store=_store(store),
        profile=profile or opened.rubric.default_profile,
        formats=wanted,
        files=file_names(wanted),
        jobs=slots,
        seed=seed,
        shard=parse_shard(shard),
        wall_s=limit,
        naming="own" if own_names else "pseudonyms",
        bar=fail_under,
    )
    _carry_out(ask, as_json=as_json, quiet=quiet)


def _opened(
    pack: str, jobs: int | None, sandbox: str | None, packs: tuple[Path, ...], key: Path | None
) -> "tuple[OpenPack, Settings, int]":
    """The pack, the settings, and how many of its submissions are graded at the same time."""
    from harness.packs import open_pack
    from harness.settings import resolve

    opened = open_pack(pack, resolve(sandbox, packs).packs)
    slots = _jobs(jobs, opened.pack)
    return opened, resolve(sandbox, packs, slots=slots, key=key), slots


def _place(pack: str, folder: Path) -> Path:
    return Path("runs") / f"batch-{pack}-{shared.safe_name(folder.resolve().name)}"


def _store(named: Path | None) -> "ResultStore":
    from harness.batch.results import open_store
    from harness.settings import cache_folder

    return open_store(named or cache_folder() / "results")


def _carry_out(ask: "Ask", *, as_json: bool, quiet: bool) -> None:
    """Grade, tell, and leave with the code that the outcome means."""
    from harness.batch.carrying import carry_out
    from harness.batch.engine import Interrupted
    from harness.batch.watching import watch_for

    try:
        outcome = carry_out(ask, watch_for(quiet))
    except Interrupted as interrupted:
        sys.stderr.write("harness: stopped; what was graded is kept, the same command goes on from there\n")
        raise typer.Exit(128 + interrupted.number) from None
    if as_json:
        with (ask.root / "cohort.json").open(encoding="ascii") as cohort:
            sys.stdout.writelines(cohort)
    else:
        shared.out(_told(outcome, ask.root))
    if outcome.exit_code:
        _explain(outcome)
        raise typer.Exit(outcome.exit_code)


def _jobs(asked: int | None, pack: "Pack") -> int:
    """As asked, as far as memory goes: a submission must not be stopped for memory that its neighbours hold."""
    from harness.batch.limits import default_jobs, jobs_in_memory, processors

    if asked is None:
        return default_jobs(pack)
    fitting = min(asked, jobs_in_memory(pack))
    if fitting < asked:
        sys.stderr.write(f"harness: {fitting} at a time instead of {asked}: more would not fit into this machine's memory\n")
    if fitting > processors():
        sys.stderr.write(
            f"harness: {fitting} at a time on {processors()} processors: each runs slower, while time limits stay the same\n"
        )
    return fitting


def _told(outcome: "Outcome", root: Path) -> str:
    states = outcome.tally.states
    parts = [f"{states['graded']} graded"] if states["graded"] or not outcome.tally.graded else []
    parts += [f"{states['kept']} graded before"] if states["kept"] else []
    parts += [f"{states['stored']} taken from the result store"] if states["stored"] else []
    parts += [f"{states['fault']} not graded"] if states["fault"] else []
    waiting = outcome.entries - outcome.tally.graded - states["fault"]
    parts += [f"{waiting} still waiting"] if waiting else []
    nothing = outcome.tally.nothing_measured
    parts += [f"nothing could be measured in {nothing} of them"] if nothing else []
    return (
        f"{outcome.entries} submissions: {', '.join(parts)}\n\npage: {root / 'cohort.html'}\nwho is who: {root / 'names.json'}"
    )


def _explain(outcome: "Outcome") -> None:
    if outcome.tally.stopped:
        sys.stderr.write(f"harness: {outcome.tally.stopped}\n  next: harness doctor; then the same command goes on from here\n")
    elif outcome.exit_code is ExitCode.SOME_UNGRADED:
        sys.stderr.write("harness: some have no grade; the page says whose doing that is\n")
    elif outcome.tally.below_bar:
        shown = ", ".join(outcome.tally.below_bar[:10])
        sys.stderr.write(f"harness: {len(outcome.tally.below_bar)} below the bar, or a person has to look first: {shown}\n")
