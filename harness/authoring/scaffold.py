"""pack new: a whole small pack that lints clean and can be graded with at once; every decision left to its author is marked.

Each folder of `scaffold/` is a kind: the pack as it will lie on disk, and below `exemplars/` what its toy exemplars have in
common and what each has of its own.
"""

import secrets
import shutil
from pathlib import Path

from harness.errors import UsageError
from harness.folders import make_folder
from harness.model.text import one_line
from harness.packs import BUILT_IN
from harness.schemas.catalog import text_of

TEMPLATES = Path(__file__).resolve().parent / "scaffold"
MARK = "TO DO"
COMMON = "common"
SCHEMAS = ("pack", "rubric", "facts", "interview", "expected")
EXPECTED = (
    "# yaml-language-server: $schema=../../.schemas/expected.json\n"
    f"# {MARK}: the band this exemplar must land in, once it is a real submission\nautomatic: [0, 100]\n"
)


def kinds() -> tuple[str, ...]:
    """Kinds that can be scaffolded."""
    return tuple(sorted(path.name for path in TEMPLATES.iterdir() if (path / "pack.yaml").is_file()))


def scaffold(name: str, kind: str, destination: Path, canary: str | None = None) -> list[str]:
    """Write a new pack; returns each place that is left to its author, as file:line: text."""
    if kind not in kinds():
        raise UsageError(f"there is no scaffold for the kind {kind!r}", where="--kind", expected="one of " + ", ".join(kinds()))
    root = destination / name
    if root.exists():
        raise UsageError(
            "is there already", where=str(root), expected="a new folder", next_step="choose another name, or another --out"
        )
    make_folder(destination, "a folder for packs")
    words = {"PACK_ID": name, "CANARY": canary or secrets.token_hex(16)}
    template = TEMPLATES / kind
    for source in _files(template):
        if "exemplars" not in source.relative_to(template).parts:
            _fill(source, root / source.relative_to(template), words)
    for document in SCHEMAS:
        _write(root / ".schemas" / f"{document}.json", text_of(document))
    for file in ("requirements.lock", "requirements.in"):
        shutil.copyfile(BUILT_IN / "card_fraud" / file, root / file)
    _write_exemplars(template / "exemplars", root, words)
    return left_to_do(root)


def left_to_do(root: Path) -> list[str]:
    """Every mark in a pack, in the order of its files."""
    found = []
    for path in _files(root):
        if ".schemas" in path.parts:
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if MARK in line:
                found.append(f"{path.relative_to(root)}:{number}: {one_line(line.strip().strip('#').strip(), 90)}")
    return found


def _write_exemplars(templates: Path, root: Path, words: dict[str, str]) -> None:
    """Toy exemplars that stand in order, an empty hand and the starter; the author puts real submissions in their place."""
    names = [path.name for path in sorted(templates.iterdir()) if path.name != COMMON]
    for name in names:
        for folder in (templates / COMMON, templates / name):
            for source in _files(folder):
                _fill(source, root / "exemplars" / name / "submission" / source.relative_to(folder), words)
    _write(root / "exemplars" / "blank" / "submission" / "README.md", "\n")
    shutil.copytree(root / "candidate" / "starter", root / "exemplars" / "starter" / "submission")
    for name in ("blank", "starter", *names):
        _write(root / "exemplars" / name / "expected.yaml", EXPECTED)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _fill(source: Path, target: Path, words: dict[str, str]) -> None:
    text = source.read_text("utf-8")
    for mark, word in words.items():
        text = text.replace(mark, word)
    _write(target, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
