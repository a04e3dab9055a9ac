"""Looking and taking in, with the real git and from outside the process; nothing is graded before a deadline far away."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.commands import harness
from tests.harness.git_server import GitServer, certificate, serving
from tests.harness.watch.repositories import Candidate, git, write_config
from tests.small_pack import submission_files, write_small_pack

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")

FAR = {"deadline": "2999-01-01T00:00:00Z", "max_graded_pushes": 1}


def watch(config: Path, *more: str, code: int = 0) -> dict[str, Any]:
    """One round; where everybody stands."""
    done = once(config, *more)
    assert done.returncode == code, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return {one["candidate"]: one for one in document["candidates"]}


def once(config: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return harness("watch", config, "--once", "--json", *more)


def status(config: Path, candidate: str, commit: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((config.parent / "watch" / "status" / candidate / f"{commit}.json").read_text())
    return found


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_small_pack(tmp_path / "packs")


@pytest.fixture
def heron(tmp_path: Path) -> Candidate:
    return Candidate(tmp_path, "heron")


@pytest.fixture
def config(tmp_path: Path, pack: Path, heron: Candidate) -> Path:
    return write_config(tmp_path / "watch.yaml", pack, {**_row(heron), "branches": ["main"]}, **FAR)


def _row(one: Candidate) -> dict[str, Any]:
    return {"candidate": one.name, "repository": str(one.remote)}


def test_an_empty_repository_waits_for_its_first_push(config: Path) -> None:
    assert watch(config)["heron"]["pushes"] == []


def test_a_push_is_taken_in_and_the_candidate_sees_only_that(config: Path, heron: Candidate) -> None:
    commit = heron.hand_in(submission_files("x1"))

    seen = watch(config)["heron"]

    assert [(one["commit"], one["state"], one["arrival"], one["counts"]) for one in seen["pushes"]] == [
        (commit, "kept", "in_time", True)
    ]
    told = status(config, "heron", commit)
    assert set(told) == {"context", "state", "description"}
    assert (told["context"], told["state"]) == ("harness/small", "success")
    assert told["description"].startswith("Received ")


def test_a_commit_that_is_rewritten_after_it_was_seen_is_kept(config: Path, heron: Candidate) -> None:
    """A force-push, and the server throws the old commit away: what was taken in stays, and what stands there now counts."""
    first = heron.hand_in(submission_files("x1"))
    watch(config)
    second = heron.commit(submission_files("x2"), "--amend")
    heron.push("--force", "origin", "HEAD:main")
    git(heron.remote, "-c", "gc.reflogExpire=now", "gc", "--quiet", "--prune=now")

    pushes = {one["commit"]: one for one in watch(config)["heron"]["pushes"]}

    assert {commit: (one["state"], one["counts"]) for commit, one in pushes.items()} == {
        first: ("kept", False),
        second: ("kept", True),
    }
    assert (config.parent / "watch" / "kept" / "heron" / first / "files" / "predict.py").is_file()


def test_a_branch_that_goes_back_makes_the_earlier_commit_count_and_is_said(config: Path, heron: Candidate) -> None:
    first = heron.hand_in(submission_files("x1"))
    watch(config)
    heron.hand_in(submission_files("x2"))
    watch(config)
    heron.push("--force", "origin", f"{first}:main")

    seen = watch(config)["heron"]

    assert [one["commit"] for one in seen["pushes"] if one["counts"]] == [first]
    assert seen["notes"][0] == f"the branch main went back to {first[:10]}"


def test_a_deleted_branch_is_said_and_takes_nothing_with_it(config: Path, heron: Candidate) -> None:
    commit = heron.hand_in(submission_files("x1"))
    watch(config)
    heron.push("origin", "--delete", "main")

    seen = watch(config)["heron"]

    assert [(one["commit"], one["counts"]) for one in seen["pushes"]] == [(commit, True)]
    assert "the branch main is gone" in seen["notes"][0]


def test_the_same_commit_on_two_branches_is_one_push(tmp_path: Path, pack: Path, heron: Candidate) -> None:
    config = write_config(tmp_path / "watch.yaml", pack, {**_row(heron), "branches": ["main", "work"]}, **FAR)
    commit = heron.hand_in(submission_files("x1"))
    heron.push("origin", "HEAD:work")

    assert [one["commit"] for one in watch(config)["heron"]["pushes"]] == [commit]


def test_a_branch_that_is_watched_later_may_have_been_there_long(tmp_path: Path, pack: Path, heron: Candidate) -> None:
    """Not having looked is no reason to call a push late."""
    config = write_config(tmp_path / "watch.yaml", pack, {**_row(heron), "branches": ["main"]}, **FAR)
    heron.hand_in(submission_files("x1"))
    other = heron.commit(submission_files("x2"))
    heron.push("origin", "HEAD:work")
    watch(config)
    write_config(tmp_path / "watch.yaml", pack, {**_row(heron), "branches": ["main", "work"]}, **FAR)

    pushes = watch(config)["heron"]["pushes"]

    assert {one["commit"]: one["not_there_at"] for one in pushes}[other] is None


def test_a_tag_chooses_the_push_that_counts(tmp_path: Path, pack: Path, heron: Candidate) -> None:
    row = {**_row(heron), "branches": ["main"], "counted_push": "tagged"}
    config = write_config(tmp_path / "watch.yaml", pack, row, **FAR)
    first = heron.hand_in(submission_files("x1"))
    git(heron.work, "tag", "--annotate", "--message", "this one", "submission")
    heron.push("origin", "submission")
    heron.hand_in(submission_files("x2"))

    assert [one["commit"] for one in watch(config)["heron"]["pushes"] if one["counts"]] == [first]


def test_a_repository_that_gives_no_answer_is_said_backs_off_and_stops_nobody(
    tmp_path: Path, pack: Path, heron: Candidate
) -> None:
    gone = {"candidate": "wren", "repository": "git://127.0.0.1:9/wren.git"}
    config = write_config(tmp_path / "watch.yaml", pack, gone, {**_row(heron), "branches": ["main"]}, **FAR)
    heron.hand_in(submission_files("x1"))

    seen = watch(config, code=6)

    assert [one["state"] for one in seen["heron"]["pushes"]] == ["kept"]
    assert "can't be fetched" in seen["wren"]["problem"]
    assert seen["wren"]["pushes"] == []


def test_later_and_later_looks_at_a_repository_that_gives_no_answer() -> None:
    from harness.watch.config import Watched
    from harness.watch.looking import next_look
    from harness.watch.state import Look, Looked

    def pause(failures: int, deadline: float | None = None) -> float:
        look = Look("wren", 100.0, 100.0, None, "no answer")
        return next_look(Watched("wren", "", deadline=deadline), look, Looked(failures=failures), 60) - 100.0

    assert [pause(failures) for failures in (0, 1, 2, 50)] == [60, 120, 240, 3600]
    assert pause(50, deadline=150.0) == 50


def test_what_cannot_be_taken_in_is_refused_and_the_next_push_is_taken(config: Path, heron: Candidate) -> None:
    bad = heron.hand_in({f"{'d/' * 60}deep.py": "x = 1\n"})
    (heron.work / "link").symlink_to("/etc/passwd")
    first = watch(config)["heron"]
    good = heron.hand_in(submission_files("x1"))
    second = watch(config)["heron"]

    assert [one["commit"] for one in first["pushes"]] == [bad]
    assert {one["commit"]: one["state"] for one in second["pushes"]}[good] == "kept"
    kept = config.parent / "watch" / "kept" / "heron" / good / "files"
    assert not (kept / "link").exists()


def test_a_commit_comes_over_https_with_a_token_that_is_never_written_down(
    tmp_path: Path, pack: Path, heron: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The candidate pushes to the server, too."""
    pem = certificate(tmp_path)
    monkeypatch.setenv("GIT_SSL_CAINFO", str(pem))
    monkeypatch.setenv("GRADER_TOKEN", "grader:t0ken-of-the-employer")
    git(heron.remote, "config", "http.receivepack", "true")
    with serving(GitServer(heron.remote.parent, pem, "grader:t0ken-of-the-employer")) as server:
        address = f"https://{server.place}/heron.git"
        row = {"candidate": "heron", "repository": address, "branches": ["main"]}
        config = write_config(tmp_path / "watch.yaml", pack, row, token_env="GRADER_TOKEN", **FAR)
        commit = heron.commit(submission_files("x1"))
        heron.push(f"https://grader:t0ken-of-the-employer@{server.place}/heron.git", "HEAD:main")

        seen = watch(config)["heron"]

    assert [(one["commit"], one["state"]) for one in seen["pushes"]] == [(commit, "kept")]
    written = b"".join(path.read_bytes() for path in (tmp_path / "watch").rglob("*") if path.is_file())
    assert b"t0ken" not in written
    assert server.place.encode() not in written


def test_a_second_watch_on_one_folder_is_refused(config: Path) -> None:
    import fcntl
    import os

    root = config.parent / "watch"
    root.mkdir()
    handle = os.open(root / ".watch.lock", os.O_RDWR | os.O_CREAT)
    os.write(handle, f"{os.getpid()} {_start()}\n".encode())
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        answer = once(config)
    finally:
        os.close(handle)

    assert answer.returncode == 2
    assert "is grading into this folder" in answer.stderr


def _start() -> str:
    return Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]


def test_a_damaged_state_is_said_and_left_alone(config: Path) -> None:
    root = config.parent / "watch"
    root.mkdir()
    (root / "state.sqlite").write_bytes(b"no database at all" * 100)

    answer = once(config)

    assert answer.returncode == 3
    assert "the state of the watch cannot be used" in answer.stderr
    assert (root / "state.sqlite").read_bytes().startswith(b"no database")
