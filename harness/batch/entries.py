"""The submissions of a folder: which entries count, and under what id each is known."""

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from harness.errors import UsageError
from harness.model.text import one_line

_CLUTTER = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini", "__pycache__"})
_ENDINGS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tar", ".zip", ".ipynb", ".py")
_OF_ONE = ("submission.json", ".assignment.json")
"""What lies at the top of one submission, and never in a folder of several."""
_MOST_NAME = 60

Naming = Literal["pseudonyms", "own"]

_MANNERS: Final = (
    "amber brisk calm clear coral dawn deep dusky early even fair fern fleet fresh gentle glad golden green hazel honest "
    "indigo ivory jade keen kind large late level light linen lively lunar mellow misty mossy neat noble north olive open "
    "pale pearl plain quiet rapid ripe rosy round rustic sandy silver slow smooth snowy solar still sunny swift tall teal "
    "tidy true warm wide winter young"
)
_ANIMALS: Final = (
    "badger bear beaver bison bittern buzzard camel crane curlew deer dipper dolphin dove dunlin eagle egret eider elk falcon "
    "finch fox gannet gecko goose grebe hare hawk hedgehog heron ibis jackdaw kestrel kite lapwing lark lemur linnet lynx "
    "marten merlin mole moose newt ocelot otter owl panda pelican pipit plover puffin quail rabbit raven robin seal siskin "
    "stork swallow swan tapir tern thrush turtle vole wren yak"
)


@dataclass(frozen=True)
class Entry:
    """One submission of the batch."""

    id: str
    """Safe as a folder's name, unique in this batch."""
    place: Path
    name: str
    """The entry's own name, without the ending of an archive: whose data it is graded on. Kept out of what is told."""

    @property
    def shown_name(self) -> str:
        return one_line(os.fsencode(self.place.name))


def find_entries(folder: Path, naming: Naming, secret: bytes, known: dict[str, str]) -> tuple[Entry, ...]:
    """Every entry that could be a submission, in order of their names. `known`: ids given earlier, by the entry's name."""
    places = expect_entries(folder)
    ids = _ids([path.name for path in places], naming, secret, known)
    return tuple(Entry(ids[path.name], path, stem_of(path.name)) for path in places)


def expect_entries(folder: Path) -> list[Path]:
    """What lies in a folder of submissions; refuses one that is none, before anything is written for it."""
    if not folder.is_dir():
        raise UsageError(
            "is not a folder", where=str(folder), expected="a folder with one entry a submission: a folder or an archive"
        )
    own = next((name for name in _OF_ONE if (folder / name).is_file()), None)
    if own is not None:
        raise UsageError(
            f"is one submission: {own} lies in it",
            where=str(folder),
            expected="a folder with one entry a submission: a folder or an archive",
            next_step="name the folder above it; or grade this one alone with `harness grade`",
        )
    places = sorted((path for path in folder.iterdir() if _counts(path)), key=lambda path: os.fsencode(path.name))
    if not places:
        raise UsageError("holds no submission", where=str(folder), expected="one entry a submission: a folder or an archive")
    return places


def in_shard(entries: tuple[Entry, ...], shard: tuple[int, int] | None) -> tuple[Entry, ...]:
    """Every N-th entry, so that shards differ by one at most."""
    return entries if shard is None else entries[shard[0] - 1 :: shard[1]]


def parse_shard(text: str | None) -> tuple[int, int] | None:
    """`2/5` is the second of five."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text)
    numbers = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= numbers[0] <= numbers[1]:
        raise UsageError(f"{text!r} is not a shard", where="--shard", expected="I/N with I from 1 to N, such as 2/5")
    return numbers


def _counts(path: Path) -> bool:
    return not path.name.startswith(".") and path.name not in _CLUTTER


def stem_of(name: str) -> str:
    ending = next((one for one in _ENDINGS if name.lower().endswith(one)), "")
    return name[: len(name) - len(ending)] or name


def _ids(names: list[str], naming: Naming, secret: bytes, known: dict[str, str]) -> dict[str, str]:
    """An id for each name. Ids differ in more than case, because some file systems do not see case."""
    ids = {name: known[name] for name in names if name in known}
    taken = {one.lower() for one in known.values()}
    for name in names:
        if name in ids:
            continue
        tries = 0
        while (chosen := _own_id(name, tries) if naming == "own" else _pseudonym(name, secret, tries)).lower() in taken:
            tries += 1
        taken.add(chosen.lower())
        ids[name] = chosen
    return ids


def _pseudonym(name: str, secret: bytes, tries: int) -> str:
    """The same name gives the same pseudonym, whatever else lies in the folder; only a collision moves on."""
    digest = hmac.new(secret, b"%d\0" % tries + os.fsencode(name), hashlib.sha256).digest()
    number = int.from_bytes(digest[:8], "big")
    manners, animals = _MANNERS.split(), _ANIMALS.split()
    manner, animal = manners[number % len(manners)], animals[number // 1000 % len(animals)]
    return f"{manner}-{animal}-{number // 1_000_000 % 10_000:04d}"


def _own_id(name: str, tries: int) -> str:
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", stem_of(name)).strip("-._")[:_MOST_NAME] or "submission"
    return safe if tries == 0 else f"{safe}-{tries + 1}"
