"""The leakage check."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from checks.base import NoSettings
from checks.leakage import leakage
from harness.model.facts import Facts, Trap
from harness.model.finding import Fault, Severity, Verdict
from tests.checks.practice.pieces import CLEAN, FIT, JUDGE, LOGISTIC, SPLIT, START, XY
from tests.checks.practice.submissions import notebook, submission

FACTS = Facts(
    prevalence_train=(0.1, 0.2), prevalence_holdout=(0.1, 0.2),
    traps=(Trap(column="refund_minutes", strength="loud", why="it is filled after the outcome", sentence="Filled later."),),
)  # fmt: skip


def test_clean_work_is_met() -> None:
    result = leakage(submission({"main.py": CLEAN}), NoSettings())
    assert (result.verdict, result.findings) == (Verdict.MET, ())


def test_benign_preprocessing_is_a_remark_and_costs_nothing() -> None:
    code = START + "X = StandardScaler().fit_transform(X)\n" + SPLIT + LOGISTIC + FIT + JUDGE
    result = leakage(submission({"main.py": code}), NoSettings())
    assert result.verdict is Verdict.MET
    assert [(finding.rule, finding.severity) for finding in result.findings] == [("preprocess_before_split", Severity.INFO)]
    assert result.findings[0].where.line is not None


def test_a_material_leak_is_not_met_and_leads_to_its_place() -> None:
    code = (
        START + "from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)\n" + SPLIT + LOGISTIC + FIT + JUDGE
    )
    result = leakage(submission({"main.py": code}), NoSettings())
    assert result.verdict is Verdict.NOT_MET
    first = result.findings[0]
    assert (first.rule, first.severity, first.where.path) == ("oversample_before_split", Severity.MAJOR, "main.py")
    assert first.where.line == code[: code.index("SMOTE()")].count("\n") + 1


def test_nothing_fitted_is_not_measured() -> None:
    result = leakage(submission({"main.py": "print(1)\n"}), NoSettings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)


def test_a_file_that_cannot_be_read_leaves_it_unmeasured() -> None:
    result = leakage(submission({"main.py": CLEAN, "other.py": "x = (((\n"}), NoSettings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.UNSUPPORTED)


def test_43_a_planted_trap_that_is_dropped_earns_praise_and_one_that_is_kept_is_a_leak() -> None:
    kept = leakage(submission({"main.py": CLEAN}, facts=FACTS), NoSettings())
    assert [finding.rule for finding in kept.findings] == ["post_outcome_feature"]
    assert kept.verdict is Verdict.NOT_MET
    dropped = CLEAN.replace("X = df", "df = df.drop(columns=['refund_minutes'])\nX = df")
    result = leakage(submission({"main.py": dropped}, facts=FACTS), NoSettings())
    assert [finding.rule for finding in result.findings] == ["trap_left_out"]
    assert result.verdict is Verdict.MET


@pytest.mark.parametrize(
    ("columns", "rule"), [({"time_column": "month"}, "temporal_overlap"), ({"entity_columns": ("card",)}, "group_overlap")]
)
def test_40_random_rows_where_the_pack_knows_time_or_repeated_entities_overlap(columns: dict[str, object], rule: str) -> None:
    facts = Facts(prevalence_train=(0.1, 0.2), prevalence_holdout=(0.1, 0.2), **columns)
    result = leakage(submission({"main.py": CLEAN}, facts=facts), NoSettings())
    assert [finding.rule for finding in result.findings] == [rule]
    by_time = CLEAN.replace(
        SPLIT,
        "X_train, X_test = X[df['month'] < 6], X[df['month'] >= 6]\ny_train, y_test = y[df['month'] < 6], y[df['month'] >= 6]\n",
    )
    assert leakage(submission({"main.py": by_time}, facts=facts), NoSettings()).verdict is Verdict.MET


@pytest.mark.parametrize(
    "rows",
    [
        "df = df[df['month'] > 3]\n" + XY,
        "df = df.query('amount < 1000')\n" + XY,
        "X, y = X[:5000], y[:5000]\n",
    ],
)
def test_40_a_filter_near_a_random_split_does_not_make_it_a_split_in_time(rows: str) -> None:
    """Only what keeps judged rows apart from fitted ones is the split; what both went through is none."""
    facts = Facts(prevalence_train=(0.1, 0.2), prevalence_holdout=(0.1, 0.2), time_column="month")
    result = leakage(submission({"main.py": CLEAN.replace(SPLIT, rows + SPLIT)}, facts=facts), NoSettings())
    assert [finding.rule for finding in result.findings] == ["temporal_overlap"]


def test_40_a_random_validation_inside_rows_parted_by_time_is_no_overlap() -> None:
    facts = Facts(prevalence_train=(0.1, 0.2), prevalence_holdout=(0.1, 0.2), time_column="month")
    lines = (
        "past, later = df[df['month'] < 6], df[df['month'] >= 6]\nX, y = past.drop(columns=['churn']), past['churn']\n"
        + SPLIT.replace("X_test", "X_val").replace("y_test", "y_val")
        + LOGISTIC + FIT
        + "print(roc_auc_score(y_val, model.predict(X_val)))\n"
        + "print(roc_auc_score(later['churn'], model.predict(later.drop(columns=['churn']))))\n"
    )  # fmt: skip
    assert leakage(submission({"main.py": START + lines}, facts=facts), NoSettings()).findings == ()


def test_41_a_stored_score_that_is_too_good_is_a_question_and_no_verdict() -> None:
    book = notebook(CLEAN, outputs=True).replace('"text": "shown"', '"text": "ROC AUC: 0.9998"')
    result = leakage(submission({"a.ipynb": book}), NoSettings())
    assert result.verdict is Verdict.MET
    assert [(finding.rule, finding.where.cell) for finding in result.findings] == [("too_good", 0)]
