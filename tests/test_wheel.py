"""The wheel, made from the source distribution: installed where nothing else of ours is, it finds its packs and grades."""

import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.builders import write_tree
from tests.small_pack import submission_files, write_small_pack

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel; the packages that it needs are those of this environment."""
    place = tmp_path_factory.mktemp("installed")
    build("sdist", ROOT, place)
    (source,) = place.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(place, filter="data")
    build("wheel", place / source.name.removesuffix(".tar.gz"), place)
    venv.create(place / "env", with_pip=False)
    site = place / "env" / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "env" / "bin" / "python"


def build(kind: str, source: Path, place: Path) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(place)], cwd=source, check=True)


def harness(python: Path, words: Sequence[object], folder: Path) -> str:
    done = subprocess.run([python, "-I", "-m", "harness", *map(str, words)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_runs_is_what_the_wheel_brought(python: Path, tmp_path: Path) -> None:
    asked = "import harness, checks, sandbox, reports; print(*(room.__file__ for room in (harness, checks, sandbox, reports)))"
    done = subprocess.run([python, "-I", "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert all(Path(file).is_relative_to(python.parent.parent) for file in done.stdout.split())


def test_it_finds_its_packs_and_their_documents_are_whole(python: Path, tmp_path: Path) -> None:
    shipped = sorted(path.parent.name for path in (ROOT / "assessments").glob("*/pack.yaml"))

    listed = harness(python, ["pack", "list"], tmp_path)

    assert [line.split()[0] for line in listed.splitlines()] == shipped
    for name in shipped:
        harness(python, ["pack", "lint", name], tmp_path)


@pytest.mark.bubblewrap
def test_it_grades(python: Path, tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    write_small_pack(packs)
    write_tree(tmp_path / "submission", submission_files("x1"))
    words = ["--pack", "small", "--packs", packs, "--sandbox", "bubblewrap", "--out", tmp_path / "out"]

    told = harness(python, ["grade", tmp_path / "submission", *words], tmp_path)

    assert "A small pack" in told
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000
