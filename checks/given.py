"""Telling a candidate's own words and code from what they were given: the brief and the starter."""

import re

SHINGLE = 6
_WORD = re.compile(r"\w+")
_SPLIT = re.compile(r"(\n\s*\n|\n(?=#)|\n(?=\s*[-*+] )|\n(?=\s*\d{1,3}[.)] ))")
MAX_WORDS = 200_000


class Given:
    """The brief and the starter, as runs of words. Empty when there are none."""

    def __init__(self, text: str) -> None:
        words = _words(text)
        self._text = f" {' '.join(words)} "
        self._runs = frozenset(_runs(words))

    def containment(self, text: str) -> float:
        """Share of the text's runs of words that stand in what was given; 0 for a text of fewer words than a run."""
        runs = list(_runs(_words(text)))
        if not self._runs or not runs:
            return 0.0
        return sum(run in self._runs for run in runs) / len(runs)

    def without(self, text: str) -> str:
        """The text's own paragraphs and list items: those that are mostly given are left out."""
        if not self._runs:
            return text
        return "".join(piece for piece in _SPLIT.split(text) if not self._is_given(piece))

    def _is_given(self, piece: str) -> bool:
        words = _words(piece)
        if len(words) >= SHINGLE:
            return self.containment(piece) >= 0.6
        return len(words) >= 3 and f" {' '.join(words)} " in self._text


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)[:MAX_WORDS]]


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[place : place + SHINGLE]) for place in range(len(words) - SHINGLE + 1)]
