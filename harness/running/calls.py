"""Hidden probes: functions are called in a sandbox with an author's values. Only the calls go in; judging is done outside."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from harness.errors import PackError
from harness.model.calls import CallProbes
from harness.model.pack import Calls
from harness.model.run import StepResult
from harness.running import jobs
from harness.running.work import Happened, Running

STEP = "calls"


def call_functions(running: Running, _: Sequence[StepResult]) -> Happened:
    """Call functions of the submission itself, where the pack asks for it and its kind has not called others already."""
    asked = running.pack.steps.calls
    if asked is None or running.pack.kind == "review":
        return [], []
    return [call_in(running, asked, running.files)], []


def call_in(running: Running, asked: Calls, code: Path) -> StepResult:
    """One sandbox for all calls, with this code in its working folder."""
    probes = read_probes(running, asked)
    order = jobs.call(replace(running.place, snapshot=code), probes.requests(), asked.limits, running.public)
    return running.step(STEP, order, asked.limits)


def read_probes(running: Running, asked: Calls) -> CallProbes:
    file = running.exchange.labels.parent / asked.file
    try:
        return CallProbes.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise PackError(
            f"the hidden probes cannot be read: {str(error).splitlines()[0]}",
            where=f"{running.pack.id}, {asked.file}",
            expected="calls and probes as harness/model/calls.py says",
            next_step="correct the generator, or the file beside pack.yaml",
        ) from error
