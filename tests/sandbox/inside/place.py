"""A folder laid out as a sandbox is, in which one of our inside programs runs as a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VARIABLES = {
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "Agg",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
"""As inside, where pytest has no plugins of ours either."""
PROGRAMS = Path(__file__).parents[3] / "sandbox" / "inside"


@dataclass(frozen=True)
class Ran:
    code: int
    stderr: str
    out: Path

    def document(self, name: str) -> Any:
        return json.loads((self.out / name).read_text("utf-8"))


def run_inside(
    root: Path, program: str, request: Mapping[str, Any], work: Mapping[str, str], data: Mapping[str, str] | None = None
) -> Ran:
    """Lay out the files, run the program to its end, and hand over what it left."""
    for folder in ("in", "work", "out", "data"):
        (root / folder).mkdir()
    (root / "in" / "request.json").write_text(json.dumps(dict(request)), "utf-8")
    for folder, files in (("work", work), ("data", data or {})):
        for path, text in files.items():
            target = root / folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    finished = subprocess.run(
        [sys.executable, "-P", str(PROGRAMS / program), str(root)],
        cwd=root / "work",
        env=VARIABLES | {"HOME": str(root)},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    return Ran(finished.returncode, finished.stderr, root / "out")
