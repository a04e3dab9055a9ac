"""The iteration check."""

import pytest

from checks.base import NoSettings
from checks.iteration import iteration
from tests.checks.practice.pieces import CLEAN, FIT, JUDGE, SPLIT, START
from tests.checks.practice.submissions import submission

THREE = (
    START
    + SPLIT
    + "for model in (LogisticRegression(), RandomForestClassifier(), SVC()):\n    model.fit(X_train, y_train)\n    "
    + JUDGE
)
TUNED = START + SPLIT + "model = GridSearchCV(LogisticRegression(), {'C': [1, 2]})\n" + FIT + JUDGE
APART = (
    START
    + SPLIT
    + (
        "a = LogisticRegression().fit(X_train, y_train)\nprint(f1_score(y_test, a.predict(X_test)))\n"
        "b = SVC().fit(X_train, y_train)\nprint(accuracy_score(y_test, b.predict(X_test)))\n"
    )
)


@pytest.mark.parametrize(("code", "score"), [("print(1)\n", 0.0), (CLEAN, 0.3), (TUNED, 0.6), (APART, 0.6), (THREE, 1.0)])
def test_breadth_search_and_a_common_metric_raise_the_score(code: str, score: float) -> None:
    assert iteration(submission({"main.py": code}), NoSettings()).score == score


def test_75_a_final_fit_without_the_resampling_that_was_judged_is_a_jump() -> None:
    code = (
        START
        + SPLIT
        + (
            "from imblearn.over_sampling import SMOTE\nXr, yr = SMOTE().fit_resample(X_train, y_train)\n"
            "model = LogisticRegression().fit(Xr, yr)\n" + JUDGE + "final = LogisticRegression().fit(X_train, y_train)\n"
            "import joblib\njoblib.dump(final, 'model.joblib')\n"
        )
    )
    assert "unexplained_jump" in {finding.rule for finding in iteration(submission({"main.py": code}), NoSettings()).findings}
    kept = code.replace("final = LogisticRegression().fit(X_train, y_train)", "final = LogisticRegression().fit(Xr, yr)")
    assert "unexplained_jump" not in {
        finding.rule for finding in iteration(submission({"main.py": kept}), NoSettings()).findings
    }


def test_a_final_fit_in_a_script_that_is_read_first_is_held_against_the_trial() -> None:
    resampled = "from imblearn.over_sampling import SMOTE\nX_train, y_train = SMOTE().fit_resample(X_train, y_train)\n"
    trial = START + SPLIT + resampled + "model = LogisticRegression()\n" + FIT + JUDGE
    final = START + "model = LogisticRegression().fit(X, y)\nimport joblib\njoblib.dump(model, 'model.joblib')\n"

    def jumps(trial: str) -> list[bool]:
        return [
            "unexplained_jump" in {one.rule for one in iteration(submission(files), NoSettings()).findings}
            for files in ({"a_train.py": final, "b_try.py": trial}, {"a_try.py": trial, "b_train.py": final})
        ]

    assert jumps(trial) == [True, True]
    assert jumps(trial.replace(resampled, "")) == [False, False]


ALONE = START + SPLIT + "model = RandomForestClassifier()\n" + FIT + JUDGE


def _rules(code: str, report: str = "") -> set[str]:
    return {one.rule for one in iteration(submission({"main.py": code, "REPORT.md": report}), NoSettings()).findings}


def test_a_model_with_nothing_simple_beside_it_is_noted_and_costs_nothing() -> None:
    noted = iteration(submission({"main.py": ALONE}), NoSettings())
    assert {"no_baseline"} == {one.rule for one in noted.findings if one.innocent}
    assert noted.score == iteration(submission({"main.py": CLEAN}), NoSettings()).score


@pytest.mark.parametrize(
    "code",
    [
        CLEAN,
        ALONE + "from sklearn.dummy import DummyClassifier\nDummyClassifier().fit(X_train, y_train).score(X_test, y_test)\n",
        ALONE + "print(roc_auc_score(y_test, df.loc[y_test.index, 'a']))\n",
        "print(1)\n",
    ],
    ids=["a linear model", "a dummy", "a column as it is", "no model"],
)
def test_something_simple_is_enough_and_no_model_needs_none(code: str) -> None:
    assert "no_baseline" not in _rules(code)


def test_a_baseline_that_is_only_spoken_of_is_taken_at_its_word() -> None:
    assert "no_baseline" not in _rules(ALONE, "The baseline, last week's value, reaches 0.31 on the same rows.")
