"""A pack outside the repository for hostile submissions: every step is run, every check is asked, limits are small."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from harness.checking import catalogue
from tests.builders import make_criterion, make_rubric, write_yaml
from tests.small_pack import submission_files, write_small_pack

LIMITS: dict[str, Any] = {"wall_s": 40, "memory_mb": 1024, "cpus": 2}
MARKED = {"CODE": "lint", "RUNS": "runs_clean", "VALID": "predictions_valid", "SCORE": "holdout_score", "TESTS": "own_tests"}


def write_pack(root: Path, *, limits: dict[str, Any] | None = None, canary: str = "", **changes: Any) -> Path:
    """The small pack below `root`, with all checks of the catalogue and these limits for each step of a submission."""
    pack = write_small_pack(root)
    document = read_yaml(pack / "pack.yaml")
    step = limits or LIMITS
    document["steps"] = {"execute": step, "tests": step, "predict": step, "generate": {"wall_s": 60}, "max_notebooks": 20}
    document["checks"] = [{"check": name} for name in catalogue()]
    document["roles"] = ["applied"]
    document["required_files"] = ["README.md"]
    write_yaml(pack / "pack.yaml", {**document, **changes})
    criteria = [make_criterion(name, automatic_share=100, checks=[{"check": check}]) for name, check in MARKED.items()]
    write_yaml(pack / "rubric.yaml", make_rubric(*criteria).model_dump(mode="json"))
    interview = read_yaml(pack / "interview.yaml")
    interview["questions"][0]["criterion"] = "CODE"
    write_yaml(pack / "interview.yaml", interview)
    if canary:
        put_canary_beside_labels(pack, canary)
    return pack


def put_canary_beside_labels(pack: Path, canary: str) -> None:
    """A column of the label file that no metric reads and nobody may ever see."""
    generator = pack / "generate.py"
    text = generator.read_text("utf-8")
    text = text.replace('"labels.csv", ["row_id", "label"]', '"labels.csv", ["row_id", "label", "note"]')
    text = text.replace("[[row[0], row[3]] for", f"[[row[0], row[3], '{canary}'] for")
    assert canary in text
    generator.write_text(text, "utf-8")


def read_yaml(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return document


def honest_files(formula: str = "x1") -> dict[str, str]:
    """A submission that does what is asked."""
    return submission_files(formula)
