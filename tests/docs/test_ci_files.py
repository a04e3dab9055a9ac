"""The action, the GitLab component, the example workflows and the how-to: what they say is so, and no input can act."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
from ruamel.yaml import YAML

from harness.ci.writing import DEFAULT_FOLDER
from harness.cli import app
from harness.publishing import feedback_files
from tests.harness.ci.builders import actions, commit, pipeline, push_event, without_builds, write_kit
from tests.reports.feedbacks import make_feedback

ROOT = Path(__file__).resolve().parent.parent.parent
ACTION = ROOT / "action.yml"
COMPONENT = ROOT / "templates" / "harness-ci.yml"
EXAMPLES = ROOT / "examples" / "ci"
WORKFLOWS = sorted(EXAMPLES.rglob(".github/workflows/*.yml"))
DOCS = (ROOT / "docs" / "ci.md", ROOT / "docs" / "two-workflows.md")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
PLACEHOLDER = "0" * 40


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
    return document


def steps_of(path: Path) -> list[dict[str, Any]]:
    document = read(path)
    if "runs" in document:
        return list(document["runs"]["steps"])
    return [step for job in document["jobs"].values() for step in job["steps"]]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands() -> dict[str, set[str]]:
    """Every command with its options, as the command line has them."""
    found: dict[str, set[str]] = {}
    waiting = [("", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop()
        found[name] = {option for parameter in command.params for option in parameter.opts}
        waiting += [(f"{name} {one}".strip(), inner) for one, inner in getattr(command, "commands", {}).items()]
    return found


def test_there_is_something_to_look_at() -> None:
    assert [path.name for path in WORKFLOWS] == ["feedback.yml", "hand-in.yml", "knock.yml", "grade.yml"]


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=named)
def test_actions_of_others_are_pinned_by_commit_with_their_version_beside(path: Path) -> None:
    used = [line for line in path.read_text("utf-8").splitlines() if re.match(r"\s*(- )?uses:", line)]

    assert len(used) == sum("uses" in step for step in steps_of(path))
    for line in used:
        assert PINNED.search(line), line
        assert PLACEHOLDER in line or re.search(r"# v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=named)
def test_nothing_is_put_into_a_script_but_by_the_environment(path: Path) -> None:
    """A branch's name in a script's text would run as a part of it."""
    for step in steps_of(path):
        assert "${{" not in step.get("run", ""), step


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_a_workflow_has_the_least_rights_and_no_privileged_event(path: Path) -> None:
    document = read(path)
    events = document.get("on", document.get(True))

    assert document["permissions"] == {}
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(events)
    for job in document["jobs"].values():
        assert set(job.get("permissions", {}).items()) <= {("contents", "read")}
        assert job["timeout-minutes"]
        checkouts = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
        assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_the_feedback_workflow_holds_no_secret() -> None:
    text = next(path for path in WORKFLOWS if path.name == "feedback.yml").read_text("utf-8")

    assert "secrets." not in text + ACTION.read_text("utf-8")


def test_each_secret_is_given_to_one_step_only() -> None:
    grade = next(path for path in WORKFLOWS if path.name == "grade.yml")
    holders = [name for step in steps_of(grade) for name in re.findall(r"secrets\.(\w+)", json.dumps(step.get("env", {})))]

    assert sorted(holders) == ["CANDIDATES_READ_TOKEN", "HARNESS_SECRET"]
    assert len(re.findall(r"secrets\.", grade.read_text("utf-8"))) == 2


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=named)
def test_every_script_is_one_that_the_shell_can_read(path: Path) -> None:
    for step in steps_of(path):
        if "run" in step:
            done = subprocess.run(["bash", "-n"], input=step["run"], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("tool", ["actionlint", "zizmor"])
def test_workflows_are_clean_under_the_usual_checkers(tool: str) -> None:
    program = shutil.which(tool) or shutil.which(tool, path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip(f"{tool} is not installed here")
    options = ["--offline", "--persona=auditor", "--no-progress"] if tool == "zizmor" else []
    files = [*([ACTION] if tool == "zizmor" else []), *WORKFLOWS]

    done = subprocess.run([program, *options, *files], capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A runner's folder for temporary files, with the harness where the action would have put it."""
    place = tmp_path / "runner"
    program = place / "harness" / "bin" / "harness"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m harness "$@"\n', "utf-8")
    program.chmod(0o755)
    return place


def defaults() -> dict[str, str]:
    return {name: one["default"] for name, one in read(ACTION)["inputs"].items()}


def environment_of(step: dict[str, Any], inputs: dict[str, str]) -> dict[str, str]:
    """The step's variables, as the runner fills them in."""
    filled = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")
    return {name: filled.sub(lambda at: inputs[at[1]], value) for name, value in step["env"].items()}


@pytest.mark.parametrize(
    ("inputs", "code"),
    [({}, 0), ({"fail-under": "100"}, 1), ({"pack": "no such; touch owned"}, 2), ({"place": "--help"}, 2)],
)
def test_the_action_looks_at_a_repository(
    tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch, inputs: dict[str, str], code: int
) -> None:
    """Its own script, in the environment of a runner; an input is never a part of a command."""
    without_builds(monkeypatch, dict(os.environ))
    kit = write_kit(tmp_path)
    after = commit(kit)
    build = actions(kit, installed, "push", push_event(PLACEHOLDER, after))
    step = next(one for one in steps_of(ACTION) if one.get("id") == "look")
    environ = {**os.environ, **build.environ, **environment_of(step, {**defaults(), "run": "false", **inputs})}

    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]], cwd=kit, env=environ, capture_output=True, text=True, check=False
    )

    assert done.returncode == code, done.stdout + done.stderr
    assert not (kit / "owned").exists()
    if code < 2:
        assert {path.name for path in (kit / defaults()["out"]).iterdir()} == set(feedback_files(make_feedback()))
        assert set(build.outputs) == {one.split(".")[-1].removesuffix(" }}") for one in outputs()}


def outputs() -> list[str]:
    return [one["value"] for one in read(ACTION)["outputs"].values()]


def component() -> tuple[dict[str, Any], dict[str, Any]]:
    header, body = YAML(typ="safe", pure=True).load_all(COMPONENT)
    return header["spec"]["inputs"], body["harness-ci"]


def test_the_component_puts_inputs_into_variables_and_never_into_a_script() -> None:
    inputs, job = component()
    used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", COMPONENT.read_text("utf-8")))

    assert used == set(inputs)
    assert not [line for line in (*job["before_script"], *job["script"]) if "$[[" in line]


def test_the_component_names_the_files_that_are_written() -> None:
    _, job = component()
    reports = job["artifacts"]["reports"]

    assert job["artifacts"]["when"] == "always"
    assert {Path(one).name for one in reports.values()} <= set(feedback_files(make_feedback()))
    assert {str(Path(one).parent) for one in reports.values()} == {DEFAULT_FOLDER}


@pytest.mark.parametrize(("bar", "code"), [("", 0), ("100", 1)])
def test_the_component_looks_at_a_project(
    tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch, bar: str, code: int
) -> None:
    """Its own script lines, one shell, as a runner starts them."""
    without_builds(monkeypatch, dict(os.environ))
    kit = write_kit(tmp_path)
    commit(kit)
    inputs, job = component()
    values = {name: str(one["default"]).lower() if name == "run" else one["default"] for name, one in inputs.items()}
    values |= {"fail_under": bar, "run": "false"}
    variables = {
        name: re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda at: str(values[at[1]]), str(value))
        for name, value in job["variables"].items()
    }
    script = "\n".join(job["script"]).replace("/tmp/harness", str(installed / "harness"))

    done = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=kit,
        env={**os.environ, **pipeline(kit), **variables},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code, done.stdout + done.stderr
    for file in job["artifacts"]["reports"].values():
        assert (kit / file).is_file()


WRITTEN = re.compile(
    r"(?:^harness |/bin/harness\"? )((?:ci|grade|verify|pack export|watch|doctor|checks)\b[^\n#]*)", re.MULTILINE
)
SCRIPTS = [*DOCS, ACTION, COMPONENT, *WORKFLOWS]


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_every_command_that_is_written_down_exists_with_its_options(path: Path) -> None:
    known = commands()
    lines = [match[1] for match in WRITTEN.finditer(path.read_text("utf-8"))]
    if path.suffix == ".md":
        assert lines, "a how-to without a command"
    for line in lines:
        name = "pack export" if line.startswith("pack export") else line.split(" ")[0]
        used = set(re.findall(r"(?<!\S)(--[a-z-]+)", line)) - {"--"}
        assert used <= known[name], (line, used - known[name])


@pytest.mark.parametrize("path", DOCS, ids=named)
def test_every_file_that_a_how_to_names_is_there(path: Path) -> None:
    for file in re.findall(r"`((?:examples|templates|docs)/[\w./-]+)`", path.read_text("utf-8")):
        assert (ROOT / file).exists(), file
