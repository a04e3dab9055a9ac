"""Candidates' repositories, and the environments and event files with which build systems start a job in them."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.ci.contract import FILE, contract_of, handed_out
from harness.documents import read_yaml
from harness.model.pack import Pack
from tests.builders import write_tree
from tests.small_pack import BUILT_IN_LOCK, GENERATE, submission_files, write_small_pack

NO_COMMIT = "0" * 40
SLOPPY = "def is_gone(value: float | None) -> bool:\n    return value == None\n\n\n" + "\n\n".join(
    f'def double_{number}(value: float) -> float:\n    """Twice the value, and {number}."""\n    return 2 * value + {number}\n'
    for number in range(12)
)
"""A module with one likely bug in its second line, long enough to be judged."""
_BUILD_PREFIXES = ("GITHUB_", "GITLAB_", "CI_", "RUNNER_", "HARNESS_")
_BUILD_NAMES = ("CI", "BUILD_NUMBER", "BUILDKITE", "TF_BUILD", "TEAMCITY_VERSION", "JENKINS_URL", "BITBUCKET_BUILD_NUMBER")
_KEPT = ("HARNESS_CACHE_DIR", "HARNESS_BASE_IMAGE", "HARNESS_REQUIRE_DOCKER", "HARNESS_REQUIRE_BUBBLEWRAP")


def write_kit(root: Path, *, formula: str = "2 * x1 + x2", **more: str) -> Path:
    """The folder that a candidate of the small pack was given, with a submission in it."""
    pack = write_small_pack(root / "packs")
    kit = root / "kit"
    made = root / "made"
    script = root / "generate.py"
    script.write_text(GENERATE, "utf-8")
    subprocess.run([sys.executable, script, "--seed", "7", "--out", made], check=True)
    (made / "public").rename(_parent(kit / "data"))
    write_tree(kit, {"BRIEF.md": (pack / "candidate" / "BRIEF.md").read_text("utf-8")})
    (kit / "requirements.txt").write_bytes(BUILT_IN_LOCK.read_bytes())
    contract = contract_of(read_yaml(pack / "pack.yaml", Pack), handed_out(kit))
    write_tree(kit, {FILE: contract.to_json(), **submission_files(formula), **more})
    return kit


def _parent(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def git(repository: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run([*command, "-C", repository, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(repository: Path, message: str = "work") -> str:
    """Everything that lies there as one more commit; returns its id."""
    if not (repository / ".git").exists():
        git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "--allow-empty", "-m", message)
    return git(repository, "rev-parse", "HEAD")


def without_builds(monkeypatch: pytest.MonkeyPatch, environ: Mapping[str, str]) -> None:
    """As if no build system had started this."""
    for name in environ:
        if (name.startswith(_BUILD_PREFIXES) or name in _BUILD_NAMES) and name not in _KEPT:
            monkeypatch.delenv(name)


@dataclass(frozen=True)
class Actions:
    """A job of GitHub Actions."""

    environ: dict[str, str]

    @property
    def summary(self) -> str:
        return Path(self.environ["GITHUB_STEP_SUMMARY"]).read_text("utf-8")

    @property
    def outputs(self) -> dict[str, str]:
        lines = Path(self.environ["GITHUB_OUTPUT"]).read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


def actions(repository: Path, place: Path, event: str, payload: dict[str, Any] | None, **more: str) -> Actions:
    """The environment as the runner sets it: files for the summary, outputs, paths and variables, and the event's payload."""
    place.mkdir(parents=True, exist_ok=True)
    files = {"GITHUB_STEP_SUMMARY": "summary", "GITHUB_OUTPUT": "output", "GITHUB_ENV": "env", "GITHUB_PATH": "path"}
    for name in files.values():
        (place / name).write_text("", "utf-8")
    told = place / "event.json"
    told.write_text(json.dumps(payload or {}), "utf-8")
    return Actions(
        {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "ada",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(told),
            "GITHUB_JOB": "feedback",
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REF_NAME": "main",
            "GITHUB_REF_TYPE": "branch",
            "GITHUB_REPOSITORY": "team/ada",
            "GITHUB_SHA": git(repository, "rev-parse", "HEAD"),
            "GITHUB_WORKSPACE": str(repository),
            "RUNNER_TEMP": str(place),
            **{name: str(place / file) for name, file in files.items()},
            **more,
        }
    )


def push_event(before: str, after: str, *, forced: bool = False, ref: str = "refs/heads/main") -> dict[str, Any]:
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "created": before == NO_COMMIT,
        "deleted": False,
        "forced": forced,
        "base_ref": None,
        "commits": [{"id": after, "message": "work", "author": {"name": "Ada", "email": "ada@example.org"}}],
        "head_commit": {"id": after, "message": "work"},
        "repository": {"full_name": "team/ada", "fork": False},
        "sender": {"login": "ada"},
    }


def pull_request_event(head: str, *, number: int = 7, head_repository: str | None = "team/ada") -> dict[str, Any]:
    repository = {"full_name": head_repository, "fork": head_repository != "team/ada"} if head_repository else None
    return {
        "action": "synchronize",
        "number": number,
        "pull_request": {
            "number": number,
            "head": {"sha": head, "ref": "work", "repo": repository},
            "base": {"ref": "main", "repo": {"full_name": "team/ada"}},
        },
        "repository": {"full_name": "team/ada"},
        "sender": {"login": "ada"},
    }


def pipeline(repository: Path, source: str = "push", before: str = NO_COMMIT, **more: str) -> dict[str, str]:
    """The environment as GitLab's runner sets it."""
    return {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_SERVER": "yes",
        "CI_PIPELINE_SOURCE": source,
        "CI_COMMIT_SHA": git(repository, "rev-parse", "HEAD"),
        "CI_COMMIT_BEFORE_SHA": before,
        "CI_COMMIT_REF_NAME": "main",
        "CI_COMMIT_BRANCH": "main",
        "CI_PROJECT_DIR": str(repository),
        "CI_PROJECT_ID": "11",
        "CI_JOB_TOKEN": "glcbt-not-a-real-token",
        **more,
    }
