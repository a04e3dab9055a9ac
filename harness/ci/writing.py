"""Where a build is told: its log, its page, values for later steps, and files to keep."""

from pathlib import Path

from harness.ci.build import Build
from harness.errors import UsageError
from harness.model.feedback import Feedback
from harness.model.text import one_line
from harness.publishing import feedback_files, feedback_summary

DEFAULT_FOLDER = "harness-feedback"


def folder_for(asked: Path | None, place: Path, build: Build, *, from_commit: bool) -> Path | None:
    """Where files go: what was asked for, else beside the work in a build. Never where they would become part of the work."""
    if asked is None:
        return Path(DEFAULT_FOLDER) if build.system != "none" and from_commit else None
    if not from_commit and asked.resolve().is_relative_to(place.resolve()):
        raise UsageError(
            "lies inside the submission", where=str(asked), expected="a place outside it", next_step="name another --out"
        )
    return asked


def write_files(feedback: Feedback, folder: Path) -> tuple[Path, ...]:
    """Every form, each by rename, so that nobody reads a half-written one."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in feedback_files(feedback).items():
        draft, place = folder / f".{name}.part", folder / name
        draft.write_text(text, "utf-8")
        draft.replace(place)
        written.append(place)
    return tuple(written)


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
