"""Hidden evidence is rejected every time; the same work said in another way is accepted nearly every time."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

from collections.abc import Callable

import pytest

from harness.model.practice import Practice
from tests.checks.practice.pieces import CLEAN, EDA, FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, START, XY
from tests.checks.practice.rewrites import ATTACKS, REWRITES
from tests.checks.practice.submissions import read_files

REST = XY + SPLIT + LOGISTIC + FIT + JUDGE
WEIGHTED = (
    "model = LogisticRegression(class_weight='balanced')\nmodel.fit(X_train, y_train)\nprint(model.score(X_test, y_test))\n"
)
FOREST = "extra = RandomForestClassifier(random_state=0)\nextra.fit(df[['a']], df['churn'])\nprint(extra.score(df[['a']], df['churn']))\n"

EVIDENCE: dict[str, tuple[str, str, str, Callable[[Practice], bool]]] = {
    "exploration": (IMPORTS + READ, EDA, REST, lambda found: found.eda.level == 2),
    "any look": (IMPORTS + READ, "print(df.isna().sum())\n", REST, lambda found: bool(found.eda.facets)),
    "filled gaps": (
        IMPORTS + READ,
        "df['a'] = df['a'].fillna(df['a'].median())\n",
        REST,
        lambda found: found.missing_values == "handled",
    ),
    "weight": (START + SPLIT, WEIGHTED, LOGISTIC + FIT + JUDGE, lambda found: found.imbalance.level != "none"),
    "another family": (IMPORTS + READ, FOREST, REST, lambda found: "bagging" in found.families),
    "leak": (
        START,
        "X = StandardScaler().fit_transform(X)\n",
        SPLIT + LOGISTIC + FIT + JUDGE,
        lambda found: bool(found.leakage),
    ),
}
NEEDS_A_FRAME_ONLY = {"exploration", "any look", "another family"}


@pytest.mark.parametrize("kind", EVIDENCE)
def test_the_evidence_counts_where_it_runs(kind: str) -> None:
    before, evidence, after, holds = EVIDENCE[kind]
    assert holds(read_files({"main.py": before + evidence + after}))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("kind", EVIDENCE)
def test_evidence_that_does_not_run_is_rejected(kind: str, attack: str) -> None:
    before, evidence, after, holds = EVIDENCE[kind]
    found = read_files(ATTACKS[attack](before, evidence, after))
    assert not holds(found)
    assert found.unreadable == ()


TUNED = (
    "model = GridSearchCV(make_pipeline(SimpleImputer(), LogisticRegression()), {'logisticregression__class_weight': ['balanced'],\n"
    "                     'logisticregression__C': [0.1, 1]}, scoring='average_precision')\n"
)
HELPED = (
    "def fill(frame, column):\n    frame[column] = frame[column].fillna(frame[column].median())\n    return frame\n"
    "df = fill(df, 'a')\n"
)
PROGRAMS = {
    "clean": CLEAN,
    "explored and weighted": IMPORTS + READ + EDA + XY + SPLIT + "model = RandomForestClassifier(class_weight='balanced')\n" + FIT + JUDGE,
    "tuned": START + SPLIT + TUNED + FIT + JUDGE,
    "filled in a helper": IMPORTS + READ + HELPED + XY + SPLIT + LOGISTIC + FIT + JUDGE,
    "oversampled too early": START + "from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)\n" + SPLIT + LOGISTIC + FIT + JUDGE,
    "several models": START + SPLIT + "models = {'a': LogisticRegression(), 'b': RandomForestClassifier(random_state=0)}\n"
    "for name, model in models.items():\n    model.fit(X_train, y_train)\n    print(name, f1_score(y_test, model.predict(X_test)))\n",
    "scored on training rows": START + LOGISTIC + "model.fit(X, y)\nprint(accuracy_score(y, model.predict(X)))\n",
    "cross-validated": START + "print(cross_val_score(make_pipeline(StandardScaler(), LogisticRegression()), X, y, cv=5).mean())\n",
    "folds by hand": START + "scores = []\nfor tr, te in StratifiedKFold(5).split(X, y):\n    model = SVC()\n"
    "    model.fit(X.iloc[tr], y.iloc[tr])\n    scores.append(f1_score(y.iloc[te], model.predict(X.iloc[te])))\nprint(np.mean(scores))\n",
    "split by date": IMPORTS + READ + "train = df[df['month'] < 6]\ntest = df[df['month'] >= 6]\n" + LOGISTIC
    + "model.fit(train.drop(columns=['churn']), train['churn'])\n"
    "print(roc_auc_score(test['churn'], model.predict(test.drop(columns=['churn']))))\n",
}  # fmt: skip
ACCEPTED = 0.95


def _facts(found: Practice) -> tuple[object, ...]:
    leaks = frozenset((leak.kind, leak.tier) for leak in found.leakage)
    return (
        found.eda.level, frozenset(found.eda.facets), found.missing_values, found.imbalance.level, found.families, leaks,
        found.cross_validation, found.split, found.tuned,
    )  # fmt: skip


def test_the_same_work_said_in_another_way_gives_the_same_facts() -> None:
    """At least 95 % of program and rewrite pairs agree in every fact; those that do not are named."""
    differing = []
    for name, program in PROGRAMS.items():
        wanted = _facts(read_files({"main.py": program}))
        for way, rewrite in REWRITES.items():
            got = _facts(read_files(rewrite(program)))
            if got != wanted:
                differing.append((name, way, [(a, b) for a, b in zip(wanted, got, strict=True) if a != b]))
    total = len(PROGRAMS) * len(REWRITES)
    assert len(differing) <= (1 - ACCEPTED) * total, differing
