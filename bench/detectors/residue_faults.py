"""Traces of other work, planted in a clean program, and honest work that comes close to them."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

from itertools import pairwise

from bench.detectors.leaks import Change
from bench.detectors.practice import Planted
from bench.detectors.programs import Program

_TYPED = """results = {"model": ["a", "b", "c"], "accuracy": [0.913, 0.874, 0.852], "f1": [0.713, 0.674, 0.652]}
print(pd.DataFrame(results))
"""
_MEASURED = """results = {"model": ["a"], "average precision": [average_precision_score(y_test, scores)]}
print(pd.DataFrame(results))
"""
_CONTRADICTED = '''

def cut(frame, share=0.2):
    """Keep the first rows: share = 0.3 unless told otherwise."""
    return frame.head(int(share * len(frame)))


print(len(cut(df)))
'''
_AGREEING = _CONTRADICTED.replace("0.3", "0.2")


def _judge(code: str, imports: str = "") -> Change:
    def change(program: Program) -> Program | None:
        return program.after("judge", code).after("imports", imports) if program.imbalanced else None

    return change


def _frame(code: str) -> Change:
    return lambda program: program.after("look", code)


def _text(sentence: str) -> Change:
    def change(program: Program) -> Program | None:
        return program.documented("NOTES.md", f"# Notes\n\n{sentence}\n")

    return change


FAULTS: tuple[Planted, ...] = (
    Planted(("residue:foreign_column",), "a column of the passengers", _frame('print(df["Survived"].value_counts())\n')),
    Planted(("residue:foreign_column",), "a column of the houses", _frame('print(df["GrLivArea"].describe())\n')),
    Planted(("residue:typed_results",), "a table of typed results", _judge(_TYPED)),
    Planted(("residue:claimed_technique",), "synthetic rows only claimed", _text("We applied SMOTE to the training rows.")),
    Planted(("residue:claimed_technique",), "components only claimed", _text("I used PCA before fitting the model.")),
    Planted(("residue:wrong_class_metric",), "recall of the other class",
            _judge("print(recall_score(y_test, scores.round(), pos_label=0))\n", "from sklearn.metrics import recall_score\n")),
    Planted(("residue:docstring_contradiction",), "a default that is another", _frame(_CONTRADICTED)),
)  # fmt: skip


def _both(first: Change, second: Change) -> Change:
    def change(program: Program) -> Program | None:
        once = first(program)
        return None if once is None else second(once)

    return change


SEVERAL: tuple[Planted, ...] = tuple(
    Planted(("residue:several_kinds",), f"{one.name} and {other.name}", _both(one.change, other.change))
    for one, other in pairwise(FAULTS)
    if one.watched != other.watched
)
"""Two independent kinds in one piece of work."""
INNOCENT: tuple[Planted, ...] = (
    Planted(("residue:foreign_column",), "a column of its own", _frame('df["own_rate"] = 1.0\nprint(df["own_rate"].describe())\n')),
    Planted(("residue:typed_results",), "a table of measured results", _judge(_MEASURED)),
    Planted(("residue:claimed_technique",), "a technique left out, and said so", _text("We did not use SMOTE, for ranks were asked.")),
    Planted(("residue:claimed_technique",), "a technique for later", _text("A neural network could be tried in future work.")),
    Planted(("residue:wrong_class_metric",), "recall of the rare class",
            _judge("print(recall_score(y_test, scores.round()))\n", "from sklearn.metrics import recall_score\n")),
    Planted(("residue:docstring_contradiction",), "a default that agrees", _frame(_AGREEING)),
)  # fmt: skip
