"""A folder that looks like a fresh clone to whoever follows the pages, but for one thing: the demo task is a small one.

The small task has the demo's name, exemplars' names and criteria, and is graded in seconds, so that every command of a page
can be run as it stands.
"""

import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from tests.docs.fences import ROOT, Command
from tests.small_pack import write_small_pack

DEMO = "card_fraud"
MARK = "\x1e"
PAGE_LIMIT_S = 600
_KEPT = ("HARNESS_CACHE_DIR", "HARNESS_BASE_IMAGE")
"""What a host needs to be itself; everything else that is ours starts unset, as for a newcomer."""
_UNSET = ("HARNESS_", "SOURCE_DATE", "GIT_", "PYTHON")
_OURS = ("harness", "checks", "sandbox", "reports", "requirements", "examples")
_FILES = ("Makefile", "pyproject.toml", "README.md", "action.yml")


@dataclass(frozen=True)
class Ran:
    """One command of a page, and what came of it."""

    command: Command
    code: int
    printed: str


def set_up(root: Path) -> Path:
    """Make the folder. Everybody may walk to it, because sandboxes are other users."""
    root.chmod(0o755)
    for name in _OURS:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _FILES:
        shutil.copy(ROOT / name, root / name)
    _small_demo(root / "assessments")
    (root / ".venv").mkdir()
    (root / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    for stamp in (".installed", ".installed-dev"):
        (root / ".venv" / stamp).touch()
    return root


def _small_demo(assessments: Path) -> None:
    yaml = YAML()
    write_small_pack(assessments).rename(assessments / DEMO)
    pack = assessments / DEMO
    shutil.copy(ROOT / "assessments" / DEMO / "requirements.in", pack)
    document = yaml.load(pack / "pack.yaml")
    document["id"] = DEMO
    yaml.dump(document, pack / "pack.yaml")
    for declared in pack.glob("exemplars/*/submission/submission.json"):
        declared.write_text(declared.read_text("utf-8").replace('"small"', f'"{DEMO}"'), "utf-8")
    used = {one["check"] for one in document["checks"]}
    rubric = yaml.load(ROOT / "assessments" / DEMO / "rubric.yaml")
    for criterion in rubric["criteria"]:
        criterion["checks"] = [one for one in criterion.get("checks", ()) if one["check"] in used]
        if not criterion["checks"]:
            criterion["automatic_share"] = 0
    for part in ("gates", "red_flags"):
        rubric[part] = [one for one in rubric.get(part, ()) if one["when_check"] in used]
    yaml.width = 200
    yaml.dump(rubric, pack / "rubric.yaml")


def follow(
    desk: Path, commands: list[Command], *, elsewhere: frozenset[str] = frozenset(), log: Path | None = None
) -> list[Ran]:
    """Type a page's commands into one shell, one after the other; those that are run elsewhere are left out.

    What is said beside the output comes with it, as on a terminal, or goes into the log.
    """
    typed = [one for one in commands if one.typed not in elsewhere]
    script = "\n".join(f"{one.typed}\n_code=$?; printf '{MARK}%s{MARK}' $_code; (exit $_code)" for one in typed)
    with log.open("w") if log else nullcontext(subprocess.STDOUT) as said:
        done = subprocess.run(
            ["bash", "--norc", "--noprofile", "-c", script],
            cwd=desk,
            env=_variables(desk),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            errors="replace",
            timeout=PAGE_LIMIT_S,
            check=False,
        )
    parts = done.stdout.split(MARK)
    outputs, codes = parts[0::2], parts[1::2]
    if len(codes) != len(typed):
        message = f"the shell ended after {len(codes)} of {len(typed)} commands, saying: {done.stdout[-2000:]}"
        raise AssertionError(message)
    return [Ran(one, int(code), printed) for one, code, printed in zip(typed, codes, outputs, strict=False)]


def _variables(desk: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or not name.startswith(_UNSET)}
    return {
        **kept,
        "PYTHONPATH": str(desk),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HARNESS_SANDBOX": "bubblewrap",
        "NO_COLOR": "1",
    }
