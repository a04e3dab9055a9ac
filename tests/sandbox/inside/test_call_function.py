"""Calling a submission's function and writing what it returned, whatever shape it has."""

from pathlib import Path

import pytest

from tests.sandbox.inside.place import Ran, run_inside

REQUEST = {
    "call": "solution:rank",
    "train": "/data/train.csv",
    "score": "/data/score.csv",
    "out": "/out/predictions.csv",
    "id_column": "id",
    "value_column": "score",
}
DATA = {"train.csv": "id,x,y\n7,1,0\n8,2,1\n", "score.csv": "id,x\n01,0.5\n2,0.25\n003,1\n"}
EXPECTED = "id,score\n01,0.5\n2,0.25\n003,1.0\n"


def _call(tmp_path: Path, body: str, name: str = "solution.py", call: str = "solution:rank") -> Ran:
    source = f"import numpy as np\nimport pandas as pd\n\ndef rank(train, score):\n    {body}\n"
    return run_inside(tmp_path, "call_function.py", REQUEST | {"call": call}, {name: source}, DATA)


@pytest.mark.parametrize(
    "body",
    [
        "return score['x']",
        "return score['x'].to_numpy()",
        "return score[['x']].to_numpy()",
        "return list(score['x'])",
        "return tuple(score['x'])",
        "return score[['x']]",
        "return score[['id', 'x']]",
        "return score[['x', 'id']].iloc[::-1]",
        "return score['x'].sample(frac=1, random_state=1)",
        "score['x'] = [0.5, 0.25, 1.0]; score['id'] = 0; return score['x'].astype('float32')",
    ],
)
def test_each_sensible_return_value_is_written_with_the_ids_as_they_stand_in_the_file(tmp_path: Path, body: str) -> None:
    ran = _call(tmp_path, body)
    assert (ran.code, (ran.out / "predictions.csv").read_text()) == (0, EXPECTED), ran.stderr


def test_a_module_below_src_is_found(tmp_path: Path) -> None:
    ran = _call(tmp_path, "return score['x']", "src/pkg/model.py", "pkg.model:rank")
    assert ran.code == 0, ran.stderr


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return None", "a NoneType"),
        ("return score['x'].iloc[:2]", "2 values for 3 rows"),
        ("return np.zeros((3, 2))", r"an array of shape (3, 2)"),
        ("return score.assign(more=1)", "columns ['id', 'x', 'more']"),
        ("return pd.DataFrame({'id': [1, 1, 3], 'p': 0.5})", "an id occurs twice"),
        ("return pd.DataFrame({'id': [1, 2], 'p': 0.5})", "without the id '3'"),
    ],
)
def test_what_has_no_single_reading_is_refused_in_words(tmp_path: Path, body: str, words: str) -> None:
    ran = _call(tmp_path, body)
    assert ran.code == 3
    assert words in ran.stderr
    assert not (ran.out / "predictions.csv").exists()


def test_values_that_are_no_numbers_are_left_for_the_strict_reader(tmp_path: Path) -> None:
    ran = _call(tmp_path, "return [float('nan'), 'high', None]")
    assert (ran.out / "predictions.csv").read_text() == "id,score\n01,nan\n2,high\n003,None\n"


def test_an_error_of_the_function_is_an_ordinary_traceback(tmp_path: Path) -> None:
    ran = _call(tmp_path, "raise ValueError('no model')")
    assert ran.code == 1
    assert "ValueError: no model" in ran.stderr
    assert "/work/solution.py" in ran.stderr


def test_a_function_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "has no attribute 'score'" in _call(tmp_path, "return 1", call="solution:score").stderr
