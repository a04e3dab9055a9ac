"""The steps of one submission, each in a fresh sandbox: notebooks, own tests, train, predict."""

from collections.abc import Sequence

from harness.model.run import Exited, RunSet, SandboxLost, SkippedStep, StepResult
from harness.running import jobs
from harness.running.calls import call_functions
from harness.running.kinds import kind_of
from harness.running.work import Happened, Running, Stage

TESTS_PASSED, TESTS_FAILED = 0, 1
"""Exit codes of a pytest that collected something and came to its end."""


def run_steps(running: Running) -> RunSet:
    """Every step of the pack, in order. A failed step never stops the next one."""
    stages: Sequence[Stage] = (_notebooks, _own_tests, _mutants, *kind_of(running.pack).stages, call_functions)
    results: list[StepResult] = []
    skipped: list[SkippedStep] = []
    for stage in stages:
        ran, left_out = stage(running, results)
        results += ran
        skipped += left_out
    return RunSet(
        hardening=running.session.backend.hardening(),
        environment=running.session.environment,
        entry=running.choice.entry,
        entry_found_by=running.choice.reason,
        steps=tuple(results),
        skipped=tuple(skipped),
    )


def run_answer_only(running: Running) -> RunSet:
    """Only what is needed for the answer: how exemplars are measured for the ladder."""
    results, skipped = kind_of(running.pack).stages[0](running, ())
    return RunSet(
        hardening=running.session.backend.hardening(), entry=running.choice.entry, steps=tuple(results), skipped=tuple(skipped)
    )


def _notebooks(running: Running, _: Sequence[StepResult]) -> Happened:
    limits = running.pack.steps.execute
    if limits is None:
        return [], [SkippedStep(name="execute", reason="this pack does not run notebooks", fault="pack")]
    notebooks = sorted(
        (path for path in running.snapshot.paths() if path.endswith(".ipynb")), key=lambda path: (path.count("/"), path)
    )
    if not notebooks:
        return [], [SkippedStep(name="execute", reason="the submission has no notebook", fault="submission")]
    results = []
    for index, notebook in enumerate(notebooks[: running.pack.steps.max_notebooks]):
        name = "execute" if index == 0 else f"execute-{index + 1}"
        results.append(
            running.step(name, jobs.execute_notebook(running.place, notebook, limits, running.public), limits, notebook)
        )
    left_out = notebooks[running.pack.steps.max_notebooks :]
    reason = f"the pack runs {running.pack.steps.max_notebooks} notebooks; not run: {', '.join(left_out[:5])}"
    return results, [SkippedStep(name="execute-more", reason=reason, fault="pack")] if left_out else []


def _own_tests(running: Running, _: Sequence[StepResult]) -> Happened:
    limits = running.pack.steps.tests
    if limits is None:
        return [], [SkippedStep(name="tests", reason="this pack does not run the submission's tests", fault="pack")]
    if not any(path.endswith(".py") for path in running.snapshot.paths()):
        return [], [SkippedStep(name="tests", reason="the submission has no Python file", fault="submission")]
    return [running.step("tests", jobs.run_tests(running.place, limits, running.public), limits)], []


def _mutants(running: Running, before: Sequence[StepResult]) -> Happened:
    """Only where there are tests that ran: what fails on sound code says nothing of faulty code."""
    limits = running.pack.steps.mutants
    tested = next((step for step in before if step.name == "tests"), None)
    if limits is None or tested is None:
        return [], []
    if not isinstance(tested.outcome, Exited) or tested.outcome.code not in (TESTS_PASSED, TESTS_FAILED):
        lost = isinstance(tested.outcome, SandboxLost)
        reason = f"there are no tests that ran to their end: the step tests {tested.sentence()}"
        return [], [SkippedStep(name="mutants", reason=reason, fault="harness" if lost else "submission")]
    return [running.step("mutants", jobs.try_mutants(running.place, limits, running.public), limits)], []
