"""A small review task made from plain values: what is planted, what is handed in, and what came back of calls."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.model.evidence import Evidence, Reference
from harness.model.report import Rung
from tests.checks.builders import POSITIONS, Step, evidence_of, pack_of

MECHANISMS = ("leak", "lookahead", "slow", "state", "odd")
RUNGS = {"dummy": 0.0, "naive": 0.3, "reference": 0.7, "strong": 0.9}
REPOSITORY = {"pkg/a.py": "line\n" * 60, "pkg/b.py": "line\n" * 40}


def bug(name: str, file: str, first: int, last: int, mechanism: str, severity: int, **more: Any) -> dict[str, Any]:
    places = [{"file": file, "first": first, "last": last}]
    told = {"id": name, "title": name, "places": places, "mechanism": mechanism, "severity": severity, "area": "training"}
    return {**told, **more}


def decoy(name: str, file: str, first: int, last: int, *tempts: str) -> dict[str, Any]:
    places = [{"file": file, "first": first, "last": last}]
    return {"id": name, "title": name, "places": places, "tempts": list(tempts), "why_right": "it is"}


PLANTED = {
    "format": 1,
    "bugs": [
        bug("join", "pkg/a.py", 10, 12, "leak", 3, equivalents=["lookahead"], probes=["join"]),
        bug("loop", "pkg/a.py", 30, 31, "slow", 1, probes=["loop"]),
        bug("default", "pkg/b.py", 5, 5, "state", 2),
    ],
    "decoys": [decoy("refit", "pkg/b.py", 20, 21, "leak"), decoy("clip", "pkg/b.py", 30, 30, "odd")],
}
PROBES = {
    "format": 1,
    "calls": [
        {"id": "one", "steps": [{"function": "pkg.a:f", "args": [1]}]},
        {"id": "two", "steps": [{"function": "pkg.a:g", "args": [1]}]},
    ],
    "probes": [
        {"id": "join", "title": "f doubles", "expect": [{"kind": "equals", "of": {"call": "one"}, "value": 2}]},
        {"id": "loop", "title": "g ends", "expect": [{"kind": "returns", "call": "two"}]},
    ],
}


def entry(file: str, first: int, last: int, mechanism: str, **more: Any) -> dict[str, Any]:
    return {"file": file, "lines": [first, last], "mechanism": mechanism, "severity": 2, "confidence": 0.8, **more}


PERFECT = [entry("pkg/a.py", 10, 12, "leak"), entry("pkg/a.py", 30, 31, "slow"), entry("pkg/b.py", 5, 5, "state")]


def review_pack(**answer: Any) -> Any:
    contract = {"kind": "review", "mechanisms": list(MECHANISMS), **answer}
    return pack_of(
        kind="review",
        entry_points=[],
        answer=contract,
        data={"labels": "planted.json"},
        metric={"name": "review_points", "settings": {"proof_share": 0.2}},
        steps={"calls": {}},
    )


def answers(**values: Any) -> str:
    """Calls that returned, by id; an exception stands for a call that raised it."""
    rows = [
        {"id": name, "status": "raised", "error": type(value).__name__, "text": str(value)}
        if isinstance(value, Exception)
        else {"id": name, "status": "returned", "values": {"0": value}, "log": ""}
        for name, value in values.items()
    ]
    return json.dumps({"answers": rows})


def review_evidence(
    tmp_path: Path,
    review: Sequence[Mapping[str, Any]] | str | bytes | None = PERFECT,
    *,
    files: Mapping[str, str] | None = None,
    calls: str | None = None,
    applied: Sequence[Mapping[str, Any]] = (),
    skipped: Sequence[Any] = (),
    **answer: Any,
) -> Evidence:
    """Evidence of one review; `calls` is what the call server wrote down."""
    text = review if isinstance(review, str | bytes) or review is None else json.dumps(review)
    steps = [Step("calls", files={"answers.json": calls, "applied.json": json.dumps(list(applied))})] if calls else []
    handed_in = {**(files or {}), **({"review.json": text} if text is not None else {"README.md": "\n"})}
    made = evidence_of(tmp_path, handed_in, steps=steps, skipped=skipped, pack=review_pack(**answer))
    private, public = tmp_path / "private", tmp_path / "public"
    private.mkdir()
    (private / "planted.json").write_text(json.dumps(PLANTED), "utf-8")
    (private / "probes.json").write_text(json.dumps(PROBES), "utf-8")
    for path, content in REPOSITORY.items():
        (public / "repo" / path).parent.mkdir(parents=True, exist_ok=True)
        (public / "repo" / path).write_text(content, "utf-8")
    rungs = tuple(Rung(name=name, position=POSITIONS[name], value=value) for name, value in RUNGS.items())  # type: ignore[arg-type]
    return replace(made, reference=Reference(labels=private / "planted.json", rungs=rungs, public=public))
