"""GitLab CI: what its environment says about a pipeline. It has no event file."""

from collections.abc import Mapping

from harness.ci.build import NO_COMMIT, Build, commit_id, folder, number, text


def is_here(environ: Mapping[str, str]) -> bool:
    return environ.get("GITLAB_CI") == "true"


def read(environ: Mapping[str, str]) -> Build:
    event = text(environ, "CI_PIPELINE_SOURCE")
    tag = text(environ, "CI_COMMIT_TAG")
    branch = text(environ, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME") or text(environ, "CI_COMMIT_REF_NAME")
    source, target = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID"), environ.get("CI_MERGE_REQUEST_PROJECT_ID")
    return Build(
        system="gitlab",
        event=event,
        ref=f"tag {tag}" if tag else branch,
        commit=commit_id(environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")) or commit_id(environ.get("CI_COMMIT_SHA")),
        request=number(environ.get("CI_MERGE_REQUEST_IID")),
        from_fork=source != target if source and target else None,
        # Zeros also stand there for tags, schedules and merge requests, where they say nothing.
        first_push=event == "push" and not tag and environ.get("CI_COMMIT_BEFORE_SHA") == NO_COMMIT,
        root=folder(environ, "CI_PROJECT_DIR"),
    )
