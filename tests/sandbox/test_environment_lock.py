"""A lock is read before pip sees it: only pinned, hashed packages, nothing that says where from."""

from pathlib import Path

import pytest

from harness.errors import PackError
from sandbox.image.lock import read_lock

HASH, OTHER = ("--hash=sha256:" + letter * 64 for letter in "ab")
LINUX = {"python_full_version": "3.11.2", "python_version": "3.11", "sys_platform": "linux", "extra": ""}


def lock(folder: Path, text: str) -> Path:
    place = folder / "requirements.lock"
    place.write_text(text, encoding="utf-8")
    return place


def test_a_pinned_and_hashed_package_is_read_with_all_its_hashes(tmp_path: Path) -> None:
    pins = read_lock(lock(tmp_path, f"# made by a tool\nnumpy==2.4.6 \\\n    {HASH} \\\n    {OTHER}  # why\n"))
    assert [pin.line() for pin in pins] == [f"numpy==2.4.6 {HASH} {OTHER}"]


def test_extras_stay_and_markers_are_judged_by_the_target(tmp_path: Path) -> None:
    text = f"a[x,b]==1 ; sys_platform == 'linux' {HASH}\nc==2 ; python_full_version >= '3.12' {HASH}\n"
    assert [pin.line() for pin in read_lock(lock(tmp_path, text)) if pin.wanted(LINUX)] == [f"a[b,x]==1 {HASH}"]


def test_an_empty_lock_asks_for_nothing(tmp_path: Path) -> None:
    assert read_lock(lock(tmp_path, "# nothing\n\n")) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"numpy>=2 {HASH}", "not pinned"),
        (f"numpy==2.* {HASH}", "not pinned"),
        (f"numpy {HASH}", "not pinned"),
        ("numpy==2.4.6", "no hash"),
        ("numpy==2.4.6 --hash=md5:" + "a" * 32, "not a pinned package"),
        (f"numpy @ https://example.org/numpy.whl {HASH}", "named by an address"),
        (f"--index-url https://example.org/simple {HASH}", "not a pinned package"),
        ("-r other.txt", "not a pinned package"),
        ("-e .", "not a pinned package"),
        ("./wheels/numpy.whl", "not a pinned package"),
        (f"numpy==2.4.6 {HASH} --config-settings=x", "not a pinned package"),
        ("numpy==2.4.6 \\", "not ended"),
    ],
)
def test_everything_else_is_refused_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(PackError, match=said) as caught:
        read_lock(lock(tmp_path, f"# one\n{line}\n"))
    assert "line 2" in caught.value.where
    assert "uv pip compile" in caught.value.next_step


def test_a_missing_lock_is_said_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be read") as caught:
        read_lock(tmp_path / "none.lock")
    assert "none.lock" in caught.value.where
