"""Archives of chance: whatever the bytes are, there is a snapshot or a sentence, and no file outside the destination."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from harness.errors import HarnessError
from harness.intake import IntakeLimits, take
from harness.model.submission import Snapshot
from tests.harness.intake_builders import HONEST, everything_below, raw_zip, repository_of, run_git, tar_of, zip_of

LIMITS = IntakeLimits(total_bytes=2_000_000, file_bytes=500_000, entries=200, depth=10, refusals_listed=50)
BUDGET = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

NAMES = st.one_of(
    st.sampled_from(["..", "../x", "/x", "a/../../x", "a", "a/b", "./a", "", "a\\b", "C:x", "a/", ".git/x", "A", "x.pth"]),
    st.text(max_size=30),
)
EDITS = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=12)


def taken_or_told(content: bytes, folder: Path) -> Snapshot | None:
    """Takes the bytes as a submission; checks what must hold whatever they are."""
    place = folder / "submission"
    place.write_bytes(content)
    try:
        snapshot = take(place, folder / "out/files", limits=LIMITS)
    except HarnessError as error:
        told = error
    else:
        check_snapshot(snapshot, folder)
        return snapshot
    assert told.next_step
    assert everything_below(folder) <= {"submission", "out"}
    return None


def check_snapshot(snapshot: Snapshot, folder: Path) -> None:
    below = [path for path in (folder / "out").rglob("*") if not path.is_dir() or path.is_symlink()]
    assert all(path.is_file() and not path.is_symlink() for path in below)
    assert {str(path.relative_to(folder / "out/files")) for path in below} == set(snapshot.paths())
    assert {path.name for path in folder.iterdir()} == {"submission", "out"}
    assert Snapshot.model_validate_json(snapshot.to_json()) == snapshot
    assert all(refusal.path.isprintable() for refusal in snapshot.refusals)


Fresh = Callable[[], Path]


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """A new folder for each example."""
    base, numbers = tmp_path_factory.mktemp("fuzz"), count()

    def new_folder() -> Path:
        folder = base / str(next(numbers))
        folder.mkdir()
        return folder

    return new_folder


@BUDGET
@given(
    content=st.binary(max_size=2000),
    start=st.sampled_from([b"", b"PK\3\4", b"PK\5\6", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0"]),
)
def test_any_bytes(content: bytes, start: bytes, fresh: Fresh) -> None:
    taken_or_told(start + content, fresh())


@BUDGET
@given(edits=EDITS, cut=st.integers(0, 200))
@pytest.mark.parametrize("form", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_an_honest_archive_with_a_few_bytes_changed(edits: list[tuple[int, int]], cut: int, form: str, fresh: Fresh) -> None:
    folder = fresh()
    if form == "zip":
        whole = bytearray(zip_of(folder / "honest").read_bytes())
    else:
        raw = tar_of(folder / "honest").read_bytes()
        pack = {"tar": bytes, "tar.gz": gzip.compress, "tar.bz2": bz2.compress, "tar.xz": lzma.compress}[form]
        whole = bytearray(pack(raw))
    (folder / "honest").unlink()
    for place, value in edits:
        whole[place % len(whole)] = value
    taken_or_told(bytes(whole[: len(whole) - cut if cut < 100 else None]), folder)


@BUDGET
@given(
    members=st.lists(
        st.tuples(
            NAMES,
            st.binary(max_size=200),
            st.dictionaries(
                st.sampled_from(["size", "packed", "crc", "flags", "method", "offset", "mode"]),
                st.one_of(st.integers(0, 300), st.sampled_from([0xFFFF, 0o120777, 0o10644])),
                max_size=3,
            ),
        ),
        max_size=8,
    )
)
def test_a_zip_of_any_names_and_lies(members: list[tuple[str, bytes, dict[str, int]]], fresh: Fresh) -> None:
    folder = fresh()
    made = [(name.encode("utf-8", "surrogatepass"), content, lies) for name, content, lies in members]
    for _, _, lies in made:
        assume(lies.get("mode", 0) <= 0xFFFF)
    content = raw_zip(folder / "made", made).read_bytes()
    (folder / "made").unlink()
    taken_or_told(content, folder)


@BUDGET
@given(
    members=st.lists(st.tuples(NAMES, st.sampled_from(list("0123456789SVMxgLKZ")), NAMES, st.binary(max_size=700)), max_size=8),
    form=st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
def test_a_tar_of_any_names_and_kinds(members: list[tuple[str, str, str, bytes]], form: int, fresh: Fresh) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form, errors="surrogatepass", encoding="utf-8") as archive:
        for name, kind, link, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind.encode(), link, len(content)
            try:
                archive.addfile(info, io.BytesIO(content))
            except ValueError:  # a name that this form can't hold
                continue
    taken_or_told(made.getvalue(), fresh())


@BUDGET
@given(
    files=st.dictionaries(st.from_regex(r"[a-zé数][a-z0-9é数 ._$-]{0,8}x", fullmatch=True), st.binary(max_size=50), max_size=6)
)
def test_honest_names_survive_whole_in_every_form(files: dict[str, bytes], fresh: Fresh) -> None:
    """The control: what is refused above is refused for a reason."""
    folder = fresh()
    for make in (zip_of, tar_of):
        content = make(folder / "made", files).read_bytes()
        (folder / "made").unlink()
        place = folder / make.__name__
        place.mkdir()
        snapshot = taken_or_told(content, place)
        assert snapshot is not None
        assert set(snapshot.paths()) == set(files)


@settings(BUDGET, max_examples=50)
@given(edits=EDITS, which=st.integers(0, 20))
def test_a_repository_with_a_few_bytes_changed(
    edits: list[tuple[int, int]], which: int, fresh: Fresh, repository_bytes: dict[str, bytes]
) -> None:
    folder = fresh()
    for name, content in repository_bytes.items():
        path = folder / "repository" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    names = sorted(name for name in repository_bytes if name.startswith(("objects", "HEAD", "packed-refs")))
    damaged = folder / "repository" / names[which % len(names)]
    content = bytearray(damaged.read_bytes())
    for place, value in edits:
        content[place % len(content)] = value
    damaged.write_bytes(content)
    try:
        snapshot = take(folder / "repository", folder / "out", commit="HEAD", limits=LIMITS)
    except HarnessError:
        assert not (folder / "out").exists()
    else:
        kept = {
            str(path.relative_to(folder / "out")): path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()
        }
        assert set(kept) == set(snapshot.paths())
        assert all(HONEST[name] == content for name, content in kept.items()), "an object's id must hold what it stands for"


@pytest.fixture(scope="module")
def repository_bytes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A bare repository of the honest files: some in a pack, some loose."""
    root = repository_of(tmp_path_factory.mktemp("source") / "in", dict(list(HONEST.items())[:3]))
    run_git(root, "gc", "--quiet")
    for name, content in list(HONEST.items())[3:]:
        (root / name).write_bytes(content)
    run_git(root, "add", "--all")
    run_git(root, "commit", "--quiet", "--message", "two")
    git = root / ".git"
    wanted = ("objects/", "refs/heads/", "HEAD", "packed-refs")
    found = {str(path.relative_to(git)): path for path in git.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name.startswith(wanted)} | {"refs/keep": b""}


def test_the_library_agrees_about_an_honest_zip(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    snapshot = taken_or_told(zip_of(tmp_path / "honest").read_bytes(), tmp_path / "in")
    assert snapshot is not None
    with zipfile.ZipFile(tmp_path / "honest") as archive:
        assert sorted(archive.namelist()) == sorted(snapshot.paths())
