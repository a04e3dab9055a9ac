"""Evidence with further runs of predict in it, made from plain values."""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness.model.evidence import Evidence
from harness.model.facts import Facts
from harness.model.run import PROBE_ROWS, Alteration, Exited, Outcome, SkippedStep
from tests.builders import make_facts
from tests.checks.builders import Step, evidence_of, pack_of

RUNGS = {"dummy": 0.5, "naive": 0.6, "reference": 0.9, "strong": 1.0}
COUNT = 120
IDS = [f"r{number:03d}" for number in range(COUNT)]
TRUTH = {key: int(number % 6 == 0) for number, key in enumerate(IDS)}
GOOD = {key: (0.8 if TRUTH[key] else 0.2) + (number * 37 % COUNT) / 1000 for number, key in enumerate(IDS)}
"""Predictions that rank every positive above every negative, all different."""


@dataclass(frozen=True)
class Run:
    """One further run: predictions by the first run's ids, and what was changed in which row."""

    kinds: Sequence[str]
    values: Mapping[str, float] | None = None
    columns: Sequence[str] = ()
    changed: Mapping[str, str] | None = None
    copies: Mapping[str, float] | None = None
    """Second predictions for rows that occur twice."""
    order: Sequence[str] = ()
    outcome: Outcome = Exited(code=0)
    name: str = ""
    text: str | None = None
    """Written in place of the predictions."""
    files: Mapping[str, str] | None = None
    stderr: str = ""

    @property
    def step_name(self) -> str:
        return self.name or f"probe-{'.'.join(self.kinds)}"


def table(values: Mapping[str, float]) -> str:
    return "id,score\n" + "".join(f"{key},{value!r}\n" for key, value in values.items())


def probed(
    tmp_path: Path,
    *runs: Run,
    first: Mapping[str, float] | None = None,
    facts: Facts | None = None,
    skipped: Sequence[SkippedStep] = (),
    rungs: Mapping[str, float] | None = RUNGS,
    more: Sequence[Step] = (),
    **options: Any,
) -> Evidence:
    """A first run with these predictions (by default good ones), further runs, labels and a ladder."""
    tmp_path.mkdir(exist_ok=True)
    steps = [Step("predict", files={"predictions.csv": table(GOOD if first is None else first)}), *map(_step, runs), *more]
    options.setdefault("pack", pack_of())
    labels = "id,target\n" + "".join(f"{key},{TRUTH[key]}\n" for key in IDS)
    evidence = evidence_of(
        tmp_path, options.pop("files", None), steps=steps, skipped=skipped, labels=labels, rungs=rungs, **options
    )
    assert evidence.runs is not None
    altered = {run.step_name: Alteration(kinds=tuple(run.kinds), columns=tuple(run.columns)) for run in runs}
    told = tuple(step.changed(altered=altered.get(step.name)) for step in evidence.runs.steps)
    return replace(evidence, runs=evidence.runs.changed(steps=told), facts=facts or make_facts())


def same(kind: str, change: Callable[[str, float], float] = lambda _, value: value, **more: Any) -> Run:
    """A run whose predictions are the first run's, or made from them row by row."""
    return Run((kind,), {key: change(key, value) for key, value in GOOD.items()}, **more)


def _step(run: Run) -> Step:
    """New ids, in the order of the holdout as this run met it."""
    order = list(run.order) or [key for key in IDS if run.values is None or key in run.values]
    keyed = [(_new(key), key, (run.changed or {}).get(key, "")) for key in order]
    keyed += [(_new(f"{key} copy"), key, "copy") for key in run.copies or ()]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("id", "base_id", "changed"), *keyed])
    files = {PROBE_ROWS: text.getvalue(), **(run.files or {})}
    if run.text is not None:
        files["predictions.csv"] = run.text
    elif run.values is not None:
        values = run.values
        told = {new: (run.copies or {})[key] if change == "copy" else values[key] for new, key, change in keyed}
        files["predictions.csv"] = table(told)
    return Step(run.step_name, run.outcome, files, run.stderr)


def _new(key: str) -> str:
    return "n" + hashlib.sha256(key.encode()).hexdigest()[:10]
