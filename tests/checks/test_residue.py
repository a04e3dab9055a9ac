"""The residue check."""

from checks.base import NoSettings
from checks.residue import residue
from harness.model.facts import Facts
from harness.model.finding import Fault, Verdict
from tests.checks.practice.pieces import CLEAN, IMPORTS, READ
from tests.checks.practice.submissions import submission

FACTS = Facts(prevalence_train=(0.1, 0.2), prevalence_holdout=(0.1, 0.2))
COLUMNS = ("a", "b", "plan", "month", "churn")


def rules(code: str, report: str = "") -> set[str]:
    evidence = submission({"main.py": code, "REPORT.md": report}, facts=FACTS, public_columns=COLUMNS)
    return {finding.rule for finding in residue(evidence, NoSettings()).findings}


def test_work_of_one_piece_leaves_no_residue() -> None:
    made = CLEAN.replace(
        "X = df", "df['ratio'] = df['a'] / df['b']\nprint(df['ratio'].describe(), df['plan'].value_counts())\nX = df", 1
    )
    result = residue(submission({"main.py": made}, facts=FACTS, public_columns=COLUMNS), NoSettings())
    assert (result.verdict, result.findings) == (Verdict.MET, ())


def test_73_columns_of_another_data_set_are_residue() -> None:
    assert rules(CLEAN + "print(df['Survived'].value_counts())\n") == {"foreign_column"}


def test_72_results_typed_in_as_numbers_are_residue() -> None:
    table = "scores = {'model': ['a', 'b', 'c'], 'accuracy': [0.913, 0.874, 0.852]}\nprint(pd.DataFrame(scores))\n"
    assert rules(CLEAN + table) == {"typed_results"}


def test_techniques_that_only_the_text_uses_are_residue() -> None:
    assert rules(CLEAN, "We applied SMOTE and trained a random forest.") == {"claimed_technique"}
    assert rules(CLEAN, "We did not use SMOTE; a random forest could be tried in future.") == set()


def test_69_a_metric_of_the_negative_class_is_residue() -> None:
    assert rules(CLEAN + "print(f1_score(y_test, model.predict(X_test), pos_label=0))\n") == {"wrong_class_metric"}


def test_a_docstring_that_contradicts_a_default_is_residue() -> None:
    code = 'def cut(frame, share=0.2):\n    """Cut off a share; share = 0.3 by default."""\n    return frame\n'
    assert rules(IMPORTS + READ + code + "cut(df)\n") == {"docstring_contradiction"}


def test_two_kinds_are_put_to_a_person() -> None:
    code = CLEAN + "print(df['Survived'].value_counts())\n"
    evidence = submission({"main.py": code, "REPORT.md": "We applied SMOTE."}, facts=FACTS, public_columns=COLUMNS)
    result = residue(evidence, NoSettings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.PENDING_HUMAN)
    assert result.findings[0].rule == "several_kinds"
    assert result.findings[0].innocent


def test_one_kind_alone_asks_nothing() -> None:
    assert "several_kinds" not in rules(CLEAN + "print(df['Survived'].value_counts())\n")
