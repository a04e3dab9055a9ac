"""The headings that a report has to have, and whether anything of the candidate's own stands below them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.given import Given
from checks.markdown import Section, sections, words_of

_SMALL = frozenset(["a", "an", "and", "for", "in", "it", "of", "on", "or", "our", "the", "to", "with", "your", "my"])
_PLACEHOLDER = re.compile(r"(?i)\b(?:todo|tbd|to be done|lorem ipsum|fill (?:this )?in|your (?:text|answer) here)\b")
BRIEF_BY_NATURE = frozenset({"ai use"})
"""Headings below which one honest word is an answer."""


@dataclass(frozen=True)
class Heading:
    """One heading that is asked for: where it stands, and how many own words are below it."""

    title: str
    line: int | None
    words: int
    enough: bool


def read_report(text: str, wanted: Sequence[str], given: Given, min_words: int) -> list[Heading]:
    found = sections(text)
    return [_judge(title, _best(title, found), given, min_words) for title in wanted]


def _best(title: str, found: Iterable[Section]) -> Section | None:
    asked = _stems(title)
    scored = [(len(asked & _stems(one.title)) / max(1, len(asked)), one) for one in found]
    share, section = max(scored, key=lambda pair: (pair[0], len(pair[1].lines)), default=(0.0, None))
    return section if share >= 0.5 else None


def _judge(title: str, section: Section | None, given: Given, min_words: int) -> Heading:
    if section is None:
        return Heading(title, None, 0, False)
    own = given.without(section.text)
    words = words_of(own)
    if title.lower() in BRIEF_BY_NATURE:
        return Heading(title, section.line, len(words), bool(words))
    distinct = len({word.lower() for word in words})
    enough = len(words) >= min_words and distinct >= 0.6 * min_words and not (_PLACEHOLDER.search(own) and len(words) < 40)
    return Heading(title, section.line, len(words), enough)


def _stems(title: str) -> set[str]:
    return {word.lower()[:5] for word in re.findall(r"\w+", title) if word.lower() not in _SMALL}
