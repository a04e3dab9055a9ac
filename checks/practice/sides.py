"""Sides of one split, held against each other: do they certainly, perhaps, or certainly not keep rows apart?

A side is a word, and what it is bounded by where there is something: `train`, `below 2021`, `is 'a'`, `among 'a', 'b'`.
"""

import ast
from functools import lru_cache
from typing import Any, Literal

Apart = Literal["yes", "perhaps", "no"]

_APART = frozenset([("train", "test"), ("in", "out"), ("train", "rest"), ("test", "rest"), ("fold", "held")])
_OPPOSITE = {"train": "rest", "test": "rest", "fold": "held", "held": "fold", "in": "out", "out": "in"}
_TURNED = {"below": "above", "above": "below", "is": "not", "not": "is", "among": "beyond", "beyond": "among"}


def opposite(side: str) -> str:
    """The side that holds the other rows of the same split."""
    if side in _OPPOSITE:
        return _OPPOSITE[side]
    kind, _, value = side.partition(" ")
    return f"{_TURNED.get(kind, 'not')} {value}".strip()


@lru_cache(maxsize=65536)
def apart(one: str, other: str) -> Apart:
    if one == other:
        return "no"
    if (one, other) in _APART or (other, one) in _APART:
        return "yes"
    (kind, _, value), (other_kind, _, other_value) = one.partition(" "), other.partition(" ")
    if kind > other_kind:
        kind, value, other_kind, other_value = other_kind, other_value, kind, value
    if kind == other_kind:
        return _alike(kind, value, other_value)
    return _BY_KINDS.get((kind, other_kind), _never)(value, other_value)


def _alike(kind: str, value: str, other: str) -> Apart:
    if kind in ("is", "piece"):
        return "yes"
    if kind == "among":
        first, second = _known(value), _known(other)
        if isinstance(first, tuple) and isinstance(second, tuple):
            return "no" if set(first) & set(second) else "yes"
        return "perhaps"
    return "no"


def _known(text: str) -> Any:
    try:
        value = ast.literal_eval(text)
        hash(value)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None
    return value


def _never(value: str, other: str) -> Apart:
    return "no"


def _above_and_below(above: str, below: str) -> Apart:
    if above == below:
        return "yes"
    low, high = _known(above), _known(below)
    numbers = isinstance(low, (int, float)) and isinstance(high, (int, float))
    if (numbers and (low < 0) == (high < 0)) or (isinstance(low, str) and isinstance(high, str)):
        return "yes" if low >= high else "no"
    return "perhaps"


def _above_and_is(above: str, value: str) -> Apart:
    return _ordered(value, above)


def _below_and_is(below: str, value: str) -> Apart:
    return _ordered(below, value)


def _ordered(less: str, more: str) -> Apart:
    """Whether what is bounded above by `less` can be `more`, or what is bounded below by `more` can be `less`."""
    low, high = _known(less), _known(more)
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        return "yes" if high >= low else "no"
    return "perhaps"


def _among_and_is(among: str, value: str) -> Apart:
    many, one = _known(among), _known(value)
    if isinstance(many, tuple) and one is not None:
        return "no" if one in many else "yes"
    return "perhaps"


def _same(value: str, other: str) -> Apart:
    return "yes" if value == other else "no"


def _above_and_piece(edge: str, piece: str) -> Apart:
    return "yes" if edge and piece.partition(":")[2] == edge else "no"


def _below_and_piece(edge: str, piece: str) -> Apart:
    return "yes" if edge and piece.partition(":")[0] == edge else "no"


_BY_KINDS = {
    ("above", "below"): _above_and_below,
    ("above", "is"): _above_and_is,
    ("below", "is"): _below_and_is,
    ("among", "is"): _among_and_is,
    ("among", "beyond"): _same,
    ("is", "not"): _same,
    ("above", "piece"): _above_and_piece,
    ("below", "piece"): _below_and_piece,
}
