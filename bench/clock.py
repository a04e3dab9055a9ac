"""Whole processes timed from outside: medians of several runs after a warm-up."""

import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"


def seconds(command: Sequence[str | Path], runs: int = 5, warm_up: int = 1) -> list[float]:
    """Wall seconds of each counted run."""
    taken = []
    for number in range(warm_up + runs):
        start = time.monotonic()
        subprocess.run([str(word) for word in command], check=False, capture_output=True, cwd=ROOT)
        if number >= warm_up:
            taken.append(time.monotonic() - start)
    return taken


def told(name: str, taken: Sequence[float]) -> str:
    return f"{name:<44} median {statistics.median(taken):7.3f} s   min {min(taken):7.3f}   max {max(taken):7.3f}"
