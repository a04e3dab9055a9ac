"""Exemplars as folders that can be graded: whole submissions, one-defect mutants of them, and the stock cheats."""

import shutil
from pathlib import Path

from harness.authoring.stock import CHEATS, write_cheat
from harness.documents import read_yaml
from harness.errors import PackError
from harness.model.authoring import Mutant
from harness.model.interview import Expected
from harness.packs import OpenPack, read_expected
from harness.running import kind_of

MUTANT = "mutant.yaml"


def all_exemplars(opened: OpenPack) -> tuple[str, ...]:
    """Every exemplar of the pack itself, in the order of the ladder first."""
    folder = opened.root / "exemplars"
    found = sorted(path.name for path in folder.iterdir() if (path / "submission").is_dir() or (path / MUTANT).is_file())
    ladder = opened.pack.ladder
    first = [
        name for name in ("blank", "starter", ladder.dummy, ladder.naive, ladder.reference, ladder.strong) if name in found
    ]
    return (*first, *(name for name in found if name not in first))


def stock_cheats(opened: OpenPack) -> tuple[str, ...]:
    return tuple(name for name, cheat in CHEATS.items() if opened.pack.kind in cheat.kinds)


def expected_of(opened: OpenPack, name: str) -> Expected | None:
    """The bands of an exemplar; None for a stock cheat, whose rule is the harness's own."""
    return None if name in CHEATS else read_expected(opened.root, name)


def materialise(opened: OpenPack, name: str, destination: Path, data: Path) -> Path:
    """Write an exemplar below `destination`. `data` is the seed's, which some cheats know by heart."""
    if name in CHEATS:
        write_cheat(name, opened.pack, destination, data)
        return destination
    _write_as_kept(opened, name, destination)
    kind_of(opened.pack).complete(opened.pack, destination, data / "public")
    return destination


def _write_as_kept(opened: OpenPack, name: str, destination: Path) -> None:
    """As it lies in the pack, a mutant broken; what depends on the seed's data is not filled in yet."""
    folder = opened.root / "exemplars" / name
    if (folder / "submission").is_dir():
        shutil.copytree(folder / "submission", destination)
        return
    mutant = read_yaml(folder / MUTANT, Mutant)
    _write_as_kept(opened, mutant.base, destination)
    _break(mutant, destination, folder / MUTANT)


def base_of(opened: OpenPack, name: str) -> str | None:
    """The exemplar that a mutant was made from."""
    file = opened.root / "exemplars" / name / MUTANT
    return read_yaml(file, Mutant).base if file.is_file() else None


def _break(mutant: Mutant, root: Path, source: Path) -> None:
    for edit in mutant.replace:
        file = root / edit.file
        text = file.read_text("utf-8") if file.is_file() else ""
        count = text.count(edit.find)
        if count != 1:
            raise PackError(
                f"the text to replace stands {count} times in {edit.file} of {mutant.base}",
                where=str(source),
                expected="a text that stands there exactly once",
            )
        file.write_text(text.replace(edit.find, edit.put), "utf-8")
    for name in mutant.remove:
        if not (root / name).is_file():
            raise PackError(f"there is no {name} in {mutant.base} to remove", where=str(source))
        (root / name).unlink()
    for name, text in mutant.write.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
