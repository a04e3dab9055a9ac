"""pack export: the folder one candidate receives. It is built from an allow-list and scanned before it is written."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.authoring.letter import letter
from harness.authoring.scaffold import left_to_do
from harness.ci.contract import FILE as CONTRACT
from harness.ci.contract import contract_of, handed_out
from harness.errors import PackError, UsageError
from harness.folders import make_folder
from harness.packs import OpenPack
from harness.running import find_or_make_data, open_session, seed_for
from harness.settings import Settings

SELF_CHECK = Path(__file__).resolve().parent / "kit" / "self_check.py"
LEAST_TELLING = 24
"""Private sentences shorter than this may stand in a brief by chance."""


@dataclass(frozen=True)
class Assignment:
    """What the letter says about one candidate's task."""

    candidate: str
    deadline: str = "7 days after you received this"
    contact: str = "the person who sent you this"
    retention: str = "six months after the decision"
    profile: str | None = None


def export(
    opened: OpenPack,
    assignment: Assignment,
    settings: Settings,
    destination: Path,
    say: Callable[[str], None],
    seed: int | None = None,
) -> tuple[str, ...]:
    """Write the candidate's folder; returns its files. Nothing is written when something private would be in it."""
    if destination.exists() and any(destination.iterdir()):
        raise UsageError("is not empty", where=str(destination), expected="a new folder", next_step="name another --out")
    make_folder(destination.parent, "a folder for the kit")
    chosen, _ = seed_for(opened.pack, settings.secret, assignment.candidate, seed)
    with (
        tempfile.TemporaryDirectory(prefix="harness-export-") as scratch,
        open_session(settings, opened.lock, "export", say) as session,
    ):
        data = find_or_make_data(opened.pack, opened.root, opened.data_digest, chosen, session)
        draft = Path(scratch) / "kit"
        _write(opened, assignment, data.public, draft)
        _refuse_private(opened, data.root, draft)
        for place in left_to_do(opened.root / "candidate"):
            say(f"still to be written before a candidate reads it: candidate/{place}")
        shutil.copytree(draft, destination, dirs_exist_ok=True)
    return tuple(sorted(path.relative_to(destination).as_posix() for path in destination.rglob("*") if path.is_file()))


def _write(opened: OpenPack, assignment: Assignment, public: Path, kit: Path) -> None:
    candidate = opened.root / "candidate"
    kit.mkdir(parents=True)
    for path in sorted(candidate.iterdir()):
        if path.is_file():
            shutil.copyfile(path, kit / path.name)
    if (candidate / "starter").is_dir():
        shutil.copytree(
            candidate / "starter", kit, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".git", "*.pyc")
        )
    shutil.copytree(public, kit / "data", dirs_exist_ok=True)
    shutil.copyfile(opened.lock, kit / "requirements.txt")
    shutil.copyfile(SELF_CHECK, kit / "self_check.py")
    (kit / ".devcontainer").mkdir()
    _write_json(kit / ".devcontainer" / "devcontainer.json", _devcontainer(opened))
    (kit / "LETTER.md").write_text(letter(opened, assignment), "utf-8")
    (kit / CONTRACT).write_text(contract_of(opened.pack, handed_out(kit)).to_json(), "utf-8")


def _devcontainer(opened: OpenPack) -> dict[str, object]:
    return {
        "name": opened.pack.title,
        "image": "python:3.11-slim",
        "remoteUser": "nobody",
        "containerEnv": {"HOME": "/tmp", "HARNESS_DATA": "${containerWorkspaceFolder}/data"},  # noqa: S108 - in their container
        "postCreateCommand": "python -m venv /tmp/env && /tmp/env/bin/pip install --require-hashes -r requirements.txt",
        "customizations": {"vscode": {"extensions": ["ms-python.python", "ms-toolsai.jupyter"]}},
    }


def _refuse_private(opened: OpenPack, data: Path, kit: Path) -> None:
    """Look through every byte for what only graders may know."""
    found = list(_private_in(opened, data, kit))
    if found:
        raise PackError(
            "the candidate's folder would hold private material:\n  " + "\n  ".join(found[:20]), where=opened.pack.id
        )


def _private_in(opened: OpenPack, data: Path, kit: Path) -> Iterator[str]:
    private_files = {path.read_bytes() for path in (data / "private").iterdir() if path.is_file()}
    private_files |= {
        (opened.root / name).read_bytes()
        for name in ("rubric.yaml", "facts.yaml", "interview.yaml", opened.pack.data.generator)
    }
    sentences = [trap.why for trap in opened.facts.traps] + [dirt.what for dirt in opened.facts.dirt]
    for path in sorted(kit.rglob("*")):
        if path.is_symlink():
            yield f"{path.relative_to(kit)}: is a link"
            continue
        if not path.is_file():
            continue
        content, name = path.read_bytes(), path.relative_to(kit).as_posix()
        if opened.pack.canary.encode() in content:
            yield f"{name}: the canary"
        if content in private_files:
            yield f"{name}: is a private file"
        if name.startswith("data/"):
            continue
        text = content.decode("utf-8", errors="replace").lower()
        yield from (f"{name}: {one[:50]!r}" for one in sentences if len(one) >= LEAST_TELLING and one.strip().lower() in text)
    if opened.pack.answer.kind == "predictions":
        yield from _labels_in(opened, kit)


def _labels_in(opened: OpenPack, kit: Path) -> Iterator[str]:
    import csv

    with (kit / "data" / opened.pack.data.score).open(newline="", encoding="utf-8") as file:
        header = next(csv.reader(file), [])
    if opened.pack.data.target in header:
        yield f"data/{opened.pack.data.score}: the column {opened.pack.data.target}"


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", "utf-8")
