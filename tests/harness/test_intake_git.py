"""Taking a commit of a local repository: which one is meant, and that only its objects are read."""

from pathlib import Path

import pytest

from harness.errors import SubmissionError
from harness.intake import IntakeLimits
from tests.harness.intake_builders import (
    HONEST,
    Taker,
    files_below,
    folder_of,
    kinds,
    repository_of,
    run_git,
    taker,
    write_object,
)


@pytest.fixture
def taken(tmp_path: Path) -> Taker:
    return taker(tmp_path)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """`main` has two commits; `other` and the tag `v1` stand on the first; `v2` is an annotated tag of the second."""
    root = repository_of(tmp_path / "repository", {"a.py": b"first\n"})
    run_git(root, "branch", "feature/other")
    run_git(root, "tag", "v1")
    folder_of(root, {"a.py": b"second\n"})
    run_git(root, "commit", "--quiet", "--all", "--message", "two")
    run_git(root, "tag", "--annotate", "--message", "two", "v2")
    run_git(root, "tag", "--annotate", "--message", "tag of a tag", "v2-again", "v2")
    return root


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("HEAD", b"second\n"),
        ("main", b"second\n"),
        ("refs/heads/main", b"second\n"),
        ("v2", b"second\n"),
        ("v2-again", b"second\n"),
        ("feature/other", b"first\n"),
        ("v1", b"first\n"),
        ("refs/tags/v1", b"first\n"),
    ],
)
@pytest.mark.parametrize("state", ["loose", "packed", "bare", "packed with an old index"])
def test_a_branch_a_tag_or_head_names_its_commit(name: str, content: bytes, state: str, repository: Path, taken: Taker) -> None:
    place = repository
    if state == "packed":
        run_git(repository, "gc", "--quiet")
    elif state == "packed with an old index":
        run_git(repository, "-c", "pack.indexVersion=1", "gc", "--quiet")
    elif state == "bare":
        place = repository.parent / "bare.git"
        run_git(repository, "clone", "--quiet", "--bare", "--no-local", ".", str(place))
    snapshot, files = taken(place, commit=name)
    assert files_below(files) == {"a.py": content}
    assert snapshot.source.kind == "git"
    assert snapshot.source.commit == run_git(repository, "rev-parse", f"{name}^{{commit}}")
    assert snapshot.source.ref == name


@pytest.mark.parametrize("packed", [False, True])
def test_a_full_or_short_id_names_its_commit(packed: bool, repository: Path, taken: Taker) -> None:
    first = run_git(repository, "rev-parse", "v1")
    if packed:
        run_git(repository, "gc", "--quiet")
    for name in (first, first.upper(), first[:12], first[:7], first[:8].upper()):
        snapshot, files = taken(repository, commit=name)
        assert snapshot.source.commit == first
        assert files_below(files) == {"a.py": b"first\n"}
    assert taken(repository, commit=first)[0].source.ref is None


def test_a_branch_of_the_remote_is_found_when_there_is_no_local_one(repository: Path, taken: Taker) -> None:
    clone = repository.parent / "clone"
    run_git(repository, "clone", "--quiet", "--no-local", ".", str(clone))
    assert taken(clone, commit="feature/other")[0].source.commit == run_git(repository, "rev-parse", "v1")


def test_the_commit_is_read_and_not_the_work_tree(repository: Path, taken: Taker) -> None:
    folder_of(repository, {"a.py": b"not committed", "b.py": b"not committed"})
    assert files_below(taken(repository, commit="main")[1]) == {"a.py": b"second\n"}
    assert set(files_below(taken(repository)[1])) == {"a.py", "b.py"}


def test_an_older_commit_is_read_from_a_chain_of_deltas(tmp_path: Path, taken: Taker) -> None:
    lines = [f"line {i} {'x' * (i % 50)}\n" for i in range(3000)]
    root = repository_of(tmp_path / "in", {"long.txt": "".join(lines).encode()})
    contents = []
    for number in range(12):
        lines[number * 200] = f"changed {number}\n"
        contents.append("".join(lines).encode())
        folder_of(root, {"long.txt": contents[-1]})
        run_git(root, "commit", "--quiet", "--all", "--message", str(number))
        run_git(root, "tag", f"n{number}")
    run_git(root, "repack", "-adf", "--depth=50", "--window=50")
    assert "chain length = " in run_git(root, "verify-pack", "--stat-only", *map(str, root.glob(".git/objects/pack/*.idx")))
    for number in (0, 5, 11):
        assert files_below(taken(root, commit=f"n{number}")[1]) == {"long.txt": contents[number]}


def test_a_file_address_is_read_like_a_path(repository: Path, taken: Taker) -> None:
    address = f"file://{repository}"
    assert taken(address)[0].source.commit == run_git(repository, "rev-parse", "main")
    assert taken(address, commit="v1")[0].source.commit == run_git(repository, "rev-parse", "v1")
    assert str(repository.parent) not in taken(address)[0].source.name


def test_a_folder_without_a_commit_asked_for_is_taken_as_it_is(repository: Path, taken: Taker) -> None:
    snapshot, _ = taken(repository)
    assert (snapshot.source.kind, snapshot.source.commit) == ("folder", None)
    assert kinds(snapshot) == {".git": "metadata"}


def test_a_name_that_is_a_branch_and_a_tag_is_ambiguous(repository: Path, taken: Taker) -> None:
    run_git(repository, "tag", "main", "v1")
    with pytest.raises(SubmissionError, match="2 different commits") as caught:
        taken(repository, commit="main")
    assert run_git(repository, "rev-parse", "refs/heads/main") in caught.value.next_step
    assert taken(repository, commit="refs/tags/main")[0].source.commit == run_git(repository, "rev-parse", "v1")


def test_a_branch_and_a_tag_of_one_commit_are_not_ambiguous(repository: Path, taken: Taker) -> None:
    run_git(repository, "tag", "main", "refs/heads/main")
    assert taken(repository, commit="main")[0].source.ref == "main"


def test_the_start_of_two_commit_ids_is_ambiguous(repository: Path, taken: Taker) -> None:
    """Commits are made until two share four digits; of fewer than 600 a pair is all but certain."""
    tree = run_git(repository, "rev-parse", "HEAD^{tree}")
    seen: dict[str, str] = {}
    for number in range(3000):
        content = f"tree {tree}\nauthor a <a> {number} +0000\ncommitter a <a> {number} +0000\n\nx\n".encode()
        made = _commit_id(content)
        if made[:4] in seen:
            for twin in (seen[made[:4]], content.decode()):
                write_object(repository, "commit", twin.encode())
            break
        seen[made[:4]] = content.decode()
    with pytest.raises(SubmissionError, match="different commits"):
        taken(repository, commit=made[:4])
    assert taken(repository, commit=made)[0].source.commit == made


def test_the_start_of_an_id_that_is_no_commit_is_not_confused_with_one(repository: Path, taken: Taker) -> None:
    blob = run_git(repository, "rev-parse", "HEAD:a.py")
    for name in (blob, blob[:10]):
        with pytest.raises(SubmissionError, match="has no commit"):
            taken(repository, commit=name)


@pytest.mark.parametrize("name", ["absent", "0" * 40, "abcd", "refs/heads/absent", "FETCH_HEAD", "config", "refs/heads"])
def test_an_absent_commit_is_an_error_of_the_submission(name: str, repository: Path, taken: Taker) -> None:
    with pytest.raises(SubmissionError, match="has no commit"):
        taken(repository, commit=name)


@pytest.mark.parametrize(
    "name",
    ["", "-x", "--upload-pack=touch /tmp/x", "HEAD~1", "main^", "a..b", "main:a.py", "@{u}", "a b", "a\nb", "a\0b",
     "../../etc/passwd", "/etc/passwd", "refs/heads/../../config", "a//b", "x.lock", "refs/heads/.x", "x" * 501],
)  # fmt: skip
def test_a_name_that_is_an_option_a_path_or_an_expression_is_refused(name: str, repository: Path, taken: Taker) -> None:
    with pytest.raises(SubmissionError, match="can't name a commit"):
        taken(repository, commit=name)


def test_a_branch_may_have_a_foreign_name(repository: Path, taken: Taker) -> None:
    run_git(repository, "branch", "größe/数据", "v1")
    assert taken(repository, commit="größe/数据")[0].source.commit == run_git(repository, "rev-parse", "v1")


def test_a_folder_without_a_repository_has_no_commits(tmp_path: Path, taken: Taker) -> None:
    with pytest.raises(SubmissionError, match="no git repository"):
        taken(folder_of(tmp_path / "in"), commit="main")


def test_a_repository_without_commits_is_an_error_of_the_submission(tmp_path: Path, taken: Taker) -> None:
    (tmp_path / "in").mkdir()
    run_git(tmp_path / "in", "init", "--quiet")
    with pytest.raises(SubmissionError, match="has no commit"):
        taken(tmp_path / "in", commit="HEAD")


def test_a_large_file_is_left_out_however_it_is_stored(tmp_path: Path, taken: Taker) -> None:
    root = repository_of(tmp_path / "in", {"big.txt": b"line of text\n" * 1000, "small.py": b""})
    folder_of(root, {"big.txt": b"line of text\n" * 1000 + b"more"})
    run_git(root, "commit", "--quiet", "--all", "--message", "two")
    for _ in range(2):
        for name in ("HEAD", run_git(root, "rev-parse", "HEAD^")):
            snapshot, _ = taken(root, commit=name, limits=IntakeLimits(file_bytes=5000))
            assert kinds(snapshot) == {"big.txt": "too_large"}
        run_git(root, "gc", "--quiet", "--aggressive")


def test_the_honest_files_survive_every_way_of_storing_them(tmp_path: Path, taken: Taker) -> None:
    root = repository_of(tmp_path / "in")
    digests = {taken(root)[0].digest, taken(root, commit="main")[0].digest}
    run_git(root, "gc", "--quiet")
    digests.add(taken(root, commit="main")[0].digest)
    assert digests == {taken(folder_of(tmp_path / "plain", HONEST))[0].digest}


def _commit_id(content: bytes) -> str:
    import hashlib

    return hashlib.sha1(b"commit %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
