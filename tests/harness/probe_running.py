"""Running a submission against a fake back end that predicts as a plain function of the rows it is given."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.model.facts import Facts
from harness.model.pack import Pack
from harness.model.run import RunSet
from harness.model.submission import CommandEntry, Entry
from harness.running.entry import EntryChoice
from harness.running.exchange import make_exchange
from harness.running.session import Session
from harness.running.steps import Running, run_steps
from harness.running.unnamed import Unnamed
from sandbox.base import DATA, Job
from sandbox.fake import Answer, Fake, Script
from sandbox.owners import new_owner
from tests.builders import make_facts, make_pack, make_snapshot

Rows = list[dict[str, str]]
Predictor = Callable[[Rows], list[float]]
COUNT = 400
PREDICT = CommandEntry(predict="python predict.py {data} {out}")
TRAIN = CommandEntry(train="python train.py {data} {model}", predict="python predict.py {data} {model} {out}")


def by_value(rows: Rows) -> list[float]:
    """Sound: each row by itself, whatever may be missing in it."""
    return [float(row["x"] or 0) for row in rows]


class Answers(dict[str, "Answer | Script"]):
    """One answer for every probe, however it is called."""

    def get(self, key: str, default: Any = None) -> Any:
        return super().get("probe" if key.startswith("probe") else key, default)


@dataclass
class Place:
    """What ran, and where its outputs lie."""

    runs: RunSet
    fake: Fake
    running: Running

    def names(self) -> list[str]:
        return [step.name for step in self.runs.probes]

    def job(self, name: str) -> Job:
        return next(one.job for one in self.fake.ran if one.job.label == name)

    def table(self, name: str, file: str = "score.csv") -> Rows:
        """The data that a step was given."""
        (source,) = [mount.source for mount in self.job(name).mounts if mount.target == DATA]
        return read(source / file)

    def account(self, name: str) -> Rows:
        return read(self.running.artifacts / name / "probe_rows.csv")


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def probe(
    tmp_path: Path,
    predictor: Predictor = by_value,
    *,
    probes: Mapping[str, Any] | None = None,
    facts: Facts | None = None,
    entry: Entry = PREDICT,
    wall_s: float = 1.0,
) -> Place:
    """Run every step of a small pack with probes."""
    pack = make_pack(steps={"predict": {}, "train": {}, "probes": dict(probes or {})})
    write_data(tmp_path / "data")
    exchange = make_exchange(pack, tmp_path / "data", b"key", tmp_path / "exchange")
    fake = Fake()
    fake.answers = Answers(predict=_script(pack, predictor, wall_s), probe=_script(pack, predictor, wall_s), train=_trained)
    staging = tmp_path / "staging"
    staging.mkdir()
    session = Session(fake, new_owner("run"), fake.prepare(_lock(tmp_path)), staging, 1, tmp_path, silent, Unnamed(staging))
    choice = EntryChoice(entry, "named")
    snapshot = make_snapshot("predict.py")
    files = tmp_path / "files"
    files.mkdir()
    running = Running(
        session, pack, snapshot, files, choice, tmp_path / "data" / "public", exchange, tmp_path / "artifacts", facts
    )
    return Place(run_steps(running), fake, running)


def all_facts(**more: Any) -> Facts:
    return make_facts(
        categorical_columns=["kind"],
        gaps=[{"column": "x", "rate": 0.1, "why": "not recorded"}],
        traps=[{"column": "queue", "strength": "loud", "why": "later", "sentence": "Filled later."}],
        **more,
    )


def write_data(root: Path) -> None:
    """A holdout of rows by hour, in which the trap column is always 0, and training rows in which it is not."""
    header = ["row_id", "hour", "x", "kind", "queue"]
    holdout = [[f"R{100_000 + n}", str(n // 4), f"{n * 37 % COUNT / COUNT}", "abc"[n % 3], "0"] for n in range(COUNT)]
    train = [
        [f"R{200_000 + n}", str(n // 4), f"{n * 53 % COUNT / COUNT}", "abc"[n % 3], str(n % 5), str(n % 2)]
        for n in range(COUNT)
    ]
    write(root / "public" / "score.csv", [header, *holdout])
    write(root / "public" / "train.csv", [[*header, "label"], *train])
    write(root / "private" / "labels.csv", [["row_id", "label"], *([row[0], str(n % 2)] for n, row in enumerate(holdout))])


def write(path: Path, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def silent(_: str) -> None:
    """Nobody listens."""


def _script(pack: Pack, predictor: Predictor, wall_s: float) -> Script:
    def answer(job: Job, put: dict[str, bytes]) -> Answer:
        if job.label.endswith(".train"):
            return _trained
        (source,) = [mount.source for mount in job.mounts if mount.target == DATA]
        rows = read(source / pack.data.score)
        try:
            values = predictor(rows)
        except ValueError as problem:
            from harness.model.run import Exited

            return Answer(outcome=Exited(code=1), stderr=f"ValueError: {problem}", wall_s=wall_s)
        text = io.StringIO()
        lines = zip((row["row_id"] for row in rows), values, strict=False)
        csv.writer(text, lineterminator="\n").writerows([("row_id", "score"), *lines])
        return Answer(files={pack.predictions.file: text.getvalue().encode()}, wall_s=wall_s)

    return answer


_trained = Answer(files={"model/model.json": b"{}"}, wall_s=1.0)


def _lock(tmp_path: Path) -> Path:
    lock = tmp_path / "requirements.lock"
    lock.write_text("", "utf-8")
    return lock


def pairs(rows: Rows, *columns: str) -> Iterator[tuple[str, ...]]:
    return (tuple(row[column] for column in columns) for row in rows)
