"""A full grade with a cached environment: what the steps take, and what is ours."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clock import PYTHON, ROOT, told

DEFAULT = (str(ROOT / "assessments" / "card_fraud" / "exemplars" / "naive" / "submission"), "card_fraud")


def grade(submission: str, pack: str, sandbox: str, out: Path) -> tuple[float, float]:
    """(whole seconds, seconds in the candidate's own steps)."""
    command = [PYTHON.parent / "harness", "grade", submission, "--pack", pack, "--sandbox", sandbox, "--out", out, "--json"]
    start = time.monotonic()
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, cwd=ROOT)
    whole = time.monotonic() - start
    if done.returncode:
        sys.exit(done.stderr)
    return whole, sum(step["wall_s"] for step in json.loads(done.stdout)["timings"])


if __name__ == "__main__":
    submission, pack = sys.argv[1:3] if len(sys.argv) > 2 else DEFAULT
    for sandbox in ("bubblewrap", "docker"):
        with tempfile.TemporaryDirectory() as folder:
            grade(submission, pack, sandbox, Path(folder) / "warm-up")
            runs = [grade(submission, pack, sandbox, Path(folder) / str(number)) for number in range(5)]
        print(told(f"{sandbox}: whole grade", [whole for whole, _ in runs]))
        print(told(f"{sandbox}: in steps", [steps for _, steps in runs]))
        print(f"{sandbox}: ours, median {statistics.median(whole - steps for whole, steps in runs):.3f} s")
