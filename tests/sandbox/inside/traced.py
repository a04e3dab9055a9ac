"""Scripts run under the tracer as a sandbox would run them, and their traces as the judging side reads them."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from checks.trace import Trace, read_trace
from harness.model.submission import NotebookEntry
from tests.checks.builders import Step, evidence_of, pack_of

TRACER = Path(__file__).parents[3] / "sandbox" / "inside" / "tracer"
TABLE = """
import numpy as np, pandas as pd
source = np.random.default_rng(7)
frame = pd.DataFrame(source.normal(size=(1200, 5)), columns=list("abcde"))
frame["y"] = (frame.a + source.normal(size=1200) > 1.2).astype(int)
X, y = frame.drop(columns="y"), frame.y
"""


@dataclass(frozen=True)
class Ran:
    stdout: str
    stderr: str
    code: int
    lines: str
    """The trace as it was written."""


def run_script(root: Path, script: str, *, traced: bool = True, modules: dict[str, str] | None = None) -> Ran:
    """Run a script as /work/main.py would run; `modules` lie on the module search path beside it."""
    work, out = root / "work", root / "out"
    for folder in (work, out):
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**(modules or {}), "main.py": script}.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, "utf-8")
    trace = out / "trace.jsonl"
    tracing = {"PYTHONPATH": str(TRACER), "HARNESS_TRACE": str(trace), "HARNESS_TRACE_WORK": str(work)}
    finished = subprocess.run(
        [sys.executable, "main.py"],
        cwd=work,
        env={"PATH": "/usr/bin:/bin", "HOME": str(root), "OMP_NUM_THREADS": "1", **(tracing if traced else {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(finished.stdout, finished.stderr, finished.returncode, trace.read_text("utf-8") if trace.exists() else "")


def trace_of(tmp_path: Path, script: str, **options: object) -> Trace:
    """What the judging side reads of a script's trace."""
    ran = run_script(tmp_path / "run", script, **options)  # type: ignore[arg-type]
    assert ran.code == 0, ran.stderr
    return read_lines(tmp_path, ran.lines)


def read_lines(tmp_path: Path, lines: str | bytes, notebook: str | None = None) -> Trace:
    files = {"work.ipynb": notebook} if notebook else {}
    step = Step("predict", files={"trace.jsonl": lines}, target="work.ipynb" if notebook else None)
    entry = NotebookEntry(path="work.ipynb") if notebook else None
    trace = read_trace(evidence_of(tmp_path, files, steps=[step], pack=pack_of(), entry=entry), "predict")
    assert trace is not None
    return trace
