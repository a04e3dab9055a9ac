"""The command line: data on stdout, the rest on stderr, exit codes that mean something, sentences instead of tracebacks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import write_tree
from tests.commands import harness
from tests.small_pack import submission_files, write_small_pack


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_small_pack(tmp_path / "packs")


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "submission", submission_files("x1"))


def test_every_command_is_listed_with_a_sentence() -> None:
    answer = harness("--help")

    assert answer.returncode == 0
    for command in ("grade", "inspect", "regrade", "checks", "doctor", "clean", "schema", "pack"):
        assert f"\n  {command} " in answer.stdout


def test_help_loads_nothing_heavy() -> None:
    """`harness --help` has to answer at once: no pandas, pydantic, docker or scikit-learn for it."""
    code = (
        "import sys, harness.cli\n"
        "heavy = {'pandas', 'numpy', 'sklearn', 'docker', 'nbformat', 'pydantic', 'jsonschema', 'jinja2', 'rich', 'dulwich'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert loaded.strip() == "[]"


def test_the_version_is_printed() -> None:
    from harness import __version__

    assert harness("--version").stdout == f"harness {__version__}\n"


def test_a_wrong_option_is_a_usage_error() -> None:
    assert harness("grade", ".", "--pack", "x", "--nonsense").returncode == 2


def test_an_unknown_pack_names_the_nearest(pack: Path, submission: Path) -> None:
    answer = harness("grade", submission, "--pack", "smal", "--packs", pack.parent)

    assert answer.returncode == 2
    assert "did you mean 'small'" in answer.stderr
    assert "next: harness pack list" in answer.stderr
    assert answer.stdout == ""


def test_an_unknown_profile_lists_the_profiles(pack: Path, submission: Path) -> None:
    answer = harness("grade", submission, "--pack", pack, "--profile", "wizard")

    assert answer.returncode == 2
    assert "--profile: there is no profile called 'wizard'" in answer.stderr
    assert "expected: analyst, applied, data_eng, enterprise" in answer.stderr


def test_an_unknown_format_lists_the_formats(pack: Path, submission: Path) -> None:
    answer = harness("grade", submission, "--pack", pack, "--format", "html,pdf")

    assert answer.returncode == 2
    assert "expected: html, json, md, junit, sarif" in answer.stderr


def test_a_broken_pack_leaves_with_code_3_and_names_every_place(pack: Path, submission: Path) -> None:
    (pack / "facts.yaml").write_text("prevalence_train: [0.1]\nnonsense: 1\n")

    answer = harness("grade", submission, "--pack", pack, "--out", submission.parent / "run")

    assert answer.returncode == 3
    assert "facts.yaml:2:1: unknown key 'nonsense'" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (submission.parent / "run").exists()


def test_a_submission_that_is_not_there_leaves_with_code_4(pack: Path, tmp_path: Path) -> None:
    answer = harness("grade", tmp_path / "gone", "--pack", pack, "--out", tmp_path / "run")

    assert answer.returncode == 4
    assert "gone" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_run_folder_inside_the_submission_is_refused(pack: Path, submission: Path) -> None:
    answer = harness("grade", submission, "--pack", pack, "--out", submission / "run")

    assert answer.returncode == 2
    assert "lies inside the submission" in answer.stderr
    assert not (submission / "run").exists()


def test_a_sandbox_that_does_not_exist_is_a_usage_error(pack: Path, submission: Path) -> None:
    assert harness("grade", submission, "--pack", pack, "--sandbox", "none").returncode == 2


def test_regrading_what_is_no_run_is_a_usage_error(tmp_path: Path) -> None:
    answer = harness("regrade", tmp_path)

    assert answer.returncode == 2
    assert "is not a run folder" in answer.stderr


def test_pack_list_as_json_is_one_document(pack: Path) -> None:
    answer = harness("pack", "list", "--packs", pack.parent, "--json")

    assert {"card_fraud", "small"} <= {one["id"] for one in json.loads(answer.stdout)["packs"]}


def test_pack_lint_leaves_with_code_3_on_an_error(pack: Path) -> None:
    (pack / "requirements.lock").write_text("numpy==2.0.0\n")

    answer = harness("pack", "lint", pack)

    assert answer.returncode == 3
    assert "numpy has no hash" in answer.stdout


def test_checks_are_listed_and_explained() -> None:
    listed = harness("checks")
    explained = harness("checks", "holdout_score")

    assert "holdout_score" in listed.stdout
    assert "needs: " in explained.stdout


def test_an_unknown_check_names_the_nearest() -> None:
    answer = harness("checks", "holdout_scor")

    assert answer.returncode == 2
    assert "did you mean 'holdout_score'" in answer.stderr


def test_a_schema_is_printed() -> None:
    assert json.loads(harness("schema", "rubric").stdout)["title"] == "Rubric"


def test_inspect_reads_a_single_script_and_gives_every_fact(tmp_path: Path) -> None:
    script = tmp_path / "work.py"
    script.write_text("import pandas as pd\ndf = pd.read_csv('train.csv')\nprint(df.describe())\n")

    document = json.loads(harness("inspect", script, "--json").stdout)

    assert {"eda", "missing_values", "imbalance", "leakage", "families", "seeded"} <= set(document["practice"])


def test_many_paths_give_one_line_each_and_a_bad_one_does_not_end_the_rest(tmp_path: Path) -> None:
    good = tmp_path / "good.py"
    good.write_text("x = 1\n")

    answer = harness("inspect", tmp_path / "gone.py", good, "--jsonl")

    first, second = map(json.loads, answer.stdout.splitlines())
    assert answer.returncode == 0
    assert "error" in first
    assert second["submission"]["files"] == 1


def test_many_paths_without_jsonl_are_a_usage_error(tmp_path: Path) -> None:
    assert harness("inspect", tmp_path, tmp_path).returncode == 2
