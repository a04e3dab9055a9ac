"""Options and small words that several commands share."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.commands import completing
from harness.errors import PackError, SandboxError, SubmissionError, UsageError

if TYPE_CHECKING:
    from harness.model.report import Report
    from harness.model.rubric import Rubric
    from harness.settings import Format

PackName = Annotated[
    str, typer.Option("--pack", help="A pack's id, or the path of its folder.", autocompletion=completing.packs)
]
PackFolders = Annotated[
    list[Path] | None,
    typer.Option("--packs", help="A folder that holds packs; may be given more than once.", show_default=False),
]
SandboxChoice = Annotated[
    str | None,
    typer.Option(
        "--sandbox",
        help="auto, docker or bubblewrap. [default: auto]",
        show_default=False,
        autocompletion=completing.sandboxes,
    ),
]
FORMATS: Any = typer.Option(
    "--format", help="Of html,json,md,junit,sarif. [default: all]", show_default=False, autocompletion=completing.formats
)
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]
FailUnder = Annotated[
    float | None,
    typer.Option("--fail-under", min=0, max=100, help="Leave with code 1 below this automatic total.", show_default=False),
]
SigningKey = Annotated[
    Path | None,
    typer.Option("--key", help="Sign runs with this private key. [default: HARNESS_KEY, else unsigned]", show_default=False),
]
ProfileName = Annotated[
    str | None,
    typer.Option("--profile", help="Role that chooses the weights, or startup, growth, enterprise.", show_default=False),
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Seed of the pack's data.", show_default=False)]


def out(text: str) -> None:
    """Data, on standard output."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def near(place: Path) -> Path:
    """A place below the working folder as it is seen from here."""
    return place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place


def width() -> int:
    """Of the terminal; wider than 100 no line is read well, and what is no terminal is as wide as that."""
    import shutil

    return min(100, shutil.get_terminal_size((100, 24)).columns)


def sayer(quiet: bool) -> Callable[[str], None]:
    """How stages tell where they are: plain lines on standard error."""
    if quiet:
        return lambda _sentence: None

    def say(sentence: str) -> None:
        sys.stderr.write(f"  {sentence}\n")
        sys.stderr.flush()

    return say


def formats_of(text: str | None) -> "tuple[Format, ...]":
    """The formats named in a comma-separated list."""
    from harness.settings import ALL_FORMATS

    if text is None:
        return ALL_FORMATS
    named = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [name for name in named if name not in ALL_FORMATS]
    if unknown:
        from harness.plugins import names

        known = (*ALL_FORMATS, *names("renderers"))
        unknown = [name for name in unknown if name not in known]
        if unknown:
            raise UsageError(f"there is no format called {unknown[0]!r}", where="--format", expected=", ".join(known))
    return named  # type: ignore[return-value]


def safe_name(text: str) -> str:
    """A name that is fit for a folder, made from any text."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[:60] or "submission"


def known_profile(profile: str | None, rubric: "Rubric") -> None:
    """Refuse a profile that neither the rubric nor the harness has, before anything is run."""
    if profile is not None:
        from harness.profiles import with_profile

        with_profile(rubric, profile)


def formats_for(formats: str | None, profile: str | None) -> "tuple[Format, ...]":
    """What is written: what was asked for, else what a preset says, else everything."""
    if formats is None and profile is not None:
        from harness.profiles import presets

        if profile in presets():
            return presets()[profile].formats
    return formats_of(formats)


def below_bar(report: "Report", bar: float | None) -> str | None:
    """Why the bar is not reached, or None when it is, or when no bar was asked for."""
    if bar is None:
        return None
    if report.totals.automatic is None:
        return f"nothing was measured automatically, so the bar of {bar:g} is not reached"
    if report.totals.automatic < bar:
        return f"the automatic total {report.totals.automatic:g} is below the bar of {bar:g}"
    held = [gate.id for gate in report.gates if gate.withholds_total]
    return f"the gate {held[0]} is open: a person has to look first" if held else None


def expect_gradable(report: "Report") -> None:
    """A report in which nothing at all was measured is written and told, and is no grade."""
    if report.status != "not_gradable":
        return
    first = report.reasons[0].partition(": ")[2] if report.reasons else "no check could be asked"
    faults = {result.fault.value for result in report.checks if result.fault is not None}
    error = SandboxError if "harness" in faults else PackError if "pack" in faults else SubmissionError
    raise error(
        f"nothing could be graded: {first}",
        where=report.submission.source,
        next_step="the report says why for each check, and what was left out of the submission",
    )
