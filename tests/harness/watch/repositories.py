"""Real repositories that candidates push to with the real git, and a small configuration that watches them."""

import subprocess
from pathlib import Path
from typing import Any

from tests.builders import write_tree, write_yaml

_WHO = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "init.defaultBranch=main")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *_WHO, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Candidate:
    """Someone with a work tree, who pushes to a bare repository somewhere else."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.remote, self.work = root / "served" / f"{name}.git", root / "work" / name
        for place in (self.remote, self.work):
            place.mkdir(parents=True)
        git(self.remote, "init", "--quiet", "--bare")
        git(self.remote, "config", "receive.denyDeleteCurrent", "ignore")
        git(self.work, "init", "--quiet")
        git(self.work, "remote", "add", "origin", str(self.remote))

    def commit(self, files: dict[str, str], *more: str) -> str:
        write_tree(self.work, files)
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", "--message", "work", *more)
        return git(self.work, "rev-parse", "HEAD")

    def push(self, *arguments: str) -> None:
        git(self.work, "push", "--quiet", *(arguments or ("origin", "HEAD:main")))

    def hand_in(self, files: dict[str, str]) -> str:
        """Commit and push."""
        commit = self.commit(files)
        self.push()
        return commit


def write_config(place: Path, pack: Path, *candidates: Candidate | dict[str, Any], **values: Any) -> Path:
    """A watch.yaml for these candidates."""
    rows = [one if isinstance(one, dict) else {"candidate": one.name, "repository": str(one.remote)} for one in candidates]
    return write_yaml(place, {"format": 1, "pack": str(pack), "interval_s": 1, **values, "candidates": rows})
