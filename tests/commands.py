"""The command line as people start it: a process of its own, with its own folder and environment, but started by a fork.

A start takes most of a second, and hundreds are needed: see `quick_start.py`. `fresh` starts the interpreter anew.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
LONGEST_S = 300


@dataclass(frozen=True)
class Ended:
    """How a command ended, what it said, and how much memory it took at most."""

    code: int
    stdout: bytes
    stderr: bytes
    peak_mb: int = 0


def harness(*words: str | Path, cwd: Path | None = None, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`harness` with these words, in this process's environment with these variables more."""
    ended = start(words, cwd, {**os.environ, **environment})
    stdout, stderr = (said.decode("utf-8") for said in (ended.stdout, ended.stderr))
    return subprocess.CompletedProcess(["harness", *map(str, words)], ended.code, stdout, stderr)


def start(
    words: Sequence[str | Path],
    cwd: Path | None,
    environment: Mapping[str, str],
    *,
    fresh: bool = False,
    seconds: float = LONGEST_S,
) -> Ended:
    """Run the command to its end, and hand over what it said byte for byte."""
    with tempfile.TemporaryDirectory(prefix="said-") as folder:
        said = Path(folder)
        begin = _in_a_fresh_process if fresh else _in_a_fork
        code, peak_mb = begin(list(map(str, words)), str(cwd or Path.cwd()), dict(environment), said, seconds)
        return Ended(code, (said / "stdout").read_bytes(), (said / "stderr").read_bytes(), peak_mb)


def _in_a_fresh_process(words: list[str], cwd: str, environment: dict[str, str], said: Path, seconds: float) -> tuple[int, int]:
    with (said / "stdout").open("wb") as out, (said / "stderr").open("wb") as err:
        command = [sys.executable, "-m", "harness", *words]
        none = subprocess.DEVNULL
        done = subprocess.run(
            command, cwd=cwd, env=environment, stdin=none, stdout=out, stderr=err, timeout=seconds, check=False
        )
    return done.returncode, 0


def _in_a_fork(words: list[str], cwd: str, environment: dict[str, str], said: Path, seconds: float) -> tuple[int, int]:
    request = {"words": words, "cwd": cwd, "environment": environment, "seconds": seconds}
    files = {"stdout": str(said / "stdout"), "stderr": str(said / "stderr")}
    server = _idle_or_new()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps({**request, **files}) + "\n")
    server.stdin.flush()
    answer = server.stdout.readline()
    assert answer, "the process that starts commands has died"
    _IDLE.append(server)
    code, peak_mb = map(int, answer.split())
    return code, peak_mb


_IDLE: list["subprocess.Popen[str]"] = []
"""Processes that start commands, and have none to start now. Each does one at a time."""


def _idle_or_new() -> "subprocess.Popen[str]":
    try:
        return _IDLE.pop()
    except IndexError:
        return _starter()


def _starter() -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.quick_start"]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, cwd=REPOSITORY, env=plain_environment(), stdin=pipe, stdout=pipe, text=True)
    atexit.register(_end, started)
    return started


def _end(server: "subprocess.Popen[str]") -> None:
    server.kill()
    server.communicate()


def plain_environment() -> dict[str, str]:
    """This process's, without settings of the harness or of the test runner."""
    kept = ("HARNESS_CACHE_DIR",)
    return {name: value for name, value in os.environ.items() if name in kept or not name.startswith(("HARNESS_", "PYTEST_"))}
