"""Kind review: a repository is read and judged by the candidate. The answer is a file; only patches are ever run."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from harness.model.answers import ReviewAnswer
from harness.model.pack import Pack
from harness.model.run import Artifact, SkippedStep, StepResult
from harness.running.calls import STEP, call_in
from harness.running.exchange import Exchange, link_or_copy
from harness.running.kinds.base import Kind
from harness.running.kinds.review_template import complete
from harness.running.patching import Applied, change_repository, write_tree
from harness.running.work import Happened, Running

APPLIED = "applied.json"
"""Written beside the answers by the harness: what became of each patch."""


def prove(running: Running, _: Sequence[StepResult]) -> Happened:
    """Apply the patches to a copy of the repository, and call its functions with the author's values."""
    asked = running.pack.steps.calls
    if asked is None:
        return [], []
    repository = running.public / _answer(running.pack).repository
    tree, account = change_repository(repository, running.files, running.snapshot.paths())
    if not account:
        return [], [SkippedStep(name=STEP, reason="the review holds no patch", fault="submission")]
    if all(one.problem for one in account):
        reason = f"no patch could be applied: {account[0].source}: {account[0].problem}"
        return [], [SkippedStep(name=STEP, reason=reason, fault="submission")]
    folder = running.session.folder("patched")
    try:
        write_tree(tree, folder)
    except OSError as error:
        reason = f"the patched files cannot be written: {error.strerror}"
        return [], [SkippedStep(name=STEP, reason=reason, fault="submission")]
    result = call_in(running, asked, folder)
    noted = _note(running.artifacts / STEP / APPLIED, account)
    done: StepResult = result.changed(artifacts=(*result.artifacts, noted))
    return [done], []


def _note(place: Path, account: Sequence[Applied]) -> Artifact:
    rows = [{"source": one.source, "files": one.files, "problem": one.problem} for one in account]
    content = json.dumps(rows).encode("ascii")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return Artifact(step=STEP, name=APPLIED, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def make_exchange(pack: Pack, data: Path, _key: bytes, destination: Path) -> Exchange:
    """The repository as it was given: there are no row ids to renew. What was planted is kept apart."""
    public, private = destination / "public", destination / "private"
    shutil.copytree(data / "public", public, copy_function=lambda source, target: link_or_copy(Path(source), Path(target)))
    shutil.copytree(data / "private", private)
    private.chmod(0o700)
    digest = hashlib.sha256()
    for path in sorted(public.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(public).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return Exchange(public, private / pack.data.labels, digest.hexdigest())


def answer_of(pack: Pack, _artifacts: Path, files: Path) -> Path:
    return files / pack.answer.file


def _private(pack: Pack) -> tuple[str, ...]:
    return (pack.data.labels, pack.steps.calls.file) if pack.steps.calls else (pack.data.labels,)


def _answer(pack: Pack) -> ReviewAnswer:
    if not isinstance(pack.answer, ReviewAnswer):
        message = f"a pack of the kind {pack.kind} returns no review"
        raise TypeError(message)
    return pack.answer


REVIEW = Kind(
    public=lambda pack: (f"{_answer(pack).repository}/README.md",),
    private=_private,
    make_exchange=make_exchange,
    stages=(prove,),
    answer_of=answer_of,
    complete=complete,
)
