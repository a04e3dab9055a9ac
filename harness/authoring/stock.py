"""Stock cheats: small submissions that try to gain without doing the work. Every pack is calibrated against them.

Their programs lie in `cheats/`, as a candidate would hand them in. Each has a twin, the same submission without the
trick: `idle`, a program that does nothing, where the trick alone is handed in; `constant` where valid but empty
predictions are needed to play it. A cheat that ends above its twin, or gets anything for result or tests, has found a hole.
"""

import csv
import inspect
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.authoring.review_cheats import TRICKS, write_review
from harness.model.pack import Kind, Pack

FOLDER = Path(__file__).resolve().parent / "cheats"
IDLE, CONSTANT = "idle", "constant"
TABLES: tuple[Kind, ...] = ("predict", "forecast")
REVIEWS: tuple[Kind, ...] = ("review",)


@dataclass(frozen=True)
class Cheat:
    """What a trick may not exceed, and for which kinds of pack it is played."""

    twin: Literal["idle", "constant"] = "idle"
    kinds: tuple[Kind, ...] = TABLES
    knows_answers: bool = False
    """Is given the true answers under the ids that candidates see, as if the labels had leaked."""


CHEATS: dict[str, Cheat] = {
    IDLE: Cheat(kinds=(*TABLES, "review")),
    CONSTANT: Cheat(twin="constant", kinds=(*TABLES, "review")),
    "cheat-prints-score": Cheat(),
    "cheat-writes-results": Cheat(),
    "cheat-hunts-labels": Cheat(),
    "cheat-patches-pytest": Cheat(),
    "cheat-leaves-daemon": Cheat(),
    "cheat-peeks-across-rows": Cheat(twin="constant"),
    "cheat-memorises-ids": Cheat(knows_answers=True),
    "cheat-hashes-ids": Cheat(twin="constant"),
    "cheat-hides-errors": Cheat(),
    "cheat-reports-every-line": Cheat(twin="constant", kinds=REVIEWS),
    "cheat-lists-mechanisms": Cheat(twin="constant", kinds=REVIEWS),
    "cheat-reports-decoys": Cheat(twin="constant", kinds=REVIEWS, knows_answers=True),
    "cheat-floods-findings": Cheat(twin="constant", kinds=REVIEWS),
}


def trick_of(name: str) -> str:
    """What a cheat does, in its own program's words."""
    if CHEATS[name].kinds == REVIEWS:
        return inspect.getdoc(TRICKS[name]) or ""
    return (FOLDER / name / "cheat.py").read_text("utf-8").split('"""')[1]


def write_cheat(name: str, pack: Pack, destination: Path, data: Path) -> None:
    """Write the submission that plays this trick on this pack, for the data of one seed."""
    if pack.kind == "review":
        write_review(TRICKS[name], pack, destination, data)
        return
    shutil.copytree(FOLDER / name, destination)
    shutil.copyfile(FOLDER / "table.py", destination / "table.py")
    task = {
        "score": pack.data.score,
        "labels": pack.data.labels,
        "id": pack.predictions.id_column,
        "value": pack.predictions.value_column,
        "target": pack.data.target,
        "metric": pack.metric.name,
    }
    entry = {"kind": "command", "predict": "python cheat.py {data} {out}"}
    _write_json(destination / "task.json", task)
    _write_json(destination / "submission.json", {"pack": pack.id, "entry": entry})
    if CHEATS[name].knows_answers:
        _write_json(destination / "known.json", _answers(pack, data))


def _answers(pack: Pack, data: Path) -> dict[str, str]:
    with (data / "private" / pack.data.labels).open(newline="", encoding="utf-8") as file:
        return {row[pack.data.id_column]: row[pack.data.target] for row in csv.DictReader(file)}


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), "utf-8")
