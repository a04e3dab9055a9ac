"""The contract of a sandbox, as a list of small behaviours that every back end shows on the host it runs on.

A behaviour is a function of a `Trial`: its name is the fact, its docstring the sentence, and it raises `BrokenError` with what
it saw instead. All of them use the public contract only, so that a new back end is tested by running the same list.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.errors import SandboxError
from sandbox import (
    conformance_confinement,
    conformance_contract,
    conformance_endings,
    conformance_means,
    conformance_outputs,
    owners,
)
from sandbox.base import Backend
from sandbox.conformance_trial import BrokenError, Trial, UntestedError

Behaviour = Callable[[Trial], None]

BEHAVIOURS: tuple[Behaviour, ...] = (
    *conformance_endings.BEHAVIOURS,
    *conformance_means.BEHAVIOURS,
    *conformance_contract.BEHAVIOURS,
    *conformance_confinement.BEHAVIOURS,
    *conformance_outputs.BEHAVIOURS,
)


@dataclass(frozen=True)
class BehaviourResult:
    """How one behaviour went. A gap is a broken promise that the back end had named beforehand."""

    name: str
    sentence: str
    state: Literal["held", "broken", "gap", "untested"]
    detail: str = ""

    @property
    def passed(self) -> bool:
        return self.state != "broken"


def run_conformance(backend: Backend, names: tuple[str, ...] = ()) -> tuple[BehaviourResult, ...]:
    """Every behaviour, or the named ones, in order. Raises SandboxError when the back end does not work here at all."""
    chosen = [one for one in BEHAVIOURS if not names or one.__name__ in names]
    return tuple(_results(backend, chosen))


def _results(backend: Backend, behaviours: list[Behaviour]) -> Iterator[BehaviourResult]:
    gaps = {gap.behaviour: gap.reason for gap in backend.gaps()}
    scratch = Path(tempfile.mkdtemp(prefix="harness-conformance-"))
    try:
        trial = Trial(backend, owners.new_owner(f"conformance-{os.getpid()}"), scratch)
        for behaviour in behaviours:
            yield _result(behaviour, trial, gaps.get(behaviour.__name__))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _result(behaviour: Behaviour, trial: Trial, gap: str | None) -> BehaviourResult:
    name, sentence = behaviour.__name__, " ".join((behaviour.__doc__ or "").split())
    try:
        behaviour(trial)
    except BrokenError as broken:
        return BehaviourResult(name, sentence, "gap" if gap else "broken", f"{gap}: {broken}" if gap else str(broken))
    except UntestedError as untested:
        return BehaviourResult(name, sentence, "untested", str(untested))
    except SandboxError as error:
        return BehaviourResult(name, sentence, "broken", f"the sandbox failed: {error.seen}")
    return BehaviourResult(name, sentence, "held")
