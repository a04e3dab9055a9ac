"""Hostile folders: links, special files, names, depth, sizes. Each attack stands beside the thing that it must not break."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import SubmissionError, UsageError
from harness.intake import IntakeLimits
from harness.intake.nofollow import FOLDER, names_in, open_folder, open_regular, read_regular
from harness.intake.refusals import Refused
from tests.harness.intake_builders import HONEST, Taker, files_below, folder_of, kinds, refusal_of, taker

SECRET = b"s3cr3t of the host"


@pytest.fixture
def taken(tmp_path: Path) -> Taker:
    return taker(tmp_path)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "host", {"secret": SECRET}) / "secret"


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """1,500 folders inside each other: deeper than Python recurses. Removed by a program that doesn't."""
    root = tmp_path / "deep"
    root.mkdir()
    fd = os.open(root, FOLDER)
    for _ in range(1500):
        os.mkdir("d", dir_fd=fd)
        below = os.open("d", FOLDER, dir_fd=fd)
        os.close(fd)
        fd = below
    os.close(os.open("bottom.py", os.O_CREAT | os.O_WRONLY, dir_fd=fd))
    os.close(fd)
    yield root
    subprocess.run(["rm", "-rf", str(root)], check=True)


def test_without_the_defence_a_copy_would_hold_the_secret(tmp_path: Path, secret: Path) -> None:
    """The positive control for every link below."""
    root = folder_of(tmp_path / "in")
    (root / "link").symlink_to(secret)
    shutil.copytree(root, tmp_path / "copied")
    assert SECRET in files_below(tmp_path / "copied").values()


@pytest.mark.parametrize(
    "target",
    ["{secret}", "../host/secret", "{host}", "/proc/self/environ", "/dev/zero", "loop", "absent", "README.md", "."],
    ids=["absolute", "relative", "folder", "proc", "device", "itself", "dangling", "inside", "own folder"],
)
def test_a_link_is_listed_and_not_followed(target: str, tmp_path: Path, secret: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in")
    (root / "loop").symlink_to(target.format(secret=secret, host=secret.parent))
    snapshot, files = taken(root)
    assert refusal_of(snapshot, "loop").kind == "link"
    assert not refusal_of(snapshot, "loop").harmless
    assert files_below(files) == dict(HONEST)
    assert not any(path.is_symlink() for path in files.rglob("*"))


def test_a_loop_of_linked_folders_ends(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in", {"a/x.py": b"", "b/y.py": b""})
    (root / "a/b").symlink_to("../b")
    (root / "b/a").symlink_to("../a")
    snapshot, _ = taken(root)
    assert snapshot.paths() == ("a/x.py", "b/y.py")
    assert kinds(snapshot) == {"a/b": "link", "b/a": "link"}


def test_a_file_that_becomes_a_link_after_it_was_listed_is_not_followed(tmp_path: Path, secret: Path) -> None:
    root = folder_of(tmp_path / "in")
    (root / "README.md").unlink()
    (root / "README.md").symlink_to(secret)
    fd = os.open(root, FOLDER)
    try:
        with pytest.raises(Refused) as caught:
            list(read_regular(fd, b"README.md", 100))
    finally:
        os.close(fd)
    assert caught.value.kind == "link"


def test_a_folder_that_becomes_a_link_after_it_was_listed_is_not_entered(tmp_path: Path, secret: Path) -> None:
    root = folder_of(tmp_path / "in", {"a/x.py": b""})
    (root / "sub").symlink_to(secret.parent)
    fd = os.open(root, FOLDER)
    try:
        with open_folder(fd, (b"a",)) as inside:
            assert names_in(inside) == ["x.py"]
        with pytest.raises(Refused), open_folder(fd, (b"sub",)):
            pytest.fail("the link was entered")
    finally:
        os.close(fd)


def test_pipes_sockets_and_devices_are_listed_and_never_opened(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in")
    os.mkfifo(root / "pipe")
    listener = socket.socket(socket.AF_UNIX)
    here = os.open(root, FOLDER)
    try:
        listener.bind(f"/proc/self/fd/{here}/socket")
    finally:
        os.close(here)
    listener.close()
    expected = {"pipe": "special_file", "socket": "special_file"}
    if os.geteuid() == 0:
        os.mknod(root / "zero", 0o20666, os.makedev(1, 5))
        expected["zero"] = "special_file"
    snapshot, files = taken(root)
    assert kinds(snapshot) == expected
    assert files_below(files) == dict(HONEST)


def test_a_pipe_in_the_place_of_a_file_does_not_block_the_reader(tmp_path: Path) -> None:
    root = folder_of(tmp_path / "in")
    os.mkfifo(root / "pipe")
    fd = os.open(root, FOLDER)
    try:
        with pytest.raises(Refused) as caught, open_regular(fd, "pipe"):
            pytest.fail("the pipe was opened as a file")
    finally:
        os.close(fd)
    assert caught.value.kind == "special_file"


def test_every_hard_link_counts_in_full(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in", {"0.bin": b"x" * 1000})
    for number in range(1, 20):
        os.link(root / "0.bin", root / f"{number}.bin")
    with pytest.raises(SubmissionError, match="together"):
        taken(root, limits=IntakeLimits(total_bytes=19_999))
    snapshot, _ = taken(root, limits=IntakeLimits(total_bytes=20_000))
    assert snapshot.total_bytes == 20_000


def test_a_sparse_file_counts_by_its_apparent_size(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in")
    with (root / "huge.bin").open("wb") as huge:
        huge.truncate(1 << 40)
    snapshot, _ = taken(root)
    assert refusal_of(snapshot, "huge.bin").kind == "sparse"
    assert set(snapshot.paths()) == set(HONEST)


def test_a_small_sparse_file_is_an_ordinary_file(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in")
    with (root / "holes.bin").open("wb") as holes:
        holes.truncate(100_000)
    assert taken(root)[1].joinpath("holes.bin").read_bytes() == bytes(100_000)


def test_folders_below_the_depth_limit_are_left_out(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in", {"1/2/3.py": b"", "1/2/3/4.py": b""})
    snapshot, _ = taken(root, limits=IntakeLimits(depth=3))
    assert snapshot.paths() == ("1/2/3.py",)
    assert kinds(snapshot) == {"1/2/3": "too_deep"}


def test_a_tree_deeper_than_python_recurses_is_refused_not_a_crash(deep: Path, taken: Taker) -> None:
    snapshot, _ = taken(deep)
    assert [refusal.kind for refusal in snapshot.refusals] == ["too_deep"]
    assert snapshot.files == ()


def test_a_deep_tree_does_not_break_the_cleaning_up_after_an_error(deep: Path, tmp_path: Path, taken: Taker) -> None:
    (deep / "big.bin").write_bytes(b"x" * 1000)
    with pytest.raises(SubmissionError, match="together"):
        taken(deep, limits=IntakeLimits(total_bytes=10))
    assert list((tmp_path / "taken").iterdir()) == []


def test_the_deep_tree_would_break_the_ordinary_removal(deep: Path) -> None:
    """The positive control: on this Python `shutil.rmtree` calls itself for every level."""
    if sys.version_info >= (3, 13):
        pytest.skip("shutil.rmtree no longer recurses")
    with pytest.raises(RecursionError):
        shutil.rmtree(deep)


HOSTILE_NAMES = {
    b"new\nline.py": "new\\x0aline.py",
    b"\x1b[31mred.py": "\\x1b[31mred.py",
    b"tab\t.py": "tab\\x09.py",
    b"del\x7f.py": "del\\x7f.py",
    "c1\x9b.py".encode(): "c1\\x9b.py",
    "ab\u202eyp.exe".encode(): "ab\\u202eyp.exe",
    "iso\u2066late.py".encode(): "iso\\u2066late.py",
    "zero\u200bwidth.py".encode(): "zero\\u200bwidth.py",
    "mark\ufeff.py".encode(): "mark\\ufeff.py",
    "line\u2028.py".encode(): "line\\u2028.py",
    "tag\U000e0041.py".encode(): "tag\\U000e0041.py",
    "non\uffff.py".encode(): "non\\uffff.py",
    b"\xff\xfe.py": "\\xff\\xfe.py",
    b"half\xed\xa0\x80.py": "half\\xed\\xa0\\x80.py",
    b"back\\slash.py": "back\\slash.py",
    b"C:evil.py": "C:evil.py",
}


@pytest.mark.parametrize(("name", "shown"), HOSTILE_NAMES.items(), ids=[repr(name) for name in HOSTILE_NAMES])
def test_a_hostile_name_is_refused_and_shown_harmlessly(name: bytes, shown: str, tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in")
    (root / os.fsdecode(name)).write_bytes(b"x")
    snapshot, files = taken(root)
    refusal = refusal_of(snapshot, shown)
    assert refusal.kind in {"hostile_name", "escapes"}
    assert refusal.path.isprintable()
    assert files_below(files) == dict(HONEST)


@pytest.mark.parametrize(
    "name",
    [
        "-rf.py",
        "$(id).py",
        "a b.py",
        "`x`.py",
        "'quoted'.py",
        "naïve.py",
        "数据.py",
        "🧪.py",
        "👩\u200d🔬.py",
        "a;b&c|d.py",
        "<b>.py",
        " .py",
    ],
)
def test_an_odd_but_honest_name_is_kept(name: str, tmp_path: Path, taken: Taker) -> None:
    snapshot, files = taken(folder_of(tmp_path / "in", {name: b"x"}))
    assert snapshot.paths() == (name,)
    assert files_below(files) == {name: b"x"}


def test_long_names_and_paths_have_limits(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in", {"a" * 21: b"", "b" * 20: b"", "c/" + "d" * 20: b"", "c/" + "e" * 10: b""})
    snapshot, _ = taken(root, limits=IntakeLimits(name_bytes=20, path_bytes=20))
    assert set(snapshot.paths()) == {"b" * 20, "c/" + "e" * 10}
    assert sorted(kinds(snapshot).values()) == ["hostile_name", "too_deep"]


@pytest.mark.parametrize(
    ("kept", "refused"),
    [("Model.py", "model.py"), ("cafe\u0301.py", "café.py"), ("STRASSE.py", "straße.py"), ("A/x.py", "a/x.py")],
    ids=["case", "normal form", "sharp s", "below a folder"],
)
def test_names_that_are_one_elsewhere_collide(kept: str, refused: str, tmp_path: Path, taken: Taker) -> None:
    snapshot, files = taken(folder_of(tmp_path / "in", {refused: b"2", kept: b"1", "other.py": b""}))
    assert refusal_of(snapshot, refused).kind == "duplicate"
    assert files_below(files) == {kept: b"1", "other.py": b""}


def test_folders_that_differ_in_case_keep_what_does_not_collide(tmp_path: Path, taken: Taker) -> None:
    snapshot, _ = taken(folder_of(tmp_path / "in", {"Data/a.py": b"", "data/b.py": b""}))
    assert snapshot.paths() == ("Data/a.py", "data/b.py")
    assert snapshot.refusals == ()


def test_a_file_that_grows_while_it_is_read_is_left_out(tmp_path: Path) -> None:
    root = folder_of(tmp_path / "in", {"log.txt": b"one\n"})
    fd = os.open(root, FOLDER)
    try:
        reader = read_regular(fd, "log.txt", 1000)
        assert next(reader) == b"one\n"
        with (root / "log.txt").open("ab") as log:
            log.write(b"two\n")
        with pytest.raises(Refused) as caught:
            list(reader)
    finally:
        os.close(fd)
    assert caught.value.kind == "changed_while_reading"


def test_a_file_that_is_rewritten_while_it_is_read_is_left_out(tmp_path: Path) -> None:
    root = folder_of(tmp_path / "in", {"log.txt": b"one\n"})
    os.utime(root / "log.txt", ns=(1, 1))
    fd = os.open(root, FOLDER)
    try:
        reader = read_regular(fd, "log.txt", 1000)
        next(reader)
        (root / "log.txt").write_bytes(b"two\n")
        with pytest.raises(Refused) as caught:
            list(reader)
    finally:
        os.close(fd)
    assert caught.value.kind == "changed_while_reading"


def test_an_lfs_pointer_is_not_taken_for_the_file(tmp_path: Path, taken: Taker) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12345\n"
    extended = pointer.replace(b"oid", b"ext-0-crypt sha256:" + b"b" * 64 + b"\noid")
    long_text = b"version https://git-lfs.github.com/spec/v1\n" + b"An article about LFS. " * 100
    snapshot, _ = taken(folder_of(tmp_path / "in", {"a.bin": pointer, "b.bin": extended, "article.md": long_text}))
    assert snapshot.paths() == ("article.md",)
    assert kinds(snapshot) == {"a.bin": "lfs_pointer", "b.bin": "lfs_pointer"}


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of an ordinary user, and that user's rights: root may read everything."""
    with tempfile.TemporaryDirectory() as name:
        folder, root = Path(name), os.geteuid() == 0
        if root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)


@pytest.mark.parametrize("part", ["README.md", "src"])
def test_a_part_that_may_not_be_read_is_an_error_and_not_left_out(unprivileged: Path, part: str) -> None:
    """The candidate did send it: that it cannot be read is a matter of the machine where it is graded."""
    root = folder_of(unprivileged / "in")
    (root / part).chmod(0)
    try:
        with pytest.raises(UsageError, match="can't be read by this user") as caught:
            taker(unprivileged)(root)
    finally:
        (root / part).chmod(0o755)
    assert caught.value.where == part
    assert not (unprivileged / "taken" / "1").exists()


def test_a_submission_that_may_not_be_read_at_all_is_an_error(unprivileged: Path) -> None:
    root = folder_of(unprivileged / "in")
    root.chmod(0)
    with pytest.raises(SubmissionError, match="can't be opened"):
        taker(unprivileged)(root)
    root.chmod(0o755)


def test_a_submission_is_left_as_it_was(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in")
    before = {path: (path.lstat().st_mtime_ns, path.lstat().st_mode) for path in [root, *root.rglob("*")]}
    taken(root)
    assert {path: (path.lstat().st_mtime_ns, path.lstat().st_mode) for path in [root, *root.rglob("*")]} == before
