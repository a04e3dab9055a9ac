"""What a run's trace may say about leakage and validation: doubts, never awards."""

import json
from pathlib import Path
from typing import Any

from checks.base import NoSettings
from checks.leakage import leakage
from checks.validation import validation
from harness.model.evidence import Evidence
from harness.model.finding import Fault, Level, Severity, Verdict
from tests.checks.builders import Step, evidence_of, pack_of, rules
from tests.checks.practice.pieces import CLEAN, IMPORTS, READ, START

FITTED = START + "model = LogisticRegression()\nmodel.fit(X, y)\nprint(model.score(X, y))\n"
SMOTED = CLEAN.replace(
    "X_train, X_test", "from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)\nX_train, X_test", 1
)


def table(number: int, first: int, rows: int) -> dict[str, Any]:
    """A table of rows that are told apart by their content: `first`, `first + 1` and so on."""
    content = "".join(f"{one:012x}" for one in range(first, first + rows))
    return {"kind": "table", "table": number, "rows": rows, "columns": 3, "content": content, "bits": 0, "distinct": 1.0}


def call(kind: str, number: int, rows: int, line: int, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "number": number, "object": 1, "rows": rows, "file": "main.py", "line": line, **more}


def traced(tmp_path: Path, code: str, *records: dict[str, Any]) -> Evidence:
    lines = "\n".join(json.dumps(record) for record in records)
    return evidence_of(tmp_path, {"main.py": code}, steps=[Step("train", files={"trace.jsonl": lines})], pack=pack_of())


def line_of(code: str, text: str) -> int:
    return code[: code.index(text)].count("\n") + 1


def test_a_run_that_kept_rows_apart_lowers_train_as_test_to_a_question(tmp_path: Path) -> None:
    """The same call, other rows: a suspicion, no longer a verdict, and full marks neither."""
    there = line_of(FITTED, "model.score")
    apart = (table(1, 0, 40), table(2, 100, 40), call("fit", 1, 1, there - 1), call("score", 2, 2, there))
    result = leakage(traced(tmp_path, FITTED, *apart), NoSettings())
    assert (result.verdict, result.score) == (Verdict.PARTIAL, 0.7)
    assert [(one.rule, one.severity, one.confidence) for one in result.findings] == [("train_as_test", Severity.MINOR, 0.4)]


def test_a_run_that_scored_fitted_rows_confirms_train_as_test(tmp_path: Path) -> None:
    there = line_of(FITTED, "model.score")
    same = (table(1, 0, 40), call("fit", 1, 1, there - 1), call("score", 2, 1, there))
    result = leakage(traced(tmp_path, FITTED, *same), NoSettings())
    assert (result.verdict, result.findings[0].confidence) == (Verdict.NOT_MET, 0.97)


def test_a_trace_of_another_place_clears_nothing(tmp_path: Path) -> None:
    elsewhere = (table(1, 0, 40), table(2, 100, 40), call("fit", 1, 1, 900), call("score", 2, 2, 901))
    assert leakage(traced(tmp_path, FITTED, *elsewhere), NoSettings()).verdict is Verdict.NOT_MET


def test_rows_resampled_before_a_split_in_the_run_alone_raise_a_doubt(tmp_path: Path) -> None:
    """Nothing of it stands in the code that could be read."""
    grown = (table(1, 0, 40), table(2, 0, 70), call("resample", 1, 1, 2, made=2, role="sampler"), call("split", 2, 2, 3))
    result = leakage(traced(tmp_path, CLEAN, *grown), NoSettings())
    assert (result.score, rules(result)) == (0.7, ["traced_resampling_before_split"])
    assert result.findings[0].level is Level.EXECUTED


def test_fewer_rows_drawn_before_a_split_raise_no_doubt_of_copies(tmp_path: Path) -> None:
    shrunk = (table(1, 0, 70), table(2, 0, 40), call("resample", 1, 1, 2, made=2, role="sampler"), call("split", 2, 2, 3))
    assert leakage(traced(tmp_path, CLEAN, *shrunk), NoSettings()).verdict is Verdict.MET


def test_a_resampling_that_was_never_split_in_the_run_is_lowered_to_a_question(tmp_path: Path) -> None:
    there = line_of(SMOTED, "SMOTE().fit")
    run = (
        table(1, 0, 40), table(2, 0, 70), table(3, 500, 40), table(4, 600, 40),
        call("resample", 1, 1, there, made=2, role="sampler", object=7),
        call("split", 2, 3, there + 1), call("fit", 3, 3, there + 2), call("score", 4, 4, there + 3),
    )  # fmt: skip
    result = leakage(traced(tmp_path, SMOTED, *run), NoSettings())
    assert (result.score, result.findings[0].severity) == (0.7, Severity.MINOR)


def test_validation_that_only_the_run_shows_is_for_a_person_and_no_zero(tmp_path: Path) -> None:
    there = line_of(FITTED, "model.score")
    apart = (table(1, 0, 40), table(2, 100, 40), call("fit", 1, 1, there - 1), call("score", 2, 2, there))
    result = validation(traced(tmp_path, FITTED, *apart), NoSettings())
    assert (result.verdict, result.fault, result.score) == (Verdict.NOT_MEASURED, Fault.PENDING_HUMAN, None)


def test_a_trace_never_makes_a_validation_met_that_the_code_does_not_hold(tmp_path: Path) -> None:
    """Whatever the lines say, what is read decides."""
    wild = (table(1, 0, 40), table(2, 100, 40), call("fit", 1, 1, 1), call("predict", 2, 2, 2), call("validate", 3, 2, 3))
    assert validation(traced(tmp_path, IMPORTS + READ + "print(df.shape)\n", *wild), NoSettings()).score == 0.0


def test_a_split_that_ran_is_told_as_executed(tmp_path: Path) -> None:
    apart = (table(1, 0, 40), table(2, 100, 40), call("fit", 1, 1, 5), call("score", 2, 2, 6))
    result = validation(traced(tmp_path, CLEAN, *apart), NoSettings())
    assert (result.verdict, {one.level for one in result.findings}) == (Verdict.MET, {Level.EXECUTED})


def test_code_that_keeps_rows_apart_and_a_run_that_did_not_is_a_question(tmp_path: Path) -> None:
    same = (table(1, 0, 40), call("fit", 1, 1, 5), call("score", 2, 1, 6))
    result = validation(traced(tmp_path, CLEAN, *same), NoSettings())
    assert result.verdict is Verdict.MET
    assert "not_seen_in_the_run" in rules(result)
