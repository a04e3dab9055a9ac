"""Judging: Evidence -> CheckResults. The only part of the harness that opens the checks room.

Checks read bytes that a candidate wrote, so they run in forked children with limits on memory and time. A check that
raises is our fault and says so; a child that dies takes nothing with it, because each check is then tried by itself.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from checks.base import CheckSpec, not_measured
from harness import plugins
from harness.child import Child
from harness.documents import nearest
from harness.errors import PackError
from harness.model.evidence import ChangedFileError, Evidence
from harness.model.finding import CheckResult, Fault
from harness.model.pack import CheckUse, Metric, Pack
from harness.model.record import Record
from harness.model.run import SandboxLost
from harness.store import Checks

TIME_LIMIT_S = 300.0
AT_ONCE, NUMBER_BYTES = 2, 2
ALONE_S, ALL_ALONE_S = 60.0, 300.0
"""What one check may take when the checks together did not answer, and all of them one after the other."""


class Planned(Record):
    """A check with its settings, ready to be asked."""

    check: str
    settings: dict[str, Any]


def judge(evidence: Evidence, uses: Sequence[CheckUse]) -> Checks:
    """Ask every check of the pack, in two processes that take the next question when they are done with one."""
    specs = catalogue()
    verify_uses(uses, specs)
    questions = _questions(specs, uses)
    results: dict[int, CheckResult] = {}
    with _queue(len(questions)) as waiting, ExitStack() as children:
        working = [children.enter_context(Child(_taking(waiting, questions, specs, uses, evidence))) for _ in range(AT_ONCE)]
        for child in working:
            results.update((at, CheckResult.model_validate(told)) for at, told in child.answer(TIME_LIMIT_S) or ())
    left = [at for at in range(len(uses)) if at not in results]
    results.update(zip(left, _each_alone(specs, [uses[at] for at in left], evidence), strict=True))
    return Checks(results=tuple(results[at] for at in range(len(uses))))


Question = tuple[int, ...]
"""Checks that one process is asked together, by their place in the pack's list."""


def _questions(specs: dict[str, CheckSpec], uses: Sequence[CheckUse]) -> list[Question]:
    """Those that read files share what was read, so they are one question; each that measures is one of its own."""
    reading = tuple(at for at, use in enumerate(uses) if set(specs[use.check].needs) == {"files"})
    measuring = [(at,) for at in range(len(uses)) if at not in reading]
    return [reading, *measuring] if reading else [*measuring]


@contextmanager
def _queue(count: int) -> Iterator[int]:
    """A pipe that holds the numbers from 0 to count: whoever reads one of them has it to himself."""
    reader, writer = os.pipe()
    os.write(writer, b"".join(number.to_bytes(NUMBER_BYTES) for number in range(count)))
    os.close(writer)
    try:
        yield reader
    finally:
        os.close(reader)


def _taking(
    waiting: int, questions: Sequence[Question], specs: dict[str, CheckSpec], uses: Sequence[CheckUse], evidence: Evidence
) -> Callable[[], list[Any]]:
    def work() -> list[Any]:
        answers: list[Any] = []
        while taken := os.read(waiting, NUMBER_BYTES):
            asked = questions[int.from_bytes(taken)]
            told = _asking(specs, [uses[at] for at in asked], evidence)()
            answers += zip(asked, told, strict=True)
        return answers

    return work


def read_only(
    evidence: Evidence, uses: Sequence[CheckUse] | None, *, facts_only: bool = False
) -> tuple[dict[str, Any] | None, tuple[CheckResult, ...]]:
    """The facts of ML practice, and every check that needs nothing but files. The facts are None when reading them failed."""
    specs = catalogue()
    if uses is not None:
        verify_uses(uses, specs)
    wanted = uses if uses is not None else [CheckUse(check=name) for name in specs]
    static = [] if facts_only else [use for use in wanted if _reads_files_only(specs[use.check])]
    facts = _in_child(lambda: [_practice(evidence), *_asking(specs, static, evidence)()])
    if facts is not None:
        return facts[0], tuple(CheckResult.model_validate(one) for one in facts[1:])
    alone = _in_child(lambda: [_practice(evidence)], ALONE_S)
    return (alone[0] if alone else None), _each_alone(specs, static, evidence)


def catalogue() -> dict[str, CheckSpec]:
    """Every check there is, verified; those of plug-ins, too."""
    from checks import registry

    _take_plugins()
    return registry.load()


def _take_plugins() -> None:
    """Checks and metrics that other distributions bring; refused here, before anything is judged."""
    from checks import registry
    from checks.metrics import registry as metrics

    plugins.join("checks", registry.accept)
    plugins.join("metrics", metrics.accept)


def verify_uses(uses: Sequence[CheckUse], specs: dict[str, CheckSpec]) -> None:
    """Raise one PackError that names every unknown check and every wrong setting."""
    problems = []
    for use in uses:
        spec = specs.get(use.check)
        if spec is None:
            problems.append(f"there is no check called {use.check!r}; {nearest(use.check, specs)}")
            continue
        try:
            spec.settings.model_validate(use.settings)
        except ValidationError as error:
            fields = spec.settings.model_fields
            problems += [
                f"check {use.check}: {'.'.join(map(str, one['loc']))}: {one['msg']}; {nearest(str(one['loc'][0]), fields)}"
                for one in error.errors()
                if one["loc"]
            ] or [f"check {use.check}: {error.errors()[0]['msg']}"]
    if problems:
        raise PackError("\n".join(problems), where="pack.yaml, checks", next_step="harness checks")


def metric_value(pack: Pack, metric: Metric, answer: bytes, reference: Path, artifacts: Path | None = None) -> float:
    """One metric of one answer, and of what running it brought out: how the rungs of a ladder are measured."""
    from checks.answers.registry import measure

    _take_plugins()
    return measure(pack, metric, answer, reference, artifacts)


def faults_repaired(pack: Pack, reference: Path, artifacts: Path) -> tuple[str, ...]:
    """Planted faults that are gone, by the answers in these artifacts."""
    from checks.proof import proved_on_disk
    from checks.reviewing import read_planted

    return proved_on_disk(pack, read_planted(reference.read_bytes()), reference.parent, artifacts)


def _reads_files_only(spec: CheckSpec) -> bool:
    return set(spec.needs) <= {"files"}


def _asking(specs: dict[str, CheckSpec], uses: Sequence[CheckUse], evidence: Evidence) -> Callable[[], list[Any]]:
    return lambda: [_ask(specs[use.check], use, evidence).model_dump(mode="json") for use in uses]


def _practice(evidence: Evidence) -> dict[str, Any]:
    from checks.practice.read import read_practice

    return read_practice(evidence).model_dump(mode="json")


def _ask(spec: CheckSpec, use: CheckUse, evidence: Evidence) -> CheckResult:
    absent = _absent_need(spec, evidence)
    if absent is not None:
        fault, why = absent
        return not_measured(spec.id, fault, why).changed(title=spec.title)  # type: ignore[no-any-return]
    settings = spec.settings.model_validate(use.settings)
    try:
        return spec.function(evidence, settings).changed(title=spec.title)  # type: ignore[no-any-return]
    except ChangedFileError as error:
        why = f"{error}: the run's records no longer fit its files, and nothing follows for the submission"
        return not_measured(spec.id, Fault.HARNESS, why).changed(title=spec.title)  # type: ignore[no-any-return]
    except Exception as error:
        why = f"this check failed by a fault of the harness ({type(error).__name__}); nothing follows for the submission"
        return not_measured(spec.id, Fault.HARNESS, why).changed(title=spec.title)  # type: ignore[no-any-return]


def _each_alone(specs: dict[str, CheckSpec], uses: Sequence[CheckUse], evidence: Evidence) -> tuple[CheckResult, ...]:
    until = time.monotonic() + ALL_ALONE_S
    return tuple(_ask_alone(specs[use.check], use, evidence, max(0.0, min(ALONE_S, until - time.monotonic()))) for use in uses)


def _ask_alone(spec: CheckSpec, use: CheckUse, evidence: Evidence, seconds: float) -> CheckResult:
    answer = _in_child(lambda: [_ask(spec, use, evidence).model_dump(mode="json")], seconds) if seconds else None
    if answer is not None:
        return CheckResult.model_validate(answer[0])
    why = "this check ended by a fault of the harness or ran out of its limits; nothing follows for the submission"
    return not_measured(spec.id, Fault.HARNESS, why).changed(title=spec.title)  # type: ignore[no-any-return]


def _absent_need(spec: CheckSpec, evidence: Evidence) -> tuple[Fault, str] | None:
    """Whose doing it is that a check cannot be asked, or None when it can."""
    if "files" in spec.needs and not evidence.snapshot.files:
        return Fault.SUBMISSION, "the submission holds no file"
    for need in spec.needs:
        if need in ("execute", "tests", "predict", "predictions"):
            absent = _absent_step(need, evidence)
            if absent is not None:
                return absent
    if {"labels", "ladder"} & set(spec.needs) and (evidence.reference is None or not evidence.reference.labels.is_file()):
        return Fault.PACK, "there are no holdout labels to compare with"
    if "ladder" in spec.needs and evidence.reference is not None and not evidence.reference.rungs:
        return Fault.PACK, "the ladder could not be measured for this data"
    return None


def _absent_step(need: str, evidence: Evidence) -> tuple[Fault, str] | None:
    step = "predict" if need == "predictions" else need
    if evidence.runs is None:
        return Fault.UNSUPPORTED, f"it needs the step {step}, and nothing was run"
    result, skipped = evidence.runs.step(step), evidence.runs.why_absent(step)
    if result is None:
        return (Fault(skipped.fault), skipped.reason) if skipped else (Fault.PACK, f"the step {step} was not run")
    if isinstance(result.outcome, SandboxLost):
        return Fault.HARNESS, f"{step} {result.outcome.sentence()}"
    if need == "predictions" and evidence.pack and evidence.artifact("predict", evidence.pack.answer.file) is None:
        return Fault.SUBMISSION, f"predict {result.outcome.sentence()} and left no {evidence.pack.answer.file}"
    return None


def _in_child(work: Callable[[], list[Any]], seconds: float = TIME_LIMIT_S) -> list[Any] | None:
    with Child(work) as child:
        return child.answer(seconds)
