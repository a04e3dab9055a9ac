"""Looking at a candidate's push: taken like a submission, judged with nothing but public material."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from harness import checking, intake
from harness.ci.build import Build
from harness.ci.contract import Assignment, find_assignment, public_pack
from harness.ci.form import check_form
from harness.ci.sandboxed import Ran, Subject, not_run, run
from harness.ci.telling import Told, tell
from harness.errors import UsageError
from harness.model.evidence import Evidence, Reference
from harness.model.feedback import Feedback
from harness.model.finding import CheckResult
from harness.model.submission import Snapshot
from harness.running import choose_entry
from harness.settings import Settings


@dataclass(frozen=True)
class Request:
    """What was asked of `harness ci`."""

    place: Path
    build: Build
    settings: Settings
    pack: str | None = None
    data: Path | None = None
    bar: float | None = None
    runs: bool = True


@dataclass(frozen=True)
class Examined:
    feedback: Feedback
    sandbox_failed: bool


def takes_commit(place: Path, build: Build) -> bool:
    """In a build the commit is looked at, as it will be when it is graded; elsewhere the files as they lie."""
    return build.system != "none" and (place / ".git").exists()


def examine(request: Request, say: Callable[[str], None]) -> Examined:
    """Everything the public part can tell."""
    settings = replace(request.settings, secret=None, key=None)
    with tempfile.TemporaryDirectory(prefix="harness-ci-", ignore_cleanup_errors=True) as temporary:
        scratch = Path(temporary)
        commit = "HEAD" if takes_commit(request.place, request.build) else None
        snapshot = intake.take(str(request.place.resolve()), scratch / "submission", commit=commit)
        subject = _subject(request, snapshot, scratch)
        ran = run(subject, settings, say) if request.runs else not_run(subject, "running was switched off", "unsupported")
        evidence = _evidence(subject, ran)
        results = (check_form(subject, ran), *_judged(evidence))
        created = settings.now.isoformat(timespec="seconds")
        told = Told(request.build, _prefix(request), created, request.bar, _notes(request, subject, ran, snapshot))
        return Examined(tell(subject, evidence, ran, results, told), ran.sandbox_failed)


def _subject(request: Request, snapshot: Snapshot, scratch: Path) -> Subject:
    files = scratch / "submission"
    assignment = find_assignment(snapshot, files, request.pack, request.settings.packs)
    pack = public_pack(assignment.contract)
    declaration, problem = intake.read_declaration(files, snapshot)
    choice = choose_entry(declaration, problem, snapshot, files, pack.entry_points)
    return Subject(assignment, pack, snapshot, files, choice, _data(request, assignment, files, scratch), scratch)


def _data(request: Request, assignment: Assignment, files: Path, scratch: Path) -> Path | None:
    """The data that was handed out: where it was named, in the commit, or beside it. Links in it are refused."""
    if request.data is not None and not request.data.is_dir():
        raise UsageError("is not a folder", where=str(request.data), expected="the data that was handed out")
    wanted = _marks_data(assignment)
    committed = files / "data"
    if request.data is None and wanted(committed):
        return committed
    beside = request.data or request.place / "data"
    if not beside.is_dir() or (request.data is None and beside.is_symlink()):
        return None
    copy = scratch / "data"
    intake.take(str(beside.resolve()), copy)
    return copy if wanted(copy) else None


def _marks_data(assignment: Assignment) -> Callable[[Path], bool]:
    contract = assignment.contract
    name = contract.answer.repository if contract.answer.kind == "review" else contract.score
    return lambda folder: (folder / name).exists()


def _evidence(subject: Subject, ran: Ran) -> Evidence:
    declaration, problem = intake.read_declaration(subject.files, subject.snapshot)
    labels = ran.labels or subject.scratch / "no-labels.csv"
    has_reference = ran.labels is not None or subject.pack.answer.kind == "review"
    return Evidence(
        snapshot=subject.snapshot,
        files=subject.files,
        declaration=declaration,
        declaration_problem=problem,
        runs=ran.runs,
        artifacts=subject.scratch / "artifacts",
        pack=subject.pack,
        brief=subject.assignment.brief,
        reference=Reference(labels=labels, public=ran.data) if has_reference else None,
    )


def _judged(evidence: Evidence) -> tuple[CheckResult, ...]:
    uses = evidence.pack.checks if evidence.pack else ()
    return checking.judge(evidence, uses).results


def _prefix(request: Request) -> str:
    """Where the submission lies in the repository, so that places are those of the repository."""
    place = request.place.resolve()
    root = request.build.root.resolve() if request.build.root else _top(place)
    return os.path.relpath(place, root) if root is not None and place.is_relative_to(root) else "."


def _top(place: Path) -> Path | None:
    return next((one for one in (place, *place.parents) if (one / ".git").exists()), None)


def _notes(request: Request, subject: Subject, ran: Ran, snapshot: Snapshot) -> tuple[str, ...]:
    notes = list(request.build.notes)
    if takes_commit(request.place, request.build):
        taken, named = snapshot.source.commit, request.build.commit
        if taken and named and taken != named:
            notes.append(f"Looked at is the checked-out commit {taken[:12]}; the build was started for {named[:12]}.")
    elif request.build.system == "none":
        notes.append("The files were looked at as they lie here; graded is what is committed and handed in.")
    if ran.data is None and request.runs:
        notes.append("The data is not in the repository: tests that read it cannot pass here, and no answer was asked for.")
    if subject.pack.answer.kind == "predictions":
        notes.append("The validation split is made of public rows. It says nothing of the hidden data, and is not the grade.")
    return tuple(notes)
