"""harness ci: feedback in a candidate's own CI. The public part only; it needs no secret and knows nothing private."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared
from harness.errors import ExitCode, HarnessError, UsageError

if TYPE_CHECKING:
    from harness.ci.examine import Examined, Request
    from harness.model.feedback import Feedback


def ci(
    place: Annotated[Path, typer.Argument(help="The candidate's repository.", show_default=True)] = Path(),
    pack: Annotated[
        str | None,
        typer.Option("--pack", help="A pack's id or folder. [default: what .assignment.json names]", show_default=False),
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="The data that was handed out. [default: data/]", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the files. [default: harness-feedback in CI, else none]", show_default=False),
    ] = None,
    fail_under: Annotated[
        float | None,
        typer.Option("--fail-under", min=0, max=100, help="Leave with code 1 below this public score.", show_default=False),
    ] = None,
    no_run: Annotated[bool, typer.Option("--no-run", help="Only read: no sandbox, nothing is run.")] = False,
    sandbox: shared.SandboxChoice = None,
    packs: shared.PackFolders = None,
    as_json: shared.AsJson = False,
    quiet: shared.Quiet = False,
) -> None:
    """Look at the public part of a candidate's work: form, code, ML practice, own tests, a public validation split.

    Knows GitHub Actions, GitLab CI and other systems by their environment. Nothing private is needed or told, and the result
    is never the grade. Exit codes: 0 looked at, 1 below --fail-under, 2 usage, 3 pack or .assignment.json, 4 nothing to look
    at, 5 sandbox failed (what could be read is told all the same).
    """
    on_github = os.environ.get("GITHUB_ACTIONS") == "true"
    try:
        from harness.ci.detect import detect
        from harness.ci.examine import Request
        from harness.settings import resolve

        _expect_folder(place)
        settings = resolve(sandbox, tuple(packs or ()))
        request = Request(place, detect(os.environ), settings, pack, data, fail_under, runs=not no_run)
        examined, folder = _look(request, out, silent=quiet or as_json)
    except HarnessError as error:
        _tell_failure(error, on_github=on_github)
        raise typer.Exit(error.exit_code) from None
    feedback = examined.feedback
    _tell(feedback, folder, as_json=as_json, on_github=on_github)
    if examined.sandbox_failed:
        _note("the sandbox failed, so not everything was run; trying again makes sense")
        raise typer.Exit(ExitCode.INFRASTRUCTURE)
    if feedback.below:
        _note(feedback.below)
        raise typer.Exit(ExitCode.BELOW_BAR)


def _expect_folder(place: Path) -> None:
    if not place.is_dir():
        raise UsageError("is not a folder", where=str(place), expected="the candidate's repository")


def _look(request: "Request", out: Path | None, *, silent: bool) -> "tuple[Examined, Path | None]":
    """Look, and leave what was found where the build keeps it."""
    from harness.ci.examine import examine, takes_commit
    from harness.ci.writing import folder_for, write_files, write_outputs, write_summary
    from harness.publishing import log_line

    place, build = request.place, request.build
    folder = folder_for(out, place, build, from_commit=takes_commit(place, build))
    say = shared.sayer(silent)
    examined = examine(request, lambda sentence: say(log_line(sentence)))
    if folder is not None:
        write_files(examined.feedback, folder)
    for problem in (write_summary(examined.feedback, build), write_outputs(examined.feedback, build, folder)):
        if problem:
            _note(problem)
    return examined, folder


def _tell(feedback: "Feedback", folder: Path | None, *, as_json: bool, on_github: bool) -> None:
    """One document on standard output when JSON was asked for; GitHub reads its commands from either stream."""
    from harness.publishing import feedback_annotations, feedback_log

    shared.out(feedback.to_json() if as_json else feedback_log(feedback))
    if on_github:
        stream = sys.stderr if as_json else sys.stdout
        stream.write("".join(f"{line}\n" for line in feedback_annotations(feedback)))
        stream.flush()
    if folder is not None and not as_json:
        _note(f"files: {folder}")


def _tell_failure(error: HarnessError, *, on_github: bool) -> None:
    """An error may quote a candidate's file: each line of it is told as one that no system takes for a command."""
    from harness.publishing import failure_annotation, log_line

    _note("this could not be looked at")
    sys.stderr.write("".join(f"{log_line(line)}\n" for line in str(error).splitlines()))
    if on_github:
        sys.stderr.write(f"{failure_annotation(str(error).splitlines()[0])}\n")
    sys.stderr.flush()


def _note(sentence: str) -> None:
    from harness.publishing import log_line

    sys.stderr.write(f"harness: {log_line(sentence).removeprefix('| ')}\n")
