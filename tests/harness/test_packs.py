"""Packs on disk: found by id or folder, read whole, told apart by digest."""

from pathlib import Path

import pytest

from harness.errors import PackError, UsageError
from harness.packs import exemplars, find_packs, open_pack, read_expected, read_pack
from tests.small_pack import write_small_pack


def test_a_pack_in_any_folder_is_found_by_its_id(tmp_path: Path) -> None:
    write_small_pack(tmp_path)

    assert open_pack("small", [tmp_path]).pack.title == "A small pack"


def test_a_pack_is_found_by_the_path_of_its_folder(tmp_path: Path) -> None:
    assert open_pack(str(write_small_pack(tmp_path))).pack.id == "small"


def test_the_built_in_packs_are_always_there() -> None:
    assert "card_fraud" in find_packs([])


def test_an_unknown_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    write_small_pack(tmp_path)

    with pytest.raises(UsageError, match="did you mean 'small'"):
        open_pack("smal", [tmp_path])


def test_two_packs_of_one_name_are_refused(tmp_path: Path) -> None:
    write_small_pack(tmp_path / "a")
    write_small_pack(tmp_path / "b")

    with pytest.raises(PackError, match="two packs are called 'small'"):
        find_packs([tmp_path / "a", tmp_path / "b"])


def test_a_folder_of_packs_that_is_absent_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        find_packs([tmp_path / "gone"])


def test_problems_of_several_documents_are_told_together(tmp_path: Path) -> None:
    root = write_small_pack(tmp_path)
    (root / "facts.yaml").write_text("prevalence: 1\n")
    (root / "rubric.yaml").unlink()

    with pytest.raises(PackError) as caught:
        read_pack(root)

    assert "facts.yaml:1:1: unknown key 'prevalence'" in caught.value.seen
    assert "rubric.yaml: is missing" in caught.value.seen


def test_the_id_and_the_folder_are_one_name(tmp_path: Path) -> None:
    root = write_small_pack(tmp_path)
    root.rename(tmp_path / "other")

    with pytest.raises(PackError, match="the id is 'small', the folder is 'other'"):
        read_pack(tmp_path / "other")


def test_what_candidates_see_changes_the_public_digest(tmp_path: Path) -> None:
    root = write_small_pack(tmp_path)
    before = read_pack(root)
    (root / "candidate" / "BRIEF.md").write_text("another brief")

    after = read_pack(root)

    assert after.public_digest != before.public_digest


def test_a_changed_rubric_changes_only_the_grading_digest(tmp_path: Path) -> None:
    root = write_small_pack(tmp_path)
    before = read_pack(root)
    (root / "rubric.yaml").write_text(
        (root / "rubric.yaml").read_text().replace("what a", "What a").replace("nothing", "no sign")
    )

    after = read_pack(root)

    assert after.grading_digest != before.grading_digest
    assert (after.public_digest, after.data_digest) == (before.public_digest, before.data_digest)


def test_a_changed_generator_asks_for_new_data_and_a_new_ladder(tmp_path: Path) -> None:
    root = write_small_pack(tmp_path)
    before = read_pack(root)
    (root / "generate.py").write_text((root / "generate.py").read_text() + "\n# another\n")

    assert read_pack(root).data_digest != before.data_digest


def test_what_tools_leave_beside_an_exemplar_changes_no_digest(tmp_path: Path) -> None:
    """A linter that was run in it must not ask for a new ladder and a new calibration."""
    root = write_small_pack(tmp_path)
    before = read_pack(root)
    for name in (".ruff_cache", ".pytest_cache", "__pycache__"):
        left = root / "exemplars" / "reference" / "submission" / name / "kept"
        left.parent.mkdir()
        left.write_text("something")

    after = read_pack(root)

    assert (after.data_digest, after.grading_digest) == (before.data_digest, before.grading_digest)


def test_exemplars_are_folders_that_hold_a_submission(tmp_path: Path) -> None:
    root = write_small_pack(tmp_path)

    assert exemplars(root) == ("blank", "dummy", "naive", "reference", "starter", "strong")
    assert read_expected(root, "naive").automatic == (0, 100)


def test_the_brief_is_all_that_candidates_read(tmp_path: Path) -> None:
    opened = read_pack(write_small_pack(tmp_path))

    assert "Limits: 1 minute a step" in opened.brief_text()
