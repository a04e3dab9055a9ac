"""The grader's own machine: where a command is started, what lies there, how it is called, and what was planted before."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import REPOSITORY
from tests.hostile.attacks.arena import WELL, Arena, Told, new_canary, run_on_the_host, write_files
from tests.hostile.attacks.pack import honest_files

PLANTED = (
    "checks",
    "sandbox",
    "reports",
    "typer",
    "pydantic",
    "ruamel",
    "numpy",
    "pandas",
    "jinja2",
    "json",
    "hashlib",
    "docker",
    "dulwich",
)


def booby_trapped(place: Path, canary: Path) -> Path:
    """A submission in whose folder everything that could be taken up by accident would leave a canary."""
    trap = f"import pathlib\npathlib.Path({str(canary)!r}).write_text(__file__)\n"
    modules = {f"{name}/__init__.py": trap for name in PLANTED}
    files = {
        **honest_files(),
        **modules,
        "sitecustomize.py": trap,
        "usercustomize.py": trap,
        "conftest.py": trap,
        "setup.py": trap,
        "ruff.toml": 'extend = "/etc/passwd"\n',
        "pyproject.toml": '[tool.ruff]\nextend = "/etc/shadow"\n',
        "mypy.ini": "[mypy]\nplugins = sitecustomize\n",
        ".env": "HARNESS_SANDBOX=none\nHARNESS_PACKS=.\nPYTHONPATH=.\n",
        "harness.toml": "sandbox = 'none'\n",
        "pip.conf": "[global]\nindex-url = http://127.0.0.1:1/\n",
        "pack.yaml": "format: 1\n",
        "uv.toml": "[pip]\nindex-url = 'http://127.0.0.1:1/'\n",
    }
    return write_files(place, files)


@pytest.mark.bubblewrap
def test_a_grade_started_in_a_hostile_folder_takes_up_nothing_of_it(arena: Arena, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    place = booby_trapped(tmp_path / "given", canary)

    told = arena.grade(".", cwd=place, fresh=True)

    assert told.check("predictions_valid")["verdict"] == "met"
    assert not canary.exists()


def test_reading_started_in_a_hostile_folder_takes_up_nothing_of_it(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    place = booby_trapped(tmp_path / "given", canary)

    told = Arena(tmp_path).harness("inspect", ".", "--json", cwd=place, fresh=True)

    assert told.code == 0, told.stderr
    assert not canary.exists()


def test_the_installed_command_takes_up_nothing_even_of_a_folder_called_as_itself(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    place = booby_trapped(tmp_path / "given", canary)
    shutil.copytree(place / "checks", place / "harness")
    command = Path(sys.executable).with_name("harness")
    if not command.is_file():
        pytest.skip("the command is not installed here")

    done = subprocess.run(
        [command, "inspect", ".", "--json"], cwd=place, capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    assert not canary.exists()


def test_a_plain_module_started_in_that_folder_would_take_it_up(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    place = booby_trapped(tmp_path / "given", canary)

    run_on_the_host(["-c", "import typer"], place)

    assert canary.exists()


SETTINGS = {
    "HARNESS_SANDBOX": ("none", "fake", "docker --privileged", "../bubblewrap"),
    "HARNESS_THREADS": ("-1", "0", "1e9", "\u0661"),
    "SOURCE_DATE_EPOCH": ("now", "-1", "1e3"),
    "HARNESS_PACKS": ("/nowhere/at/all",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in SETTINGS.items() for value in values])
def test_a_hostile_setting_is_a_usage_error(name: str, value: str, tmp_path: Path) -> None:
    place = write_files(tmp_path / "given", honest_files())

    told = Arena(tmp_path).harness("grade", place, "--pack", "card_fraud", "--out", tmp_path / "out", **{name: value})

    assert told.code == 2, told.stderr
    assert not (tmp_path / "out").exists()


CALLED = (
    "--pack",
    "-rf",
    "--out=x",
    "--help",
    "-",
    "--",
    "-c",
    "~",
    "*",
    "$(touch canary)",
    "`touch canary`",
    "a;touch canary",
    "%s",
    "a b",
)


@pytest.mark.parametrize("name", CALLED)
def test_a_submission_called_like_an_option_or_a_command_is_only_a_folder(name: str, tmp_path: Path) -> None:
    write_files(tmp_path / name, {"a.py": "x = 1\n"})

    told = Arena(tmp_path).harness("inspect", "--json", "--", name, cwd=tmp_path)

    assert told.code == 0, told.stderr
    assert told.document["submission"]["files"] == 1
    assert not list(tmp_path.rglob("canary"))


PLACES = (
    "/dev/zero", "/dev/stdin", "/proc/self/environ", "/proc/self/mem", "/dev/null", "", " ", "nothing", "a\0b",
    "ext::sh -c touch% canary", "file:///etc", "ssh://-oProxyCommand=touch canary/x", "-oProxyCommand=touch canary",
    "https://127.0.0.1:1/x.git", "http://user:secret-word@127.0.0.1:1/x.git", "git://127.0.0.1:1/x", "fd::3", "https://[::1]:1/x",
)  # fmt: skip


@pytest.mark.parametrize("place", [place for place in PLACES if "\0" not in place])
def test_what_is_no_submission_is_refused_at_once(place: str, tmp_path: Path) -> None:
    told = Arena(tmp_path).harness("inspect", "--", place, cwd=tmp_path)

    assert told.code in (2, 4, 5), (told.code, told.stderr)
    assert "secret-word" not in told.stdout + told.stderr
    assert not list(tmp_path.rglob("canary"))


def test_a_pipe_or_a_socket_as_submission_does_not_keep_the_grader_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
        for name in ("pipe", "socket"):
            assert Arena(tmp_path).harness("inspect", name, cwd=tmp_path).code == 4


@pytest.mark.bubblewrap
@pytest.mark.parametrize("place", ["inside the submission", "the submission itself", "a link into the submission"])
def test_a_run_folder_that_would_become_part_of_the_submission_is_refused(place: str, arena: Arena, tmp_path: Path) -> None:
    given = write_files(tmp_path / "given", honest_files())
    (tmp_path / "link").symlink_to(given)
    out = {
        "inside the submission": given / "out",
        "the submission itself": given,
        "a link into the submission": tmp_path / "link" / "out",
    }

    told = arena.grade_into(out[place], given)

    assert told.code == 2, told.stderr
    assert sorted(path.name for path in given.iterdir()) == sorted(honest_files())


NAMES = ("submission", "artifacts", "logs", "events.jsonl", "report.html", "report.json", "snapshot.json", "runs.json", "lock.json",
         ".running", "provenance.json")  # fmt: skip


@pytest.mark.bubblewrap
@pytest.mark.parametrize("kind", ["links to files", "links to folders", "dangling links"])
def test_links_that_wait_in_the_run_folder_are_not_followed(kind: str, arena: Arena, tmp_path: Path) -> None:
    run, outside = tmp_path / "run", tmp_path / "outside"
    write_files(outside, {"keep.txt": "as it was", "folder/keep.txt": "as it was"})
    run.mkdir()
    targets = {
        "links to files": outside / "keep.txt",
        "links to folders": outside / "folder",
        "dangling links": outside / "new",
    }
    for name in NAMES:
        (run / name).symlink_to(targets[kind])

    told = arena.grade_into(run, write_files(tmp_path / "given", honest_files()))

    assert told.code in (*WELL, 2, 3), told.stderr
    assert (outside / "keep.txt").read_text() == "as it was"
    assert sorted(path.relative_to(outside).as_posix() for path in outside.rglob("*")) == [
        "folder",
        "folder/keep.txt",
        "keep.txt",
    ]
    if told.code in WELL:
        assert not [path for path in run.rglob("*") if path.is_symlink()]


@pytest.fixture
def swapping(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A submission in which a file is a file at one moment and a link to a secret at the next."""
    secret = new_canary()
    hidden = tmp_path / "hidden"
    write_files(hidden, {"secret.py": f"SECRET = '{secret.text}'\n"})
    given = write_files(tmp_path / "given", {**honest_files(), "folder/secret.py": "x = 1\n", "swap.py": "y = 1\n"})
    over = threading.Event()

    def swap() -> None:
        while not over.is_set():
            for name, target in (("swap.py", hidden / "secret.py"), ("folder", hidden)):
                (given / f"{name}.next").symlink_to(target)
                (given / f"{name}.next").rename(given / f"{name}.link")
                (given / name).rename(given / f"{name}.kept")
                (given / f"{name}.link").rename(given / name)
                (given / name).unlink()
                (given / f"{name}.kept").rename(given / name)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield given, secret.text
    finally:
        over.set()
        thread.join()


def test_a_file_that_is_swapped_for_a_link_while_it_is_read_gives_nothing_away(
    swapping: tuple[Path, str], tmp_path: Path
) -> None:
    from harness import intake

    given, secret = swapping

    for number in range(40):
        taken = tmp_path / f"taken-{number}"
        intake.take(str(given), taken)
        for path in taken.rglob("*"):
            assert not path.is_symlink()
            assert path.is_dir() or secret.encode() not in path.read_bytes()


def armed_repository(place: Path, canary: Path) -> Path:
    """A repository whose configuration runs a program on nearly everything that git does."""
    write_files(place, {**honest_files(), ".gitattributes": "* filter=evil diff=evil\n"})
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}

    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *words], cwd=place, env=environment, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "all")
    trap = f"sh -c 'touch {canary}; cat'"
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv",
                "uploadpack.packObjectsHook", "core.alternateRefsCommand", "gpg.program", "diff.external"):  # fmt: skip
        git("config", key, trap)
    hook = place / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)
    return place


@pytest.mark.bubblewrap
@pytest.mark.parametrize("words", [(), ("--commit", "HEAD")])
def test_nothing_of_an_armed_repository_runs_while_it_is_graded(words: tuple[str, ...], arena: Arena, tmp_path: Path) -> None:
    canary = tmp_path / "canary"

    told: Told = arena.grade(armed_repository(tmp_path / "given", canary), *words)

    assert told.check("predictions_valid")["verdict"] == "met"
    assert not canary.exists()


def test_git_itself_would_have_run_it(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    place = armed_repository(tmp_path / "given", canary)
    (place / "README.md").write_text("changed")

    subprocess.run(["git", "-c", f"safe.directory={place}", "status"], cwd=place, check=False, capture_output=True)

    assert canary.exists()


def test_the_repository_of_the_harness_is_not_what_is_attacked() -> None:
    """The paths above are all below temporary folders; this holds it to that."""
    assert not Path("/tmp").resolve().is_relative_to(REPOSITORY)
