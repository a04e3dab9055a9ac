"""A run folder that somebody changed is damaged, and is said to be: it is never the candidate's fault, and nothing is followed."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.attacks.arena import WELL, Arena, Canary, Told, expect_sound_reports, new_canary

pytestmark = pytest.mark.bubblewrap
Change = Callable[[Path, Path], object]
"""Of a run folder, with a file of the host beside it."""


@pytest.fixture
def graded(honest: Told) -> Path:
    assert honest.run is not None
    return honest.run


@pytest.fixture
def run(graded: Path, tmp_path: Path) -> Path:
    shutil.copytree(graded, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def secret() -> Canary:
    return new_canary()


@pytest.fixture
def outside(tmp_path: Path, secret: Canary) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "predictions.csv").write_text(f"row_id,score\n{secret.text},1\n")
    (tmp_path / "outside" / "predict.py").write_text(f"x = eval('{secret.text}')\n")
    return tmp_path / "outside"


def regraded(arena: Arena, run: Path, start: str = "check") -> Told:
    assert arena.pack is not None
    return arena.harness("regrade", run, "--packs", arena.pack.parent, "--from", start, "--json", run=run)


def replaced(place: Path, make: Callable[[Path], object]) -> None:
    shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink()
    make(place)


def record(run: Path, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads((run / name).read_text())
    change(document)
    (run / name).write_text(json.dumps(document))


def artifact(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for step in document["steps"] for one in step["artifacts"] if one["name"] == name)


PREDICTIONS, SOURCE = "artifacts/predict/predictions.csv", "submission/predict.py"
CHANGED: dict[str, Change] = {
    "other predictions": lambda run, _: (run / PREDICTIONS).write_text("row_id,score\n"),
    "one byte of the predictions": lambda run, _: (run / PREDICTIONS).write_bytes((run / PREDICTIONS).read_bytes()[:-1] + b"9"),
    "more predictions": lambda run, _: (run / PREDICTIONS).write_text((run / PREDICTIONS).read_text() + "x,1\n"),
    "predictions that are a link": lambda run, outside: replaced(run / PREDICTIONS, lambda at: at.symlink_to(outside / "predictions.csv")),
    "predictions that are a link to their like": lambda run, _: (
        shutil.copy(run / PREDICTIONS, run.parent / "like.csv"), replaced(run / PREDICTIONS, lambda at: at.symlink_to(run.parent / "like.csv"))
    ),
    "predictions that are a pipe": lambda run, _: replaced(run / PREDICTIONS, os.mkfifo),
    "predictions that are a folder": lambda run, _: replaced(run / PREDICTIONS, Path.mkdir),
    "predictions that are gone": lambda run, _: (run / PREDICTIONS).unlink(),
    "a folder that is a link": lambda run, outside: replaced(run / "artifacts/predict", lambda at: at.symlink_to(outside)),
    "all artifacts behind a link": lambda run, outside: replaced(run / "artifacts", lambda at: at.symlink_to(outside)),
    "another source": lambda run, _: (run / SOURCE).write_text("x = 1\n"),
    "a source that is a link": lambda run, outside: replaced(run / SOURCE, lambda at: at.symlink_to(outside / "predict.py")),
    "a source that is a pipe": lambda run, _: replaced(run / SOURCE, os.mkfifo),
    "a source more": lambda run, _: (run / "submission/more.py").write_text("x = 1\n"),
    "a submission behind a link": lambda run, outside: replaced(run / "submission", lambda at: at.symlink_to(outside)),
    "a record that leads up": lambda run, outside: record(run, "runs.json", lambda document: artifact(document, "predictions.csv").update(
        name="../../../outside/predictions.csv", size=(outside / "predictions.csv").stat().st_size,
        sha256=hashlib.sha256((outside / "predictions.csv").read_bytes()).hexdigest())),
    "a record of a file of the host": lambda run, outside: record(run, "runs.json", lambda document: artifact(document, "predictions.csv").update(
        name=str(outside / "predictions.csv"), sha256=hashlib.sha256((outside / "predictions.csv").read_bytes()).hexdigest())),
    "a snapshot that leads up": lambda run, outside: record(run, "snapshot.json", lambda document: document["files"][0].update(
        path="../../outside/predict.py", size=(outside / "predict.py").stat().st_size, sha256=hashlib.sha256((outside / "predict.py").read_bytes()).hexdigest())),
    "a digest that is another": lambda run, _: record(run, "runs.json", lambda document: artifact(document, "predictions.csv").update(sha256="0" * 64)),
    "a size that is another": lambda run, _: record(run, "runs.json", lambda document: artifact(document, "predictions.csv").update(size=1)),
    "a record that is cut off": lambda run, _: (run / "runs.json").write_text((run / "runs.json").read_text()[:-200]),
    "a record that is no JSON": lambda run, _: (run / "snapshot.json").write_text("[" * 100_000),
    "a record with NaN": lambda run, _: (run / "runs.json").write_text((run / "runs.json").read_text().replace('"wall_s": ', '"wall_s": NaN, "x": ', 1)),
    "a record with fields nobody knows": lambda run, _: record(run, "lock.json", lambda document: document.update(evil=1)),
    "a pack that is a path": lambda run, outside: record(run, "lock.json", lambda document: document.update(pack=str(outside))),
    "a step that leads up": lambda run, _: record(run, "runs.json", lambda document: [one.update(step="../../..") for step in document["steps"] for one in step["artifacts"]]),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_run_is_damaged_and_not_judged(name: str, arena: Arena, run: Path, outside: Path, secret: Canary) -> None:
    CHANGED[name](run, outside)
    before = {path.name: path.read_bytes() for path in outside.iterdir()}

    told = regraded(arena, run)

    assert told.code in (2, 3), (told.code, told.stderr[-500:])
    assert secret.where_found(told.stdout.encode(), told.stderr.encode()) is None
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before


def test_an_unchanged_copy_is_judged_as_before(arena: Arena, run: Path, graded: Path) -> None:
    told = regraded(arena, run)

    assert told.code in WELL, told.stderr
    assert told.document["checks"] == json.loads((graded / "report.json").read_text())["checks"]
    expect_sound_reports(told)


LINKED = ("events.jsonl", "report.html", "report.json", "report.md", "checks.json", "grade.json", ".running")


@pytest.mark.parametrize("start", ["check", "score"])
def test_links_among_what_is_written_are_replaced_or_refused_never_followed(
    start: str, arena: Arena, run: Path, tmp_path: Path
) -> None:
    for name in LINKED:
        target = tmp_path / f"kept-{name}"
        if (run / name).exists():
            shutil.copy(run / name, target)
        else:
            target.write_text("{}")
        (run / name).unlink(missing_ok=True)
        (run / name).symlink_to(target)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("kept-*")}

    told = regraded(arena, run, start)

    assert told.code in (*WELL, 2, 3), told.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.glob("kept-*")} == before


def test_a_folder_of_strangers_is_not_a_run(arena: Arena, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_bytes(b"x")

    assert regraded(arena, tmp_path / "photos").code == 2
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["one.jpg"]
