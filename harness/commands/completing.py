"""What the shell offers when a word is being typed. Each list is made only when it is asked for."""

from collections.abc import Iterable
from pathlib import Path


def packs(incomplete: str) -> list[str]:
    """Packs by id; a word with a slash is a path, and the shell completes those."""
    from harness.packs import find_packs
    from harness.settings import resolve

    return [] if "/" in incomplete else _fitting(find_packs(resolve().packs), incomplete)


def checks(incomplete: str) -> list[str]:
    from harness.checking import catalogue

    return _fitting(catalogue(), incomplete)


def schemas(incomplete: str) -> list[str]:
    return _fitting([path.stem for path in Path(__file__).parent.with_name("schemas").glob("*.json")], incomplete)


def sandboxes(incomplete: str) -> list[str]:
    from harness.plugins import names

    return _fitting(["auto", "docker", "bubblewrap", *names("backends")], incomplete)


def formats(incomplete: str) -> list[str]:
    """One more format, after those of a list that are there already."""
    from harness.plugins import names
    from harness.settings import ALL_FORMATS

    before, comma, last = incomplete.rpartition(",")
    given = set(before.split(","))
    return [before + comma + one for one in _fitting([*ALL_FORMATS, *names("renderers")], last) if one not in given]


def _fitting(words: Iterable[str], incomplete: str) -> list[str]:
    return sorted(word for word in words if word.startswith(incomplete))
