"""Task packs on disk: finding them, reading them whole, and telling what they are by digest."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from harness.documents import nearest, read_yaml
from harness.errors import PackError, UsageError
from harness.model.facts import Facts
from harness.model.interview import Expected, Interview
from harness.model.pack import Pack
from harness.model.record import Record
from harness.model.rubric import Rubric

BUILT_IN = Path(__file__).resolve().parent.parent / "assessments"
_IGNORED_FOLDERS = {"__pycache__", ".ipynb_checkpoints", ".ruff_cache", ".mypy_cache", ".pytest_cache", "calibration"}
_DECIDES_A_MARK = ("pack.yaml", "rubric.yaml", "interview.yaml", "facts.yaml", "exemplars", "candidate")
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class OpenPack:
    """A pack that was read whole."""

    root: Path
    pack: Pack
    rubric: Rubric
    interview: Interview
    facts: Facts
    public_digest: str
    """Of what candidates see: the candidate/ folder and the environment."""
    grading_digest: str
    """Of everything that decides a mark."""
    data_digest: str
    """Of what decides the generated data and the measured ladder."""

    @property
    def lock(self) -> Path:
        return self.root / self.pack.requirements

    def exemplar(self, name: str) -> Path:
        return self.root / "exemplars" / name / "submission"

    def brief_text(self) -> str:
        """All text that candidates were given, so that it is not counted as theirs."""
        texts = sorted(path for path in (self.root / "candidate").rglob("*") if path.suffix in (".md", ".txt", ".py", ".ipynb"))
        return "\n\n".join(path.read_text("utf-8", errors="replace") for path in texts if path.is_file())


def find_packs(folders: Iterable[Path]) -> dict[str, Path]:
    """Pack folders by id. A later folder may not hide a pack of an earlier one."""
    found: dict[str, Path] = {}
    for folder in (BUILT_IN, *folders):
        roots = [folder] if (folder / "pack.yaml").is_file() else sorted(folder.iterdir()) if folder.is_dir() else None
        if roots is None:
            raise UsageError(
                "is not a folder", where=str(folder), expected="a folder that holds packs", next_step="check --packs"
            )
        for root in roots:
            if not (root / "pack.yaml").is_file():
                continue
            if root.name in found and found[root.name].resolve() != root.resolve():
                raise PackError(
                    f"two packs are called {root.name!r}", where=f"{found[root.name]} and {root}", next_step="rename one"
                )
            found[root.name] = root
    return found


_LIST = "harness pack list; --packs names a folder with more"


def open_pack(name: str, folders: Iterable[Path] = ()) -> OpenPack:
    """A pack by id, or by the path of its folder, read whole."""
    return read_pack(find_pack_root(name, folders))


def find_pack_root(name: str, folders: Iterable[Path] = ()) -> Path:
    """Where a pack lies, by id or by the path of its folder."""
    if os.sep in name:
        root = Path(name)
        if not (root / "pack.yaml").is_file():
            seen = "holds no pack.yaml" if root.is_dir() else "is not a folder"
            raise UsageError(seen, where=str(root), expected="the folder of a pack, which holds pack.yaml", next_step=_LIST)
        return root
    packs = find_packs(folders)
    if name not in packs:
        here = (Path(name) / "pack.yaml").is_file()
        raise UsageError(
            f"there is no pack called {name!r}; {nearest(name, packs)}",
            expected="the id of a pack, or the path of its folder with a / in it",
            next_step=f"for the folder that lies here, write ./{name}" if here else _LIST,
        )
    return packs[name]


def read_pack(root: Path) -> OpenPack:
    """Every document of a pack, with all their problems told at once."""
    _refuse_links(root)
    problems: list[str] = []

    def read(file: str, record: type[R]) -> R | None:
        try:
            return read_yaml(root / file, record)
        except PackError as error:
            problems.append(f"{error.where}: {error.seen}" if error.where else error.seen)
            return None

    pack, rubric = read("pack.yaml", Pack), read("rubric.yaml", Rubric)
    interview, facts = read("interview.yaml", Interview), read("facts.yaml", Facts)
    if pack is None or rubric is None or interview is None or facts is None:
        raise PackError("\n".join(problems), next_step=f"harness pack lint {root}")
    if pack.id != root.resolve().name:
        raise PackError(
            f"the id is {pack.id!r}, the folder is {root.resolve().name!r}", where=str(root / "pack.yaml"), expected="one name"
        )
    return OpenPack(
        root=root.resolve(),
        pack=pack,
        rubric=rubric,
        interview=interview,
        facts=facts,
        public_digest=tree_digest(root, ("candidate", pack.requirements)),
        grading_digest=tree_digest(root, (*_DECIDES_A_MARK, *_makes_data(pack), pack.requirements)),
        data_digest=_data_digest(root, pack),
    )


def _refuse_links(root: Path) -> None:
    """A link could bring any file of this machine into a document, a digest, a sandbox or a candidate's kit."""
    for path in sorted(root.rglob("*")):
        if path.is_symlink() and not _IGNORED_FOLDERS & set(path.relative_to(root).parts):
            raise PackError(
                "is a link", where=str(path), expected="plain files and folders", next_step="put the file there itself"
            )


def read_expected(root: Path, name: str) -> Expected:
    return read_yaml(root / "exemplars" / name / "expected.yaml", Expected)


def exemplars(root: Path) -> tuple[str, ...]:
    folder = root / "exemplars"
    return tuple(sorted(path.name for path in folder.iterdir() if (path / "submission").is_dir())) if folder.is_dir() else ()


def tree_digest(root: Path, parts: Iterable[str]) -> str:
    """sha256 over the sorted relative paths and contents of files and folders below a pack."""
    digest = hashlib.sha256()
    for path in tree_files(root, parts):
        content = hashlib.sha256((root / path).read_bytes()).hexdigest()
        digest.update(f"{path}\0{content}\n".encode())
    return digest.hexdigest()


def tree_files(root: Path, parts: Iterable[str]) -> list[str]:
    """The files and folders' files of a pack that count, by sorted relative path."""
    return sorted(set(_files(root, parts)))


def _files(root: Path, parts: Iterable[str]) -> Iterable[str]:
    for part in parts:
        place = root / part
        if place.is_file():
            yield part
        elif place.is_dir():
            for path in place.rglob("*"):
                if path.is_file() and not _IGNORED_FOLDERS & set(path.relative_to(root).parts) and path.suffix != ".pyc":
                    yield path.relative_to(root).as_posix()


def _data_digest(root: Path, pack: Pack) -> str:
    ladder = pack.ladder
    rungs = [f"exemplars/{name}/submission" for name in (ladder.dummy, ladder.naive, ladder.reference, ladder.strong)]
    code = tree_digest(root, (*_makes_data(pack), pack.requirements, *rungs))
    settings = pack.data.to_json() + pack.metric.to_json() + pack.answer.to_json() + pack.steps.to_json()
    return hashlib.sha256((code + settings).encode()).hexdigest()


def _makes_data(pack: Pack) -> tuple[str, ...]:
    """The generator, what it finds beside itself, and hidden probes that the pack ships instead of making them."""
    more = [name for name in (pack.data.material, pack.steps.calls.file if pack.steps.calls else None) if name]
    return (pack.data.generator, *more)
