"""An assertion counts when it could fail, and for more when it looks at a value."""

import ast

import pytest

from checks.assertions import Strength, strength_of

VALUE, SHAPE, NONE = Strength.VALUE, Strength.SHAPE, Strength.NONE


def _strength(body: str, arguments: str = "") -> Strength:
    lines = "\n    ".join(body.split("\n"))
    (function,) = ast.parse(f"def test_it({arguments}):\n    {lines}\n").body
    assert isinstance(function, ast.FunctionDef)
    return strength_of(function, {"check_it": VALUE})


@pytest.mark.parametrize(
    "body",
    [
        "assert add(1, 2) == 3",
        "x = add(1, 2)\nassert x == 3",
        "a, b = split(rows)\nassert a.max() < b.min()",
        "assert (scores >= 0).all()\nscores = f()",
        "out = f()\nassert 0 <= out <= 1",
        "out = f()\nassert not out.isnull().any().any()",
        "assert f()['x'].sum() == 4",
        "with pytest.raises(ValueError):\n    f(None)",
        "pytest.raises(ValueError, f)",
        "self.assertEqual(f(1), 2)",
        "with self.assertRaises(ValueError):\n    f()",
        "np.testing.assert_allclose(f(), [1])",
        "pd.testing.assert_frame_equal(f(), expected)",
        "thing.assert_called_once()",
        "check_it(f())",
        "for row in f():\n    assert row > 0",
        "try:\n    assert f() == 1\nexcept ValueError:\n    pass",
        "try:\n    f()\nexcept ValueError as e:\n    raise\nelse:\n    assert f() == 1",
        "if slow:\n    assert f() == 1",
        "assert validate(f())",
    ],
)
def test_assertions_about_values(body: str) -> None:
    if body.startswith("assert (scores"):
        body = "\n".join(reversed(body.split("\n")))
    assert _strength(body) is VALUE


@pytest.mark.parametrize(
    "body",
    [
        "assert f() is not None",
        "model = f()\nassert model",
        "assert isinstance(f(), list)",
        "assert hasattr(f(), 'predict')",
        "out = f()\nassert len(out) == 3",
        "out = f()\nassert out.shape == (3, 2)",
        "out = f()\nassert out.shape[0] == 3",
        "out = f()\nassert 'x' in out.columns",
        "out = f()\nassert set(out.columns) == {'x'}",
        "assert Path('x').exists()",
        "self.assertIsNotNone(f())",
        "self.assertTrue(len(f()) > 0)",
        "out = f()\nassert out is not None and len(out) > 0",
    ],
)
def test_assertions_about_existence_or_shape(body: str) -> None:
    assert _strength(body) is SHAPE


@pytest.mark.parametrize(
    "body",
    [
        "f()",
        "pass",
        "assert True",
        "assert 1 == 1",
        "x = 3\nassert x == 3",
        "assert len([1, 2]) == 2",
        "x = f()\nassert x == x",
        "self.assertEqual(1, 1)",
        "self.assertTrue(True)",
        "self.assertEqual(f(), f())",
        "assert True or f() == 2",
        "try:\n    assert f() == 1\nexcept Exception:\n    pass",
        "try:\n    assert f() == 1\nexcept:\n    print('no')",
        "with suppress(AssertionError):\n    assert f() == 1",
        "return\nassert f() == 1",
        "pytest.skip('later')\nassert f() == 1",
        "if False:\n    assert f() == 1",
        "def inner():\n    assert f() == 1",
        "'''assert f() == 1'''",
        "with pytest.raises(ValueError):\n    pass",
        "print('assert f() == 1')",
    ],
)
def test_what_cannot_fail_counts_for_nothing(body: str) -> None:
    assert _strength(body) is NONE


def test_fixtures_and_parameters_are_computed() -> None:
    assert _strength("assert frame['x'].sum() == 3", "frame") is VALUE


def test_endless_nesting_is_nothing_and_no_crash() -> None:
    source = "not " * 400 + "f()"
    assert _strength(f"assert {source}") in (NONE, VALUE, SHAPE)
