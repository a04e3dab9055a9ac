"""GitHub Actions: what its environment and event file say about a build."""

from collections.abc import Mapping
from typing import Any

from harness.ci.build import NO_COMMIT, Build, commit_id, file, folder, inner, number, read_event, text
from harness.errors import UsageError

_PRIVILEGED = frozenset({"pull_request_target", "workflow_run", "issue_comment"})
"""Events that run with the rights and secrets of the repository that is written to, not of the one that was pushed to."""


def is_here(environ: Mapping[str, str]) -> bool:
    return environ.get("GITHUB_ACTIONS") == "true"


def read(environ: Mapping[str, str]) -> Build:
    name = text(environ, "GITHUB_EVENT_NAME")
    if name in _PRIVILEGED:
        raise UsageError(
            f"candidate code is not run on the event {name}, which has the secrets of the repository",
            where="GITHUB_EVENT_NAME",
            expected="push or pull_request",
            next_step="start the workflow with `on: [push, pull_request]`",
        )
    event = read_event(environ.get("GITHUB_EVENT_PATH"))
    is_push = name == "push"
    return Build(
        system="github",
        event=name,
        ref=_ref(environ),
        commit=_commit(environ, event),
        request=number(inner(event, "pull_request", "number") or inner(event, "number")),
        from_fork=_from_fork(event) if name == "pull_request" else None,
        first_push=is_push and inner(event, "before") == NO_COMMIT,
        forced=inner(event, "forced") is True if is_push and event else None,
        root=folder(environ, "GITHUB_WORKSPACE"),
        summary=file(environ, "GITHUB_STEP_SUMMARY"),
        outputs=file(environ, "GITHUB_OUTPUT"),
        notes=() if event is not None else ("The event file could not be read; the environment alone was used.",),
    )


def _ref(environ: Mapping[str, str]) -> str:
    """The branch or tag; of a pull request the branch it comes from."""
    head = text(environ, "GITHUB_HEAD_REF")
    short = head or text(environ, "GITHUB_REF_NAME") or text(environ, "GITHUB_REF")
    return f"tag {short}" if environ.get("GITHUB_REF_TYPE") == "tag" and not head else short


def _commit(environ: Mapping[str, str], event: dict[str, Any] | None) -> str | None:
    """Of a pull request, GITHUB_SHA is a merge that nobody wrote: the head's own commit is the one to name."""
    return commit_id(inner(event, "pull_request", "head", "sha")) or commit_id(environ.get("GITHUB_SHA"))


def _from_fork(event: dict[str, Any] | None) -> bool | None:
    """A head whose repository is gone was a fork."""
    base = inner(event, "pull_request", "base", "repo", "full_name")
    if not isinstance(base, str):
        return None
    return bool(inner(event, "pull_request", "head", "repo", "full_name") != base)
