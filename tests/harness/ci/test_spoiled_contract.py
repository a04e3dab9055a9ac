"""A candidate's folder whose .assignment.json was changed: told by the name that they know, with what to do."""

from pathlib import Path

import pytest

from tests.commands import harness


@pytest.mark.parametrize(
    ("content", "place"), [("{broken", ".assignment.json: is not JSON"), ('{"x": 1}', ".assignment.json:1:2: unknown key 'x'")]
)
def test_a_spoiled_contract_is_told_by_its_own_name_and_never_by_that_of_our_copy(
    content: str, place: str, tmp_path: Path
) -> None:
    (tmp_path / "answer.py").write_text("x = 1\n")
    (tmp_path / ".assignment.json").write_text(content)

    answer = harness("ci", tmp_path, "--no-run")

    assert answer.returncode == 3
    assert f"| {place}" in answer.stderr
    assert "next: restore the file that was handed out" in answer.stderr
    assert "harness-ci-" not in answer.stderr
