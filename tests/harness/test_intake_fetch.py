"""Fetching a repository by its address: from servers on the loopback interface, by https, git and ssh."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import ExitCode, SubmissionError, UnreachableError
from harness.intake import IntakeLimits
from harness.intake.git_url import GitUrl, looks_like_url, parse_git_url
from tests.harness.git_server import GitServer, certificate, serving
from tests.harness.intake_builders import HONEST, Taker, files_below, folder_of, kinds, repository_of, run_git, taker

TOKEN = "t0ken-of-the-employer"

pytestmark = pytest.mark.skipif(not shutil.which("git") or not shutil.which("openssl"), reason="needs git and openssl")


@pytest.fixture
def taken(tmp_path: Path) -> Taker:
    return taker(tmp_path)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = repository_of(tmp_path / "served/alice", {**HONEST, "a.py": b"first\n"})
    run_git(root, "tag", "v1")
    folder_of(root, {"a.py": b"second\n"})
    run_git(root, "commit", "--quiet", "--all", "--message", "two")
    run_git(root, "branch", "other", "v1")
    return root


@pytest.fixture
def server(repository: Path, pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitServer]:
    """Open to everyone, under a certificate that git is told to trust."""
    monkeypatch.setenv("GIT_SSL_CAINFO", str(pem))
    with serving(GitServer(repository.parent, pem)) as running:
        yield running


@pytest.fixture
def locked(repository: Path, pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitServer]:
    monkeypatch.setenv("GIT_SSL_CAINFO", str(pem))
    with serving(GitServer(repository.parent, pem, f"grader:{TOKEN}")) as running:
        yield running


@pytest.fixture
def watched_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real git behind a script that writes down its arguments and its environment."""
    real, log = shutil.which("git"), tmp_path / "git.log"
    script = tmp_path / "bin/git"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\necho "ARGS $*" >> {log}\nenv >> {log}\nexec {real} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    return log


def test_the_default_branch_is_taken_when_no_commit_is_named(server: GitServer, repository: Path, taken: Taker) -> None:
    snapshot, files = taken(f"https://{server.place}/alice/.git")
    assert files_below(files) == {**HONEST, "a.py": b"second\n"}
    assert snapshot.source.commit == run_git(repository, "rev-parse", "HEAD")
    assert (snapshot.source.kind, snapshot.source.name) == ("git", f"https://{server.place}/alice/.git")


@pytest.mark.parametrize("name", ["other", "v1", "refs/tags/v1", "full", "short"])
def test_a_branch_a_tag_and_an_id_are_found(name: str, server: GitServer, repository: Path, taken: Taker) -> None:
    full_id = run_git(repository, "rev-parse", "v1")
    asked = {"full": full_id, "short": full_id[:9]}.get(name, name)
    snapshot, files = taken(f"https://{server.place}/alice/.git", commit=asked)
    assert files_below(files)["a.py"] == b"first\n"
    assert snapshot.source.commit == full_id


def test_an_id_that_no_branch_points_to_is_found(server: GitServer, repository: Path, taken: Taker) -> None:
    run_git(repository, "tag", "--delete", "v1")
    run_git(repository, "branch", "-D", "other")
    old = run_git(repository, "rev-parse", "HEAD^")
    assert taken(f"https://{server.place}/alice/.git", commit=old)[0].source.commit == old


def test_the_history_is_not_fetched(server: GitServer, repository: Path, taken: Taker) -> None:
    """An incompressible file in an old commit would break the limit."""
    folder_of(repository, {"huge.bin": os.urandom(3_000_000)})
    run_git(repository, "add", "--all")
    run_git(repository, "commit", "--quiet", "--message", "three")
    run_git(repository, "rm", "--quiet", "huge.bin")
    run_git(repository, "commit", "--quiet", "--message", "four")
    limits = IntakeLimits(fetch_bytes=1_000_000)
    address = f"https://{server.place}/alice/.git"
    assert "a.py" in taken(address, limits=limits)[0].paths()
    with pytest.raises(SubmissionError, match="more than 1,000,000 bytes") as caught:
        taken(address, commit=run_git(repository, "rev-parse", "HEAD^"), limits=limits)
    assert caught.value.exit_code == ExitCode.BAD_SUBMISSION


def test_a_commit_by_address_by_path_and_as_a_folder_has_one_digest(server: GitServer, repository: Path, taken: Taker) -> None:
    fetched = taken(f"https://{server.place}/alice/.git")[0].digest
    assert fetched == taken(repository, commit="HEAD")[0].digest == taken(repository)[0].digest


def test_an_ambiguous_name_is_an_error(server: GitServer, repository: Path, taken: Taker) -> None:
    run_git(repository, "tag", "main", "v1")
    with pytest.raises(SubmissionError, match="a branch and a tag"):
        taken(f"https://{server.place}/alice/.git", commit="main")


@pytest.mark.parametrize("name", ["absent", "0" * 40, "abcd"])
def test_an_absent_commit_is_an_error(name: str, server: GitServer, taken: Taker) -> None:
    with pytest.raises(SubmissionError) as caught:
        taken(f"https://{server.place}/alice/.git", commit=name)
    assert caught.value.exit_code == ExitCode.BAD_SUBMISSION


def test_a_submodule_is_listed_and_never_fetched(server: GitServer, repository: Path, taken: Taker) -> None:
    folder_of(repository, {".gitmodules": f'[submodule "s"]\n\tpath = s\n\turl = https://{server.place}/secret\n'.encode()})
    run_git(repository, "add", ".gitmodules")
    run_git(repository, "update-index", "--add", "--cacheinfo", "160000," + "1" * 40 + ",s")
    run_git(repository, "commit", "--quiet", "--message", "submodule")
    snapshot, _ = taken(f"https://{server.place}/alice/.git")
    assert kinds(snapshot) == {"s": "submodule"}
    assert not any("secret" in path for path in server.asked)


def test_nothing_is_left_beside_the_snapshot(server: GitServer, tmp_path: Path, taken: Taker) -> None:
    _, files = taken(f"https://{server.place}/alice/.git")
    assert [path.name for path in files.parent.iterdir()] == [files.name]
    assert ".git" not in {path.name for path in files.iterdir()}


class TestToken:
    def test_a_token_opens_a_locked_repository(self, locked: GitServer, taken: Taker) -> None:
        address = f"https://grader:{TOKEN}@{locked.place}/alice/.git"
        snapshot, files = taken(address)
        assert "a.py" in files_below(files)
        assert TOKEN not in snapshot.to_json()
        assert "grader" not in snapshot.to_json()

    def test_without_it_the_repository_stays_closed(self, locked: GitServer, taken: Taker) -> None:
        with pytest.raises(SubmissionError, match="can't be fetched"):
            taken(f"https://{locked.place}/alice/.git")

    def test_it_is_in_no_argument_list(self, locked: GitServer, watched_git: Path, taken: Taker) -> None:
        taken(f"https://grader:{TOKEN}@{locked.place}/alice/.git")
        arguments = [line for line in watched_git.read_text().splitlines() if line.startswith("ARGS ")]
        assert len(arguments) >= 3
        assert not any(TOKEN in line for line in arguments)

    @pytest.mark.parametrize("user", ["grader:wr0ng-secret-token", "wr0ng-secret-token", "wr0ng-secret%2Dtoken:x"])
    def test_a_wrong_one_is_not_in_the_error(self, user: str, locked: GitServer, taken: Taker) -> None:
        with pytest.raises(SubmissionError) as caught:
            taken(f"https://{user}@{locked.place}/alice/.git")
        assert "wr0ng" not in str(caught.value)
        assert "wr0ng" not in repr(caught.value.__cause__)

    def test_it_does_not_go_to_another_host_by_a_redirect(self, locked: GitServer, taken: Taker) -> None:
        with pytest.raises(SubmissionError):
            taken(f"https://grader:{TOKEN}@{locked.place}/moved/alice/.git")
        assert all(path.startswith("/moved/") for path in locked.asked)

    def test_it_is_not_in_the_error_for_a_refused_address(self, taken: Taker) -> None:
        for address in (
            f"http://x:{TOKEN}@host/r",
            f"https://x:{TOKEN}@-host/r",
            f"https://x:{TOKEN}@host/r?a=b",
            f"ext::{TOKEN}",
        ):
            with pytest.raises(SubmissionError) as caught:
                taken(address)
            assert TOKEN not in str(caught.value)

    def test_it_is_not_in_the_repr_of_an_address(self) -> None:
        assert TOKEN not in repr(parse_git_url(f"https://x:{TOKEN}@host/r"))


def test_git_is_called_with_everything_switched_off(server: GitServer, watched_git: Path, taken: Taker) -> None:
    """A removed option or variable fails here."""
    taken(f"https://{server.place}/alice/.git")
    lines = watched_git.read_text().splitlines()
    (fetch,) = [line for line in lines if line.startswith("ARGS ") and " fetch " in line]
    for option in (
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.symlinks=false", "protocol.allow=never",
        "protocol.https.allow=always", "transfer.fsckObjects=true", "fetch.fsckObjects=true", "submodule.recurse=false",
        "safe.bareRepository=explicit", "credential.helper=", "http.followRedirects=false", "gc.auto=0",
    ):  # fmt: skip
        assert f"-c {option} " in fetch
    for option in ("--depth=1", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", f"-- https://{server.place}/"):
        assert option in fetch
    (init,) = [line for line in lines if line.startswith("ARGS ") and " init " in line]
    assert "--bare --template= --" in init
    assert not any(word in line for line in lines if line.startswith("ARGS ") for word in (" checkout ", " clone ", " status "))
    for variable in (
        "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL=https",
        "GIT_LFS_SKIP_SMUDGE=1", "GIT_ATTR_NOSYSTEM=1", "GIT_ASKPASS=true",
    ):  # fmt: skip
        assert variable in lines


def test_settings_of_the_person_who_grades_do_not_reach_git(
    server: GitServer, watched_git: Path, monkeypatch: pytest.MonkeyPatch, taken: Taker
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.pager=touch /tmp/x'")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-for-git")
    assert taken(f"https://{server.place}/alice/.git")[0].files
    assert "not-for-git" not in watched_git.read_text()


def test_a_server_that_is_not_trusted_is_not_asked(
    repository: Path, pem: Path, monkeypatch: pytest.MonkeyPatch, taken: Taker
) -> None:
    monkeypatch.delenv("GIT_SSL_CAINFO", raising=False)
    with serving(GitServer(repository.parent, pem)) as running, pytest.raises(SubmissionError, match="can't be fetched"):
        taken(f"https://{running.place}/alice/.git")


def test_a_server_that_is_not_there_is_worth_another_try(taken: Taker) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    for address in (f"https://127.0.0.1:{port}/r", f"git://127.0.0.1:{port}/r"):
        with pytest.raises(UnreachableError) as caught:
            taken(address)
        assert caught.value.exit_code == ExitCode.INFRASTRUCTURE


def test_a_server_that_says_nothing_is_left_after_a_while_with_all_its_helpers(
    watched_git: Path, tmp_path: Path, taken: Taker
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"git://127.0.0.1:{silent.getsockname()[1]}/silent-repository"
        with pytest.raises(UnreachableError, match="longer than"):
            taken(address, limits=IntakeLimits(fetch_seconds=0.5))
    assert "silent-repository" not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert list((tmp_path / "taken").iterdir()) == []


@pytest.fixture
def daemon(repository: Path) -> Iterator[str]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    process = subprocess.Popen(
        ["git", "-c", "safe.directory=*", "daemon", "--reuseaddr", "--export-all", "--listen=127.0.0.1", f"--port={port}",
         f"--base-path={repository.parent}"],
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_COUNT": "1",
             "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"},
        process_group=0,
    )  # fmt: skip
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    yield f"git://127.0.0.1:{port}/alice"
    os.killpg(process.pid, 15)
    process.wait()


def test_the_git_protocol_is_spoken(daemon: str, repository: Path, taken: Taker) -> None:
    first = run_git(repository, "rev-parse", "v1")
    for name in (None, "other", first, first[:8]):
        snapshot, _ = taken(daemon, commit=name)
        assert snapshot.source.commit == (first if name else run_git(repository, "rev-parse", "HEAD"))


@pytest.mark.parametrize("form", ["ssh://git@host.example/{path}", "git@host.example:{path}"])
def test_ssh_is_spoken_without_questions(
    form: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: Taker
) -> None:
    """The ssh here writes down its arguments, then runs the asked command on this machine."""
    script, log = tmp_path / "bin/ssh", tmp_path / "ssh.log"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\necho "$*" >> {log}\nfor last; do :; done\nexec env -u GIT_PROTOCOL sh -c "$last"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    snapshot, _ = taken(form.format(path=str(repository / ".git").lstrip("/")), commit="v1")
    assert snapshot.source.commit == run_git(repository, "rev-parse", "v1")
    said = log.read_text()
    for option in ("-oBatchMode=yes", "-oStrictHostKeyChecking=yes", "-oForwardAgent=no", "git@host.example"):
        assert option in said


@pytest.mark.parametrize(
    "address",
    [
        "http://host/r", "ftp://host/r", "ext::sh -c 'touch /tmp/x'", "fd::17/foo", "transport::address", "ext://host/r",
        "https://-oProxyCommand=x/r", "ssh://-oProxyCommand=x/r", "ssh://host/-x\n", "https://host/a b", "https://host/r\n",
        "https://host", "https://host/", "https:///r", "https://host/r?token=x", "https://host/r#x", "https://ho\x00st/r",
        "https://host:99999/r", "https://host:x/r", "https://[::1]/r", "https://host/../r", "https://host/a/../../r",
        "https://höst/r", "https://host/$(id)", "https://host/`id`", "https://host/;id", "ssh://a:b@host/r",
        "ssh://-u@host/r", "git://a@host/r", "file://host/etc", "https://a%0ab@host/r", "--upload-pack=x://y/z",
        "javascript://x/%0aalert(1)", "https://host/%2e%2e/r",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plain_is_refused_before_anything_runs(address: str, watched_git: Path, taken: Taker) -> None:
    assert looks_like_url(address)
    with pytest.raises(SubmissionError, match="address of the repository is refused") as caught:
        taken(address)
    assert caught.value.exit_code == ExitCode.BAD_SUBMISSION
    assert not watched_git.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://github.com/alice/take-home", GitUrl("https", "https://github.com/alice/take-home")),
        ("https://host:8443/a/b.git", GitUrl("https", "https://host:8443/a/b.git")),
        ("https://t%2Fk@host/r", GitUrl("https", "https://host/r", user="t/k")),
        ("ssh://git@host/r", GitUrl("ssh", "ssh://git@host/r")),
        ("git@github.com:alice/r.git", GitUrl("ssh", "ssh://git@github.com/alice/r.git")),
        ("file:///a%20b/r", Path("/a b/r")),
        ("file://localhost/r", Path("/r")),
    ],
)
def test_a_plain_address_is_understood(text: str, expected: GitUrl | Path) -> None:
    assert parse_git_url(text) == expected


def test_a_path_that_exists_is_never_taken_for_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: Taker
) -> None:
    folder_of(tmp_path / "ext::sh -c id", {"a.py": b""})
    monkeypatch.chdir(tmp_path)
    assert taken("ext::sh -c id")[0].paths() == ("a.py",)


def test_a_file_address_of_a_plain_folder_is_no_repository(tmp_path: Path, taken: Taker) -> None:
    with pytest.raises(SubmissionError, match="no git repository"):
        taken(f"file://{folder_of(tmp_path / 'in')}")
