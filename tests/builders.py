"""Builders: any record with sane defaults, so that a test names only what it is about."""

from pathlib import Path
from typing import Any

from harness.model.facts import Facts
from harness.model.finding import CheckResult, Fault, Finding, Severity, Verdict
from harness.model.interview import Interview
from harness.model.pack import Pack
from harness.model.rubric import Rubric
from harness.model.run import Exited, RunSet, StepResult
from harness.model.sandbox import Hardening, Limits
from harness.model.submission import FileEntry, Snapshot, Source

DIGEST = "ab" * 32


def make_snapshot(*paths: str, digest: str = DIGEST) -> Snapshot:
    files = tuple(FileEntry(path=path, size=1, sha256=DIGEST) for path in paths)
    return Snapshot(digest=digest, source=Source(kind="folder", name="submission"), files=files)


def make_step(name: str = "predict", **values: Any) -> StepResult:
    return StepResult(**{"name": name, "outcome": Exited(code=0), "wall_s": 1.0, "limits": Limits(), **values})


def make_runs(*steps: StepResult, **values: Any) -> RunSet:
    return RunSet(hardening=Hardening(backend="fake"), steps=steps, **values)


def make_finding(check: str = "lint", **values: Any) -> Finding:
    return Finding(
        **{"check": check, "severity": Severity.MINOR, "message": "Something was seen.", "rule": "something", **values}
    )


def make_result(check: str, score: float | None, **values: Any) -> CheckResult:
    """A check's result; a score of None means that our own fault kept it from being measured."""
    if score is None:
        defaults: dict[str, Any] = {"verdict": Verdict.NOT_MEASURED, "fault": Fault.HARNESS}
    else:
        defaults = {
            "verdict": Verdict.MET if score == 1 else Verdict.NOT_MET if score == 0 else Verdict.PARTIAL,
            "score": score,
        }
    return CheckResult(**{"check": check, "summary": f"{check} was looked at", **defaults, **values})


def make_criterion(name: str = "CODE", **values: Any) -> dict[str, Any]:
    anchors = {"one": "nothing", "two": "partly", "three": "solid", "four": "strong"}
    return {
        "id": name,
        "title": f"{name.title()} of the work",
        "plain": "What a reader would see.",
        "family": "engineering",
        "automatic_share": 40,
        "checks": [{"check": "lint"}],
        "anchors": anchors,
        **values,
    }


def make_rubric(*criteria: dict[str, Any], **values: Any) -> Rubric:
    """A rubric of equal weights in one profile, `applied`."""
    chosen = criteria or (make_criterion(),)
    weights = {one["id"]: 100 / len(chosen) for one in chosen}
    return Rubric.model_validate(
        {
            "format": 1,
            "criteria": chosen,
            "profiles": {"applied": {"weights": weights}},
            "default_profile": "applied",
            "lines": [{"at_least": 70, "words": "High"}, {"at_least": 50, "words": "Middle"}, {"at_least": 0, "words": "Low"}],
            **values,
        }
    )


def pack_document(**values: Any) -> dict[str, Any]:
    """pack.yaml of a small predict pack."""
    return {
        "format": 1,
        "id": "small",
        "version": "1.0.0",
        "title": "A small pack",
        "kind": "predict",
        "roles": ["applied"],
        "effort": {"minutes": 120},
        "brief": {"stage": "a young company", "scale": "few rows a day", "constraints": "two cores only"},
        "summary": "Rank rows. A score for each row is returned.",
        "entry_points": [
            {
                "kind": "command",
                "needs_file": "predict.py",
                "entry": {"kind": "command", "predict": "python predict.py {data} {out}"},
            },
            {"kind": "notebook"},
        ],
        "answer": {"kind": "predictions", "id_column": "row_id", "value_column": "score"},
        "data": {"id_column": "row_id", "target": "label"},
        "metric": {"name": "average_precision"},
        "steps": {"execute": {"wall_s": 60}, "tests": {"wall_s": 60}, "predict": {"wall_s": 60}},
        "checks": [{"check": "lint"}],
        "required_files": ["README.md"],
        "canary": "0123456789abcdef0123456789abcdef",
        **values,
    }


def make_pack(**values: Any) -> Pack:
    return Pack.model_validate(pack_document(**values))


def make_facts(**values: Any) -> Facts:
    return Facts.model_validate({"prevalence_train": [0.0, 1.0], "prevalence_holdout": [0.0, 1.0], **values})


def make_question(name: str = "why", **values: Any) -> dict[str, Any]:
    return {
        "id": name,
        "ask": "Why that split?",
        "why": "It decides what the number means.",
        "strong_sign": "Names the order of time.",
        "weak_sign": "Names a habit.",
        "criterion": "CODE",
        **values,
    }


def make_interview(*questions: dict[str, Any], **values: Any) -> Interview:
    return Interview.model_validate({"questions": questions or (make_question(always=True),), **values})


def write_tree(root: Path, files: dict[str, str]) -> Path:
    """Files by relative path, with their folders."""
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    root.mkdir(parents=True, exist_ok=True)
    return root


def write_yaml(path: Path, document: Any) -> Path:
    from ruamel.yaml import YAML

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(document, file)
    return path
