"""Hostile tar files: every kind of member, headers that lie about the next one, and bombs in each compression."""

import gzip
import io
import tarfile
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
    refusal_of,
    taker,
    tar_info,
    tar_of,
    tar_with,
)


@pytest.fixture
def taken(tmp_path: Path) -> Taker:
    return taker(tmp_path)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_form_of_tar_is_read_with_long_and_foreign_names(form: int, tmp_path: Path, taken: Taker) -> None:
    long_name = "a" * 60 + "/" + "b" * 90 + ".py"
    place = tar_with(tmp_path / "in.tar", (tar_info(long_name), b"1"), (tar_info("données.py"), b"2"), form=form)
    assert files_below(taken(place)[1]) == {"kept.py": b"kept = True\n", long_name: b"1", "données.py": b"2"}


def test_without_the_defence_a_link_and_a_file_behind_it_would_leave_the_folder(tmp_path: Path) -> None:
    """The positive control: the library, asked to trust the archive, writes outside."""
    outside = tmp_path / "outside"
    outside.mkdir()
    place = tar_with(
        tmp_path / "in.tar", (tar_info("door", tarfile.SYMTYPE, str(outside)), b""), (tar_info("door/evil.py"), b"evil")
    )
    with tarfile.open(place) as archive:
        archive.extractall(tmp_path / "trusting", filter="fully_trusted")
    assert files_below(outside) == {"evil.py": b"evil"}


def test_a_file_behind_a_link_does_not_leave_the_folder(tmp_path: Path, taken: Taker) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    place = tar_with(
        tmp_path / "in.tar", (tar_info("door", tarfile.SYMTYPE, str(outside)), b""), (tar_info("door/evil.py"), b"evil")
    )
    snapshot, files = taken(place)
    assert files_below(outside) == {}
    assert files_below(files) == {"kept.py": b"kept = True\n"}
    assert kinds(snapshot) == {"door": "link", "door/evil.py": "duplicate"}


@pytest.mark.parametrize(
    ("kind", "refused_as"),
    [
        (tarfile.SYMTYPE, "link"),
        (tarfile.LNKTYPE, "link"),
        (tarfile.CHRTYPE, "special_file"),
        (tarfile.BLKTYPE, "special_file"),
        (tarfile.FIFOTYPE, "special_file"),
        (tarfile.GNUTYPE_SPARSE, "sparse"),
        (b"V", "special_file"),
        (b"M", "special_file"),
        (b"D", "special_file"),
        (b"Z", "special_file"),
    ],
)
@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_member_that_is_no_file_is_refused(kind: bytes, refused_as: str, form: int, tmp_path: Path, taken: Taker) -> None:
    odd = tar_info("odd", kind, "kept.py")
    place = tar_with(tmp_path / "in.tar", (odd, b""), (tar_info("after.py"), b"x"), form=form)
    snapshot, files = taken(place)
    assert kinds(snapshot) == {"odd": refused_as}
    assert set(files_below(files)) == {"kept.py", "after.py"}


def test_a_hard_link_to_a_file_of_the_host_is_refused(tmp_path: Path, taken: Taker) -> None:
    snapshot, files = taken(tar_with(tmp_path / "in.tar", (tar_info("shadow", tarfile.LNKTYPE, "/etc/passwd"), b"")))
    assert kinds(snapshot) == {"shadow": "link"}
    assert set(files_below(files)) == {"kept.py"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../evil.py", "escapes"),
        ("./../evil.py", "escapes"),
        ("a/../../evil.py", "escapes"),
        ("/etc/evil.py", "escapes"),
        ("C:/evil.py", "escapes"),
        ("a\\b.py", "hostile_name"),
        ("new\nline.py", "hostile_name"),
        ("a//b.py", "hostile_name"),
        ("d/" * 45 + "x", "too_deep"),
        ("x" * 300, "hostile_name"),
    ],
)
@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_hostile_path_is_refused_and_the_others_stay(name: str, kind: str, form: int, tmp_path: Path, taken: Taker) -> None:
    place = tar_with(tmp_path / "in.tar", (tar_info(name), b"evil"), (tar_info("after.py"), b""), form=form)
    before = everything_below(tmp_path)
    snapshot, files = taken(place)
    assert set(files_below(files)) == {"kept.py", "after.py"}
    assert [refusal.kind for refusal in snapshot.refusals] == [kind]
    assert {path for path in everything_below(tmp_path) - before if not path.startswith("taken/1")} == {"taken"}


def test_a_path_from_a_pax_header_is_held_to_the_same_rules(tmp_path: Path, taken: Taker) -> None:
    place = tar_with(tmp_path / "in.tar", (tar_info("harmless.py", path="../../evil.py"), b"x"))
    snapshot, _ = taken(place)
    assert kinds(snapshot) == {"../../evil.py": "escapes"}


def test_a_pax_path_with_a_nul_is_refused(tmp_path: Path, taken: Taker) -> None:
    snapshot, _ = taken(tar_with(tmp_path / "in.tar", (tar_info("a.py", path="a.py\0.txt"), b"x")))
    assert list(kinds(snapshot).values()) == ["hostile_name"]


@pytest.mark.parametrize("size", ["9" * 30, str(1 << 50)])
def test_an_absurd_size_from_a_pax_header_is_refused_without_looking_for_it(size: str, tmp_path: Path, taken: Taker) -> None:
    snapshot, files = taken(raw_pax(tmp_path / "in.tar", {"size": size}))
    assert refusal_of(snapshot, "liar.bin").kind == "too_large"
    assert set(files_below(files)) == {"kept.py"}


@pytest.mark.parametrize("size", ["-1", "ten", "", "1e9", "٣"])
def test_a_size_that_is_no_number_is_a_damaged_archive(size: str, tmp_path: Path, taken: Taker) -> None:
    with pytest.raises(SubmissionError, match="isn't a number"):
        taken(raw_pax(tmp_path / "in.tar", {"size": size}))


@pytest.mark.parametrize(
    "record",
    [b"99999 path=x\n", b"0 path=x\n", b"3 x\n", b"path=x\n", b"10 path=x", b"9" * 5000 + b" path=x\n"],
)
def test_a_broken_pax_record_is_an_error_not_a_crash(record: bytes, tmp_path: Path, taken: Taker) -> None:
    place = raw_pax(tmp_path / "in.tar", {}, raw=record)
    with pytest.raises(SubmissionError, match="header is broken"):
        taken(place)


def test_a_pax_header_of_gigabytes_is_not_read(tmp_path: Path, taken: Taker) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 8 << 30
    place = tmp_path / "in.tar"
    with place.open("wb") as out:
        out.write(header.tobuf(tarfile.GNU_FORMAT))
        out.truncate(9 << 30)
    with pytest.raises(SubmissionError, match="describes a file"):
        taken(place)


@pytest.mark.parametrize("keys", [{"GNU.sparse.major": "1"}, {"GNU.sparse.map": "0,1"}, {"SCHILY.realsize": "99999999999"}])
def test_sparse_files_in_pax_clothes_are_refused(keys: dict[str, str], tmp_path: Path, taken: Taker) -> None:
    snapshot, _ = taken(raw_pax(tmp_path / "in.tar", keys))
    assert kinds(snapshot) == {"liar.bin": "sparse"}


def test_the_sparse_map_behind_a_header_is_not_taken_for_a_header(tmp_path: Path, taken: Taker) -> None:
    sparse = tarfile.TarInfo("sparse.bin")
    sparse.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(sparse.tobuf(tarfile.GNU_FORMAT))
    block[482] = 1
    after = io.BytesIO()
    with tarfile.open(fileobj=after, mode="w") as archive:
        archive.addfile(tar_info("after.py"))
    place = tmp_path / "in.tar"
    place.write_bytes(with_checksum(block) + bytes(504) + b"\1" + bytes(7) + bytes(512) + after.getvalue())
    snapshot, _ = taken(place)
    assert (snapshot.paths(), kinds(snapshot)) == (("after.py",), {"sparse.bin": "sparse"})


def test_a_header_for_all_members_counts_for_all(tmp_path: Path, taken: Taker) -> None:
    """`git archive` writes one with the commit in it; one with a path makes every file the same."""
    for keys, expected in [({"comment": "a" * 40}, {"a.py", "b.py"}), ({"path": "same.py"}, {"same.py"})]:
        place = tmp_path / f"{next(iter(keys))}.tar"
        with tarfile.open(place, "w", format=tarfile.PAX_FORMAT, pax_headers=keys) as archive:
            archive.addfile(tar_info("a.py"))
            archive.addfile(tar_info("b.py"))
        assert set(taken(place)[0].paths()) == expected


def test_a_member_of_the_root_itself_is_nothing(tmp_path: Path, taken: Taker) -> None:
    snapshot, _ = taken(
        tar_with(tmp_path / "in.tar", (tar_info("./", tarfile.DIRTYPE), b""), (tar_info(".", tarfile.DIRTYPE), b""))
    )
    assert (snapshot.paths(), snapshot.refusals) == (("kept.py",), ())


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_a_compressed_bomb_is_stopped_before_the_disk_is_full(mode: str, tmp_path: Path, taken: Taker) -> None:
    place = tar_of(tmp_path / "bomb", {"zeros.bin": bytes(30_000_000)}, mode=mode)
    assert place.stat().st_size < 100_000
    with pytest.raises(SubmissionError, match="inflates to more than"):
        taken(place, limits=IntakeLimits(total_bytes=1_000_000))
    assert list((tmp_path / "taken").iterdir()) == []


def test_an_xz_file_that_asks_for_gigabytes_of_memory_is_refused(tmp_path: Path, taken: Taker) -> None:
    import lzma

    greedy = [{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 1 << 30}]
    place = tmp_path / "in.tar.xz"
    place.write_bytes(lzma.compress(bytes(1000), filters=greedy))
    with pytest.raises(SubmissionError, match="can't be unpacked"):
        taken(place)


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_a_compressed_tar_that_was_cut_short_is_said_to_be_damaged(mode: str, tmp_path: Path, taken: Taker) -> None:
    place = tar_of(tmp_path / "in", mode=mode)
    place.write_bytes(place.read_bytes()[:-40])
    with pytest.raises(SubmissionError, match="damaged"):
        taken(place)


def test_streams_behind_each_other_are_one_archive(tmp_path: Path, taken: Taker) -> None:
    import bz2
    import lzma

    raw = tar_of(tmp_path / "in.tar").read_bytes()
    for name, pack in {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}.items():
        place = tmp_path / name
        place.write_bytes(pack(raw[:700]) + pack(raw[700:]))
        assert files_below(taken(place)[1]) == dict(HONEST)


def test_a_tar_that_was_cut_short_is_said_to_be_damaged(tmp_path: Path, taken: Taker) -> None:
    place = tar_with(tmp_path / "in.tar", (tar_info("long.bin"), bytes(100_000)))
    place.write_bytes(place.read_bytes()[:50_000])
    with pytest.raises(SubmissionError, match="ends in the middle"):
        taken(place)


def test_a_broken_header_is_said_to_be_damage(tmp_path: Path, taken: Taker) -> None:
    place = tar_with(tmp_path / "in.tar", (tar_info("a.py"), b"x"))
    raw = bytearray(place.read_bytes())
    raw[1024 + 10] ^= 0xFF
    place.write_bytes(raw)
    with pytest.raises(SubmissionError, match="header is broken"):
        taken(place)


def test_headers_without_end_are_counted(tmp_path: Path, taken: Taker) -> None:
    place = tar_of(tmp_path / "in.tar", {f"{i}.txt": b"" for i in range(301)})
    with pytest.raises(SubmissionError, match="more than 100 entries"):
        taken(place, limits=IntakeLimits(entries=10))


@pytest.mark.parametrize(
    "size", [b"\xff" * 12, b"-0000000001\0", b"9999999999\0\0", b"0x10\0\0\0\0\0\0\0\0", b"1_0\0\0\0\0\0\0\0\0\0"]
)
def test_a_size_field_that_is_no_octal_number_is_damage(size: bytes, tmp_path: Path, taken: Taker) -> None:
    block = bytearray(tar_info("a.py").tobuf())
    block[124:136] = size
    place = tmp_path / "in.tar"
    place.write_bytes(with_checksum(block) + bytes(1024))
    with pytest.raises(SubmissionError, match="number in a header"):
        taken(place)


def with_checksum(block: bytearray) -> bytes:
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def raw_pax(path: Path, records: dict[str, str], raw: bytes = b"") -> Path:
    """kept.py, then a pax header with these records, then liar.bin with ten bytes."""
    body = raw
    for key, value in records.items():
        line = f" {key}={value}\n".encode()
        length = len(line)
        while len(str(length)) + len(line) != length:
            length = len(str(length)) + len(line)
        body += str(length).encode() + line
    header = tar_info("pax", tarfile.XHDTYPE)
    header.size = len(body)
    liar = tar_info("liar.bin")
    liar.size = 10
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w") as archive:
        archive.addfile(tar_info("kept.py"))
        ends_at = archive.offset
    padding = bytes(-len(body) % 512)
    content = b"0123456789" + bytes(502)
    path.write_bytes(
        kept.getvalue()[:ends_at] + header.tobuf(tarfile.USTAR_FORMAT) + body + padding
        + liar.tobuf(tarfile.USTAR_FORMAT) + content + bytes(1024)
    )  # fmt: skip
    return path
