"""Shared passages between submissions, by winnowed fingerprints of their code's shape. Reads, and runs nothing.

After Schleimer, Wilkerson and Aiken (2003): code becomes a row of tokens without names, numbers or comments; of the digests
of all stretches of it, the least of each window is kept. A stretch of GRAM + WINDOW - 1 equal tokens is always found. What
candidates were given, and what many of them have in common, is taken away first.
"""

import json
import keyword
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from pathlib import Path

from harness.model.similarity import Pair, Passage

GRAM, WINDOW = 18, 12
LEAST_PRINTS = 8
"""Below this many fingerprints of their own, a submission says too little to be compared."""
LEAST_SHARE = 0.25
_COMMON_SHARE = 0.4
_COMMON_LEAST = 4
_MOST_FILE, _MOST_ALL = 1_000_000, 8_000_000
_MOST_PASSAGES = 20
_TOKEN = re.compile(r"#[^\n]*|(?P<name>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<text>\"[^\"\n]*\"|'[^'\n]*')|(?P<sign>[^\w\s])")
_WORDS = frozenset(keyword.kwlist)


@dataclass(frozen=True)
class Spot:
    """Where a fingerprint was taken: a file and the lines that its stretch covers."""

    file: str
    first: int
    last: int


Prints = Mapping[int, tuple[Spot, ...]]


def prints_of(files: Iterable[tuple[str, str]]) -> Prints:
    """The fingerprints of a submission's code, with their places."""
    found: dict[int, list[Spot]] = defaultdict(list)
    for name, source in files:
        for digest, first, last in _winnowed(list(_tokens(source))):
            found[digest].append(Spot(name, first, last))
    return {digest: tuple(spots) for digest, spots in found.items()}


def code_below(folder: Path, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The Python code of these files, of notebooks that of their cells, up to a limit."""
    left = _MOST_ALL
    for path in sorted(paths):
        place = folder / path
        if not path.lower().endswith((".py", ".ipynb")) or not place.is_file() or place.stat().st_size > min(left, _MOST_FILE):
            continue
        text = place.read_text("utf-8", "replace")
        left -= len(text)
        yield path, _cells(text) if path.lower().endswith(".ipynb") else text


def compare(submissions: Mapping[str, Prints], given: Prints, least_share: float = LEAST_SHARE) -> tuple[list[Pair], list[str]]:
    """Pairs that share at least so much of what is their own, the most first; and who has too little to be compared."""
    holders: dict[int, int] = defaultdict(int)
    for prints in submissions.values():
        for digest in prints:
            holders[digest] += 1
    most = max(_COMMON_LEAST, int(_COMMON_SHARE * len(submissions)))
    own = {
        name: {digest for digest in prints if digest not in given and holders[digest] <= most}
        for name, prints in submissions.items()
    }
    short = sorted(name for name, digests in own.items() if len(digests) < LEAST_PRINTS)
    pairs = []
    for one, other in combinations(sorted(set(own) - set(short)), 2):
        shared = own[one] & own[other]
        shares = len(shared) / len(own[one]), len(shared) / len(own[other])
        if max(shares) >= least_share and len(shared) >= LEAST_PRINTS:
            passages = _passages(shared, submissions[one], submissions[other])
            pairs.append(Pair(one=one, other=other, one_share=shares[0], other_share=shares[1], passages=passages))
    return sorted(pairs, key=lambda pair: -max(pair.one_share, pair.other_share)), short


def _passages(shared: set[int], one: Prints, other: Prints) -> tuple[Passage, ...]:
    """Stretches that overlap in both submissions become one passage; the longest are shown."""
    spots = sorted(
        ((one[digest][0], other[digest][0]) for digest in shared),
        key=lambda both: (both[0].file, both[1].file, both[0].first, both[1].first),
    )
    merged: list[tuple[Spot, Spot]] = []
    for a, b in spots:
        if merged and _touch(merged[-1][0], a) and _touch(merged[-1][1], b):
            merged[-1] = (_joined(merged[-1][0], a), _joined(merged[-1][1], b))
        else:
            merged.append((a, b))
    longest = sorted(merged, key=lambda both: both[0].first - both[0].last)[:_MOST_PASSAGES]
    return tuple(
        Passage(one_file=a.file, one_lines=(a.first, a.last), other_file=b.file, other_lines=(b.first, b.last))
        for a, b in longest
    )


def _touch(before: Spot, after: Spot) -> bool:
    return before.file == after.file and before.first <= after.last + 1 and after.first <= before.last + 1


def _joined(before: Spot, after: Spot) -> Spot:
    return Spot(before.file, min(before.first, after.first), max(before.last, after.last))


def _winnowed(tokens: list[tuple[str, int]]) -> Iterator[tuple[int, int, int]]:
    digests = [_digest([word for word, _ in tokens[at : at + GRAM]]) for at in range(len(tokens) - GRAM + 1)]
    taken = -1
    for start in range(max(1, len(digests) - WINDOW + 1) if digests else 0):
        window = digests[start : start + WINDOW]
        least = min(window)
        at = start + max(place for place, digest in enumerate(window) if digest == least)
        if at != taken:
            taken = at
            yield least, tokens[at][1], tokens[at + GRAM - 1][1]


def _digest(words: list[str]) -> int:
    return int.from_bytes(blake2b("\0".join(words).encode(), digest_size=8).digest(), "big")


def _tokens(source: str) -> Iterator[tuple[str, int]]:
    """Tokens by their shape, with their lines: keywords and signs as they are; names, numbers and texts as what they are."""
    line, counted = 1, 0
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup
        if kind is None:
            continue
        line += source.count("\n", counted, match.start())
        counted = match.start()
        word = match[0]
        yield (word if kind == "sign" or word in _WORDS else kind), line


def _cells(text: str) -> str:
    """The sources of a notebook's code cells, one after the other; empty where it cannot be read."""
    try:
        cells = json.loads(text).get("cells", [])
        sources = [one["source"] for one in cells if one.get("cell_type") == "code"]
        return "\n".join(source if isinstance(source, str) else "".join(source) for source in sources)
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        return ""
