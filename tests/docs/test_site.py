"""The site builds without a warning, and asks nothing of other machines."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.fences import ROOT

_LOADS = re.compile(r"""(?:src|href)=["']?(https?:)?//|@import|url\(["']?(?:https?:)?//""")
_MAY_BE_FOLLOWED = re.compile(r"<a [^>]*>")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("zensical") is None:
        pytest.skip("zensical is not installed; `make docs` installs it")
    place = tmp_path_factory.mktemp("site")
    shutil.copy(ROOT / "mkdocs.yml", place)
    shutil.copytree(ROOT / "docs", place / "docs", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", "mkdocs.yml"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout + done.stderr
    return place / "site"


def test_the_site_builds_without_a_warning(site: Path) -> None:
    assert (site / "index.html").is_file()
    assert len(list(site.rglob("*.html"))) > len(list((ROOT / "docs").rglob("*.md")))


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = _MAY_BE_FOLLOWED.sub("", page.read_text("utf-8"))
        assert not _LOADS.search(text), page


def test_no_program_is_published(site: Path) -> None:
    assert not list(site.rglob("*.py"))
