"""Where a build is told: its log, its page, values for later steps, and files to keep."""

import os
from pathlib import Path

from harness.ci.build import Build
from harness.errors import UsageError
from harness.model.feedback import Feedback
from harness.model.text import one_line
from harness.publishing import feedback_files, feedback_summary

DEFAULT_FOLDER = "harness-feedback"


def folder_for(asked: Path | None, place: Path, build: Build, *, from_commit: bool) -> Path | None:
    """Where files go: what was asked for, else beside the work in a build. Never where they would become part of the work."""
    if asked is None and (build.system == "none" or not from_commit):
        return None
    asked = asked or Path(DEFAULT_FOLDER)
    if _named(asked).is_relative_to(_named(place)) and not asked.resolve().is_relative_to(place.resolve()):
        raise _leads_away(asked)
    if not from_commit and asked.resolve().is_relative_to(place.resolve()):
        raise UsageError(
            "lies inside the submission", where=str(asked), expected="a place outside it", next_step="name another --out"
        )
    return asked


def write_files(feedback: Feedback, folder: Path) -> tuple[Path, ...]:
    """Every form, each by rename, so that nobody reads a half-written one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_write(folder, name, text) for name, text in feedback_files(feedback).items())
    except OSError as error:
        raise UsageError(
            f"cannot be written to: {error.strerror}", where=str(folder), expected="a folder", next_step="name another --out"
        ) from error


def _write(folder: Path, name: str, text: str) -> Path:
    """A link that a candidate has put where the draft goes is removed, never followed."""
    draft, place = folder / f".{name}.part", folder / name
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(place)
    return place


def _named(path: Path) -> Path:
    """Where a path says it is, before any link in it is followed."""
    return Path(os.path.normpath(path.absolute()))


def _leads_away(folder: Path) -> UsageError:
    return UsageError(
        "is a link that leads out of the repository", where=str(folder), expected="a folder", next_step="name another --out"
    )


def write_summary(feedback: Feedback, build: Build) -> str:
    """The page of the build; returns why it could not be written, or nothing."""
    return _append(build.summary, feedback_summary(feedback)) if build.summary is not None else ""


def write_outputs(feedback: Feedback, build: Build, folder: Path | None) -> str:
    """Values for later steps. All of them are ours: numbers, and the name of our own folder on one line."""
    if build.outputs is None:
        return ""
    values = {
        "score": "" if feedback.score is None else f"{feedback.score:g}",
        "measured": str(feedback.measured),
        "findings": str(len(feedback.findings) + feedback.findings_not_listed),
        "below": "true" if feedback.below else "false",
        "report": one_line(str(folder)) if folder is not None else "",
    }
    return _append(build.outputs, "".join(f"{name}={value}\n" for name, value in values.items()))


def _append(file: Path, text: str) -> str:
    try:
        with file.open("a", encoding="utf-8") as open_file:
            open_file.write(text)
    except OSError as error:
        return f"{file.name} could not be written: {error.strerror}"
    return ""
