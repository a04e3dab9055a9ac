"""Which entries count as submissions, and the ids they are known by."""

import os
from pathlib import Path

import pytest

from harness.batch.entries import find_entries, in_shard, parse_shard
from harness.errors import UsageError

SECRET = b"of the organisation"
HOSTILE = ["..hidden", "-rf", "a b", "a/b".replace("/", "\\"), "$(id)", "con", "ä", "a\u0308", "x" * 200, "<script>", "a\nb"]


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).mkdir()
    return folder


def test_hidden_files_and_litter_are_no_submissions(tmp_path: Path) -> None:
    made(tmp_path, "one", ".git", "__MACOSX", ".cache")
    (tmp_path / ".DS_Store").write_text("")

    assert [entry.name for entry in find_entries(tmp_path, "pseudonyms", SECRET, {})] == ["one"]


@pytest.mark.parametrize("naming", ["pseudonyms", "own"])
def test_hostile_names_get_ids_that_are_safe_and_differ_in_more_than_case(tmp_path: Path, naming: str) -> None:
    made(tmp_path, *(name for name in HOSTILE if not name.startswith(".")), "Same", "SAME", "same")
    (tmp_path / "same.zip").write_bytes(b"")
    (tmp_path / os.fsdecode(b"\xff\xfe")).mkdir()

    ids = [entry.id for entry in find_entries(tmp_path, naming, SECRET, {})]  # type: ignore[arg-type]

    assert len({one.lower() for one in ids}) == len(ids) == 15
    for one in ids:
        assert one.isascii()
        assert one[0].isalnum()
        assert not set(one) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")
        assert len(one) < 80


def test_a_pseudonym_does_not_depend_on_what_else_lies_in_the_folder(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    made(first, "jane")
    made(second, "anne", "jane", "zoe")

    (alone,) = find_entries(first, "pseudonyms", SECRET, {})
    among = {entry.name: entry.id for entry in find_entries(second, "pseudonyms", SECRET, {})}

    assert among["jane"] == alone.id


def test_another_secret_gives_other_pseudonyms(tmp_path: Path) -> None:
    made(tmp_path, "jane")

    (one,) = find_entries(tmp_path, "pseudonyms", SECRET, {})
    (other,) = find_entries(tmp_path, "pseudonyms", b"another", {})

    assert one.id != other.id


def test_an_id_that_was_given_before_is_kept_and_given_to_nobody_else(tmp_path: Path) -> None:
    made(tmp_path, "a", "b")

    ids = {entry.name: entry.id for entry in find_entries(tmp_path, "own", SECRET, {"b": "a"})}

    assert ids == {"b": "a", "a": "a-2"}


def test_the_ending_of_an_archive_is_not_part_of_the_candidates_name(tmp_path: Path) -> None:
    for name in ("jane.tar.gz", "anne.zip", "zoe.v2"):
        (tmp_path / name).write_bytes(b"")

    assert {entry.name for entry in find_entries(tmp_path, "own", SECRET, {})} == {"jane", "anne", "zoe.v2"}


def test_shards_hold_everybody_once(tmp_path: Path) -> None:
    entries = find_entries(made(tmp_path, *"abcdefg"), "own", SECRET, {})

    shards = [in_shard(entries, (number, 3)) for number in (1, 2, 3)]

    assert sorted(entry.id for shard in shards for entry in shard) == list("abcdefg")
    assert {len(shard) for shard in shards} == {2, 3}


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "a/b", "1/3/5", "-1/3", "1 /3"])
def test_a_shard_that_makes_no_sense_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="--shard"):
        parse_shard(text)


def test_a_shard_is_read() -> None:
    assert parse_shard("2/5") == (2, 5)
    assert parse_shard(None) is None
