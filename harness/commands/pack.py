"""harness pack: the author's commands."""

import json
from pathlib import Path
from typing import Annotated

import typer

from harness.commands import shared
from harness.errors import ExitCode

app = typer.Typer(help="Make, try and hand out task packs.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_packs(packs: shared.PackFolders = None, as_json: shared.AsJson = False) -> None:
    """List the packs that can be graded with."""
    from harness.packs import find_packs, read_pack
    from harness.settings import resolve

    found = [read_pack(root) for root in find_packs(resolve(None, tuple(packs or ())).packs).values()]
    if as_json:
        rows = [
            {
                "id": one.pack.id,
                "version": one.pack.version,
                "title": one.pack.title,
                "kind": one.pack.kind,
                "roles": list(one.pack.roles),
            }
            for one in found
        ]
        shared.out(json.dumps({"schema_version": 1, "packs": rows}, indent=1))
    else:
        shared.out("\n".join(f"{one.pack.id}  {one.pack.version}  {one.pack.kind}  {one.pack.title}" for one in found))


@app.command("profiles", short_help="Tell what --profile takes for a pack.")
def list_profiles(
    pack: Annotated[str, typer.Argument(help="A pack's id, or the path of its folder.")],
    packs: shared.PackFolders = None,
    as_json: shared.AsJson = False,
) -> None:
    """Tell what --profile takes for a pack: its own roles, those that come with the harness, and presets."""
    from harness.packs import open_pack
    from harness.profiles import names, with_profile
    from harness.settings import resolve

    rubric = open_pack(pack, resolve(packs=tuple(packs or ())).packs).rubric
    profiles = {name: with_profile(rubric, name).profiles[name] for name in names(rubric)}
    if as_json:
        rows = {name: profile.model_dump(mode="json") for name, profile in profiles.items()}
        shared.out(json.dumps({"schema_version": 1, "default": rubric.default_profile, "profiles": rows}, indent=1))
        return
    for name, profile in profiles.items():
        weights = ", ".join(f"{criterion} {weight:g}" for criterion, weight in profile.weights.items())
        shared.out(f"{name}{' (default)' if name == rubric.default_profile else ''}: {weights}")
        shared.out(f"    must-haves: {', '.join(profile.floors) or 'none'}; raters: {profile.raters}")


@app.command("lint", short_help="Read a pack whole and tell every problem in it.")
def lint(
    pack: Annotated[str, typer.Argument(help="A pack's id, or the path of its folder.")],
    packs: shared.PackFolders = None,
    as_json: shared.AsJson = False,
) -> None:
    """Read a pack whole and tell every problem in it, in seconds and without a sandbox."""
    from harness.authoring.linting import lint_pack
    from harness.packs import find_pack_root
    from harness.settings import resolve

    root: Path = find_pack_root(pack, resolve(None, tuple(packs or ())).packs)
    problems = lint_pack(root)
    errors = [problem for problem in problems if problem.level == "error"]
    if as_json:
        shared.out(json.dumps({"schema_version": 1, "pack": root.name, "problems": [p.as_data() for p in problems]}, indent=1))
    else:
        shared.out("\n".join(map(str, problems)) or f"{root.name}: nothing to correct")
    if errors:
        raise typer.Exit(ExitCode.BAD_PACK)


@app.command("validate", short_help="Try its generator, facts, leaks, metrics, environment.")
def validate_pack(
    pack: Annotated[str, typer.Argument(help="A pack's id, or the path of its folder.")],
    packs: shared.PackFolders = None,
    sandbox: shared.SandboxChoice = None,
    as_json: shared.AsJson = False,
    quiet: shared.Quiet = False,
) -> None:
    """Try the generator, the declared facts, leaks in the data, the scorer, and the environment."""
    from harness.authoring.validate import as_json as document
    from harness.authoring.validate import validate
    from harness.packs import open_pack
    from harness.settings import resolve

    settings = resolve(sandbox, tuple(packs or ()))
    opened = open_pack(pack, settings.packs)
    found = validate(opened, settings, shared.sayer(quiet or as_json))
    if as_json:
        shared.out(document(opened, found))
    else:
        for one in found:
            mark = "ok     " if one.ok else f"{one.level:<7}"
            shared.out(f"{mark} {one.name}: {one.seen}" + ("" if one.ok else f"\n        expected: {one.expected}"))
    if any(not one.ok and one.level == "error" for one in found):
        raise typer.Exit(ExitCode.BAD_PACK)


@app.command("calibrate", short_help="Grade exemplars, mutants and tricks on several seeds.")
def calibrate_pack(
    pack: Annotated[str, typer.Argument(help="A pack's id, or the path of its folder.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where runs are kept. [default: runs/calibration-PACK]", show_default=False)
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=20, help="How many seeds.")] = 2,
    trick_seeds: Annotated[
        int, typer.Option("--trick-seeds", min=1, max=20, help="How many of them for mutants and stock cheats.")
    ] = 1,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="Grades at the same time.")] = 2,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only this exemplar; may be given more than once.", show_default=False)
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Also write the result into the pack, as calibration/.")] = False,
    packs: shared.PackFolders = None,
    sandbox: shared.SandboxChoice = None,
    as_json: shared.AsJson = False,
    quiet: shared.Quiet = False,
) -> None:
    """Grade every exemplar on several seeds, every mutant and stock cheat on one, and apply the rules of a fair pack.

    What is finished is kept: the same command goes on where it stopped. Leaves with code 3 when a rule does not hold.
    """
    from harness.authoring.calibrate import calibrate, make_plan
    from harness.authoring.page import publish_calibration
    from harness.packs import open_pack
    from harness.settings import resolve

    settings = resolve(sandbox, tuple(packs or ()), slots=jobs)
    opened = open_pack(pack, settings.packs)
    first = opened.pack.data.demo_seed
    root = out or Path("runs") / f"calibration-{opened.pack.id}"
    drawn = range(first, first + seeds)
    plan = make_plan(opened, settings, drawn, trick_seeds, root, jobs, only or (), shared.sayer(quiet or as_json))
    calibration = calibrate(plan)
    written = publish_calibration(opened, calibration, root, into_pack=keep)
    if as_json:
        shared.out(calibration.to_json())
    else:
        for ruling in calibration.rulings:
            mark = "ok     " if ruling.ok else f"{ruling.level:<7}"
            shared.out(f"{mark} {ruling.rule}: {ruling.told}" + ("" if ruling.ok else f"\n        change: {ruling.change}"))
        shared.out(f"\npage: {written}")
    if not calibration.holds:
        raise typer.Exit(ExitCode.BAD_PACK)


@app.command("export", short_help="Write the folder that one candidate receives.")
def export_pack(
    pack: Annotated[str, typer.Argument(help="A pack's id, or the path of its folder.")],
    candidate: Annotated[str, typer.Option("--candidate", help="The candidate's pseudonym; chooses their data.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="A new folder. [default: PACK-CANDIDATE]", show_default=False)
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of the data.", show_default=False)] = None,
    deadline: Annotated[str, typer.Option("--deadline", help="As the letter tells it.")] = "7 days after you received this",
    contact: Annotated[str, typer.Option("--contact", help="Whom to write to.")] = "the person who sent you this",
    retention: Annotated[
        str, typer.Option("--retention", help="Until when things are kept.")
    ] = "six months after the decision",
    profile: shared.ProfileName = None,
    packs: shared.PackFolders = None,
    sandbox: shared.SandboxChoice = None,
    as_json: shared.AsJson = False,
    quiet: shared.Quiet = False,
) -> None:
    """Write the folder that one candidate receives: brief, starter, their own data, environment, self-check, letter."""
    from harness.authoring.export import Assignment, export
    from harness.packs import open_pack
    from harness.settings import resolve

    settings = resolve(sandbox, tuple(packs or ()))
    opened = open_pack(pack, settings.packs)
    shared.known_profile(profile, opened.rubric)
    place = out or Path(f"{opened.pack.id}-{shared.safe_name(candidate)}")
    assignment = Assignment(candidate, deadline, contact, retention, profile)
    files = export(opened, assignment, settings, place, shared.sayer(quiet or as_json), seed)
    shared.out(
        json.dumps({"schema_version": 1, "folder": str(place), "files": files}, indent=1)
        if as_json
        else "\n".join([*files, "", f"folder: {place}"])
    )


@app.command("diff")
def diff_packs(
    old: Annotated[str, typer.Argument(help="The folder of the old version.")],
    new: Annotated[str, typer.Argument(help="The folder of the new version.")],
    as_json: shared.AsJson = False,
) -> None:
    """Tell what candidates see changed, and what grading changed."""
    from harness.authoring.diff import diff
    from harness.packs import open_pack

    changes, version = diff(open_pack(_folder(old)), open_pack(_folder(new)))
    if as_json:
        rows = [{"audience": one.audience, "what": one.what} for one in changes]
        shared.out(json.dumps({"schema_version": 1, "changes": rows, "asks_for_version": version}, indent=1))
    else:
        shared.out("\n".join([*map(str, changes), f"asks for version {version}"] if changes else ["nothing changed"]))


def _folder(name: str) -> str:
    """A folder that lies here needs no `./` before its name."""
    return f"./{name}" if (Path(name) / "pack.yaml").is_file() and not name.startswith("/") else name


@app.command("new")
def new_pack(
    name: Annotated[str, typer.Argument(help="The new pack's id: lower case, letters, digits, underscores.")],
    kind: Annotated[str, typer.Option("--kind", help="What candidates return: predict, forecast, pipeline or review.")],
    out: Annotated[Path, typer.Option("--out", help="The folder that will hold the pack's folder.")] = Path(),
) -> None:
    """Write a small whole pack to start from. It lints clean; everything left to you is listed."""
    import re

    from harness.authoring.scaffold import scaffold
    from harness.errors import UsageError

    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", name):
        raise UsageError(f"{name!r} is no pack id", expected="lower case, beginning with a letter: letters, digits, - and _")
    left = scaffold(name, kind, out)
    head = f"{out / name} is written; left to you there, {len(left)} places:"
    shared.out("\n".join([head, *left, "", f"next: harness pack lint {out / name}/"]))


@app.command("todo", short_help="List what is still marked as left to be written.")
def what_is_left(
    pack: Annotated[str, typer.Argument(help="A pack's id, or the path of its folder.")],
    packs: shared.PackFolders = None,
) -> None:
    """List every place of a pack that is still marked as left to its author."""
    from harness.authoring.scaffold import left_to_do
    from harness.packs import find_pack_root
    from harness.settings import resolve

    left = left_to_do(find_pack_root(pack, resolve(packs=tuple(packs or ())).packs))
    shared.out("\n".join(left) if left else "nothing is left")
