"""The imbalance check."""

import pytest

from checks.base import NoSettings
from checks.imbalance import imbalance
from harness.model.finding import Verdict
from tests.checks.practice.submissions import submission

HEAD = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.metrics import f1_score
df = pd.read_csv("train.csv")
X, y = df.drop(columns=["churn"]), df["churn"]
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
"""
TAIL = """
model.fit(X_train, y_train)
print(f1_score(y_test, model.predict(X_test)))
"""


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("model = LogisticRegression(class_weight='balanced')", Verdict.MET),
        ("model = LogisticRegression(class_weight=None)", Verdict.NOT_MET),
        ("model = LogisticRegression(class_weight=dict)", Verdict.NOT_MET),
        ("model = LogisticRegression()  # class_weight='balanced'", Verdict.NOT_MET),
        ("model = LogisticRegression()", Verdict.NOT_MET),
    ],
)
def test_a_weight_counts_when_it_is_a_value_that_reaches_the_model(line: str, verdict: Verdict) -> None:
    result = imbalance(submission({"main.py": f"{HEAD}{line}{TAIL}"}), NoSettings())
    assert result.verdict is verdict


def test_oversampling_before_the_split_is_partial() -> None:
    early = HEAD.replace(
        "X_train, X_test", "from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)\nX_train, X_test"
    )
    result = imbalance(submission({"main.py": f"{early}model = LogisticRegression(){TAIL}"}), NoSettings())
    assert result.verdict is Verdict.PARTIAL
