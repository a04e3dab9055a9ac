"""Evidence made from plain values, for tests of checks."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.model.evidence import Evidence, Reference
from harness.model.finding import CheckResult, Finding
from harness.model.pack import Pack
from harness.model.report import Rung
from harness.model.run import Artifact, Captured, Exited, Outcome, RunSet, SkippedStep, StepResult
from harness.model.sandbox import Hardening, Limits
from harness.model.submission import Declaration, Entry, FileEntry, Refusal, Snapshot, Source

Content = str | bytes
POSITIONS = {"dummy": 0.0, "naive": 0.25, "reference": 0.75, "strong": 1.0}


@dataclass(frozen=True)
class Step:
    """One step as it went, with the files that came out of it."""

    name: str = "predict"
    outcome: Outcome = Exited(code=0)
    files: Mapping[str, Content] | None = None
    stderr: str = ""
    target: str | None = None
    refused: tuple[str, ...] = ()
    memory_kill_seen: bool = False


def evidence_of(
    tmp_path: Path,
    files: Mapping[str, Content] | None = None,
    *,
    steps: Sequence[Step] | None = None,
    skipped: Sequence[SkippedStep] = (),
    entry: Entry | None = None,
    pack: Pack | None = None,
    brief: str = "",
    labels: str | None = None,
    rungs: Mapping[str, float] | None = None,
    declaration: Declaration | None = None,
    refusals: Sequence[Refusal] = (),
) -> Evidence:
    """A snapshot of these files and, where given, a run of these steps, a pack, and labels with a ladder."""
    root = tmp_path / "snapshot"
    root.mkdir()
    entries = tuple(_written(root, path, content) for path, content in sorted((files or {}).items()))
    snapshot = Snapshot(
        digest=hashlib.sha256(str(root).encode()).hexdigest(),
        source=Source(kind="folder", name="submission"),
        files=entries,
        refusals=tuple(refusals),
    )
    runs = None if steps is None else _runs(tmp_path / "artifacts", steps, skipped, entry)
    reference = None
    if labels is not None:
        label_file = tmp_path / "labels.csv"
        label_file.write_text(labels, "utf-8")
        ladder = tuple(Rung(name=name, position=POSITIONS[name], value=value) for name, value in (rungs or {}).items())
        reference = Reference(labels=label_file, rungs=ladder)
    return Evidence(
        snapshot=snapshot,
        files=root,
        declaration=declaration or Declaration(),
        runs=runs,
        artifacts=tmp_path / "artifacts" if steps is not None else None,
        pack=pack,
        brief=brief,
        reference=reference,
    )


def pack_of(**changes: Any) -> Pack:
    """A small prediction pack; each keyword replaces one field."""
    fields: dict[str, Any] = {
        "format": 1,
        "id": "little_task",
        "version": "1.0.0",
        "title": "A little task",
        "kind": "predict",
        "roles": ["applied"],
        "effort": {"minutes": 120},
        "brief": {"stage": "seed", "scale": "small", "constraints": "none"},
        "summary": "A task. Predictions are returned.",
        "entry_points": [{"kind": "notebook"}],
        "answer": {"kind": "predictions", "id_column": "id", "value_column": "score"},
        "data": {"id_column": "id", "target": "target"},
        "metric": {"name": "roc_auc"},
        "steps": {"execute": {}, "tests": {}, "predict": {}},
        "checks": [{"check": "lint"}],
        "canary": "0" * 32,
    }
    return Pack.model_validate({**fields, **changes})


def notebook_of(*cells: str | tuple[str, str], outputs: Mapping[int, Sequence[Any]] | None = None, **metadata: Any) -> str:
    """A notebook of format 4: plain strings are code cells, pairs are (kind, source)."""
    made = []
    for index, cell in enumerate(cells):
        kind, source = ("code", cell) if isinstance(cell, str) else cell
        one: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
        if kind == "code":
            one |= {"execution_count": index + 1, "outputs": list((outputs or {}).get(index, ()))}
        made.append(one)
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": made})


def rules(result: CheckResult) -> list[str]:
    return [finding.rule for finding in result.findings]


def only(result: CheckResult, rule: str) -> Finding:
    """The one finding of this rule."""
    found = [finding for finding in result.findings if finding.rule == rule]
    assert len(found) == 1, f"{len(found)} findings of {rule!r} among {rules(result)}"
    return found[0]


def _written(root: Path, path: str, content: Content) -> FileEntry:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return FileEntry(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def _runs(root: Path, steps: Sequence[Step], skipped: Sequence[SkippedStep], entry: Entry | None) -> RunSet:
    results = []
    for step in steps:
        artifacts = []
        for name, content in (step.files or {}).items():
            made = _written(root / step.name, name, content)
            artifacts.append(Artifact(step=step.name, name=name, size=made.size, sha256=made.sha256))
        results.append(
            StepResult(
                name=step.name,
                target=step.target,
                outcome=step.outcome,
                wall_s=1.0,
                limits=Limits(),
                stderr=Captured(tail=step.stderr),
                artifacts=tuple(artifacts),
                refused_outputs=step.refused,
                memory_kill_seen=step.memory_kill_seen,
            )
        )
    return RunSet(hardening=Hardening(backend="fake"), entry=entry, steps=tuple(results), skipped=tuple(skipped))
