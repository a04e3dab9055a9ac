"""The validation check."""

import pytest

from checks.base import NoSettings
from checks.validation import validation
from harness.model.finding import Verdict
from tests.checks.practice.pieces import CLEAN, IMPORTS, LOGISTIC, READ, SPLIT, START
from tests.checks.practice.submissions import submission

FILES = (
    IMPORTS
    + "train = pd.read_csv('train.csv')\ntest = pd.read_csv('test.csv')\n"
    + LOGISTIC
    + ("model.fit(train[['a']], train['churn'])\nprint(roc_auc_score(test['churn'], model.predict(test[['a']])))\n")
)
CROSS = START + "print(cross_val_score(LogisticRegression(), X, y, cv=5).mean())\n"


@pytest.mark.parametrize("code", [CLEAN, FILES, CROSS])
def test_a_split_a_provided_file_and_cross_validation_are_met(code: str) -> None:
    assert validation(submission({"main.py": code}), NoSettings()).verdict is Verdict.MET


@pytest.mark.parametrize(
    "code",
    [
        START + LOGISTIC + "model.fit(X, y)\nprint(model.score(X, y))\n",
        START + SPLIT + LOGISTIC + "model.fit(X_train, y_train)\n",
        IMPORTS + READ + "print(df.shape)\n",
        START + SPLIT + "# the model is validated with 5-fold cross-validation, no leakage verified [x]\n",
    ],
)
def test_no_judgement_on_rows_kept_apart_is_not_met(code: str) -> None:
    result = validation(submission({"main.py": code}), NoSettings())
    assert (result.verdict, result.findings[0].rule) == (Verdict.NOT_MET, "absent")


def test_a_spoilt_split_is_a_quarter_and_names_the_place() -> None:
    code = CLEAN.replace(
        "X_train, X_test", "from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)\nX_train, X_test", 1
    )
    result = validation(submission({"main.py": code}), NoSettings())
    assert result.score == 0.25
    assert result.findings[0].rule == "spoilt"


def test_no_code_at_all_is_not_measured() -> None:
    assert validation(submission({"README.md": "hello"}), NoSettings()).verdict is Verdict.NOT_MEASURED
