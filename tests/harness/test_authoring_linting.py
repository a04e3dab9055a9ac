"""pack lint: every problem told in seconds, without a sandbox."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from harness.authoring.linting import lint_pack
from tests.builders import make_criterion, make_question, write_yaml
from tests.small_pack import write_small_pack


def change(file: Path, edit: Callable[[Any], None]) -> None:
    document = YAML(typ="safe", pure=True).load(file.read_text())
    edit(document)
    write_yaml(file, document)


def told(root: Path) -> list[str]:
    return [str(problem) for problem in lint_pack(root)]


def test_a_sound_pack_has_nothing_to_correct(tmp_path: Path) -> None:
    root = write_small_pack(tmp_path)

    assert [problem for problem in told(root) if problem.startswith("error")] == []


@pytest.mark.parametrize(
    ("file", "edit", "problem"),
    [
        ("pack.yaml", lambda d: d.update(titel="x"), "unknown key 'titel'; did you mean 'title'?"),
        ("pack.yaml", lambda d: d["checks"].append({"check": "lnt"}), "there is no check called 'lnt'; did you mean 'lint'?"),
        ("pack.yaml", lambda d: d["checks"].pop(), "is fed by 'holdout_score', which pack.yaml does not run"),
        ("pack.yaml", lambda d: d["required_files"].append("MODEL_CARD.md"), "never names 'MODEL_CARD.md'"),
        ("rubric.yaml", lambda d: d["criteria"][0].update(plain="word " * 41), "plain has 41 words; at most 40"),
        ("rubric.yaml", lambda d: d["profiles"]["applied"]["weights"].update(CODE=1), "the weights of a profile sum to 100"),
        ("rubric.yaml", lambda d: d["criteria"].append(make_criterion("CODE")), "two criteria share an id"),
        ("rubric.yaml", lambda d: d["profiles"]["applied"].update(floors=["A", "B", "C", "D", "E"]), "is too long"),
        (
            "interview.yaml",
            lambda d: d["questions"].append(make_question("other", criterion="NONE", always=True)),
            "no criterion 'NONE'",
        ),
        ("interview.yaml", lambda d: d["questions"].append(make_question("never")), "is never asked"),
    ],
)
def test_a_fault_in_a_document_is_told(tmp_path: Path, file: str, edit: Callable[[Any], None], problem: str) -> None:
    root = write_small_pack(tmp_path)
    change(root / file, edit)

    assert any(problem in one for one in told(root)), told(root)


def test_a_mostly_automatic_rubric_is_warned_about(tmp_path: Path) -> None:
    assert any("83 of 100 points are automatic" in one for one in told(write_small_pack(tmp_path)))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("candidate/notes.md", "0123456789abcdef0123456789abcdef", "holds the canary of the private files"),
        ("requirements.lock", "numpy==2.0.0\n", "numpy has no hash"),
        ("requirements.lock", "numpy==2.0.0\n", "does not pin pytest"),
        ("requirements.lock", "--index-url https://example.org/simple\n", "holds an address"),
        ("generate.py", "print(1)\n", "does not hold the canary"),
    ],
)
def test_a_fault_in_a_file_is_told(tmp_path: Path, name: str, text: str, problem: str) -> None:
    root = write_small_pack(tmp_path)
    (root / name).write_text(text)

    assert any(problem in one for one in told(root)), told(root)


def test_a_private_sentence_in_the_brief_is_told(tmp_path: Path) -> None:
    root = write_small_pack(tmp_path)
    trap = {
        "column": "queue",
        "strength": "loud",
        "why": "It is written by the dispute team afterwards.",
        "sentence": "Minutes.",
    }
    change(root / "facts.yaml", lambda d: d.update(traps=[trap]))
    (root / "candidate" / "BRIEF.md").write_text("Note: it is written by the dispute team afterwards.")

    assert any("holds a private sentence of facts.yaml" in one for one in told(root))


def test_an_absent_rung_of_the_ladder_is_told(tmp_path: Path) -> None:
    import shutil

    root = write_small_pack(tmp_path)
    shutil.rmtree(root / "exemplars" / "strong")

    assert any("exemplars/strong: is missing" in one for one in told(root))


def test_the_built_in_pack_lints_clean() -> None:
    from harness.packs import BUILT_IN

    assert [one for one in told(BUILT_IN / "card_fraud") if one.startswith("error")] == []


def test_candidates_are_told_at_which_paths_a_service_is_asked(tmp_path: Path) -> None:
    root = write_small_pack(tmp_path)
    entry = {"kind": "service", "start": "python serve.py {port}", "ready": "/ready"}
    change(
        root / "pack.yaml", lambda d: d["entry_points"].append({"kind": "service", "needs_file": "serve.py", "entry": entry})
    )

    for name in ("serve.py", "/ready", "/predict"):
        assert any(f"never names {name!r}, an entry point" in one for one in told(root))
