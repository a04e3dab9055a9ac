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
from harness.model.answers import Predictions, TableAnswer
from harness.model.pack import Kind, Pack

FOLDER = Path(__file__).resolve().parent / "cheats"
IDLE, CONSTANT = "idle", "constant"
TABLES: tuple[Kind, ...] = ("predict", "forecast")
BUILT: tuple[Kind, ...] = ("pipeline",)
REVIEWS: tuple[Kind, ...] = ("review",)


@dataclass(frozen=True)
class Cheat:
    """What a trick may not exceed, and for which kinds of pack it is played."""

    twin: Literal["idle", "constant"] = "idle"
    kinds: tuple[Kind, ...] = TABLES
    knows_answers: bool = False
    """Is given the true answers under the ids that candidates see, as if the labels had leaked."""


CHEATS: dict[str, Cheat] = {
    IDLE: Cheat(kinds=(*TABLES, *BUILT, "review")),
    CONSTANT: Cheat(twin="constant", kinds=(*TABLES, *BUILT, "review")),
    "cheat-prints-score": Cheat(kinds=(*TABLES, *BUILT)),
    "cheat-writes-results": Cheat(kinds=(*TABLES, *BUILT)),
    "cheat-hunts-labels": Cheat(kinds=(*TABLES, *BUILT)),
    "cheat-patches-pytest": Cheat(kinds=(*TABLES, *BUILT)),
    "cheat-leaves-daemon": Cheat(kinds=(*TABLES, *BUILT)),
    "cheat-peeks-across-rows": Cheat(twin="constant"),
    "cheat-memorises-ids": Cheat(kinds=(*TABLES, *BUILT), knows_answers=True),
    "cheat-memorises-pairs": Cheat(kinds=BUILT, knows_answers=True),
    "cheat-hashes-ids": Cheat(twin="constant"),
    "cheat-hides-errors": Cheat(kinds=(*TABLES, *BUILT)),
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
        "id": pack.data.id_column,
        "columns": _columns(pack),
        "answers": [pack.data.target] if isinstance(pack.answer, Predictions) else _columns(pack),
        "metric": pack.metric.name,
    }
    entry = {"kind": "command", "predict": "python cheat.py {data} {out}"}
    _write_json(destination / "task.json", task)
    _write_json(destination / "submission.json", {"pack": pack.id, "entry": entry})
    if CHEATS[name].knows_answers:
        _write_json(destination / "known.json", _answers(pack, data))


def _columns(pack: Pack) -> list[str]:
    """What an answer holds beside the id."""
    if isinstance(pack.answer, TableAnswer):
        return [column.name for column in pack.answer.columns]
    return [pack.predictions.value_column]


def _answers(pack: Pack, data: Path) -> dict[str, list[str]]:
    """The true cells of each row, by the id that candidates see; for returned tables also by what else stands in the row."""
    wanted = _columns(pack) if isinstance(pack.answer, TableAnswer) else [pack.data.target]
    known = {
        row[pack.data.id_column]: [row[name] for name in wanted]
        for row in _rows(data / "private" / (pack.data.shown_labels or pack.data.labels))
    }
    if isinstance(pack.answer, TableAnswer):
        for row in _rows(data / "public" / pack.data.score):
            key = row.pop(pack.data.id_column)
            known["|".join(row.values())] = known.get(key, [])
    return known


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), "utf-8")
