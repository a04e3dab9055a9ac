"""Taking a submission: every form gives the same snapshot, and the copy appears whole or not at all."""

import errno
import os
import stat
import zipfile
from pathlib import Path

import pytest

from harness.errors import ExitCode, SandboxError, SubmissionError, UsageError
from harness.intake import IntakeLimits, take
from harness.intake.nofollow import refused_for
from harness.model.submission import Snapshot
from tests.harness.intake_builders import (
    HONEST,
    Taker,
    everything_below,
    files_below,
    folder_of,
    kinds,
    refusal_of,
    repository_of,
    taker,
    tar_of,
    zip_of,
)


@pytest.fixture
def taken(tmp_path: Path) -> Taker:
    return taker(tmp_path)


def test_a_folder_is_copied_whole(tmp_path: Path, taken: Taker) -> None:
    snapshot, files = taken(folder_of(tmp_path / "alice"))
    assert files_below(files) == dict(HONEST)
    assert snapshot.paths() == tuple(sorted(HONEST, key=str.encode))
    assert snapshot.total_bytes == sum(map(len, HONEST.values()))
    assert (snapshot.source.kind, snapshot.source.name, snapshot.refusals) == ("folder", "alice", ())


def test_folder_zip_tar_and_commit_of_the_same_files_have_one_digest(tmp_path: Path, taken: Taker) -> None:
    repository = repository_of(tmp_path / "repository")
    submissions = {
        "folder": folder_of(tmp_path / "folder"),
        "zip": zip_of(tmp_path / "flat.zip"),
        "stored zip": zip_of(tmp_path / "stored.zip", compression=zipfile.ZIP_STORED),
        "zip with a top folder": zip_of(tmp_path / "top.zip", top="alice-main/"),
        "tar": tar_of(tmp_path / "plain.tar"),
        "tar of .": tar_of(tmp_path / "dot.tar", top="./"),
        "tar with a top folder": tar_of(tmp_path / "top.tar", top="alice/"),
        "gzip": tar_of(tmp_path / "x.tar.gz", mode="w:gz"),
        "bzip2": tar_of(tmp_path / "x.tar.bz2", mode="w:bz2"),
        "xz": tar_of(tmp_path / "x.tar.xz", mode="w:xz"),
    }
    digests = {name: taken(place)[0].digest for name, place in submissions.items()}
    digests["commit"] = taken(repository, commit="main")[0].digest
    digests["work tree"] = taken(repository)[0].digest
    assert len(set(digests.values())) == 1, digests


@pytest.mark.parametrize(
    "other",
    [
        {**HONEST, "src/model.py": b"x = 2\n"},
        {**HONEST, "more.txt": b""},
        {name: content for name, content in HONEST.items() if name != "README.md"},
        {("src/modell.py" if name == "src/model.py" else name): content for name, content in HONEST.items()},
    ],
    ids=["content", "added", "removed", "renamed"],
)
def test_another_content_or_name_gives_another_digest(other: dict[str, bytes], tmp_path: Path, taken: Taker) -> None:
    assert taken(folder_of(tmp_path / "a"))[0].digest != taken(folder_of(tmp_path / "b", other))[0].digest


def test_where_a_name_ends_and_the_next_begins_changes_the_digest(tmp_path: Path, taken: Taker) -> None:
    one = taken(folder_of(tmp_path / "a", {"ab": b"", "c": b""}))[0]
    two = taken(folder_of(tmp_path / "b", {"a": b"", "bc": b""}))[0]
    assert one.digest != two.digest


def test_archives_are_told_by_content_not_by_name(tmp_path: Path, taken: Taker) -> None:
    disguised = zip_of(tmp_path / "solution.py")
    snapshot, _ = taken(disguised)
    assert snapshot.source.kind == "zip"
    assert set(snapshot.paths()) == set(HONEST)


@pytest.mark.parametrize("name", ["solution.py", "analysis.ipynb", "ANALYSIS.IPYNB"])
def test_one_script_or_notebook_is_a_submission(name: str, tmp_path: Path, taken: Taker) -> None:
    snapshot, files = taken(folder_of(tmp_path / "in", {name: b"x = 1\n", "beside.txt": b"not handed in"}) / name)
    assert snapshot.paths() == (name,)
    assert (files / name).read_bytes() == b"x = 1\n"


def test_a_single_file_has_the_digest_of_a_folder_with_it(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in", {"solution.py": b"x = 1\n"})
    assert taken(root / "solution.py")[0].digest == taken(root)[0].digest


def test_files_are_0644_in_0755_folders_whatever_they_were(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in")
    (root / "src/model.py").chmod(0o4777)
    (root / "src").chmod(0o700)
    mask = os.umask(0o077)
    try:
        _, files = taken(root)
    finally:
        os.umask(mask)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in [files, *files.rglob("*")] if path.is_dir()}
    assert (modes, folders) == ({0o644}, {0o755})


def test_the_root_itself_may_be_a_link(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "real")
    link = tmp_path / "link"
    link.symlink_to(root)
    assert taken(link)[0].digest == taken(root)[0].digest


@pytest.mark.parametrize(
    "make", [lambda p: folder_of(p / "in", {}), lambda p: zip_of(p / "in.zip", {}), lambda p: tar_of(p / "in.tar", {})]
)
def test_an_empty_submission_is_an_empty_snapshot(make: object, tmp_path: Path, taken: Taker) -> None:
    (tmp_path / "in").mkdir()
    snapshot, files = taken(make(tmp_path))  # type: ignore[operator] # one of the lambdas above
    assert snapshot.files == ()
    assert len(snapshot.digest) == 64
    assert files.is_dir()


def test_an_empty_folder_is_listed_because_it_is_not_kept(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in")
    (root / "outputs").mkdir()
    snapshot, files = taken(root)
    assert refusal_of(snapshot, "outputs").harmless
    assert not (files / "outputs").exists()


def test_the_single_top_folder_is_taken_off_and_named(tmp_path: Path, taken: Taker) -> None:
    with_litter = {"alice/a.py": b"", "alice/b/c.py": b"", "__MACOSX/alice/._a.py": b"", ".DS_Store": b""}
    snapshot, _ = taken(zip_of(tmp_path / "in.zip", with_litter))
    assert snapshot.paths() == ("a.py", "b/c.py")
    assert snapshot.stripped_folder == "alice"
    assert kinds(snapshot) == {"__MACOSX": "metadata", ".DS_Store": "metadata"}


def test_only_one_top_folder_is_taken_off(tmp_path: Path, taken: Taker) -> None:
    snapshot, _ = taken(zip_of(tmp_path / "in.zip", {"a/b/c.py": b""}))
    assert snapshot.paths() == ("b/c.py",)


def test_a_top_folder_that_is_a_package_stays(tmp_path: Path, taken: Taker) -> None:
    """Taking it off would break `import solution`."""
    snapshot, _ = taken(zip_of(tmp_path / "in.zip", {"solution/__init__.py": b"", "solution/model.py": b""}))
    assert snapshot.stripped_folder is None
    assert snapshot.paths() == ("solution/__init__.py", "solution/model.py")


def test_two_top_folders_stay(tmp_path: Path, taken: Taker) -> None:
    snapshot, _ = taken(zip_of(tmp_path / "in.zip", {"a/x.py": b"", "b/y.py": b""}))
    assert (snapshot.stripped_folder, len(snapshot.files)) == (None, 2)


def test_a_nested_archive_stays_closed(tmp_path: Path, taken: Taker) -> None:
    inner = zip_of(tmp_path / "inner.zip", {"../../evil.py": b""}).read_bytes()
    snapshot, files = taken(zip_of(tmp_path / "outer.zip", {"data.zip": inner, "a.py": b""}))
    assert snapshot.paths() == ("a.py", "data.zip")
    assert (files / "data.zip").read_bytes() == inner


CLUTTER = {
    ".git/config": "metadata",
    "vendor/lib/.git/config": "nested_repository",
    "src/__pycache__/model.cpython-311.pyc": "cache",
    "src/old.pyc": "cache",
    ".ipynb_checkpoints/a-checkpoint.ipynb": "cache",
    ".pytest_cache/README.md": "cache",
    ".mypy_cache/x.json": "cache",
    ".ruff_cache/x": "cache",
    "evil.pth": "metadata",
    "solution.egg-info/PKG-INFO": "metadata",
    "pandas-2.0.dist-info/METADATA": "metadata",
    "node_modules/left-pad/index.js": "environment",
    ".venv/pyvenv.cfg": "environment",
    "oddly-named/pyvenv.cfg": "environment",
    ".DS_Store": "metadata",
    "src/._model.py": "metadata",
}


@pytest.mark.parametrize("form", ["folder", "zip", "tar"])
def test_clutter_is_left_out_with_one_harmless_note_a_folder(form: str, tmp_path: Path, taken: Taker) -> None:
    files = {
        **HONEST,
        **dict.fromkeys(CLUTTER, b"import os"),
        ".venv/lib/a.py": b"",
        "node_modules/b/c.js": b"",
        "vendor/lib/kept.py": b"",
    }
    make = {"folder": folder_of, "zip": zip_of, "tar": tar_of}[form]
    snapshot, _ = taken(make(tmp_path / "in", files))  # type: ignore[operator] # three builders of one shape
    assert set(snapshot.paths()) == {*HONEST, "vendor/lib/kept.py"}
    assert all(refusal.harmless for refusal in snapshot.refusals)
    expected = {
        ".git": "metadata", "vendor/lib/.git": "nested_repository", "src/__pycache__": "cache", "src/old.pyc": "cache",
        ".ipynb_checkpoints": "cache", ".pytest_cache": "cache", ".mypy_cache": "cache", ".ruff_cache": "cache",
        "evil.pth": "metadata", "solution.egg-info": "metadata", "pandas-2.0.dist-info": "metadata",
        "node_modules": "environment", ".venv": "environment", "oddly-named": "environment",
        ".DS_Store": "metadata", "src/._model.py": "metadata",
    }  # fmt: skip
    assert kinds(snapshot) == expected


def test_names_that_only_look_like_clutter_are_kept(tmp_path: Path, taken: Taker) -> None:
    honest = {
        "git/a.py": b"",
        "venv_notes.md": b"",
        "environment.yml": b"",
        "cache/model.py": b"",
        ".gitignore": b"",
        "-v.py": b"",
    }
    snapshot, _ = taken(folder_of(tmp_path / "in", honest))
    assert set(snapshot.paths()) == set(honest)
    assert snapshot.refusals == ()


def test_the_bytes_of_all_files_have_a_limit(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in", {"a": b"x" * 60, "b": b"x" * 60})
    with pytest.raises(SubmissionError, match="more than 100 bytes together"):
        taken(root, limits=IntakeLimits(total_bytes=100))
    assert taken(root, limits=IntakeLimits(total_bytes=120))[0].total_bytes == 120


@pytest.mark.parametrize("make", [folder_of, zip_of, tar_of, repository_of])
def test_a_file_that_is_too_large_is_left_out_and_the_others_stay(make: object, tmp_path: Path, taken: Taker) -> None:
    place = make(tmp_path / "in", {"big.csv": b"x" * 1001, "small.py": b"x" * 1000})  # type: ignore[operator]
    commit = "main" if make is repository_of else None
    snapshot, files = taken(place, commit=commit, limits=IntakeLimits(file_bytes=1000))
    assert snapshot.paths() == ("small.py",)
    assert refusal_of(snapshot, "big.csv").kind == "too_large"
    assert not (files / "big.csv").exists()


@pytest.mark.parametrize("make", [folder_of, zip_of, tar_of, repository_of])
def test_a_folder_with_too_many_entries_costs_itself_only(make: object, tmp_path: Path, taken: Taker) -> None:
    files = {f"data/{i}.txt": b"" for i in range(30)} | {"a.py": b"", "z/b.py": b""}
    place = make(tmp_path / "in", files)  # type: ignore[operator] # four builders of one shape
    snapshot, _ = taken(place, commit="main" if make is repository_of else None, limits=IntakeLimits(entries=20))
    assert snapshot.paths() == ("a.py", "z/b.py")
    assert refusal_of(snapshot, "data").kind == "too_many"
    assert not refusal_of(snapshot, "data").harmless


@pytest.mark.parametrize("make", [folder_of, zip_of, tar_of])
def test_too_many_entries_at_the_root_leave_nothing_to_keep_and_say_so(make: object, tmp_path: Path, taken: Taker) -> None:
    """Any part of it would be a part chosen by chance."""
    place = make(tmp_path / "in", {f"{i}.py": b"" for i in range(21)})  # type: ignore[operator] # three builders of one shape
    snapshot, _ = taken(place, limits=IntakeLimits(entries=20))
    assert snapshot.files == ()
    assert kinds(snapshot) == {".": "too_many"}


def test_the_list_of_refusals_is_cut_and_the_rest_counted(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in", {f"c{i:03}.pyc": b"" for i in range(60)})
    (root / "z-link").symlink_to("/etc/passwd")
    snapshot, _ = taken(root, limits=IntakeLimits(refusals_listed=25))
    assert len(snapshot.refusals) == 25
    assert snapshot.refusals_not_listed == 36
    assert refusal_of(snapshot, "z-link").kind == "link", "a flood of one kind must not hide another"


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"", "it is empty"),
        (b"hello", "no known form"),
        (b"7z\xbc\xaf\x27\x1c rest", "7-Zip"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"\x1f\x8b broken", "damaged"),
        (b"PK\x03\x04 broken", "can't be read"),
        (b"BZh9 broken", "damaged"),
        (b"\xfd7zXZ\x00 broken", "damaged"),
    ],
)
def test_what_is_no_submission_is_said_and_nothing_is_left(content: bytes, seen: str, tmp_path: Path) -> None:
    place = tmp_path / "submission.bin"
    place.write_bytes(content)
    with pytest.raises(SubmissionError, match=seen) as caught:
        take(place, tmp_path / "out")
    assert caught.value.exit_code == ExitCode.BAD_SUBMISSION
    assert caught.value.expected
    assert caught.value.next_step
    assert everything_below(tmp_path) == {"submission.bin"}


def test_a_compressed_file_that_is_no_tar_is_refused(tmp_path: Path, taken: Taker) -> None:
    import gzip

    place = tmp_path / "notebook.ipynb.gz"
    place.write_bytes(gzip.compress(b'{"cells": []}' * 100))
    with pytest.raises(SubmissionError, match="not a tar"):
        taken(place)


@pytest.mark.parametrize("place", ["absent", "a/b/c", "nul\0", "x" * 5000])
def test_an_absent_path_is_an_error_of_the_submission(place: str, tmp_path: Path, taken: Taker) -> None:
    with pytest.raises(SubmissionError, match="nothing at this path"):
        taken(tmp_path / place)


def test_a_link_that_leads_to_itself_is_an_error_of_the_submission(tmp_path: Path, taken: Taker) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(SubmissionError, match="nothing at this path"):
        taken(tmp_path / "loop")


def test_a_pipe_is_no_submission_and_nobody_waits_for_it(tmp_path: Path, taken: Taker) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SubmissionError, match="neither a file nor a folder"):
        taken(tmp_path / "pipe")


def test_no_name_at_all_is_not_the_current_folder(taken: Taker) -> None:
    with pytest.raises(UsageError, match="no submission was named"):
        taken("")


def test_a_bare_repository_without_a_commit_is_not_taken_for_a_folder_of_files(tmp_path: Path, taken: Taker) -> None:
    from tests.harness.intake_builders import run_git

    run_git(repository_of(tmp_path / "in"), "clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    with pytest.raises(SubmissionError, match="bare git repository"):
        taken(tmp_path / "bare.git")


def test_a_commit_of_an_archive_is_a_slip_of_the_caller(tmp_path: Path, taken: Taker) -> None:
    with pytest.raises(UsageError, match="one file"):
        taken(zip_of(tmp_path / "in.zip"), commit="main")


class TestDestination:
    def test_an_empty_folder_is_used(self, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        take(folder_of(tmp_path / "in"), tmp_path / "out")
        assert files_below(tmp_path / "out") == dict(HONEST)

    def test_missing_folders_above_are_made(self, tmp_path: Path) -> None:
        take(folder_of(tmp_path / "in"), tmp_path / "a/b/out")
        assert files_below(tmp_path / "a/b/out") == dict(HONEST)

    def test_a_folder_with_something_in_it_is_not_touched(self, tmp_path: Path) -> None:
        out = folder_of(tmp_path / "out", {"precious": b"1"})
        with pytest.raises(UsageError, match="holds files already"):
            take(folder_of(tmp_path / "in"), out)
        assert files_below(out) == {"precious": b"1"}

    def test_a_link_is_not_written_through(self, tmp_path: Path) -> None:
        (tmp_path / "target").mkdir()
        (tmp_path / "out").symlink_to(tmp_path / "target")
        with pytest.raises(UsageError, match="isn't a folder"):
            take(folder_of(tmp_path / "in"), tmp_path / "out")
        assert everything_below(tmp_path / "target") == set()

    @pytest.mark.parametrize("out", ["out", "deep/er/out", "src/../out"])
    def test_a_submission_is_never_written_to(self, out: str, tmp_path: Path) -> None:
        root = folder_of(tmp_path / "in")
        before = everything_below(root)
        with pytest.raises(UsageError, match="inside the submission"):
            take(root, root / out)
        assert everything_below(root) == before

    def test_a_submission_that_is_the_working_folder_is_not_written_to(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = folder_of(tmp_path / "in")
        monkeypatch.chdir(root)
        with pytest.raises(UsageError, match="inside the submission"):
            take(".", Path("out"))
        snapshot = take(".", tmp_path / "out")
        assert (snapshot.source.name, everything_below(root)) == ("in", everything_below(tmp_path / "out"))

    def test_a_way_into_the_submission_through_a_link_is_seen(self, tmp_path: Path) -> None:
        root = folder_of(tmp_path / "in")
        (tmp_path / "alias").symlink_to(root)
        with pytest.raises(UsageError, match="inside the submission"):
            take(root, tmp_path / "alias/out")

    def test_nothing_half_written_stays(self, tmp_path: Path) -> None:
        root = folder_of(tmp_path / "in", {f"{i}": b"x" * 50 for i in range(10)})
        with pytest.raises(SubmissionError):
            take(root, tmp_path / "runs/out", limits=IntakeLimits(total_bytes=400))
        assert everything_below(tmp_path / "runs") == set()

    def test_a_place_that_cannot_be_written_is_our_trouble(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(SandboxError, match="can't be written"):
            take(folder_of(tmp_path / "in"), tmp_path / "file/out")


def test_a_snapshot_goes_to_json_and_back(tmp_path: Path, taken: Taker) -> None:
    root = folder_of(tmp_path / "in")
    os.mkfifo(os.fsencode(root) + b"/\xff\x1b[2J\npipe")
    snapshot, _ = taken(root)
    assert Snapshot.model_validate_json(snapshot.to_json()) == snapshot


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_what_this_user_may_not_read_stops_the_grading_and_is_not_held_against_the_candidate(number: int) -> None:
    with pytest.raises(UsageError) as caught:
        refused_for(PermissionError(number, os.strerror(number), "model.joblib"))

    assert caught.value.where == "model.joblib"
    assert "can't be read by this user" in caught.value.seen


def test_a_disk_that_breaks_while_a_submission_is_read_is_no_refusal() -> None:
    with pytest.raises(OSError, match="Input/output error"):
        refused_for(OSError(errno.EIO, os.strerror(errno.EIO)))
