"""What a submission says of its result, against what was measured."""

from pathlib import Path

import pytest

from checks.claims import Settings, claims
from checks.stated_results import metric_named, stated_result
from harness.model.evidence import Evidence
from harness.model.finding import Fault, Level, Severity, Verdict
from harness.model.submission import Declaration, DeclaredResult
from tests.builders import make_facts
from tests.checks.builders import Step, evidence_of, only, pack_of, rules
from tests.checks.probe_builders import IDS, TRUTH, probed, table
from tests.checks.test_label_shuffle import metric

MIXED = {key: 0.3 * TRUTH[key] + (number * 53 % 97) / 97 for number, key in enumerate(IDS)}
"""An area under the curve of about 0.75."""
CODE = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
frame = pd.read_csv("data/train.csv")
train, test = train_test_split(frame, random_state=0)
model = LogisticRegression().fit(train.drop(columns="target"), train["target"])
guess = model.predict(test.drop(columns="target"))
print(accuracy_score(test["target"], guess), f1_score(test["target"], guess))
"""
RARE = make_facts(prevalence_train=[0.01, 0.03])


def declared(name: str, value: float) -> Declaration:
    return Declaration(declared=DeclaredResult(metric=name, value=value))


def told(tmp_path: Path, declaration: Declaration | None = None, **more: object) -> Evidence:
    return probed(tmp_path, first=MIXED, declaration=declaration or Declaration(), **more)  # type: ignore[arg-type]


def measured(tmp_path: Path) -> float:
    (tmp_path / "m").mkdir()
    finding = claims(told(tmp_path / "m", declared("roc_auc", 0.999)), Settings())
    return float(only(finding, "declared_not_reproduced").seen.split("measured ")[1].split(" ")[0])


def test_a_claim_within_the_interval_holds(tmp_path: Path) -> None:
    value = measured(tmp_path)

    result = claims(told(tmp_path, declared("ROC AUC", value + 0.01)), Settings())

    assert result.score == 1.0
    assert only(result, "declared_reproduced").severity is Severity.PRAISE


def test_a_claim_far_above_is_told_in_ladder_units_with_its_interval(tmp_path: Path) -> None:
    result = claims(told(tmp_path, declared("roc_auc", 0.97)), Settings())
    finding = only(result, "declared_not_reproduced")

    assert "ladder units" in finding.message
    assert (finding.severity, finding.level) == (Severity.MAJOR, Level.BEHAVIOUR)
    assert finding.innocent
    assert result.score is not None
    assert result.score < 0.5


def test_a_claim_outside_by_little_costs_little_and_raises_nothing(tmp_path: Path) -> None:
    """Outside the interval, but by less than a fifth of the ladder."""
    wide = {"dummy": 0.0, "naive": 0.2, "reference": 0.9, "strong": 3.0}
    result = claims(told(tmp_path, declared("roc_auc", 0.93), rungs=wide), Settings())

    assert "declared_not_reproduced" not in rules(result)


def test_a_modest_claim_is_no_fault(tmp_path: Path) -> None:
    """Labels of the last weeks may be incomplete where the claim was measured."""
    result = claims(told(tmp_path, declared("roc_auc", 0.55)), Settings())

    assert (result.score, rules(result)) == (1.0, [])


def test_a_claim_of_nothing_says_nothing(tmp_path: Path) -> None:
    best = {key: TRUTH[key] + number / 1e6 for number, key in enumerate(IDS)}
    result = claims(probed(tmp_path, first=best, declaration=declared("roc_auc", 0.01)), Settings())

    assert (result.score, rules(result)) == (0.8, [])


def test_a_result_too_good_to_be_true_is_questioned(tmp_path: Path) -> None:
    result = claims(told(tmp_path, declared("roc_auc", 0.9999)), Settings())

    assert "too_good_to_be_true" in rules(result)


def test_a_claim_that_is_the_training_score_is_found_in_the_trace(tmp_path: Path) -> None:
    trace = Step("train", files={"trace.jsonl": metric("roc_auc_score", 0.9871, fitted=True)})

    result = claims(told(tmp_path, declared("roc_auc", 0.987), more=[trace]), Settings())

    assert result.score == 0.0
    assert only(result, "declared_near_training").level is Level.EXECUTED


def test_a_claim_from_held_out_rows_is_not_taken_for_a_training_score(tmp_path: Path) -> None:
    trace = Step("train", files={"trace.jsonl": metric("roc_auc_score", 0.9871)})

    assert "declared_near_training" not in rules(claims(told(tmp_path, declared("roc_auc", 0.987), more=[trace]), Settings()))


def test_a_number_in_the_report_stands_in_for_a_missing_declaration(tmp_path: Path) -> None:
    report = "# Report\n\nBaseline ROC AUC 0.61.\n\nOn the validation month the final model reaches a ROC AUC of 0.981.\n"

    finding = only(claims(told(tmp_path, files={"REPORT.md": report}), Settings()), "stated_not_reproduced")

    assert (finding.where.path, finding.where.line, finding.severity) == ("REPORT.md", 5, Severity.MINOR)
    assert finding.confidence < 0.7


@pytest.mark.parametrize(
    "line",
    [
        "The training score is an AUC of 0.999.",
        "We hope for a ROC AUC above 0.95.",
        "With the leaking column the AUC was 0.99, so we dropped it.",
        "AUC is the area under the curve; see section 0.75.",
        "A random model has an AUC of 0.5.",
        "ROC AUC was computed on 1.200 rows",
    ],
)
def test_other_numbers_of_a_report_are_not_taken_for_the_result(tmp_path: Path, line: str) -> None:
    stated = stated_result(evidence_of(tmp_path, {"REPORT.md": line}), "roc_auc")

    assert stated is None or stated.value == 0.75  # the section's number, if anything


def test_nothing_stated_is_not_measured(tmp_path: Path) -> None:
    result = claims(told(tmp_path, files={"README.md": "# Work\n"}), Settings())

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)


def test_the_briefs_own_words_are_no_claim(tmp_path: Path) -> None:
    line = "Last year's model reached a ROC AUC of 0.99 on test data."

    assert claims(told(tmp_path, files={"README.md": line}, brief=line), Settings()).verdict is Verdict.NOT_MEASURED


def test_accuracy_alone_hides_a_rare_class(tmp_path: Path) -> None:
    result = claims(told(tmp_path, declared("accuracy", 0.98), facts=RARE), Settings())

    assert only(result, "accuracy_only").innocent == "A threshold or a cost is discussed elsewhere."
    assert result.score == 0.25


@pytest.mark.parametrize(
    "files",
    [
        {"REPORT.md": "Accuracy is 0.98, but recall only 0.2."},
        {"train.py": CODE},
    ],
)
def test_accuracy_beside_another_measure_hides_nothing(tmp_path: Path, files: dict[str, str]) -> None:
    result = claims(told(tmp_path, declared("accuracy", 0.98), facts=RARE, files=files), Settings())

    assert "accuracy_only" not in rules(result)


def test_accuracy_of_a_balanced_task_is_fine(tmp_path: Path) -> None:
    assert "accuracy_only" not in rules(claims(told(tmp_path, declared("accuracy", 0.98)), Settings()))


def test_a_metric_that_is_not_measured_here_is_unsupported(tmp_path: Path) -> None:
    result = claims(told(tmp_path, declared("gini of my own", 0.7)), Settings())

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.UNSUPPORTED)


def test_another_ranking_metric_is_measured_all_the_same(tmp_path: Path) -> None:
    result = claims(told(tmp_path, declared("PR-AUC", 0.97)), Settings())

    assert "from chance to perfect" in only(result, "declared_not_reproduced").message


def test_a_claim_about_errors_counts_in_the_other_direction(tmp_path: Path) -> None:
    """For an error, lower is better: a claim of nearly none is the optimistic one."""
    rungs = {"dummy": 0.5, "naive": 0.45, "reference": 0.3, "strong": 0.25}
    evidence = told(tmp_path, declared("mae", 0.05), pack=pack_of(metric={"name": "mae"}), rungs=rungs)

    assert rules(claims(evidence, Settings())) == ["declared_not_reproduced"]


@pytest.mark.parametrize("value", [1e308, -1e308, -0.2, 250.0])
def test_impossible_claims_are_not_measured(tmp_path: Path, value: float) -> None:
    assert claims(told(tmp_path, declared("roc_auc", value)), Settings()).verdict is Verdict.NOT_MEASURED


def test_a_claim_in_percent_is_read_as_one(tmp_path: Path) -> None:
    assert "stated 0.97 " in only(claims(told(tmp_path, declared("auc", 97)), Settings()), "declared_not_reproduced").seen


@pytest.mark.parametrize("text", ["AUC " * 50_000, "AUC " + "9" * 5_000, "\x00\x1b[31mAUC 0.9", "AUC: 0.99%" * 3_000])
def test_hostile_reports_do_no_harm(tmp_path: Path, text: str) -> None:
    assert claims(told(tmp_path, files={"REPORT.md": text}), Settings()).verdict in Verdict


def test_invalid_predictions_are_not_measured(tmp_path: Path) -> None:
    evidence = probed(tmp_path, first={"r000": 0.5}, declaration=declared("roc_auc", 0.9))

    assert claims(evidence, Settings()).verdict is Verdict.NOT_MEASURED


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ROC-AUC", "roc_auc"),
        ("AUC", "roc_auc"),
        ("PR AUC", "average_precision"),
        ("AP", "average_precision"),
        ("average_precision_score", "average_precision"),
        ("Balanced accuracy", "balanced_accuracy"),
        ("F1 score", "f1"),
        ("rmse", "rmse"),
        ("lift at 5", "lift at 5"),
    ],
)
def test_metrics_are_known_by_the_names_people_give_them(written: str, name: str) -> None:
    assert metric_named(written) == name


def test_the_table_of_predictions_reads_back(tmp_path: Path) -> None:
    """The builder of these tests writes what the strict reader accepts."""
    assert table({"a": 0.5}) == "id,score\na,0.5\n"


def test_a_recall_of_the_frequent_class_is_pointed_out(tmp_path: Path) -> None:
    """Labels turned round, or an average by weight, make a fine recall of nothing."""
    turned = metric("recall_score", 0.99, asked={"pos_label": 0})
    result = claims(told(tmp_path, declared("roc_auc", 0.7), more=[Step("train", files={"trace.jsonl": turned})]), Settings())

    assert "pos_label=0.0" in only(result, "majority_class_metric").seen


@pytest.mark.parametrize("asked", [{}, {"pos_label": 1}, {"average": "macro"}])
def test_a_recall_of_the_rare_class_is_fine(tmp_path: Path, asked: dict[str, object]) -> None:
    trace = Step("train", files={"trace.jsonl": metric("recall_score", 0.99, asked=asked)})

    assert "majority_class_metric" not in rules(claims(told(tmp_path, declared("roc_auc", 0.7), more=[trace]), Settings()))


def test_a_number_that_the_code_never_computes_is_pointed_out_and_costs_nothing(tmp_path: Path) -> None:
    """Results typed as literals: the code computes this metric, and gets other numbers."""
    trace = Step("train", files={"trace.jsonl": metric("roc_auc_score", 0.61)})
    result = claims(told(tmp_path, declared("roc_auc", 0.72), more=[trace]), Settings())

    assert only(result, "not_computed").severity is Severity.INFO
    assert result.score == 1.0


def test_a_number_that_the_code_computes_is_backed_by_it(tmp_path: Path) -> None:
    trace = Step("train", files={"trace.jsonl": metric("roc_auc_score", 0.7213)})

    assert "not_computed" not in rules(claims(told(tmp_path, declared("roc_auc", 0.72), more=[trace]), Settings()))
