"""Kind pipeline: build a table for rows that were not shown, build it again in other ways, and answer questions in SQL."""

from collections.abc import Sequence
from pathlib import Path

from harness.model.answers import TableAnswer
from harness.model.pack import Pack
from harness.model.run import SandboxLost, SkippedStep, StepResult
from harness.model.submission import FunctionEntry, ServiceEntry
from harness.running import jobs
from harness.running.kinds.base import Kind
from harness.running.rebuilds import rebuild_all
from harness.running.table_exchange import SQL, make_table_exchange
from harness.running.work import Happened, Running


def build(running: Running, _: Sequence[StepResult]) -> Happened:
    """The first build. The step is called predict, as every step that makes the answer."""
    limits, entry = running.pack.steps.predict, running.choice.entry
    if limits is None:
        return [], [SkippedStep(name="predict", reason="this pack asks for no table", fault="pack")]
    if entry is None:
        return [], [SkippedStep(name="predict", reason=running.choice.reason, fault="submission")]
    if isinstance(entry, (FunctionEntry, ServiceEntry)):
        reason = f"a table is asked for by a command line or a notebook, and submission.json names a {entry.kind}"
        return [], [SkippedStep(name="predict", reason=reason, fault="submission")]
    order = jobs.build(running.place, entry, running.pack, limits, running.exchange.public)
    return [running.step("predict", order, limits)], []


def build_again(running: Running, before: Sequence[StepResult]) -> Happened:
    """Further builds, where there is a first one to compare with."""
    first = next((step for step in before if step.name == "predict"), None)
    rebuilds, entry = running.pack.steps.rebuilds, running.choice.entry
    if rebuilds is None or first is None or entry is None or isinstance(entry, (FunctionEntry, ServiceEntry)):
        return [], []
    if not answer_of(running.pack, running.artifacts, running.files).is_file():
        reason = f"predict {first.outcome.sentence()} and left no table to compare with"
        lost = isinstance(first.outcome, SandboxLost)
        return [], [SkippedStep(name="rebuilds", reason=reason, fault="harness" if lost else "submission")]
    return rebuild_all(running, entry, rebuilds, first)


def ask_sql(running: Running, _: Sequence[StepResult]) -> Happened:
    part = running.pack.steps.sql
    if part is None:
        return [], []
    wanted = [question.file for question in part.questions]
    if not set(wanted) & set(running.snapshot.paths()):
        reason = f"the submission has none of {', '.join(wanted)}"
        return [], [SkippedStep(name="sql", reason=reason, fault="submission")]
    order = jobs.ask_sql(running.place, part, running.exchange.public.parent / SQL)
    return [running.step("sql", order, part.limits)], []


def answer_of(pack: Pack, artifacts: Path, _files: Path) -> Path:
    return artifacts / "predict" / pack.answer.file


def _private(pack: Pack) -> tuple[str, ...]:
    flagged = pack.answer.flagged if isinstance(pack.answer, TableAnswer) else None
    questions = pack.steps.sql.questions if pack.steps.sql else ()
    asked = (pack.data.asked,) if pack.data.asked else ()
    return (pack.data.labels, *asked, *((flagged.planted,) if flagged else ()), *(one.expected for one in questions))


TABLE = Kind(
    public=lambda pack: (pack.data.score, *(one.file for one in (pack.steps.sql.tables if pack.steps.sql else ()))),
    private=_private,
    make_exchange=make_table_exchange,
    stages=(build, build_again, ask_sql),
    answer_of=answer_of,
)
