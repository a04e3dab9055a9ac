"""`harness ci` in the environments of build systems: what each event says, and where the build is told."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harness.cli import app
from harness.errors import ExitCode
from tests.harness.ci.builders import (
    NO_COMMIT,
    SLOPPY,
    Actions,
    actions,
    commit,
    git,
    pipeline,
    pull_request_event,
    push_event,
    without_builds,
    write_kit,
)

FORK = "someone/ada"


@dataclass(frozen=True)
class Candidate:
    """A repository with one commit, and the folder in which the system keeps its own files."""

    repository: Path
    system: Path
    monkeypatch: pytest.MonkeyPatch

    def run(self, environ: dict[str, str], *options: str) -> Result:
        for name, value in environ.items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.chdir(self.repository)
        return CliRunner().invoke(app, ["ci", "--no-run", *options])

    def feedback(self, environ: dict[str, str], *options: str) -> dict[str, Any]:
        result = self.run(environ, *options, "--json")
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    def source(self, environ: dict[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = self.feedback(environ)["source"]
        return found

    def actions(self, event: str, payload: dict[str, Any] | None, **more: str) -> Actions:
        return actions(self.repository, self.system, event, payload, **more)


@pytest.fixture
def candidate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Candidate:
    without_builds(monkeypatch, dict(os.environ))
    repository = write_kit(tmp_path)
    commit(repository)
    return Candidate(repository, tmp_path / "system", monkeypatch)


def head(candidate: Candidate) -> str:
    return git(candidate.repository, "rev-parse", "HEAD")


def test_a_push_is_told_with_its_commit_and_branch(candidate: Candidate) -> None:
    before = head(candidate)
    (candidate.repository / "README.md").write_text("# Other\n", "utf-8")
    after = commit(candidate.repository)

    source = candidate.source(candidate.actions("push", push_event(before, after)).environ)

    assert (source["system"], source["event"], source["commit"], source["ref"]) == ("github", "push", after, "main")
    assert (source["first_push"], source["forced"], source["from_fork"]) == (False, False, None)


def test_the_first_commit_of_a_branch_has_nothing_before_it(candidate: Candidate) -> None:
    source = candidate.source(candidate.actions("push", push_event(NO_COMMIT, head(candidate))).environ)

    assert source["first_push"]
    assert source["commit"] == head(candidate)


def test_a_force_push_whose_old_commit_is_gone_is_looked_at_like_any_other(candidate: Candidate) -> None:
    (candidate.repository / "README.md").write_text("# Rewritten\n", "utf-8")
    git(candidate.repository, "commit", "-q", "-a", "--amend", "-m", "rewritten")

    source = candidate.source(candidate.actions("push", push_event("ab" * 20, head(candidate), forced=True)).environ)

    assert source["forced"]
    assert source["commit"] == head(candidate)


def test_a_tag_is_named_as_a_tag(candidate: Candidate) -> None:
    git(candidate.repository, "tag", "v1")
    payload = push_event(NO_COMMIT, head(candidate), ref="refs/tags/v1")
    build = candidate.actions("push", payload, GITHUB_REF="refs/tags/v1", GITHUB_REF_NAME="v1", GITHUB_REF_TYPE="tag")

    assert candidate.source(build.environ)["ref"] == "tag v1"


@pytest.mark.parametrize(("head_repository", "from_fork"), [("team/ada", False), (FORK, True), (None, True)])
def test_a_pull_request_says_whether_it_comes_from_a_fork(
    candidate: Candidate, head_repository: str | None, from_fork: bool
) -> None:
    """A head repository that is gone, which the event tells as null, was a fork."""
    payload = pull_request_event(head(candidate), head_repository=head_repository)
    merge = {
        "GITHUB_HEAD_REF": "work",
        "GITHUB_BASE_REF": "main",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_REF_NAME": "7/merge",
    }

    source = candidate.source(candidate.actions("pull_request", payload, **merge).environ)

    assert (source["request"], source["from_fork"], source["ref"]) == (7, from_fork, "work")


def test_the_commit_that_was_looked_at_is_told_where_the_build_names_another(candidate: Candidate) -> None:
    """What is checked out for a pull request is a merge that nobody wrote."""
    feedback = candidate.feedback(candidate.actions("pull_request", pull_request_event("cd" * 20)).environ)

    assert feedback["source"]["commit"] == head(candidate)
    assert any("cdcdcdcdcdcd" in note for note in feedback["notes"])


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run", "issue_comment"])
def test_events_that_hold_the_repositorys_secrets_are_refused(candidate: Candidate, event: str) -> None:
    result = candidate.run(candidate.actions(event, pull_request_event(head(candidate), head_repository=FORK)).environ)

    assert result.exit_code == ExitCode.USAGE
    assert event in result.stderr


@pytest.mark.parametrize("content", ["", "[]", "null", '{"pull_request": 3, "number": "x"}', "[" * 100_000])
def test_an_event_file_of_another_shape_costs_nothing(candidate: Candidate, content: str) -> None:
    build = candidate.actions("pull_request", {})
    Path(build.environ["GITHUB_EVENT_PATH"]).write_text(content, "utf-8")

    source = candidate.source(build.environ)

    assert (source["commit"], source["request"]) == (head(candidate), None)


def test_a_gitlab_push_is_told_with_its_branch(candidate: Candidate) -> None:
    source = candidate.source(pipeline(candidate.repository, before="ab" * 20))

    assert (source["system"], source["event"], source["ref"], source["first_push"]) == ("gitlab", "push", "main", False)


def test_the_first_push_to_gitlab_has_zeros_before_it(candidate: Candidate) -> None:
    assert candidate.source(pipeline(candidate.repository))["first_push"]


def test_zeros_say_nothing_about_a_tag_of_gitlab(candidate: Candidate) -> None:
    source = candidate.source(pipeline(candidate.repository, CI_COMMIT_TAG="v1", CI_COMMIT_REF_NAME="v1"))

    assert (source["ref"], source["first_push"]) == ("tag v1", False)


@pytest.mark.parametrize(("project", "from_fork"), [("11", False), ("99", True)])
def test_a_merge_request_says_whether_it_comes_from_a_fork(candidate: Candidate, project: str, from_fork: bool) -> None:
    request = {
        "CI_MERGE_REQUEST_IID": "5",
        "CI_MERGE_REQUEST_PROJECT_ID": "11",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": project,
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "work",
    }

    source = candidate.source(pipeline(candidate.repository, "merge_request_event", **request))

    assert (source["request"], source["from_fork"], source["ref"], source["first_push"]) == (5, from_fork, "work", False)


@pytest.mark.parametrize("name", ["CI", "BUILD_NUMBER", "BUILDKITE"])
def test_another_system_is_known_by_its_variables(candidate: Candidate, name: str) -> None:
    source = candidate.source({name: "1"})

    assert (source["system"], source["commit"]) == ("generic", head(candidate))


def test_on_ones_own_machine_the_files_are_looked_at_as_they_lie(candidate: Candidate) -> None:
    (candidate.repository / "README.md").unlink()

    feedback = candidate.feedback({})

    assert feedback["source"]["system"] == "none"
    assert "README.md is missing." in [one["message"] for one in feedback["findings"]]
    assert not (candidate.repository / "harness-feedback").exists()


def test_a_build_looks_at_the_commit_and_not_at_what_lies_beside_it(candidate: Candidate) -> None:
    (candidate.repository / "README.md").unlink()
    (candidate.repository / "stray.py").write_text("import os\n", "utf-8")

    feedback = candidate.feedback(candidate.actions("push", push_event(NO_COMMIT, head(candidate))).environ)

    assert "README.md is missing." not in [one["message"] for one in feedback["findings"]]
    assert "stray.py" not in json.dumps(feedback)


def test_github_gets_annotations_a_summary_and_outputs(candidate: Candidate) -> None:
    (candidate.repository / "README.md").unlink()
    (candidate.repository / "sloppy.py").write_text(SLOPPY, "utf-8")
    commit(candidate.repository)
    build = candidate.actions("push", push_event(NO_COMMIT, head(candidate)))

    result = candidate.run(build.environ)

    commands = [line for line in result.stdout.splitlines() if line.startswith("::")]
    assert commands[0].startswith("::error title=contract%3A missing file::README.md is missing.")
    assert any("file=sloppy.py,line=2,endLine=2,title=lint" in line for line in commands)
    assert build.summary.startswith("## Public score: ")
    assert set(build.outputs) == {"score", "measured", "findings", "below", "report"}
    assert Path(candidate.repository, build.outputs["report"], "feedback.json").is_file()


def test_with_json_standard_output_holds_one_document_and_nothing_else(candidate: Candidate) -> None:
    (candidate.repository / "README.md").unlink()
    commit(candidate.repository)
    build = candidate.actions("push", push_event(NO_COMMIT, head(candidate)))

    result = candidate.run(build.environ, "--json")

    assert json.loads(result.stdout)["schema_version"] == 1
    assert "::error title=contract%3A missing file::" in result.stderr


def test_gitlab_gets_files_and_no_workflow_commands(candidate: Candidate) -> None:
    (candidate.repository / "sloppy.py").write_text(SLOPPY, "utf-8")
    commit(candidate.repository)

    result = candidate.run(pipeline(candidate.repository))

    folder = candidate.repository / "harness-feedback"
    quality = json.loads((folder / "gl-code-quality-report.json").read_text("utf-8"))
    assert [row["location"]["path"] for row in quality if row["check_name"].startswith("lint")] == ["sloppy.py"]
    assert (folder / "feedback.junit.xml").read_text("utf-8").startswith("<?xml")
    assert "\n::" not in result.output


def test_places_are_those_of_the_repository_when_the_work_lies_in_a_folder_of_it(candidate: Candidate) -> None:
    """Systems look for a file from the root of what was checked out."""
    inner = candidate.repository / "work" / "task"
    inner.mkdir(parents=True)
    for path in list(candidate.repository.iterdir()):
        if path.name not in (".git", "work"):
            path.rename(inner / path.name)
    (inner / "sloppy.py").write_text(SLOPPY, "utf-8")
    commit(candidate.repository)
    build = candidate.actions("push", push_event(NO_COMMIT, head(candidate)))

    result = candidate.run(build.environ, "work/task", "--out", str(candidate.system / "kept"))

    assert "file=work/task/sloppy.py," in result.stdout


@pytest.mark.parametrize(("bar", "code"), [("1", ExitCode.GRADED), ("100", ExitCode.BELOW_BAR)])
def test_a_bar_decides_the_exit_code(candidate: Candidate, bar: str, code: int) -> None:
    build = candidate.actions("push", push_event(NO_COMMIT, head(candidate)))

    result = candidate.run(build.environ, "--fail-under", bar)

    assert result.exit_code == code, result.output
    assert build.outputs["below"] == str(code == ExitCode.BELOW_BAR).lower()


def test_a_form_that_is_not_kept_is_below_every_bar(candidate: Candidate) -> None:
    (candidate.repository / "README.md").unlink()
    commit(candidate.repository)

    result = candidate.run(pipeline(candidate.repository), "--fail-under", "0")

    assert result.exit_code == ExitCode.BELOW_BAR


def test_a_secret_in_the_build_is_pointed_at_and_never_used(candidate: Candidate) -> None:
    build = candidate.actions("push", push_event(NO_COMMIT, head(candidate)), HARNESS_SECRET="s3cr3t-of-the-team")

    result = candidate.run(build.environ)

    assert "HARNESS_SECRET is set" in result.output
    assert "s3cr3t-of-the-team" not in result.output + build.summary


def test_a_repository_without_a_contract_and_without_a_pack_is_a_question_of_use(candidate: Candidate) -> None:
    (candidate.repository / ".assignment.json").unlink()
    commit(candidate.repository)

    result = candidate.run(pipeline(candidate.repository))

    assert result.exit_code == ExitCode.USAGE
    assert "--pack" in result.stderr


def test_a_damaged_contract_is_told_by_place_and_quotes_nothing_as_a_command(candidate: Candidate) -> None:
    (candidate.repository / ".assignment.json").write_text('{"##[error]x": 1, "\\n::error::y": 2}', "utf-8")
    commit(candidate.repository)
    build = candidate.actions("push", push_event(NO_COMMIT, head(candidate)))

    result = candidate.run(build.environ)

    assert result.exit_code == ExitCode.BAD_PACK
    assert [line for line in result.output.splitlines() if line.startswith("::")] == [
        line for line in result.output.splitlines() if line.startswith("::error title=harness::")
    ]
    assert "##[" not in result.output


def test_an_empty_repository_is_nothing_to_look_at(tmp_path: Path, candidate: Candidate) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q")

    result = candidate.run({"CI": "true"}, str(empty))

    assert result.exit_code == ExitCode.BAD_SUBMISSION


def test_a_folder_beside_the_repository_is_a_fine_place(candidate: Candidate) -> None:
    result = candidate.run({}, "--out", "../kept")

    assert result.exit_code == 0, result.output
    assert (candidate.repository.parent / "kept" / "feedback.md").is_file()


def test_files_of_the_feedback_never_become_part_of_the_work(candidate: Candidate) -> None:
    result = candidate.run({}, "--out", "feedback")

    assert result.exit_code == ExitCode.USAGE
    assert "inside the submission" in result.stderr


@pytest.mark.parametrize("name", ["harness-feedback", "kept"])
def test_a_link_in_the_repository_never_leads_the_feedback_away(candidate: Candidate, tmp_path: Path, name: str) -> None:
    """On a runner that is used again, a candidate could have files of others overwritten."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (candidate.repository / name).symlink_to(elsewhere)
    commit(candidate.repository)

    result = candidate.run(pipeline(candidate.repository), *(["--out", name] if name == "kept" else []))

    assert result.exit_code == ExitCode.USAGE
    assert list(elsewhere.iterdir()) == []


def test_a_link_where_a_file_of_the_feedback_goes_is_replaced_and_not_followed(candidate: Candidate, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept", "utf-8")
    folder = candidate.repository / "harness-feedback"
    folder.mkdir()
    for name in ("feedback.json", ".feedback.json.part"):
        (folder / name).symlink_to(precious)
    commit(candidate.repository)

    result = candidate.run(pipeline(candidate.repository))

    assert result.exit_code == 0, result.output
    assert precious.read_text("utf-8") == "kept"
    assert json.loads((folder / "feedback.json").read_text("utf-8"))["schema_version"] == 1


def test_a_folder_where_a_file_of_the_feedback_goes_is_told(candidate: Candidate) -> None:
    (candidate.repository / "harness-feedback" / "feedback.json").mkdir(parents=True)

    result = candidate.run(pipeline(candidate.repository))

    assert result.exit_code == ExitCode.USAGE
    assert "cannot be written to" in result.stderr
