"""A small pack that asks for a table, and evidence of what came back."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.model.evidence import Evidence
from harness.model.pack import Pack
from harness.model.run import PROBE_ROWS, Alteration
from tests.checks.builders import Step, evidence_of, pack_of

COLUMNS = (
    {"name": "count"},
    {"name": "spend", "tolerance": 0.005},
    {"name": "last", "type": "time"},
    {"name": "best", "type": "text"},
)
HEADER = "id,count,spend,last,best"
RUNGS = {"dummy": 0.0, "naive": 0.2, "reference": 0.8, "strong": 1.0}
COUNT = 240
ROWS = {f"p{number:03d}": f"{number},{number / 4:.2f},2025-06-01T12:00:{number % 60:02d}Z,books" for number in range(COUNT)}


def is_late(key: str) -> bool:
    """Every fourth row is difficult by lateness, every tenth by unit, every twentieth by both."""
    return int(key[1:]) % 4 == 0


def is_unit(key: str) -> bool:
    return int(key[1:]) % 10 == 0


def golden() -> str:
    lines = [f"{HEADER},plain,late,unit"]
    for key, cells in ROWS.items():
        plain = not (is_late(key) or is_unit(key))
        lines.append(f"{key},{cells},{int(plain)},{int(is_late(key))},{int(is_unit(key))}")
    return "\n".join(lines) + "\n"


def table(rows: Mapping[str, str] = ROWS) -> str:
    return "\n".join([HEADER, *(f"{key},{cells}" for key, cells in rows.items())]) + "\n"


def wrong_where(difficult: Any) -> dict[str, str]:
    return {key: "999,0.00,,toys" if difficult(key) else cells for key, cells in ROWS.items()}


def table_pack(**changes: Any) -> Pack:
    answer = {
        "kind": "table",
        "file": "features.csv",
        "id_column": "id",
        "columns": COLUMNS,
        "slices": ["plain", "late", "unit"],
        "flagged": {"reasons": ["torn", "bad_time"]},
    }
    fields: dict[str, Any] = {
        "kind": "pipeline",
        "answer": answer,
        "data": {"id_column": "id", "score": "pairs.csv", "labels": "golden.csv"},
        "metric": {"name": "slice_match"},
    }
    return pack_of(**{**fields, **changes})


def returned(tmp_path: Path, text: str | bytes, *more: Step, files: Mapping[str, str] | None = None, **values: Any) -> Evidence:
    """Evidence of a first build that wrote this table, and of further steps."""
    first = Step(files={"features.csv": text, **(files or {})})
    given = {"pack": table_pack(), "labels": golden(), "rungs": RUNGS, **values}
    return evidence_of(tmp_path, steps=[first, *more], **given)


def rebuilt(evidence: Evidence, *kinds: str) -> Evidence:
    """The same, with the steps after the first marked as further builds of these kinds."""
    assert evidence.runs is not None
    first, *others = evidence.runs.steps
    marked = [step.changed(altered=Alteration(kinds=(kind,))) for step, kind in zip(others, kinds, strict=True)]
    return replace(evidence, runs=evidence.runs.changed(steps=(first, *marked)))


def build_step(kind: str, rows: Mapping[str, str] | str, ids: Mapping[str, str] | None = None, **values: Any) -> Step:
    """A further build: `ids` says which id stands for which row of the first build."""
    named = ids or {key: key for key in ROWS}
    account = "id,base_id,changed\n" + "".join(f"{key},{base},\n" for key, base in named.items())
    text = rows if isinstance(rows, str) else table({key: rows[base] for key, base in named.items() if base in rows})
    return Step(name=f"rebuild-{kind}", files={"features.csv": text, PROBE_ROWS: account}, **values)
