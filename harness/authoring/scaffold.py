"""pack new: a whole small pack that lints clean and can be graded with at once; every decision left to its author is marked."""

import secrets
import shutil
from pathlib import Path

from harness.documents import nearest
from harness.errors import UsageError
from harness.packs import BUILT_IN
from harness.schemas.catalog import text_of

TEMPLATES = Path(__file__).resolve().parent / "scaffold"
MARK = "TO DO"
KINDS = {"predict": "predict", "forecast": "predict"}
"""Kinds that can be scaffolded, and whose template they start from."""
FORMULAS = {"dummy": "0.0 * x1", "naive": "x2 + 0.0 * x1", "reference": "x1 + 0.0 * x2", "strong": "2.0 * x1 + x2"}
SCHEMAS = ("pack", "rubric", "facts", "interview")
README = (
    "# {name}\n\nRun `python predict.py data predictions.csv`: it reads `data/score.csv` and writes a score for each row.\n"
)


def scaffold(name: str, kind: str, destination: Path, canary: str | None = None) -> list[str]:
    """Write a new pack; returns each place that is left to its author, as file:line: text."""
    if kind not in KINDS:
        raise UsageError(f"there is no scaffold for the kind {kind!r}; {nearest(kind, KINDS)}", where="--kind")
    root = destination / name
    if root.exists():
        raise UsageError("is there already", where=str(root), expected="a new folder")
    words = {"PACK_ID": name, "KIND": kind, "CANARY": canary or secrets.token_hex(16)}
    template = TEMPLATES / KINDS[kind]
    for source in sorted(path for path in template.rglob("*") if path.is_file() and path.name != "predict_exemplar.py"):
        _fill(source, root / source.relative_to(template), words)
    _fill(TEMPLATES / "rubric.yaml", root / "rubric.yaml", words)
    for document in SCHEMAS:
        _write(root / ".schemas" / f"{document}.json", text_of(document))
    shutil.copyfile(BUILT_IN / "card_fraud" / "requirements.lock", root / "requirements.lock")
    shutil.copyfile(BUILT_IN / "card_fraud" / "requirements.in", root / "requirements.in")
    _write_exemplars(root, (template / "predict_exemplar.py").read_text("utf-8"))
    return _left_to_do(root)


def _write_exemplars(root: Path, program: str) -> None:
    """Toy exemplars that stand in order; the author puts real submissions in their place."""
    declared = (root / "candidate" / "starter" / "submission.json").read_text("utf-8")
    for name, formula in FORMULAS.items():
        submission = root / "exemplars" / name / "submission"
        _write(submission / "predict.py", program.replace("FORMULA", formula))
        _write(submission / "submission.json", declared)
        _write(submission / "README.md", README.format(name=name.title()))
    _write(root / "exemplars" / "blank" / "submission" / "README.md", "\n")
    shutil.copytree(root / "candidate" / "starter", root / "exemplars" / "starter" / "submission")
    for name in ("blank", "starter", *FORMULAS):
        _write(
            root / "exemplars" / name / "expected.yaml", f"# {MARK}: the band this exemplar must land in\nautomatic: [0, 100]\n"
        )


def _left_to_do(root: Path) -> list[str]:
    found = []
    for path in sorted(path for path in root.rglob("*") if path.is_file() and ".schemas" not in path.parts):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if MARK in line:
                found.append(f"{path.relative_to(root)}:{number}: {line.strip().strip('#').strip()[:90]}")
    return found


def _fill(source: Path, target: Path, words: dict[str, str]) -> None:
    text = source.read_text("utf-8")
    for mark, word in words.items():
        text = text.replace(mark, word)
    _write(target, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
