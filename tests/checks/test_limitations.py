"""The limitations check."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from checks.base import NoSettings
from checks.limitations import limitations
from harness.model.finding import Verdict
from tests.checks.practice.pieces import CLEAN
from tests.checks.practice.submissions import submission


@pytest.mark.parametrize(
    "text",
    [
        "The test set holds only 15 positives, so differences between the models are not reliable.",
        "Our sample covers four months and may not represent the holiday season.",
        "The model cannot tell new customers apart, as it has seen none in these 7,000 rows; next we would collect more.",
        "El conjunto de datos no representa a los clientes nuevos de 2024, por lo que el modelo es limitado.",
        "Das Modell kann nicht auf neue Kunden übertragen werden, weil die Daten nur 4 Monate abdecken.",
    ],
)
def test_a_caveat_tied_to_the_task_is_met(text: str) -> None:
    result = limitations(submission({"main.py": CLEAN, "REPORT.md": text}), NoSettings())
    assert result.verdict is Verdict.MET
    assert result.findings[0].where.path == "REPORT.md"


@pytest.mark.parametrize(
    "text",
    [
        "In future work we could try more models and more features for the data.",
        "- [x] No leakage, no overfitting, limitations verified for the test set",
        "Limitations",
        "✅ Model limitations reviewed and documented for all 7,000 rows",
        "The model works very well and the results are great on the test set.",
    ],
)
def test_68_wishes_ticks_and_titles_are_no_limits(text: str) -> None:
    assert limitations(submission({"main.py": CLEAN, "REPORT.md": text}), NoSettings()).verdict is Verdict.NOT_MET


def test_74_a_comment_that_admits_a_leak_is_a_limit_and_the_leak_stays() -> None:
    from checks.practice.read import read_practice

    code = CLEAN.replace(
        "X_train, X_test",
        "# Caveat: the scaler saw the test rows, so the score may be optimistic for this model.\nX = StandardScaler().fit_transform(X)\nX_train, X_test",
        1,
    )
    evidence = submission({"main.py": code})
    assert limitations(evidence, NoSettings()).verdict is Verdict.MET
    assert {leak.kind for leak in read_practice(evidence).leakage} == {"preprocess_before_split"}


@pytest.mark.parametrize(
    "text",
    [
        "Dropout limits overfitting of the model on the training data.",
        "The network has only 1 hidden layer with 64 units.",
        "From the plot we can assume that age matters for the model.",
        "We limit the data to 2015 and later.",
    ],
)
def test_what_is_limited_by_choice_is_no_limit_of_the_work(text: str) -> None:
    assert limitations(submission({"main.py": CLEAN, "REPORT.md": text}), NoSettings()).verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    "text",
    [
        "Our test set has too few positives to rank the two models.",
        "These scores may be optimistic, since the same customers stand on both sides.",
        "The model has not been tested on customers of 2024.",
    ],
)
def test_a_shortfall_of_this_work_is_a_limit(text: str) -> None:
    assert limitations(submission({"main.py": CLEAN, "REPORT.md": text}), NoSettings()).verdict is Verdict.MET
