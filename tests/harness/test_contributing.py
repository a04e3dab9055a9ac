"""What contributors' and shells' tools are told: hooks that work, and words that are offered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.small_pack import write_small_pack

ROOT = Path(__file__).resolve().parents[2]


def offered(line: str) -> list[str]:
    """What bash offers for the last word of a line."""
    words = line.split(" ")
    setting = {"_HARNESS_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    program = Path(sys.executable).with_name("harness")
    done = subprocess.run([program], env={**os.environ, **setting}, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.split()


def hook(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "harness.authoring.hook", *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("harness gra", "grade"),
        ("harness grade --pack card", "card_fraud"),
        ("harness grade --format html,m", "html,md"),
        ("harness checks leak", "leakage"),
        ("harness schema rub", "rubric"),
        ("harness doctor --sandbox b", "bubblewrap"),
    ],
)
def test_a_shell_is_offered_the_words_that_fit(line: str, word: str) -> None:
    assert offered(line) == [word]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_printed_for_each_shell(shell: str) -> None:
    program = Path(sys.executable).with_name("harness")

    done = subprocess.run([program, "--show-completion", shell], capture_output=True, text=True, check=True, timeout=60)

    assert "_HARNESS_COMPLETE" in done.stdout


def test_every_hook_for_contributors_can_be_started() -> None:
    """The programs are there, and what they are told to run exists."""
    config = YAML(typ="safe", pure=True).load((ROOT / ".pre-commit-config.yaml").read_text())
    entries = [one["entry"].split() for repo in config["repos"] for one in repo["hooks"]]

    assert [entry[0] for entry in entries if entry[0] not in (".venv/bin/ruff", ".venv/bin/python")] == []
    assert [word for entry in entries for word in entry if word.startswith("tests/") and not (ROOT / word).is_file()] == []


def test_the_hook_for_packs_is_a_program_of_the_distribution() -> None:
    import tomllib

    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    hooks = YAML(typ="safe", pure=True).load((ROOT / ".pre-commit-hooks.yaml").read_text())

    assert [one["entry"] for one in hooks if one["entry"] not in scripts] == []


def test_the_hook_lints_the_pack_of_each_file_once_and_no_other(tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path)
    (pack / "requirements.lock").write_text("numpy==2.0.0\n")

    broken = hook(pack / "pack.yaml", pack / "candidate" / "BRIEF.md", tmp_path / "elsewhere.txt")

    assert broken.returncode == 1
    assert broken.stdout.count("numpy has no hash") == 1
    assert hook(tmp_path / "elsewhere.txt").returncode == 0


def test_the_built_in_packs_pass_the_hook() -> None:
    answer = hook(*(ROOT / "assessments").glob("*/pack.yaml"))

    assert answer.returncode == 0, answer.stdout
