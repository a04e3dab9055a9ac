"""Whatever a submission holds, reading it ends, raises nothing, and says what it could not read."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import json
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checks.practice.pieces import CLEAN, EDA, IMPORTS, READ
from tests.checks.practice.submissions import notebook, read_files, read_script

HOSTILE = {
    "deep parentheses": "x = " + "(" * 5000 + ")" * 5000,
    "deep unary": "x = " + "-" * 50_000 + "1",
    "long sum": "x = " + "+".join(["1"] * 20_000),
    "long attribute chain": "import a\nx = a" + ".b" * 20_000,
    "long call chain": "import pandas as pd\ndf = pd.read_csv('a.csv')" + ".head()" * 5_000,
    "deep lists": "x = " + "[" * 90 + "]" * 90,
    "deep blocks": "".join(f"{' ' * depth}if x:\n" for depth in range(95)) + " " * 95 + "pass\n",
    "null bytes": "x = 1\0\n",
    "only a byte order mark": "\ufeff",
    "huge number": "x = 9 ** 9 ** 9 ** 9\ny = 10 ** 10000000\nz = 'a' * 10 ** 12\nw = [0] * 10 ** 12\n",
    "endless recursion": "def f(x):\n    return f(x) + f(x)\nf(1)\n",
    "mutual recursion": "def f(x):\n    return g(x) or g(x)\ndef g(x):\n    return f(x) or f(x)\nf(1)\n",
    "recursive lambda": "y = lambda f: (lambda x: f(x(x)))(lambda x: f(x(x)))\ny(y)\n",
    "endless loop": "while True:\n    x = 1\n",
    "nested loops": "".join(f"{'    ' * depth}for a{depth} in range(100):\n" for depth in range(12)) + "    " * 12 + "x = 1\n",
    "nested comprehensions": "x = [1 " + " ".join(f"for a{n} in [1,2,3,4,5,6,7,8,9,10,11,12]" for n in range(9)) + "]\n",
    "calls that double": "".join(
        f"def f{n}():\n    f{n + 1}()\n    f{n + 1}()\n    f{n + 1}()\n" for n in range(30)
    ) + "def f30():\n    pass\nf0()\n",
    "list in itself": "a = []\na.append(a)\nb = {}\nb['x'] = b\nprint(a, b, max(a), sorted(a), [x for x in a])\nfor x in a:\n    a.append(x)\n",
    "class in itself": "class A:\n    pass\na = A()\na.a = a\nprint(a.a.a.a)\nclass B(B if False else A):\n    x = 1\n",
    "bases in a circle": "class A: pass\nclass B(A): pass\nA.__bases__ = (B,)\nB().z\nA().z\n",
    "generator in itself": "def g():\n    yield from g()\n    yield from g()\nlist(g())\n",
    "growing list": "a = [1]\nfor _ in range(100):\n    a = a + a\n    a.extend(a)\n",
    "growing string": "a = 'x'\nfor _ in range(100):\n    a = a + a\n    a = f'{a}{a}'\n    a = a.join([a, a])\n    a = a.replace('x', a)\n",
    "growing dictionary": "d = {}\nfor a in range(9):\n    d = {**d, 'x': d, 'y': d}\nprint(d)\n",
    "wrong slices": "a = [1]\na[::0]\na['x']\na[10**30]\na[None:None:None]\nb = 'x'[99]\nrange(1, 2, 0)\nint('x')\n",
    "imports itself": "import solution\nfrom solution import *\nfrom . import solution\nfrom .. import x\nfrom ....... import y\n",
    "star everything": "from os import *\nfrom sys import *\n*a, b = 1\n*a, = []\na, (b, *c) = 1, 2\n",
    "odd decorators": "@1\ndef f(): pass\n@lambda f: f\ndef g(): pass\n@g\nclass C: pass\nf()\ng()\nC()\n",
    "odd names": "__import__('os').system('x')\nexec('1')\neval('1')\nglobals()['x'] = 1\nsetattr(x, 'y', 1)\nx\u0301 = 1\n",
    "format bombs": "x = '%1000000000d' % 1\ny = f'{1:1000000000}'\nz = '{:>1000000000}'.format(1)\n",
    "surrogates": "x = '\\ud800'\nprint(x)\n",
    "wide dictionary": "x = {" + ", ".join(f"{n}: {n}" for n in range(20_000)) + "}\n",
    "many splits": IMPORTS + READ + "for i in range(9):\n" + "    a, b = train_test_split(df)\n    df = pd.concat([a, b, df])\n" * 40,
    "steps without end": IMPORTS + READ + "X = df\n" + "X = StandardScaler().fit_transform(X)\n" * 300,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_is_read_to_an_end(name: str) -> None:
    before = sys.getrecursionlimit()
    found = read_script(HOSTILE[name])
    assert found.files or found.unreadable
    assert sys.getrecursionlimit() == before


@pytest.mark.parametrize("name", ["endless recursion", "deep unary", "nested loops", "calls that double", "list in itself"])
def test_what_stands_beside_hostile_code_is_still_read(name: str) -> None:
    """Another file of the same submission keeps its facts."""
    found = read_files(
        {"a.ipynb": notebook(IMPORTS + READ + EDA), "z.py": HOSTILE[name] + "\nif __name__ == '__main__':\n    pass\n"}
    )
    assert found.eda.facets


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", "{}", '{"cells": 1}', '{"cells": [1, null, "x"]}', '{"cells": [{"cell_type": "code"}]}',
        '{"cells": [{"cell_type": "code", "source": 7, "outputs": "x", "execution_count": "y"}]}',
        '{"cells": [{"cell_type": ["code"], "source": {"a": 1}, "outputs": [1, {"data": 3}]}]}',
        '{"worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}, 3]}', "[" * 100_000,
        '{"cells": [{"cell_type": "code", "source": [1, "x = 1\\n", null]}]}',
    ],
)  # fmt: skip
def test_a_broken_notebook_is_listed_or_read_and_never_raises(content: str) -> None:
    found = read_files({"a.ipynb": content})
    assert found.unreadable or found.files == ("a.ipynb",)


def test_a_notebook_of_format_three_is_read() -> None:
    cells = [{"cell_type": "code", "input": source, "outputs": [], "prompt_number": 1} for source in (IMPORTS + READ, EDA)]
    found = read_files({"a.ipynb": json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3})})
    assert found.eda.level == 2


def test_python_two_cells_are_read() -> None:
    found = read_files(
        {"a.ipynb": notebook("import pandas as pd\ndf = pd.read_csv('a.csv')\nprint df.shape\nprint 'rows', len(df)")}
    )
    assert found.unreadable == ()
    assert found.eda.facets == ("shape",)


def test_one_bad_cell_is_named_and_the_others_count() -> None:
    found = read_files({"a.ipynb": notebook(IMPORTS + READ, "x = = 1\ny = )(\nz z z", EDA)})
    assert found.eda.level == 2
    assert [(seen.where.path, seen.where.cell) for seen in found.unreadable] == [("a.ipynb", 1)]


def test_a_file_above_the_limit_is_unreadable() -> None:
    found = read_files({"a.py": "x = 1\n" * 400_000})
    assert [seen.where.path for seen in found.unreadable] == ["a.py"]


def test_more_code_than_is_read_is_said() -> None:
    found = read_files({f"m{number}.py": "x = [" + "1, " * 60_000 + "]\n" for number in range(12)})
    assert any("more code" in seen.what for seen in found.unreadable)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from([line for line in (CLEAN + EDA).splitlines() if line.strip()]), max_size=25), st.data())
def test_shuffled_and_cut_code_never_raises(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    cut = data.draw(st.integers(min_value=0, max_value=len(text)))
    read_script(text[:cut])
    read_files({"a.ipynb": notebook(*lines)})


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_never_raise(content: bytes) -> None:
    read_files({"a.py": content, "b.ipynb": content})
