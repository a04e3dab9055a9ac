"""More ways of hiding evidence in code that never runs, and more kinds of evidence. None of it may count."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

from collections.abc import Callable
from textwrap import indent

import pytest

from harness.model.practice import Practice
from tests.checks.practice.pieces import EDA, FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, START, XY
from tests.checks.practice.rewrites import ATTACKS, Attack, Files
from tests.checks.practice.submissions import read_files

REST = XY + SPLIT + LOGISTIC + FIT + JUDGE
UNSEEDED = SPLIT.replace(", random_state=1", "")
Evidence = tuple[str, str, str, Callable[[Practice], bool]]


def _remedied(found: Practice) -> bool:
    return found.imbalance.level != "none"


EVIDENCE: dict[str, Evidence] = {
    "exploration": (IMPORTS + READ, EDA, REST, lambda found: bool(found.eda.facets)),
    "figures": (IMPORTS + READ, "df.hist()\nsns.countplot(x='churn', data=df)\nplt.show()\n", REST, lambda found: bool(found.eda.facets)),
    "a count of gaps": (IMPORTS + READ, "df.info()\nprint(df.isnull().sum())\n", REST, lambda found: found.missing_values != "none"),
    "an imputer": (START + SPLIT, "X_train = SimpleImputer().fit_transform(X_train)\n", LOGISTIC + FIT + JUDGE, lambda found: found.missing_values != "none"),
    "a seed": (IMPORTS + READ + XY, "np.random.seed(0)\n", UNSEEDED + "model = RandomForestClassifier()\n" + FIT + JUDGE, lambda found: found.seeded),
    "oversampling": (START + SPLIT, "from imblearn.over_sampling import SMOTE\nX_train, y_train = SMOTE().fit_resample(X_train, y_train)\n", LOGISTIC + FIT + JUDGE, _remedied),
    "undersampling by hand": (IMPORTS + READ, "some = df[df['churn'] == 1]\nrest = df[df['churn'] == 0].sample(len(some))\ndf = pd.concat([some, rest])\n", REST, _remedied),
    "a weight at fit": (START + SPLIT + LOGISTIC, "model.fit(X_train, y_train, sample_weight=[2.0, 1.0])\n", FIT + JUDGE, _remedied),
    "a threshold": (
        START + SPLIT + LOGISTIC + FIT,
        "p = model.predict_proba(X_test)[:, 1]\nprecision, recall, cuts = precision_recall_curve(y_test, p)\nbest = cuts[np.argmax(precision * recall)]\nprint(f1_score(y_test, p >= best))\n",
        JUDGE, _remedied,
    ),
    "another family": (START + SPLIT, "extra = RandomForestClassifier(random_state=0)\nextra.fit(X_train, y_train)\nprint(extra.score(X_test, y_test))\n", LOGISTIC + FIT + JUDGE, lambda found: "bagging" in found.families),
    "a search": (START + SPLIT, "best = GridSearchCV(SVC(), {'C': [1, 2]}).fit(X_train, y_train)\nprint(best.score(X_test, y_test))\n", LOGISTIC + FIT + JUDGE, lambda found: found.tuned),
    "cross-validation": (START + SPLIT, "print(cross_val_score(LogisticRegression(), X, y, cv=5).mean())\n", LOGISTIC + FIT + JUDGE, lambda found: found.cross_validation != "none"),
}  # fmt: skip


def _block(text: str, depth: int = 1) -> str:
    return indent(text.strip("\n"), "    " * depth) + "\n"


HEADS = (
    'if "":', "if ():", "if {}:", "if 0.0:", "if not 1:", "if bool(0):", "if len([]):", "if any([]):", "if all([False]):",
    "if False or False:", "if None is not None:", "setting = None\nif setting is not None:", "if isinstance(1, str):",
    'if "eda" in []:', "if sum([]):", "for _ in ():", "for _ in {}:", 'for _ in "":', "for _ in range(5, 2):", "for _ in list():",
    "for _ in reversed([]):", "for _ in zip([], []):", "for _ in enumerate([]):", "while None:", "while not True:",
    "DEBUG = not True\nif DEBUG:", "flags = (False,)\nif flags[0]:", 'if __name__ != "__main__":', "ONE = OTHER = False\nif ONE or OTHER:",
    "N = 0\nif N > 0:", 'MODE = "train"\nif MODE == "explore":', 'MODE = "train"\nif MODE in ("explore", "eda"):',
    "import sys\nif sys.version_info < (2, 0):", "if True is False:", 'STEPS = []\nif "eda" in STEPS:', "for _ in [1][1:]:",
    "while 1 == 2:", "class Config:\n    EDA = False\nif Config.EDA:", "if (lambda: False)():", "def never():\n    return False\nif never():",
    'if int("0"):', "if abs(0):", 'if "yes".startswith("n"):', "if [] == [1]:", "if None:\n    pass\nelif False:", "if True:\n    pass\nelif True:",
    "if ~0 == 0:", "if 2 - 2:",
)  # fmt: skip


def _under(head: str) -> Attack:
    return lambda before, evidence, after: {"main.py": f"{before}\n{head}\n{_block(evidence)}\n{after}"}


def _shape(template: str) -> Attack:
    """A program with places for what stands before, the evidence at three depths, and what stands after."""

    def attack(before: str, evidence: str, after: str) -> Files:
        depths = {f"<{depth}>": _block(evidence, depth) if depth else evidence for depth in range(3)}
        text = template
        for mark, block in depths.items():
            text = text.replace(mark, block.rstrip("\n"))
        return {"main.py": f"{before}\n{text.replace('<after>', after)}\n{'' if '<after>' in template else after}"}

    return attack


SHAPES: dict[str, Attack] = {
    "redefined": _shape("def step(df):\n<1>\ndef step(df):\n    return df\nstep(df)"),
    "rebound": _shape("def step(df):\n<1>\nstep = print\nstep(1)"),
    "overridden": _shape("class A:\n    def step(self, df):\n<2>\nclass B(A):\n    def step(self, df):\n        return df\nB().step(df)"),
    "called by what is not called": _shape("def step(df):\n<1>\ndef other(df):\n    step(df)"),
    "early return": _shape("def step(df, on=None):\n    if on is None:\n        return df\n<1>\nstep(df)"),
    "after a false assertion": _shape("<after>\nassert False\n<0>"),
    "after an exit of its own": _shape("<after>\nimport sys\ndef stop():\n    sys.exit()\nstop()\n<0>"),
    "after os._exit": _shape("<after>\nimport os\nos._exit(0)\n<0>"),
    "after a raise in a try": _shape("try:\n    raise ValueError\n<1>\nexcept ValueError:\n    pass"),
    "comprehension over nothing": _shape("def step(df):\n<1>\n[step(df) for _ in []]"),
    "comprehension that lets nothing pass": _shape("def step(df):\n<1>\n[step(df) for _ in [1] if False]"),
    "map that nothing iterates": _shape("def step(df):\n<1>\nlater = map(step, [df])"),
    "another entry of a table": _shape("def step(df):\n<1>\nTABLE = {'eda': step, 'none': print}\nTABLE['none'](1)"),
    "decorator that drops it": _shape("from functools import wraps\ndef off(f):\n    @wraps(f)\n    def inner(*args):\n        return None\n    return inner\n@off\ndef step(df):\n<1>\nstep(df)"),
    "else of a loop that breaks": _shape("for _ in [1]:\n    break\nelse:\n<1>"),
    "else of a try that raises": _shape("try:\n    raise ValueError\nexcept ValueError:\n    pass\nelse:\n<1>"),
    "property that nobody reads": _shape("class A:\n    @property\n    def step(self):\n<2>\nA()"),
    "coroutine that nobody awaits": _shape("async def step(df):\n<1>\nstep(df)"),
    "thread that is not started": _shape("import threading\ndef step(df):\n<1>\nwaiting = threading.Thread(target=step, args=(df,))"),
    "class that is not made": _shape("class A:\n    def __init__(self, df):\n<2>"),
}  # fmt: skip
EVERY = {**{head: _under(head) for head in HEADS}, **SHAPES}


def _counted(attack: Attack) -> list[str]:
    return [
        kind
        for kind, (before, evidence, after, holds) in EVIDENCE.items()
        if holds(read_files(attack(before, evidence, after)))
    ]


@pytest.mark.parametrize("kind", EVIDENCE)
def test_the_evidence_counts_where_it_runs(kind: str) -> None:
    before, evidence, after, holds = EVIDENCE[kind]
    assert holds(read_files({"main.py": before + evidence + after}))


@pytest.mark.parametrize("attack", EVERY)
def test_evidence_that_is_hidden_in_dead_code_never_counts(attack: str) -> None:
    assert _counted(EVERY[attack]) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_kind_of_evidence_is_rejected_in_the_known_hiding_places(attack: str) -> None:
    assert _counted(ATTACKS[attack]) == []


@pytest.mark.parametrize(
    "way",
    [
        "import asyncio\nasync def step(df):\n<1>\nasyncio.run(step(df))",
        "import asyncio\nasync def step(df):\n<1>\nasync def main():\n    await step(df)\nasyncio.run(main())",
        "def step(df):\n<1>\nlist(map(step, [df]))",
        "def step(df):\n<1>\nfor _ in map(step, [df]):\n    pass",
        "import threading\ndef step(df):\n<1>\nrunning = threading.Thread(target=step, args=(df,))\nrunning.start()",
        "def step(df):\n<1>\ntry:\n    step(df)\nexcept ValueError:\n    pass",
    ],
)
def test_what_is_awaited_iterated_or_started_runs(way: str) -> None:
    before, evidence, after, holds = EVIDENCE["exploration"]
    assert holds(read_files(_shape(way)(before, evidence, after)))
