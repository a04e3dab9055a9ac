"""The private folder of a sandbox, and what another user must be able to read of it."""

import dataclasses
import json
import stat
import tempfile
from pathlib import Path

import pytest

from sandbox import owners, staging
from sandbox.staging import Staging, all_can_read


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_we_can_walk_into_it_and_what_comes_out_is_ours_alone() -> None:
    place = Staging(owners.new_owner("r"))

    assert (mode(place.folder), mode(place.spool), mode(place.inputs)) == (0o700, 0o700, 0o755)
    place.remove()
    assert not place.folder.exists()


def test_a_put_file_is_never_overwritten() -> None:
    place = Staging(owners.new_owner("r"))
    place.write(place.inputs / "a", b"1")

    with pytest.raises(FileExistsError):
        place.write(place.inputs / "a", b"2")
    assert mode(place.inputs / "a") == 0o444


def test_a_source_that_all_can_read_is_used_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "a").write_text("x", "ascii")
    for path, bits in ((source, 0o755), (source / "sub", 0o755), (source / "sub" / "a", 0o644)):
        path.chmod(bits)

    assert Staging(owners.new_owner("r")).readable(source) == source


def test_a_source_with_private_modes_is_copied_with_open_ones_and_stays_private_itself(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True, mode=0o700)
    (source / "sub" / "run.sh").write_text("x", "ascii")
    (source / "sub" / "run.sh").chmod(0o700)
    source.chmod(0o700)

    copy = Staging(owners.new_owner("r")).readable(source)

    assert copy != source
    assert all_can_read(copy)
    assert mode(copy / "sub" / "run.sh") == 0o755
    assert (mode(source), mode(source / "sub" / "run.sh")) == (0o700, 0o700)


def test_readable_files_below_a_private_folder_are_not_copied_again(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir(mode=0o700)
    (source / "big").write_text("x", "ascii")
    (source / "big").chmod(0o644)

    copy = Staging(owners.new_owner("r")).readable(source)

    assert (copy / "big").samefile(source / "big")


def test_the_sweep_takes_folders_of_dead_owners_only(tmp_path: Path) -> None:
    living = Staging(owners.new_owner("r"))
    dead = Staging(dataclasses.replace(owners.new_owner("r"), start_time="1"))
    foreign = tmp_path / "harness-sandbox-without-owner"
    foreign.mkdir()

    sentences = list(staging.sweep(everything_mine=False))

    assert len(sentences) == 1
    assert "is gone" in sentences[0]
    assert (living.folder.exists(), dead.folder.exists(), foreign.exists()) == (True, False, True)


def test_everything_mine_takes_the_living_of_this_process_as_well() -> None:
    mine = Staging(owners.new_owner("r"))
    other = Staging(dataclasses.replace(owners.new_owner("r"), host="elsewhere"))

    list(staging.sweep(everything_mine=True))

    assert (mine.folder.exists(), other.folder.exists()) == (False, True)


def test_an_owner_file_that_is_damaged_or_a_link_removes_nothing(tmp_path: Path) -> None:
    damaged = Staging(owners.new_owner("r"))
    (damaged.folder / "owner.json").write_text(json.dumps({"pid": 1}), "ascii")
    (tmp_path / "harness-sandbox-link").symlink_to(damaged.folder)

    assert list(staging.sweep(everything_mine=True)) == []
    assert damaged.folder.exists()


def test_a_folder_that_another_process_removes_meanwhile_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "glob", lambda _folder, _pattern: [tmp_path / "harness-sandbox-gone"])

    assert list(staging.sweep(everything_mine=False)) == []
