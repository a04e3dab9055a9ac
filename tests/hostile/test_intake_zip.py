"""Hostile zip files: names, links, bombs, lies. Written by hand where the library would not lie."""

import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from harness.errors import SubmissionError
from harness.intake import IntakeLimits
from tests.harness.intake_builders import (
    HONEST,
    Taker,
    everything_below,
    files_below,
    kinds,
    raw_zip,
    refusal_of,
    taker,
    zip_info,
    zip_of,
    zip_with,
)


@pytest.fixture
def taken(tmp_path: Path) -> Taker:
    return taker(tmp_path)


def test_the_hand_made_zip_is_an_ordinary_one_when_nothing_lies(tmp_path: Path, taken: Taker) -> None:
    """The control for every lie below: our reader and the library both read it."""
    place = raw_zip(tmp_path / "in.zip", [(b"a.py", b"x = 1\n" * 100, {}), (b"b.py", b"y = 2\n", {"method": 0})])
    assert files_below(taken(place)[1]) == {"a.py": b"x = 1\n" * 100, "b.py": b"y = 2\n"}
    with zipfile.ZipFile(place) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (b"../evil.py", "escapes"),
        (b"a/../../evil.py", "escapes"),
        (b"a/../b.py", "escapes"),
        (b"..", "escapes"),
        (b"/tmp/evil.py", "escapes"),
        (b"//host/evil.py", "escapes"),
        (b"C:/evil.py", "escapes"),
        (b"C:evil.py", "escapes"),
        (b"..\\evil.py", "hostile_name"),
        (b"a\\b.py", "hostile_name"),
        (b"nul\0.py", "hostile_name"),
        (b"new\nline.py", "hostile_name"),
        (b"\x1b[2J.py", "hostile_name"),
        ("ab\u202eyp".encode(), "hostile_name"),
        (b"", "hostile_name"),
        (b"./a.py", "hostile_name"),
        (b"a/./b.py", "hostile_name"),
        (b"a//b.py", "hostile_name"),
        (b"x" * 256, "hostile_name"),
        (b"d/" * 45 + b"x", "too_deep"),
        (b"/".join([b"x" * 200] * 20), "too_deep"),
        (b"/".join([b"x"] * 30_000), "too_deep"),
    ],
)
def test_a_hostile_path_is_refused_and_the_others_stay(name: bytes, kind: str, tmp_path: Path, taken: Taker) -> None:
    place = raw_zip(tmp_path / "in.zip", [(name, b"evil", {"flags": 0x800}), (b"kept.py", b"x", {}), (b"also.py", b"y", {})])
    before = everything_below(tmp_path)
    snapshot, files = taken(place)
    assert files_below(files) == {"kept.py": b"x", "also.py": b"y"}
    assert [refusal.kind for refusal in snapshot.refusals] == [kind]
    assert all(refusal.path.isprintable() for refusal in snapshot.refusals)
    new = {path for path in everything_below(tmp_path) - before if not path.startswith("taken/1")}
    assert new == {"taken"}


def test_a_name_that_is_no_utf8_costs_one_entry_not_the_archive(tmp_path: Path, taken: Taker) -> None:
    place = raw_zip(tmp_path / "in.zip", [(b"\xff\xfe.py", b"", {"flags": 0x800}), (b"kept.py", b"", {}), (b"b.py", b"", {})])
    snapshot, _ = taken(place)
    assert snapshot.paths() == ("b.py", "kept.py")
    assert kinds(snapshot) == {"\\xff\\xfe.py": "hostile_name"}


@pytest.mark.parametrize(("name", "read_as"), [("é.py".encode(), "é.py"), (b"\x82.py", "é.py")], ids=["utf-8", "cp437"])
def test_names_without_the_utf8_flag_are_read_as_their_writers_meant(
    name: bytes, read_as: str, tmp_path: Path, taken: Taker
) -> None:
    assert taken(raw_zip(tmp_path / "in.zip", [(name, b"", {})]))[0].paths() == (read_as,)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (stat.S_IFLNK | 0o777, "link"),
        (stat.S_IFIFO | 0o644, "special_file"),
        (stat.S_IFCHR | 0o644, "special_file"),
        (stat.S_IFBLK | 0o644, "special_file"),
        (stat.S_IFSOCK | 0o644, "special_file"),
    ],
)
def test_only_regular_files_and_folders_are_taken_by_mode(mode: int, kind: str, tmp_path: Path, taken: Taker) -> None:
    snapshot, files = taken(zip_with(tmp_path / "in.zip", (zip_info("odd", mode), b"/etc/passwd")))
    assert kinds(snapshot) == {"odd": kind}
    assert set(files_below(files)) == {"kept.py"}


def test_set_user_id_and_other_bits_do_not_reach_the_copy(tmp_path: Path, taken: Taker) -> None:
    _, files = taken(zip_with(tmp_path / "in.zip", (zip_info("suid.py", 0o104777), b"x")))
    assert stat.S_IMODE((files / "suid.py").stat().st_mode) == 0o644


def test_an_encrypted_entry_is_refused_with_its_reason(tmp_path: Path, taken: Taker) -> None:
    place = raw_zip(tmp_path / "in.zip", [(b"locked.py", b"x" * 50, {"flags": 1}), (b"open.py", b"y", {})])
    snapshot, _ = taken(place)
    assert refusal_of(snapshot, "locked.py").kind == "encrypted"
    assert "password" in refusal_of(snapshot, "locked.py").reason
    assert snapshot.paths() == ("open.py",)


def test_the_first_of_two_entries_with_one_path_counts(tmp_path: Path, taken: Taker) -> None:
    place = raw_zip(tmp_path / "in.zip", [(b"a.py", b"first", {}), (b"a.py", b"second", {}), (b"b.py", b"", {})])
    snapshot, files = taken(place)
    assert refusal_of(snapshot, "a.py").kind == "duplicate"
    assert (files / "a.py").read_bytes() == b"first"


@pytest.mark.parametrize("names", [(b"a", b"a/b.py"), (b"a/b.py", b"a")])
def test_a_path_can_not_be_a_file_and_a_folder(names: tuple[bytes, bytes], tmp_path: Path, taken: Taker) -> None:
    place = raw_zip(tmp_path / "in.zip", [(names[0], b"1", {}), (names[1], b"2", {}), (b"kept.py", b"", {})])
    snapshot, files = taken(place)
    assert kinds(snapshot) == {names[1].decode(): "duplicate"}
    assert set(files_below(files)) == {names[0].decode(), "kept.py"}


def test_names_that_differ_in_case_collide_as_in_a_folder(tmp_path: Path, taken: Taker) -> None:
    snapshot, files = taken(zip_of(tmp_path / "in.zip", {"model.py": b"2", "Model.py": b"1"}))
    assert kinds(snapshot) == {"model.py": "duplicate"}
    assert files_below(files) == {"Model.py": b"1"}


def quoted_overlap(path: Path, count: int, size: int) -> Path:
    """Each file's bytes quote the next file's header and run on into the one kernel at the end."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = deflate.compress(bytes(size)) + deflate.flush()
    names = [f"{i:04}.bin".encode() for i in range(count)]
    body, inflated = kernel, bytes(size)
    headers: list[tuple[bytes, bytes, int]] = []
    for name in reversed(names):
        packed, crc, length = body, zlib.crc32(inflated), len(inflated)
        fields = struct.pack("<5H3L2H", 20, 0, 8, 0, 0x21, crc, len(packed), length, len(name), 0)
        header = b"PK\3\4" + fields + name
        headers.append((name, fields, len(header) + len(packed)))
        quote = b"\x00" + struct.pack("<2H", len(header), len(header) ^ 0xFFFF)
        body, inflated = quote + header + body, header + inflated
    body = body[5:]
    directory = b""
    for name, fields, from_end in reversed(headers):
        entry = (
            b"PK\1\2" + struct.pack("<H", 0x314) + fields + struct.pack("<3H2L", 0, 0, 0, 0o100644 << 16, len(body) - from_end)
        )
        directory += entry + name
    path.write_bytes(body + directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0))
    return path


def test_the_overlap_bomb_is_a_bomb_for_a_reader_that_does_not_look(tmp_path: Path) -> None:
    """The positive control: each entry inflates well on its own, and all of them to a thousand times the file."""
    place = quoted_overlap(tmp_path / "bomb.zip", 40, 1_000_000)
    raw = place.read_bytes()
    total = 0
    with zipfile.ZipFile(place) as archive:
        for info in archive.infolist():
            start = info.header_offset + 30 + len(info.filename)
            content = zlib.decompress(raw[start : start + info.compress_size], -15)
            assert len(content) == info.file_size
            total += len(content)
    assert total > 1000 * len(raw)


def test_entries_that_share_bytes_are_refused_as_a_bomb(tmp_path: Path, taken: Taker) -> None:
    snapshot, files = taken(quoted_overlap(tmp_path / "bomb.zip", 40, 1_000_000))
    assert set(kinds(snapshot).values()) == {"bomb"}
    assert len(snapshot.refusals) == 40
    assert files_below(files) == {}


def test_many_directory_lines_for_one_file_are_refused_as_a_bomb(tmp_path: Path, taken: Taker) -> None:
    members: list[tuple[bytes, bytes, dict[str, int]]] = [(f"{i}.bin".encode(), bytes(1000), {"offset": 0}) for i in range(5)]
    snapshot, files = taken(raw_zip(tmp_path / "bomb.zip", members))
    assert set(kinds(snapshot).values()) == {"bomb"}
    assert files_below(files) == {}


@pytest.mark.parametrize("said", [100, 0, 4_999_999])
def test_an_entry_that_inflates_to_more_than_it_says_is_stopped(said: int, tmp_path: Path, taken: Taker) -> None:
    content = bytes(5_000_000)
    place = raw_zip(tmp_path / "in.zip", [(b"liar.bin", content, {"size": said}), (b"kept.py", b"", {})])
    snapshot, files = taken(place)
    assert refusal_of(snapshot, "liar.bin").kind == "bomb"
    assert set(files_below(files)) == {"kept.py"}


@pytest.mark.parametrize(
    "lies",
    [{"size": 5_000_001}, {"crc": 1}, {"packed": 10}, {"packed": 0}, {"method": 99}, {"method": 0, "size": 9}],
    ids=["says more", "checksum", "cut short", "nothing packed", "unknown method", "stored, says less"],
)
def test_an_entry_whose_numbers_do_not_fit_is_refused(lies: dict[str, int], tmp_path: Path, taken: Taker) -> None:
    place = raw_zip(tmp_path / "in.zip", [(b"odd.bin", bytes(5_000_000), lies), (b"kept.py", b"", {})])
    snapshot, files = taken(place)
    assert refusal_of(snapshot, "odd.bin").kind in {"unreadable", "bomb"}
    assert set(files_below(files)) == {"kept.py"}


def test_a_bomb_that_tells_the_truth_is_too_large(tmp_path: Path, taken: Taker) -> None:
    """51 MB of zeros in 51 kB."""
    snapshot, _ = taken(zip_of(tmp_path / "in.zip", {"zeros.bin": bytes(51_000_000), "kept.py": b""}))
    assert kinds(snapshot) == {"zeros.bin": "too_large"}


def test_many_honest_bombs_together_are_stopped(tmp_path: Path, taken: Taker) -> None:
    place = zip_of(tmp_path / "in.zip", {f"{i}.bin": bytes(1_000_000) for i in range(20)})
    with pytest.raises(SubmissionError, match="together"):
        taken(place, limits=IntakeLimits(total_bytes=10_000_000))


def test_a_name_before_the_file_that_differs_from_the_directory_is_refused(tmp_path: Path, taken: Taker) -> None:
    place = raw_zip(tmp_path / "in.zip", [(b"shown.py", b"x", {}), (b"kept.py", b"", {})])
    place.write_bytes(place.read_bytes().replace(b"shown.py", b"other.py", 1))
    assert kinds(taken(place)[0]) == {"shown.py": "hostile_name"}


def test_an_archive_that_lists_too_much_is_refused_as_a_whole(tmp_path: Path, taken: Taker) -> None:
    place = zip_of(tmp_path / "in.zip", {f"{i}.txt": b"" for i in range(101)})
    with pytest.raises(SubmissionError, match="more than 100 entries"):
        taken(place, limits=IntakeLimits(entries=10))


def test_paths_that_make_more_folders_than_files_are_counted(tmp_path: Path, taken: Taker) -> None:
    place = zip_of(tmp_path / "in.zip", {"/".join([str(i)] * 30) + "/x": b"" for i in range(20)})
    with pytest.raises(SubmissionError, match="more than 100 entries"):
        taken(place, limits=IntakeLimits(entries=10))


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_zip_that_was_cut_short_is_said_to_be_damaged(keep: float, tmp_path: Path, taken: Taker) -> None:
    place = zip_of(tmp_path / "in.zip")
    whole = place.read_bytes()
    place.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(SubmissionError, match="zip file can't be read"):
        taken(place)


def test_a_zip64_archive_is_read(tmp_path: Path, taken: Taker) -> None:
    place = tmp_path / "in.zip"
    with zipfile.ZipFile(place, "w") as archive, archive.open("big.py", "w", force_zip64=True) as member:
        member.write(b"x = 1\n")
    assert files_below(taken(place)[1]) == {"big.py": b"x = 1\n"}


def test_a_zip_made_as_a_stream_is_read(tmp_path: Path, taken: Taker) -> None:
    """Sizes stand behind the data; only the directory knows them."""

    class Stream:
        def __init__(self) -> None:
            self.content = b""

        def write(self, data: bytes) -> int:
            self.content += data
            return len(data)

        def flush(self) -> None:
            pass

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload] # a minimal writer
        for name, content in HONEST.items():
            archive.writestr(name, content)
    (tmp_path / "in.zip").write_bytes(stream.content)
    assert files_below(taken(tmp_path / "in.zip")[1]) == dict(HONEST)


def test_a_zip_with_a_comment_is_read(tmp_path: Path, taken: Taker) -> None:
    place = zip_of(tmp_path / "in.zip")
    with zipfile.ZipFile(place, "a") as archive:
        archive.comment = b"handed in on Friday " * 50
    assert files_below(taken(place)[1]) == dict(HONEST)
