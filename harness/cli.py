"""The door: options to a command, errors to sentences, outcomes to exit codes. Nothing heavy is imported here."""

import os
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from harness import __version__
from harness.commands import (
    batch,
    checks,
    ci,
    clean,
    compare,
    doctor,
    erase,
    grade,
    inspect,
    keys,
    pack,
    regrade,
    review,
    schema,
    similarity,
    verify,
    watch,
)
from harness.errors import ExitCode, HarnessError
from harness.model.text import one_line

app = typer.Typer(
    name="harness",
    help="Grades machine-learning take-homes: hardened sandboxes, evidence, a weighted rubric, one report.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("grade")(grade.grade)
app.command("compare")(compare.compare)
app.command("inspect")(inspect.inspect)
app.command("batch")(batch.batch)
app.command("regrade")(regrade.regrade)
app.command("similarity")(similarity.similarity)
app.command("review")(review.review)
app.add_typer(pack.app, name="pack")
app.command("checks")(checks.checks)
app.command("watch")(watch.watch)
app.command("verify")(verify.verify)
app.add_typer(keys.app, name="keys")
app.command("ci")(ci.ci)
app.command("doctor")(doctor.doctor)
app.command("erase")(erase.erase)
app.command("clean")(clean.clean)
app.command("schema")(schema.schema)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"harness {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    del version


def main() -> NoReturn:
    """Run the command line and leave with the exit code that its outcome means."""
    os.umask(0o022)
    signal.signal(signal.SIGTERM, _end_as_asked)
    try:
        app(standalone_mode=True)
    except HarnessError as error:
        _tell(f"harness: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _tell("harness: interrupted; what was finished is kept, the same command goes on from there")
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OUR_BUG)
    except Exception as error:
        _tell(_our_fault(error))
        sys.exit(ExitCode.OUR_BUG)
    sys.exit(0)


def _end_as_asked(_number: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM ends like an interrupt, so that every sandbox is closed on the way out."""
    sys.exit(ExitCode.TERMINATED)


def _our_fault(error: Exception) -> str:
    if os.environ.get("HARNESS_DEBUG"):
        import traceback

        return traceback.format_exc()
    return (
        f"harness: a fault of the harness itself: {type(error).__name__}: {one_line(str(error))}\n"
        "  next: run it again with HARNESS_DEBUG=1 and report what it prints"
    )


def _tell(sentence: str) -> None:
    sys.stderr.write(sentence.rstrip() + "\n")
