"""What a behaviour of the contract gets to work with: short jobs in fresh sandboxes, and what came of them."""

import json
import platform
import sys
import tempfile
import textwrap
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from harness.model.run import Outcome
from harness.model.sandbox import Limits
from sandbox.base import DATA, IN, INSIDE, SUBMISSION, Backend, Execution, Job, Mount, Owner
from sandbox.seccomp import ARCHITECTURES

PROBE = f"{INSIDE}/conformance_probe.py"

SUBMITTED = {"main.py": b"print('hello')\n", "pkg/deep/module.py": b"X = 1\n", "data/own.csv": b"theirs\n"}
DATA_FILES = {"train.csv": b"id,x\n1,2\n"}


class BrokenError(Exception):
    """The behaviour is not shown; says what was seen instead."""


class UntestedError(Exception):
    """The behaviour cannot be observed from here; says why."""


def expect(condition: bool, seen: object) -> None:
    if not condition:
        raise BrokenError(str(seen)[:500])


@dataclass(frozen=True)
class Seen:
    """What one job did, and what was fetched."""

    execution: Execution
    files: dict[str, bytes]
    refused: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        return self.execution.outcome

    @property
    def stdout(self) -> str:
        return self.execution.stdout.text()

    @property
    def stderr(self) -> str:
        return self.execution.stderr.text()

    def describe(self) -> str:
        return f"it {self.outcome.sentence()}; printed {self.stdout[-150:]!r} and {self.stderr[-200:]!r}"

    def expect_success(self) -> None:
        expect(self.outcome.succeeded, self.describe())

    def expect_printed(self, text: str) -> None:
        expect(self.stdout.strip() == text, f"wanted {text!r}; {self.describe()}")


class Trial:
    """Runs jobs on one back end. The submission and the data are small folders of its own."""

    def __init__(self, backend: Backend, owner: Owner, scratch: Path) -> None:
        self.backend, self.owner, self.scratch = backend, owner, scratch
        self.submission = _folder(scratch / "submission", SUBMITTED)
        self.data = _folder(scratch / "data", DATA_FILES)

    def job(self, code: str, *, collect: tuple[str, ...] = (), env: dict[str, str] | None = None, **limits: float) -> Job:
        """A job that runs a piece of Python, with small limits that arguments change."""
        chosen = {
            "wall_s": 30,
            "memory_mb": 512,
            "pids": 128,
            "work_mb": 64,
            "tmp_mb": 32,
            "shm_mb": 32,
            "file_mb": 64,
            **limits,
        }
        return Job(
            label="behaviour",
            argv=("python3", "-c", textwrap.dedent(code)),
            limits=Limits.model_validate(chosen),
            mounts=(Mount(self.submission, SUBMISSION), Mount(self.data, DATA)),
            env=env or {},
            collect=collect,
        )

    def run_job(self, job: Job, put: dict[str, bytes] | None = None) -> Seen:
        with self.backend.open(self.owner) as sandbox:
            for name, data in (put or {}).items():
                sandbox.put(name, data)
            execution = sandbox.run(job)
            destination = Path(tempfile.mkdtemp(dir=self.scratch)) / "out"
            artifacts, refused = sandbox.fetch(destination)
        return Seen(execution, {one.name: (destination / one.name).read_bytes() for one in artifacts}, refused)

    def run(
        self,
        code: str,
        *,
        collect: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
        put: dict[str, bytes] | None = None,
        **limits: float,
    ) -> Seen:
        return self.run_job(self.job(code, collect=collect, env=env, **limits), put)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What a program inside finds out about its place when it tries everything. Run once for all behaviours."""
        return self.probe()

    def probe(self) -> dict[str, Any]:
        job = replace(self.job("", stream_kb=512), argv=("python3", PROBE, f"{IN}/questions.json"))
        with tempfile.NamedTemporaryFile(prefix="harness-canary-") as canary:
            Path(canary.name).chmod(0o644)  # or its absence inside would prove nothing
            seen = self.run_job(job, {"questions.json": questions(canary.name)})
        seen.expect_success()
        answers = json.loads(seen.stdout)
        expect(isinstance(answers, dict), "the probe's answers are no object")
        return dict(answers)


def questions(canary: str) -> bytes:
    """What the probe needs to know from outside: numbers of system calls, and host paths that must not be there."""
    reached_by_python = Path(sys.base_prefix).resolve()
    home = [str(path) for path in _entries(Path.home()) if path not in (reached_by_python, *reached_by_python.parents)]
    known = ARCHITECTURES.get(platform.machine())
    return json.dumps(
        {
            "calls": {**known.denied, "clone": known.clone} if known else {},
            "host_paths": [canary, __file__, "/run/docker.sock", "/var/run/docker.sock", "/run/systemd", *home[:40]],
        }
    ).encode("utf-8", errors="backslashreplace")


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _folder(place: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return place
