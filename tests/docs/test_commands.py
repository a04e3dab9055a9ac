"""Every command of the pages is run as it stands, in a folder that looks like a fresh clone."""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.desk import Ran, follow, set_up
from tests.docs.fences import ROOT, agrees, commands, fences, pages

FIRST = ROOT / "docs" / "tutorials" / "interviewer.md"
"""The page whose submissions and runs the others build on."""

TYPED_FIRST = frozenset(one.typed for one in commands(FIRST) if not one.typed.startswith(". "))
"""Not typed again on later pages: what they do was done already, in the same folder."""


@dataclass(frozen=True)
class Cover:
    """Why a command is not run here, and the test that does what it does."""

    why: str
    file: str
    contains: str


ELSEWHERE = {
    "make test": Cover("it is the run in which this test stands", ".ci/run", "make test"),
    "make check": Cover("it runs the whole suite", "Makefile", "check: lint types test"),
    "make format": Cover("it changes sources", "Makefile", "ruff format"),
    "pipx run pre-commit install": Cover("it changes the repository's hooks", "tests/harness/test_contributing.py", "hook("),
    "make docs": Cover("the site is built here", "tests/docs/test_site.py", "def test_the_site_builds_without_a_warning"),
    "harness pack calibrate packs/churn": Cover(
        "it takes minutes", "tests/harness/authoring/test_scaffold.py", "def test_a_new_packs_strong_exemplar_stands_at_the_top"
    ),
}
OTHERS = {
    "docs/authors.md": Cover("a tutorial with a pack of its own", "tests/authoring_guide/test_authors.py", "authors.md"),
    "docs/ci.md": Cover("options of one command", "tests/docs/test_ci_files.py", '"ci.md"'),
    "docs/two-workflows.md": Cover("a recipe for two hosting services", "tests/docs/test_ci_files.py", '"two-workflows.md"'),
}
"""Pages whose commands another test runs."""


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


PAGES = [page for page in pages() if commands(page) and _name(page) not in OTHERS]
FOLLOWED = [page for page in PAGES if {command.typed for command in commands(page)} - set(ELSEWHERE)]


@pytest.fixture(scope="module")
def desk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="harness-docs-") as folder:
        yield set_up(Path(folder))


@pytest.fixture(scope="module")
def first(desk: Path) -> list[Ran]:
    return follow(desk, commands(FIRST), elsewhere=frozenset(ELSEWHERE))


@pytest.mark.bubblewrap
@pytest.mark.slow
@pytest.mark.parametrize("page", FOLLOWED, ids=_name)
def test_every_command_of_a_page_does_what_the_page_says(page: Path, desk: Path, first: list[Ran]) -> None:
    """Exit code 0, unless the page shows another one with `echo $?`; and the output that the page shows, where it shows any."""
    ran = first if page == FIRST else follow(desk, commands(page), elsewhere=frozenset(ELSEWHERE) | TYPED_FIRST)
    assert ran
    for one, after in zip(ran, [*ran[1:], None], strict=True):
        shown = after is not None and after.command.typed == "echo $?"
        assert one.code == 0 or shown, f"{one.command}\nleft with {one.code}:\n{one.printed[-3000:]}"
        if one.command.told:
            assert agrees(one.command.told, one.printed), f"{one.command}\nprinted:\n{one.printed[-3000:]}"


def test_what_is_run_elsewhere_is_in_a_page_and_in_the_test_that_is_named() -> None:
    typed = {command.typed for page in PAGES for command in commands(page)}
    assert set(ELSEWHERE) <= typed
    for one in (*ELSEWHERE.values(), *OTHERS.values()):
        place = ROOT / one.file
        texts = [file.read_text("utf-8") for file in (place.rglob("*.py") if place.is_dir() else [place])]
        assert any(one.contains in text for text in texts), one


@pytest.mark.parametrize("target", ["test", "check", "format", "docs", "demo"])
def test_make_knows_what_the_pages_say(target: str) -> None:
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_commands_stand_in_blocks_that_are_run() -> None:
    """A command in a block of another sort would be run by nobody."""
    hidden = [
        f"{_name(page)}:{fence.line}"
        for page in pages()
        if _name(page) not in OTHERS
        for fence in fences(page)
        if fence.language not in ("console", "text")
        and any(line.startswith(("harness ", "$ ")) for line in fence.text.split("\n"))
    ]
    assert not hidden
