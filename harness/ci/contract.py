"""The contract of an assignment: made from a pack by an allow-list, written into a candidate's folder, read there again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from harness.documents import read_json, read_yaml
from harness.errors import PackError, UsageError
from harness.model.answers import Answer, TableAnswer
from harness.model.feedback import PUBLIC_CHECKS, Contract, PublicLimits, PublicMetric
from harness.model.pack import Brief, CheckUse, Data, Effort, Metric, Pack, Steps
from harness.model.submission import Snapshot
from harness.packs import find_pack_root

FILE = ".assignment.json"
REQUIREMENTS = "requirements.txt"
_TEXTS = (".md", ".txt", ".py", ".ipynb")
_MOST_TEXT = 2_000_000
_UNTOLD = "not told"


@dataclass(frozen=True)
class Assignment:
    """What a candidate was given, from their own folder or from a pack that is named. Nothing private is opened for it."""

    contract: Contract
    brief: str
    """All text that was handed out, so that it is not counted as the candidate's own."""
    lock: Path | None
    """The environment's hashed requirements; None when they are not those that were handed out."""
    named: Path | None = None
    """The folder of the pack, when it was named."""


def contract_of(pack: Pack, given: dict[str, str]) -> Contract:
    """What candidates may know of a pack."""
    scored = pack.answer.kind == "predictions"
    return Contract(
        pack=pack.id,
        version=pack.version,
        title=pack.title,
        kind=pack.kind,
        required_files=pack.required_files,
        answer=_public_answer(pack.answer),
        train=pack.data.train if scored else "",
        score=pack.data.score,
        id_column=pack.data.id_column,
        target=pack.data.target if scored else "",
        entry_points=pack.entry_points,
        metric=PublicMetric(name=pack.metric.name, settings=pack.metric.settings) if scored else None,
        limits=PublicLimits(
            execute=pack.steps.execute,
            tests=pack.steps.tests,
            train=pack.steps.train,
            predict=pack.steps.predict,
            notebooks=pack.steps.max_notebooks,
        ),
        checks=tuple(use.check for use in pack.checks if use.check in PUBLIC_CHECKS),
        given=given,
    )


def _public_answer(answer: Answer) -> Answer:
    """Which rows are difficult, and which are planted, is not for candidates."""
    if not isinstance(answer, TableAnswer):
        return answer
    flagged = answer.flagged.model_copy(update={"planted": "planted.csv"}) if answer.flagged else None
    return answer.model_copy(update={"slices": (), "flagged": flagged})


def public_pack(contract: Contract) -> Pack:
    """The contract as checks and steps know it: a pack that holds nothing else."""
    limits, metric = contract.limits, contract.metric
    return Pack(
        format=1,
        id=contract.pack,
        version=contract.version,
        title=contract.title,
        kind=contract.kind,
        roles=("generalist",),
        effort=Effort(minutes=120),
        brief=Brief(stage=_UNTOLD, scale=_UNTOLD, constraints=_UNTOLD),
        summary=contract.title,
        entry_points=contract.entry_points,
        answer=contract.answer,
        data=Data(
            train=contract.train or "train.csv", score=contract.score, id_column=contract.id_column, target=contract.target
        ),
        metric=Metric(name=metric.name, settings=dict(metric.settings)) if metric else Metric(name=_UNTOLD),
        steps=Steps(
            execute=limits.execute,
            tests=limits.tests,
            train=limits.train,
            predict=limits.predict,
            max_notebooks=limits.notebooks,
        ),
        checks=tuple(CheckUse(check=name) for name in contract.checks if name in PUBLIC_CHECKS) or (CheckUse(check="lint"),),
        required_files=contract.required_files,
        canary="0" * 32,
    )


def handed_out(kit: Path) -> dict[str, str]:
    """sha256 of every file of a candidate's folder that is not data, by path."""
    files = (path for path in sorted(kit.rglob("*")) if path.is_file())
    found = {path.relative_to(kit).as_posix(): path for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in found.items()
        if not name.startswith("data/") and name != FILE
    }


def find_assignment(snapshot: Snapshot, files: Path, pack: str | None, packs: Iterable[Path]) -> Assignment:
    """The pack that was named, else what the candidate's folder says it was made for."""
    if pack is not None:
        return _named(find_pack_root(pack, packs))
    if FILE not in snapshot.paths():
        raise UsageError(
            f"no pack was named, and there is no {FILE} here",
            expected="the folder that was handed out, or --pack with the id or folder of a pack",
            next_step=f"keep {FILE} in the repository, or name the pack",
        )
    return _handed_out(snapshot, files)


def _named(root: Path) -> Assignment:
    pack = read_yaml(root / "pack.yaml", Pack)
    texts = sorted(path for path in (root / "candidate").rglob("*") if path.suffix in _TEXTS and path.is_file())
    brief = "\n\n".join(path.read_text("utf-8", errors="replace") for path in texts)
    lock = root / pack.requirements
    return Assignment(contract_of(pack, {}), brief, lock if lock.is_file() else None, root)


_RESTORE = "restore the file that was handed out"


def _handed_out(snapshot: Snapshot, files: Path) -> Assignment:
    try:
        contract = read_json(files / FILE, Contract)
        public_pack(contract)
    except PackError as error:  # where it was copied to is gone when this is read
        seen, where = (text.replace(f"{files}/", "") for text in (error.seen, error.where))
        raise PackError(seen, where=where, expected=error.expected, next_step=_RESTORE) from error
    except ValidationError as error:
        raise PackError(error.errors()[0]["msg"], where=FILE, next_step=_RESTORE) from error
    unchanged = {one.path: one for one in snapshot.files if contract.given.get(one.path) == one.sha256}
    texts = [one for one in unchanged.values() if one.path.endswith(_TEXTS) and one.size <= _MOST_TEXT]
    brief = "\n\n".join((files / one.path).read_text("utf-8", errors="replace") for one in texts)
    return Assignment(contract, brief, files / REQUIREMENTS if REQUIREMENTS in unchanged else None)
