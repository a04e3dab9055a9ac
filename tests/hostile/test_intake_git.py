"""Hostile repositories: what would run, what would be followed, and objects that lie or explode."""

import hashlib
import io
import os
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from dulwich.pack import write_pack_index_v2

from harness.errors import SubmissionError
from harness.intake import IntakeLimits
from tests.harness.intake_builders import (
    HONEST,
    Taker,
    commit_tree,
    everything_below,
    files_below,
    folder_of,
    kinds,
    refusal_of,
    repository_of,
    run_git,
    taker,
    write_object,
)

GITLINK = "1" * 40


@pytest.fixture
def taken(tmp_path: Path) -> Taker:
    return taker(tmp_path)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return repository_of(tmp_path / "in")


@pytest.fixture
def armed(repository: Path, tmp_path: Path) -> Path:
    """A repository in which nearly everything that git may run writes a canary."""
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/canary-$1\ncat\n")
    trap.chmod(0o755)
    included = tmp_path / "included"
    included.write_text(f"[core]\n\tpager = {trap} pager\n")
    config = {
        "core.fsmonitor": f"{trap} fsmonitor", "core.hooksPath": str(tmp_path / "hooks"),
        "include.path": str(included),
        "filter.evil.smudge": f"{trap} smudge", "filter.evil.clean": f"{trap} clean",
        "filter.evil.process": f"{trap} process",
        "diff.evil.textconv": f"{trap} textconv", "core.sshCommand": f"{trap} ssh",
        "uploadpack.packObjectsHook": f"{trap} pack",
        "core.worktree": str(tmp_path / "elsewhere"), "credential.helper": f"!{trap} credential",
        "core.alternateRefsCommand": f"{trap} alternates",
    }  # fmt: skip
    folder_of(repository, {".gitattributes": b"* filter=evil diff=evil\n"})
    run_git(repository, "add", ".gitattributes")
    run_git(repository, "commit", "--quiet", "--message", "attributes")
    for key, value in config.items():
        run_git(repository, "config", key, value)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for hook in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction"):
        shutil.copy(trap, hooks / hook)
        shutil.copy(trap, repository / ".git/hooks" / hook)
    (tmp_path / "elsewhere").mkdir()
    return repository


def canaries(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.glob("canary-*"))


def test_without_the_defence_git_itself_runs_what_the_candidate_wrote(armed: Path, tmp_path: Path) -> None:
    """The positive control."""
    subprocess.run(["git", "status"], cwd=armed, capture_output=True, check=False)
    assert canaries(tmp_path) != []


def test_nothing_of_an_armed_repository_runs(armed: Path, tmp_path: Path, taken: Taker) -> None:
    for commit in (None, "HEAD", "main", run_git_safely(armed)):
        snapshot, files = taken(armed, commit=commit)
        assert {*HONEST, ".gitattributes"} == set(files_below(files))
        assert all(refusal.harmless for refusal in snapshot.refusals)
    assert canaries(tmp_path) == []
    assert everything_below(tmp_path / "elsewhere") == set()


def run_git_safely(repository: Path) -> str:
    return (repository / ".git/refs/heads/main").read_text().strip()


def test_objects_borrowed_from_another_folder_are_refused(repository: Path, tmp_path: Path, taken: Taker) -> None:
    borrower = tmp_path / "borrower"
    run_git(repository, "clone", "--quiet", "--shared", ".", str(borrower))
    assert run_git(borrower, "log", "--format=%s") == "one", "git itself follows it"
    with pytest.raises(SubmissionError, match="borrows objects"):
        taken(borrower, commit="HEAD")


def test_alternates_that_are_a_link_or_a_pipe_are_refused_too(repository: Path, tmp_path: Path, taken: Taker) -> None:
    alternates = repository / ".git/objects/info/alternates"
    alternates.symlink_to("/etc/hostname")
    with pytest.raises(SubmissionError, match="borrows objects"):
        taken(repository, commit="HEAD")
    alternates.unlink()
    os.mkfifo(alternates)
    with pytest.raises(SubmissionError, match="borrows objects"):
        taken(repository, commit="HEAD")


def test_an_empty_list_of_alternates_is_harmless(repository: Path, taken: Taker) -> None:
    (repository / ".git/objects/info/alternates").write_bytes(b"")
    assert taken(repository, commit="HEAD")[0].source.kind == "git"


@pytest.mark.parametrize("part", [".git", ".git/objects", ".git/refs"])
def test_a_part_of_the_repository_that_is_a_link_is_not_followed(
    part: str, repository: Path, tmp_path: Path, taken: Taker
) -> None:
    run_git(repository, "status")
    away = tmp_path / "away"
    (repository / part).rename(away)
    (repository / part).symlink_to(away)
    assert run_git(repository, "log", "--format=%s") == "one", "git itself follows it"
    with pytest.raises(SubmissionError):
        taken(repository, commit="main")


def test_a_pack_that_is_a_link_is_not_followed(repository: Path, tmp_path: Path, taken: Taker) -> None:
    run_git(repository, "gc", "--quiet")
    commit = run_git(repository, "rev-parse", "HEAD")
    (pack,) = (repository / ".git/objects/pack").glob("*.pack")
    pack.rename(tmp_path / "away.pack")
    pack.symlink_to(tmp_path / "away.pack")
    assert run_git(repository, "cat-file", "-t", commit) == "commit", "git itself follows it"
    with pytest.raises(SubmissionError, match="has no commit"):
        taken(repository, commit=commit)


@pytest.mark.parametrize("kind", ["worktree", "submodule"])
def test_a_git_file_that_points_elsewhere_is_not_followed(kind: str, repository: Path, tmp_path: Path, taken: Taker) -> None:
    place = tmp_path / "beside"
    if kind == "worktree":
        run_git(repository, "worktree", "add", "--quiet", str(place))
    else:
        run_git(repository, "clone", "--quiet", "--no-local", f"--separate-git-dir={tmp_path}/away", ".", str(place))
    with pytest.raises(SubmissionError, match="can't be used, perhaps"):
        taken(place, commit="HEAD")
    snapshot, _ = taken(place)
    assert kinds(snapshot) == {".git": "metadata"}


def test_a_ref_that_points_out_of_the_repository_is_not_followed(repository: Path, tmp_path: Path, taken: Taker) -> None:
    commit = run_git(repository, "rev-parse", "HEAD")
    (tmp_path / "outside").write_text(commit + "\n")
    (repository / ".git/refs/heads/link").symlink_to(tmp_path / "outside")
    (repository / ".git/refs/heads/climb").write_text("ref: refs/../../../outside\n")
    (repository / ".git/refs/heads/loop").write_text("ref: refs/heads/loop\n")
    for name in ("link", "climb", "loop"):
        with pytest.raises(SubmissionError, match="has no commit"):
            taken(repository, commit=name)


def test_replacements_and_grafts_do_not_change_what_a_commit_is(repository: Path, taken: Taker) -> None:
    first = run_git(repository, "rev-parse", "HEAD")
    folder_of(repository, {"README.md": b"the other history"})
    run_git(repository, "commit", "--quiet", "--all", "--message", "two")
    run_git(repository, "replace", first, "HEAD")
    assert run_git(repository, "show", f"{first}:README.md") == "the other history", "git itself is fooled"
    assert files_below(taken(repository, commit=first)[1]) == dict(HONEST)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("120000", "link"), ("160000", "submodule"), ("104755", "special_file"), ("100600", "special_file"),
     ("100777", "special_file"), ("010644", "special_file"), ("020644", "special_file"), ("0", "special_file")],
)  # fmt: skip
def test_only_two_modes_of_files_are_taken(mode: str, kind: str, repository: Path, taken: Taker) -> None:
    blob = write_object(repository, "blob", b"/etc/passwd")
    commit = commit_tree(repository, ("100644", b"kept.py", blob), (mode, b"odd", GITLINK if kind == "submodule" else blob))
    snapshot, files = taken(repository, commit=commit)
    assert kinds(snapshot) == {"odd": kind}
    assert files_below(files) == {"kept.py": b"/etc/passwd"}


@pytest.mark.parametrize("mode", ["100644", "100755", "100664"])
def test_ordinary_modes_are_taken(mode: str, repository: Path, taken: Taker) -> None:
    blob = write_object(repository, "blob", b"x")
    assert taken(repository, commit=commit_tree(repository, (mode, b"a.py", blob)))[0].paths() == ("a.py",)


@pytest.mark.parametrize(
    ("name", "kind"),
    [(b"..", "escapes"), (b".", "escapes"), (b"", "escapes"), (b"a/b.py", "escapes"), (b"/etc/x", "escapes"),
     (b".git", "metadata"), (b".GIT", "metadata"), (b"new\nline", "hostile_name"), (b"\xff", "hostile_name"),
     (b"a\\b", "hostile_name"), (b"C:x", "escapes"), (b"\x1b[2J", "hostile_name")],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["100644", "40000"])
def test_a_hostile_name_in_a_tree_is_refused(
    mode: str, name: bytes, kind: str, repository: Path, tmp_path: Path, taken: Taker
) -> None:
    blob = write_object(repository, "blob", b"x")
    tree = write_object(repository, "tree", b"100644 evil.py\0" + bytes.fromhex(blob))
    commit = commit_tree(repository, ("100644", b"kept.py", blob), (mode, name, blob if mode == "100644" else tree))
    before = everything_below(tmp_path)
    snapshot, files = taken(repository, commit=commit)
    assert list(kinds(snapshot).values()) == [kind]
    assert set(files_below(files)) == {"kept.py"}
    assert {path for path in everything_below(tmp_path) - before if not path.startswith("taken/1")} == {"taken"}


def test_a_tree_that_names_one_path_twice_keeps_the_first(repository: Path, taken: Taker) -> None:
    one, two = write_object(repository, "blob", b"1"), write_object(repository, "blob", b"2")
    snapshot, files = taken(repository, commit=commit_tree(repository, ("100644", b"a.py", one), ("100644", b"a.py", two)))
    assert files_below(files) == {"a.py": b"1"}
    assert kinds(snapshot) == {"a.py": "duplicate"}


def test_identical_trees_in_each_other_are_counted_before_they_are_written(repository: Path, taken: Taker) -> None:
    """Ten names a level, ten levels, one blob: some kilobytes that would be ten thousand million files."""
    blob = write_object(repository, "blob", b"x" * 1000)
    below, mode = blob, "100644"
    for _ in range(10):
        content = b"".join(f"{mode} {n}\0".encode() + bytes.fromhex(below) for n in range(10))
        below, mode = write_object(repository, "tree", content), "40000"
    snapshot, _ = taken(
        repository, commit=commit_tree(repository, ("40000", b"bomb", below)), limits=IntakeLimits(entries=2000)
    )
    assert len(snapshot.files) <= 2000
    assert set(kinds(snapshot).values()) == {"too_many"}


def test_one_blob_under_many_names_counts_each_time(repository: Path, taken: Taker) -> None:
    blob = write_object(repository, "blob", b"x" * 10_000)
    entries = [("100644", f"{n:03}".encode(), blob) for n in range(100)]
    with pytest.raises(SubmissionError, match="together"):
        taken(repository, commit=commit_tree(repository, *entries), limits=IntakeLimits(total_bytes=500_000))


def test_an_lfs_pointer_is_refused_with_its_reason(tmp_path: Path, taken: Taker) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 123\n"
    snapshot, _ = taken(repository_of(tmp_path / "in2", {"model.bin": pointer, "a.py": b""}), commit="main")
    assert kinds(snapshot) == {"model.bin": "lfs_pointer"}


def loose(repository: Path, object_id: str) -> Path:
    path = repository / ".git/objects" / object_id[:2] / object_id[2:]
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    return path


def test_a_missing_blob_costs_one_file(repository: Path, taken: Taker) -> None:
    loose(repository, run_git(repository, "rev-parse", "HEAD:README.md"))
    snapshot, files = taken(repository, commit="HEAD")
    assert refusal_of(snapshot, "README.md").kind == "unreadable"
    assert set(files_below(files)) == {*HONEST} - {"README.md"}


@pytest.mark.parametrize("what", ["HEAD^{tree}", "HEAD"])
def test_a_missing_root_is_an_error_of_the_submission(what: str, repository: Path, taken: Taker) -> None:
    loose(repository, run_git(repository, "rev-parse", what))
    with pytest.raises(SubmissionError):
        taken(repository, commit="HEAD")


@pytest.mark.parametrize(
    "stored",
    [
        zlib.compress(b"blob 5\0other"),
        zlib.compress(b"blob 3\0other"),
        zlib.compress(b"blob 999999999999\0x"),
        zlib.compress(b"blob 12\0" + bytes(50_000_000)),
        zlib.compress(b"blob -1\0x"),
        zlib.compress(b"tree 1\0x"),
        zlib.compress(b"no header at all"),
        zlib.compress(b"blob 5\0other")[:-8],
        b"not deflated",
        b"",
    ],
    ids=["other content", "says less", "says more", "bomb", "negative", "other kind", "no header", "cut", "raw", "empty"],
)
def test_a_loose_object_that_lies_costs_one_file(stored: bytes, repository: Path, taken: Taker) -> None:
    loose(repository, run_git(repository, "rev-parse", "HEAD:README.md")).write_bytes(stored)
    snapshot, files = taken(repository, commit="HEAD")
    assert refusal_of(snapshot, "README.md").kind in {"unreadable", "too_large"}
    assert set(files_below(files)) == {*HONEST} - {"README.md"}


def test_a_loose_object_that_is_a_pipe_or_a_link_costs_one_file(repository: Path, tmp_path: Path, taken: Taker) -> None:
    (tmp_path / "secret").write_bytes(zlib.compress(b"blob 6\0secret"))
    place = loose(repository, run_git(repository, "rev-parse", "HEAD:README.md"))
    os.mkfifo(place)
    assert kinds(taken(repository, commit="HEAD")[0]) == {"README.md": "special_file"}
    place.unlink()
    place.symlink_to(tmp_path / "secret")
    assert kinds(taken(repository, commit="HEAD")[0]) == {"README.md": "link"}


def varint(number: int, first_bits: int = 7, first: int = 0) -> bytes:
    out = [first | number & (1 << first_bits) - 1]
    number >>= first_bits
    while number:
        out[-1] |= 0x80
        out.append(number & 0x7F)
        number >>= 7
    return bytes(out)


def entry(kind: int, content: bytes, said: int | None = None, base: bytes = b"") -> bytes:
    size = len(content) if said is None else said
    return varint(size, 4, kind << 4) + base + zlib.compress(content)


def delta(source: int, result: int, *operations: bytes) -> bytes:
    return varint(source) + varint(result) + b"".join(operations)


def with_pack(repository: Path, objects: list[tuple[str, bytes]]) -> Path:
    """A pack of hand-made entries, each found under the id that we say it has."""
    body, entries = b"PACK" + struct.pack(">2L", 2, len(objects)), []
    for object_id, packed in objects:
        entries.append((bytes.fromhex(object_id), len(body), zlib.crc32(packed)))
        body += packed
    checksum = hashlib.sha1(body, usedforsecurity=False).digest()
    folder = repository / ".git/objects/pack"
    folder.mkdir(exist_ok=True)
    (folder / "pack-made.pack").write_bytes(body + checksum)
    index = io.BytesIO()
    write_pack_index_v2(index, sorted(entries), checksum)
    (folder / "pack-made.idx").write_bytes(index.getvalue())
    return repository


def blob_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


COPY_ALL = b"\x90"  # copies as many bytes as its one size byte says, from the start


def test_a_hand_made_pack_with_a_delta_is_read_when_nothing_lies(repository: Path, taken: Taker) -> None:
    """The control for every lie below."""
    base, result = b"0123456789", b"0123456789!"
    change = delta(10, 11, COPY_ALL + b"\x0a", b"\x01!")
    with_pack(
        repository,
        [(blob_id(base), entry(3, base)), (blob_id(result), entry(7, change, base=bytes.fromhex(blob_id(base))))],
    )
    commit = commit_tree(repository, ("100644", b"a", blob_id(base)), ("100644", b"b", blob_id(result)))
    assert files_below(taken(repository, commit=commit)[1]) == {"a": base, "b": result}


def wanted_after(repository: Path, objects: list[tuple[str, bytes]], wanted: str, taken: Taker) -> dict[str, str]:
    with_pack(repository, objects)
    kept = write_object(repository, "blob", b"kept")
    commit = commit_tree(repository, ("100644", b"kept.py", kept), ("100644", b"odd", wanted))
    snapshot, files = taken(repository, commit=commit)
    assert files_below(files) == {"kept.py": b"kept"}
    return kinds(snapshot)


WANTED = "a" * 40
SELF = bytes.fromhex(WANTED)


@pytest.mark.parametrize(
    "packed",
    [
        entry(3, b"content of another id"),
        entry(3, b"short", said=500),
        entry(3, bytes(50_000_000), said=5),
        entry(3, b"x", said=1 << 60),
        entry(7, delta(10, 10, COPY_ALL + b"\x0a"), base=SELF),
        entry(7, delta(10, 10, COPY_ALL + b"\x0a"), base=bytes(20)),
        entry(6, delta(10, 10, COPY_ALL + b"\x0a"), base=b"\x00"),
        entry(6, delta(10, 10, COPY_ALL + b"\x0a"), base=b"\xff\xff\xff\x7f"),
        entry(5, b"reserved kind"),
        entry(0, b"no kind"),
        b"\xff" * 200,
        b"\xb5",
    ],
    ids=["other content", "says more", "says less: bomb", "says an exabyte", "its own base", "absent base",
         "base at distance 0", "base before the pack", "kind 5", "kind 0", "endless size", "nothing behind"],
)  # fmt: skip
def test_a_packed_object_that_lies_costs_one_file(packed: bytes, repository: Path, taken: Taker) -> None:
    (kind,) = wanted_after(repository, [(WANTED, packed)], WANTED, taken).values()
    assert kind in {"unreadable", "too_large", "bomb"}


@pytest.mark.parametrize(
    "change",
    [
        delta(10, 1 << 40, *[COPY_ALL + b"\x0a"] * 3),
        delta(10, 5, *[COPY_ALL + b"\x0a"] * 3),
        delta(99, 10, COPY_ALL + b"\x0a"),
        delta(10, 10, b"\xff\xff\xff\xff\xff\xff\xff\xff"),
        delta(10, 10, b"\x00"),
        delta(10, 10, b"\x7f"),
        b"",
        b"\xff" * 30,
    ],
    ids=["says a terabyte", "says less", "other base", "outside the base", "reserved", "cut", "empty", "endless number"],
)
def test_a_change_that_lies_costs_one_file(change: bytes, repository: Path, taken: Taker) -> None:
    base = b"0123456789"
    objects = [(blob_id(base), entry(3, base)), (WANTED, entry(7, change, base=bytes.fromhex(blob_id(base))))]
    (kind,) = wanted_after(repository, objects, WANTED, taken).values()
    assert kind in {"unreadable", "too_large"}


def test_a_bomb_of_changes_to_changes_costs_one_file(repository: Path, taken: Taker) -> None:
    """Each doubles the one before: 40 small changes that would be ten terabytes."""
    size, base = 250, bytes(250)
    objects, below = [(blob_id(base), entry(3, base))], blob_id(base)
    for level in range(40):
        copy = b"\xf0" + struct.pack("<L", min(size, 0xFFFFFF))[:3]
        name = f"{level:040x}"
        objects.append((name, entry(7, delta(size, size * 2, copy, copy), base=bytes.fromhex(below))))
        size, below = size * 2, name
    (kind,) = wanted_after(repository, objects, below, taken).values()
    assert kind in {"too_large", "bomb"}


def test_changes_to_changes_without_end_cost_one_file(repository: Path, taken: Taker) -> None:
    base = b"0123456789"
    objects, below = [(blob_id(base), entry(3, base))], blob_id(base)
    for level in range(4200):
        name = f"{level:040x}"
        objects.append((name, entry(7, delta(10, 10, COPY_ALL + b"\x0a"), base=bytes.fromhex(below))))
        below = name
    assert wanted_after(repository, objects, below, taken) == {"odd": "bomb"}


def test_two_changes_to_each_other_cost_one_file(repository: Path, taken: Taker) -> None:
    change = delta(10, 10, COPY_ALL + b"\x0a")
    objects = [(WANTED, entry(7, change, base=b"\xbb" * 20)), ("bb" * 20, entry(7, change, base=SELF))]
    assert wanted_after(repository, objects, WANTED, taken) == {"odd": "bomb"}


def test_work_without_end_is_stopped(repository: Path, taken: Taker) -> None:
    """A thousand names for one object that costs much and is never right."""
    content = bytes(900_000)
    with_pack(repository, [(f"{n:040x}", entry(3, content)) for n in range(200)])
    commit = commit_tree(repository, *[("100644", f"{n:03}".encode(), f"{n:040x}") for n in range(200)])
    with pytest.raises(SubmissionError, match="too much work"):
        taken(repository, commit=commit, limits=IntakeLimits(total_bytes=1_000_000, file_bytes=1_000_000))


@pytest.mark.parametrize("suffix", ["pack", "idx"])
@pytest.mark.parametrize("damage", ["cut", "empty", "noise"])
def test_a_damaged_pack_is_an_error_not_a_crash(suffix: str, damage: str, repository: Path, taken: Taker) -> None:
    commit = run_git(repository, "rev-parse", "HEAD")
    run_git(repository, "gc", "--quiet")
    (place,) = (repository / ".git/objects/pack").glob(f"*.{suffix}")
    place.chmod(0o644)
    raw = place.read_bytes()
    noise = bytes((byte * 7 + position) % 256 for position, byte in enumerate(raw))
    place.write_bytes({"cut": raw[: len(raw) // 3], "empty": b"", "noise": noise}[damage])
    with pytest.raises(SubmissionError):
        taken(repository, commit=commit)


def test_a_tree_object_of_noise_is_an_error_not_a_crash(repository: Path, taken: Taker) -> None:
    blob = write_object(repository, "blob", b"x")
    for content in (
        b"100644 a",
        b"zzz a\0" + bytes(20),
        b"100644 a\0" + bytes(5),
        b"\0" * 50,
        b"40000000000000000000000 a\0" + bytes(20),
    ):
        tree = write_object(repository, "tree", content)
        commit = commit_tree(repository, ("100644", b"kept.py", blob), ("40000", b"odd", tree))
        assert kinds(taken(repository, commit=commit)[0]) == {"odd": "unreadable"}


def test_a_commit_of_noise_is_an_error_not_a_crash(repository: Path, taken: Taker) -> None:
    for content in (b"", b"tree nothing\n", b"\xff" * 100, b"tree " + b"0" * 40 + b"\n"):
        with pytest.raises(SubmissionError):
            taken(repository, commit=write_object(repository, "commit", content))
