"""A small pack, submissions of it, and a back end that runs them here and now: for tests of the batch, not of sandboxes."""

import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.batch.carrying import Ask
from harness.batch.results import open_store
from harness.model.run import Exited, SandboxLost, TimedOut
from harness.packs import open_pack
from harness.publishing import file_names
from harness.settings import Settings
from sandbox.base import Job
from sandbox.fake import Answer, Fake
from tests.builders import write_tree
from tests.small_pack import submission_files, write_small_pack

Put = dict[str, bytes]
RAN = "ran.txt"


def write_submission(root: Path, formula: str = "x1", readme: str = "") -> Path:
    """A submission; a word of its README tells the back end below how its run is to end."""
    files = submission_files(formula)
    return write_tree(root, {**files, "README.md": f"{files['README.md']}\n{readme}\n"})


class Here:
    """The fake back end, answering by really running the pack's generator and the submission's predict.py."""

    def __init__(self, journal: Path) -> None:
        self.journal = journal

    def backend(self, _name: str = "auto") -> Fake:
        return Fake({"generate": generate, "tests": Answer(outcome=Exited(code=5)), "predict": self.predict})

    def predict(self, job: Job, _put: Put) -> Answer:
        submission, data = (next(one.source for one in job.mounts if one.target == at) for at in ("/submission", "/data"))
        readme = (submission / "README.md").read_text("utf-8")
        with self.journal.open("a") as journal:
            journal.write((readme.split() or ["blank"])[-1] + "\n")
        ending = END.get((readme.split() or ["blank"])[-1])
        if ending is not None:
            return ending()
        with tempfile.TemporaryDirectory() as place:
            out = Path(place, "predictions.csv")
            command = [sys.executable, "-I", str(submission / "predict.py"), str(data), str(out)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            files = {"predictions.csv": out.read_bytes()} if out.exists() else {}
            return Answer(outcome=Exited(code=done.returncode), files=files, stderr=done.stderr)

    def predictions_asked_for(self) -> list[str]:
        """The last word of the README of every submission that was asked to predict, exemplars left out."""
        words = self.journal.read_text().split() if self.journal.exists() else []
        return [word for word in words if word != "row."]


def generate(job: Job, put: Put) -> Answer:
    with tempfile.TemporaryDirectory() as place:
        Path(place, "generate.py").write_bytes(put["generate.py"])
        seed = job.argv[job.argv.index("--seed") + 1]
        command = [sys.executable, "-I", f"{place}/generate.py", "--seed", seed, "--out", f"{place}/data"]
        subprocess.run(command, check=True)
        files = {path.relative_to(place).as_posix(): path.read_bytes() for path in Path(place, "data").rglob("*.csv")}
    return Answer(files=files)


def _sleeps() -> Answer:
    time.sleep(120)
    raise AssertionError


def _kills() -> Answer:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _breaks() -> Answer:
    raise RuntimeError("something of ours is broken")


END: dict[str, Callable[[], Answer]] = {
    "SLEEPS": _sleeps,
    "KILLED": _kills,
    "BREAKS": _breaks,
    "LOST": lambda: Answer(outcome=SandboxLost(reason="the engine went away")),
    "LATE": lambda: Answer(outcome=TimedOut(after_s=60)),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """Every session of this test, in whatever process, uses the back end above."""
    one = Here(tmp_path / RAN)
    monkeypatch.setattr("sandbox.choose.choose", one.backend)
    monkeypatch.setattr("sandbox.choose.available", lambda: (one.backend(),))
    monkeypatch.setattr("harness.batch.trouble.Trouble.PAUSE_S", 0.0)
    monkeypatch.setenv("HARNESS_CACHE_DIR", str(tmp_path / "cache"))
    return one


def make_ask(place: Path, source: Path, **values: Any) -> Ask:
    """What `harness batch` would ask for, with everything it writes below `place`."""
    pack = place / "packs" / "small"
    if not pack.is_dir():
        write_small_pack(place / "packs")
    opened = open_pack(str(pack))
    settings = values.pop("settings", None) or Settings(cache=place / "cache")
    defaults: dict[str, Any] = {
        "source": source,
        "root": place / "out",
        "opened": opened,
        "settings": settings,
        "store": open_store(place / "store"),
        "profile": "applied",
        "formats": ("html",),
        "files": file_names(("html",)),
        "jobs": 2,
    }
    return Ask(**{**defaults, **values})


def cohort(place: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((place / "out" / "cohort.json").read_text("ascii"))
    return document


def table(place: Path) -> list[dict[str, str]]:
    with (place / "out" / "cohort.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by_name(place: Path) -> dict[str, dict[str, Any]]:
    """The cohort's members by the names of their entries."""
    names = json.loads((place / "out" / "names.json").read_text("ascii"))["names"]
    return {names[one["id"]]: one for one in cohort(place)["members"]}
