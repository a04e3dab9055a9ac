"""Where a submission is, and how that is told: paths seen from here, addresses without their credentials."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import SubmissionError
from harness.intake import take
from harness.intake.git_fetch import _reason
from tests.harness.git_server import GitServer, certificate, serving
from tests.harness.intake_builders import HONEST, files_below, folder_of, repository_of

SECRET = "grader:t0ken-of-the-employer"

pytestmark = pytest.mark.skipif(not shutil.which("git") or not shutil.which("openssl"), reason="needs git and openssl")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitServer]:
    pem = certificate(tmp_path)
    repository_of(tmp_path / "served/alice")
    monkeypatch.setenv("GIT_SSL_CAINFO", str(pem))
    with serving(GitServer(tmp_path / "served", pem, SECRET)) as running:
        yield running


@pytest.mark.parametrize("out", ["runs/alice/submission", "../elsewhere/submission", "submission"])
def test_an_address_is_taken_into_a_relative_folder_and_nothing_is_left_beside_it(
    out: str, server: GitServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default run folder is a relative one; git runs in a folder of its own."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    take(f"https://{SECRET}@{server.place}/alice/.git", Path(out))
    assert files_below(Path(out)) == HONEST
    assert [path.name for path in Path(out).parent.iterdir()] == ["submission"]


def test_a_commit_that_is_not_there_is_told_with_its_repository(tmp_path: Path) -> None:
    repository = repository_of(tmp_path / "alice")
    with pytest.raises(SubmissionError, match="has no commit") as met:
        take(repository, tmp_path / "out", commit="nowhere")
    assert met.value.where == str(repository)


def test_a_commit_that_an_address_does_not_have_is_told_with_the_address_and_never_with_its_credential(
    server: GitServer, tmp_path: Path
) -> None:
    with pytest.raises(SubmissionError, match="has no commit") as met:
        take(f"https://{SECRET}@{server.place}/alice/.git", tmp_path / "out", commit="nowhere")
    assert met.value.where == f"https://{server.place}/alice/.git"


def test_an_address_that_is_refused_is_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError) as met:
        take(f"http://{SECRET}@127.0.0.1/x", tmp_path / "out")
    assert "127.0.0.1" not in str(met.value)


def test_a_broken_archive_is_told_by_its_path(tmp_path: Path) -> None:
    archive = folder_of(tmp_path, {"work.zip": b"PK\3\4cut"}) / "work.zip"
    with pytest.raises(SubmissionError, match="can't be read") as met:
        take(archive, tmp_path / "out")
    assert met.value.where == str(archive)


def test_the_reason_of_a_failed_fetch_is_what_was_seen_and_not_the_advice_after_it() -> None:
    said = (
        "ssh: Could not resolve hostname git.example.org: Name or service not known\n"
        "fatal: Could not read from remote repository.\n\n"
        "Please make sure you have the correct access rights\nand the repository exists.\n"
    )
    assert _reason(said) == (
        "ssh: Could not resolve hostname git.example.org: Name or service not known "
        "fatal: Could not read from remote repository."
    )


def test_a_failed_fetch_without_a_word_is_told_as_such() -> None:
    assert _reason("\n \n") == "git gives no reason"
