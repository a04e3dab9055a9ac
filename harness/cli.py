"""The door: options to a command, errors to sentences, outcomes to exit codes. Nothing heavy is imported here."""

import atexit
import gc
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
from harness.errors import HOST_TROUBLE, ExitCode, HarnessError
from harness.model.text import one_line

SELDOM = 200_000
"""Tables are read as lists of lists, which hold no cycles: looking for cycles every 700 objects took a tenth of a grade."""

app = typer.Typer(
    name="harness",
    help="Grades machine-learning take-homes: hardened sandboxes, evidence, a weighted rubric, one report.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _command, _short in (
    ("grade", grade.grade, "Run, judge and weigh a submission; write its report."),
    ("inspect", inspect.inspect, "Read a submission without running it: facts and places."),
    ("regrade", regrade.regrade, "Weigh a finished run again, and say what changed."),
    ("review", review.review, "Rate the human part of submissions in a browser here."),
    ("compare", compare.compare, "Set finished runs side by side."),
    ("batch", batch.batch, "Grade every submission of a folder; write one page of all."),
    ("similarity", similarity.similarity, "Find code that submissions have in common."),
    ("watch", watch.watch, "Grade what candidates push to their repositories."),
    ("ci", ci.ci, "Look at the public part of a candidate's work, in a build."),
    ("checks", checks.checks, "List the checks, or explain one of them."),
    ("schema", schema.schema, "Print the JSON Schema of one of our documents."),
    ("doctor", doctor.doctor, "Check this host: sandboxes, limits, disk, images."),
    ("clean", clean.clean, "Remove what dead runs left behind, and nothing else."),
    ("erase", erase.erase, "Erase everything that is held of a candidate."),
    ("verify", verify.verify, "Hold a run against its digests and its signature."),
):
    app.command(_name, short_help=_short)(_command)
app.add_typer(pack.app, name="pack", short_help="Make, try and hand out task packs.")
app.add_typer(keys.app, name="keys", short_help="Keys that sign runs.")


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
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)  # what lives until the end need not be searched for cycles then
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
    except OSError as error:
        code, sentence = _of_the_system(error)
        _tell(sentence)
        sys.exit(code)
    except Exception as error:
        _tell(_our_fault(error))
        sys.exit(ExitCode.OUR_BUG)
    sys.exit(0)


def _end_as_asked(_number: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM ends like an interrupt, so that every sandbox is closed on the way out."""
    sys.exit(ExitCode.TERMINATED)


def _of_the_system(error: OSError) -> tuple[ExitCode, str]:
    """What the system refuses at any moment: a machine that is full or broken, or a place that is not this user's."""
    where = f"{one_line(str(error.filename))}: " if error.filename else ""
    if error.errno in HOST_TROUBLE:
        return ExitCode.INFRASTRUCTURE, (
            f"harness: {where}this machine cannot go on: {error.strerror}\n"
            "  next: free some space, or name another --out or HARNESS_CACHE_DIR; the same command then goes on from there"
        )
    if isinstance(error, PermissionError) and error.filename:
        return ExitCode.USAGE, (
            f"harness: {where}{error.strerror}\n"
            "  expected: files and folders that this user may read, and a place to write to\n"
            "  next: check the access rights, or name another place"
        )
    return ExitCode.OUR_BUG, _our_fault(error)


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
