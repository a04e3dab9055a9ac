"""harness watch: grade pushes on the employer's side."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared
from harness.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from harness.model.watch import CommitStatus, WatchOverview
    from harness.watch.rules import Push


Config = Annotated[Path, typer.Argument(help="A watch.yaml; `harness schema watch` prints the format.")]
Once = Annotated[bool, typer.Option("--once", help="Look once, grade what may be graded, and leave: for cron.")]
WatchPlace = Annotated[
    Path | None,
    typer.Option("--out", help="Where everything is kept. [default: as the configuration says]", show_default=False),
]
Again = Annotated[
    list[str] | None,
    typer.Option("--again", help="A candidate whose troubled pushes are tried once more; repeatable.", show_default=False),
]
JsonAtTheEnd = Annotated[bool, typer.Option("--json", help="With --once: print watch.json at the end and nothing else.")]


def watch(
    config: Config,
    once: Once = False,
    out: WatchPlace = None,
    again: Again = None,
    sandbox: shared.SandboxChoice = None,
    packs: shared.PackFolders = None,
    key: shared.SigningKey = None,
    as_json: JsonAtTheEnd = False,
    quiet: shared.Quiet = False,
) -> None:
    """Look at candidates' repositories, take in every push, and grade what counts.

    The grade is made here, from commits that are pulled; nothing that runs on the candidate's side is believed. The holdout
    is scored at most so many times a candidate, and one of them is held back for what stands at the deadline. Each commit
    gets a status for the candidate that says it was received and nothing more; watch.json says where everybody stands.

    It can be killed at any moment: the same command goes on, and grades nothing twice. Exit codes: 0 all is done that can be
    done now, 2 usage, 3 pack or configuration, 6 some repository gives no answer or some push met trouble.
    """
    if as_json and not once:
        raise UsageError("--json prints one document at the end, and a watch has none", next_step="add --once")
    from harness.batch.engine import Interrupted, Signals
    from harness.packs import open_pack
    from harness.settings import resolve
    from harness.watch import rounds
    from harness.watch.config import read_plan
    from harness.watch.folder import hold
    from harness.watch.state import open_state
    from harness.watch.units import Job

    plan = read_plan(config, out)
    settings = resolve(sandbox, tuple(packs or ()), slots=plan.config.jobs, key=key)
    opened = open_pack(_pack_name(plan.config.pack, config), settings.packs)
    shared.known_profile(plan.config.profile, opened.rubric)
    formats = shared.formats_for(",".join(plan.config.formats) if plan.config.formats else None, plan.config.profile)
    rounds.refuse_erased(plan)
    _refuse_strangers(again or [], [one.candidate for one in plan.watched])
    try:
        with hold(plan.root) as folder, open_state(folder.state) as state, Signals() as signals:
            for candidate in again or []:
                rounds.again(state, folder, candidate)
            job = Job(opened, settings, folder, plan.config.profile, formats)
            seen = rounds.Rounds(plan, job, state, signals, shared.sayer(quiet or as_json), _teller(as_json)).run(once=once)
    except Interrupted as interrupted:
        sys.stderr.write("harness: stopped; everything is kept, the same command goes on from there\n")
        raise typer.Exit(128 + interrupted.number) from None
    _tell(seen, plan.root, as_json=as_json, quiet=quiet)


def _tell(seen: "WatchOverview", root: Path, *, as_json: bool, quiet: bool) -> None:
    """Where everybody stands, and the exit code that it means."""
    if as_json:
        shared.out(seen.to_json())
    elif not quiet:
        sys.stderr.write("".join(f"  {line}\n" for line in _standing(seen, root)))
    troubles = _troubles(seen)
    if troubles:
        sys.stderr.write("".join(f"harness: {one}\n" for one in troubles))
        raise typer.Exit(ExitCode.SOME_UNGRADED)


def _pack_name(name: str, config: Path) -> str:
    """A path in the configuration is seen from its own folder."""
    beside = config.resolve().parent / name
    return str(beside) if "/" in name and (beside / "pack.yaml").is_file() else name


def _teller(as_json: bool) -> "Callable[[Push, CommitStatus], None]":
    def tell(push: "Push", status: "CommitStatus") -> None:
        if not as_json:
            shared.out(f"{push.candidate}\t{push.commit}\t{status.state}\t{status.description}")
            sys.stdout.flush()

    return tell


def _refuse_strangers(named: list[str], known: list[str]) -> None:
    from harness.documents import nearest

    for name in named:
        if name not in known:
            raise UsageError(f"there is no candidate called {name!r}; {nearest(name, known)}", where="--again")


def _standing(seen: "WatchOverview", root: Path) -> list[str]:
    """Where everybody stands when one look is over: what counts, what came of it, and what a person has to know."""
    lines = []
    for one in seen.candidates:
        counts = next((push for push in one.pushes if push.counts), None)
        words = _STATES.get(counts.state, counts.state) if counts else "nothing has come yet"
        head = f"{counts.commit[:10]} counts: {words}" if counts else words
        lines.append(f"{one.candidate}: {head}; {one.graded_pushes} of {one.max_graded_pushes} gradings used")
        lines += [f"  {note}" for note in one.notes]
    return [*lines, f"all of it: {shared.near(root / 'watch.json')}; reports: {shared.near(root / 'runs')}"]


_STATES = {
    "seen": "not taken in yet",
    "kept": "taken in, not graded",
    "refused": "not fit to be taken in",
    "trouble": "in trouble",
}


def _troubles(seen: "WatchOverview") -> list[str]:
    lines = []
    for one in seen.candidates:
        lines += [f"{one.candidate}: the repository gives no answer: {one.problem}"] if one.problem else []
        lines += [f"{one.candidate} {push.commit[:10]}: {push.reason}" for push in one.pushes if push.state == "trouble"]
        waiting = [push for push in one.pushes if push.state in ("seen", "kept") and push.reason]
        lines += [f"{one.candidate} {push.commit[:10]}: waits for another try: {push.reason}" for push in waiting]
    return lines
