"""Shared passages: found under other names and in other places, and not where everybody was given them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.similarity import GRAM, WINDOW, compare, prints_of
from tests.builders import write_tree
from tests.commands import harness
from tests.small_pack import write_small_pack

WORK = """
import pandas as pd


def load(path, column, floor):
    frame = pd.read_csv(path)
    frame = frame[frame[column] > floor]
    for name in frame.columns:
        if frame[name].isna().mean() > 0.5:
            frame = frame.drop(columns=[name])
    return frame.reset_index(drop=True)


def split(frame, share, key):
    rows = frame.sort_values(key)
    cut = int(len(rows) * (1 - share))
    train, held = rows.iloc[:cut], rows.iloc[cut:]
    return train, held


def rate(model, held, target):
    guess = model.predict_proba(held.drop(columns=[target]))[:, 1]
    order = sorted(zip(guess, held[target]), reverse=True)
    hits = [label for _, label in order[: len(order) // 10]]
    return sum(hits) / max(1, len(hits))
"""
OTHER = '''
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


class Scorer:
    """Scores rows."""

    def __init__(self, *, strength=1.0):
        self.model = make_pipeline(LogisticRegression(C=strength))

    def fit(self, table, labels):
        self.model.fit(table, labels)
        return self

    def __call__(self, table):
        scores = self.model.predict_proba(table)
        return {row: float(score[1]) for row, score in enumerate(scores)}


def main(arguments):
    with open(arguments[1]) as lines:
        header, *rest = [line.strip().split(";") for line in lines]
    while rest and not rest[-1]:
        rest.pop()
    print(header, len(rest))
'''


def renamed(source: str) -> str:
    """Another layout, other names, numbers and comments."""
    for number, name in enumerate(("frame", "path", "column", "floor", "rows", "guess", "order", "hits", "held", "model")):
        source = re.sub(rf"\b{name}\b", f"zz{number}", source)
    return "# all my own\n\n" + source.replace("0.5", "0.4").replace("\n\n\n", "\n\n# here\n\n\n\n")


def found(**sources: str) -> list[tuple[str, str]]:
    pairs, _ = compare({name: prints_of([("work.py", source)]) for name, source in sources.items()}, {})
    return [(pair.one, pair.other) for pair in pairs]


def test_renamed_and_reformatted_code_is_found_with_its_lines() -> None:
    pairs, _ = compare({"a": prints_of([("work.py", WORK)]), "b": prints_of([("own.py", OTHER + renamed(WORK))])}, {})

    (pair,) = pairs
    assert (pair.one, pair.other) == ("a", "b")
    assert pair.one_share > 0.9
    assert pair.other_share < pair.one_share
    longest = pair.passages[0]
    assert (longest.one_file, longest.other_file) == ("work.py", "own.py")
    assert longest.one_lines[1] - longest.one_lines[0] > 15
    assert longest.other_lines[0] > len(OTHER.splitlines())


def test_different_work_is_not_paired() -> None:
    assert found(a=WORK, b=OTHER) == []


def test_what_everybody_was_given_does_not_count() -> None:
    given_code = prints_of([("starter.py", WORK)])

    pairs, short = compare({name: prints_of([("work.py", renamed(WORK))]) for name in "ab"}, given_code)

    assert pairs == []
    assert short == ["a", "b"]


def test_what_many_have_does_not_pair_them() -> None:
    """A tutorial that half the cohort followed."""
    assert found(**{f"c{number}": WORK for number in range(12)}, z=OTHER) == []


def test_too_little_code_is_said_and_not_compared() -> None:
    pairs, short = compare({"a": prints_of([("a.py", "x = 1\n")]), "b": prints_of([("b.py", "x = 1\n")])}, {})

    assert (pairs, short) == ([], ["a", "b"])


@settings(max_examples=60, deadline=None)
@given(
    before=st.lists(st.sampled_from("+-*/()[]{}:,.=<>"), max_size=60), after=st.lists(st.sampled_from("+-*/:,.="), max_size=60)
)
def test_a_long_enough_stretch_is_always_found_wherever_it_stands(before: list[str], after: list[str]) -> None:
    """The promise of winnowing."""
    stretch = " ".join("(+)-[*]/{:}<=>,."[number % 16] for number in range(GRAM + WINDOW - 1))

    one = prints_of([("a", stretch)])
    other = prints_of([("b", " ".join([*before, stretch, *after]))])

    assert set(one) & set(other)


@pytest.mark.parametrize("source", ["", "\x00" * 1000, "(" * 100_000, "'" * 10_000, "é" * 1000, "\n" * 100_000])
def test_any_text_can_be_read(source: str) -> None:
    prints_of([("x.py", source)])


def similarity(folder: Path, pack: Path, *more: str) -> dict[str, Any]:
    done = harness("similarity", folder, "--pack", pack, "--json", *more)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_a_folder_is_compared_with_notebooks_and_broken_entries(tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path / "packs")
    cells = [{"cell_type": "code", "source": renamed(WORK).splitlines(keepends=True)}, {"cell_type": "markdown", "source": "x"}]
    write_tree(tmp_path / "in" / "anna", {"work.py": WORK})
    write_tree(tmp_path / "in" / "bert", {"work.ipynb": json.dumps({"cells": cells})})
    write_tree(tmp_path / "in" / "cem", {"work.py": OTHER, "bad.ipynb": "{"})
    (tmp_path / "in" / "dora.zip").write_bytes(b"no archive")

    told = similarity(tmp_path / "in", pack)

    assert [(pair["one"], pair["other"]) for pair in told["pairs"]] == [("anna", "bert")]
    assert list(told["unreadable"]) == ["dora"]
    assert told["submissions"] == 3
