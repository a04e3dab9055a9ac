"""Answers in SQL: judged by their rows, and by what they cost."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks.base import NoSettings
from checks.sql_answers import sql_answers
from harness.model.finding import CheckResult, Fault, Verdict
from harness.model.run import Exited, Outcome, OutOfMemory, SandboxLost, SkippedStep, TimedOut
from tests.checks.builders import Step, evidence_of, rules
from tests.checks.table_builders import RUNGS, golden, table_pack

EXPECTED = "customer,total\nc1,10\nc2,20.5\nc3,0\nc4,7\n"


def _pack() -> Any:
    part = {
        "group_column": "customer",
        "tables": [{"name": "actions", "file": "actions.csv", "columns": {"customer": "text", "cents": "integer"}}],
        "questions": [
            {
                "file": "answers/q1.sql",
                "title": "Totals",
                "columns": [{"name": "customer", "type": "text"}, {"name": "total", "tolerance": 0.01}],
                "expected": "q1.csv",
            }
        ],
    }
    return table_pack(steps={"predict": {}, "sql": part})


def _judge(tmp_path: Path, rows: str | None, **told: Any) -> CheckResult:
    (tmp_path / "q1.csv").write_text(EXPECTED)
    account = [{"file": "answers/q1.sql", "state": "answered", "steps": 5000, "seconds": 0.1, "plan": ["SCAN actions"], **told}]
    files = {"sql.json": json.dumps(account), **({} if rows is None else {"sql-1.csv": rows})}
    evidence = evidence_of(tmp_path, steps=[Step(name="sql", files=files)], pack=_pack(), labels=golden(), rungs=RUNGS)
    return sql_answers(evidence, NoSettings())


def test_the_right_rows_in_any_order_of_rows_and_columns_are_met(tmp_path: Path) -> None:
    result = _judge(tmp_path, "total,customer\n7,c4\n0.0,c3\n20.5,c2\n10,c1\n")
    assert (result.verdict, result.findings) == (Verdict.MET, ())
    assert {one.name: one.value for one in result.measurements} == {"sql_1_right": 1.0, "sql_1_instructions": 5000.0}


@pytest.mark.parametrize(
    ("rows", "score"),
    [
        ("customer,total\nc1,10\nc2,20.5\nc3,0\nc4,8\n", 0.375),
        ("customer,total\nc1,10\nc2,20.5\nc3,0\n", 0.375),
        (EXPECTED + "c1,10\nc1,10\nc1,10\nc1,10\n", 0.25),
        ("customer,total\n", 0.0),
    ],
)
def test_wrong_missing_and_surplus_rows_cost_at_least_half(tmp_path: Path, rows: str, score: float) -> None:
    result = _judge(tmp_path, rows)
    assert result.score == pytest.approx(score)
    assert rules(result) == ["wrong_rows"]


def test_other_columns_are_no_answer(tmp_path: Path) -> None:
    assert rules(_judge(tmp_path, "name,total\nc1,10\n")) == ["wrong_columns"]


@pytest.mark.parametrize(
    ("state", "rule"), [("over_budget", "over_budget"), ("failed", "fails"), ("absent", "absent"), ("surprise", "fails")]
)
def test_what_was_not_answered_has_its_own_finding(tmp_path: Path, state: str, rule: str) -> None:
    result = _judge(tmp_path, None, state=state, message="no such table")
    assert (result.score, rules(result)) == (0.0, [rule])


def test_the_plan_is_shown_for_a_statement_that_was_too_costly(tmp_path: Path) -> None:
    assert _judge(tmp_path, None, state="over_budget").findings[0].seen == "SCAN actions"


def test_an_account_that_is_no_account_is_a_statement_that_failed(tmp_path: Path) -> None:
    (tmp_path / "q1.csv").write_text(EXPECTED)
    step = Step(name="sql", files={"sql.json": "[1, 2]"})
    result = sql_answers(evidence_of(tmp_path, steps=[step], pack=_pack(), labels=golden(), rungs=RUNGS), NoSettings())
    assert rules(result) == ["fails"]


def test_no_statements_at_all_are_not_met_and_a_lost_sandbox_is_ours(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    skipped = SkippedStep(name="sql", reason="the submission has none", fault="submission")
    none = evidence_of(tmp_path / "a", steps=[], skipped=[skipped], pack=_pack(), labels=golden(), rungs=RUNGS)
    assert (sql_answers(none, NoSettings()).verdict, rules(sql_answers(none, NoSettings()))) == (Verdict.NOT_MET, ["absent"])
    lost = Step(name="sql", outcome=SandboxLost(reason="gone"))
    result = sql_answers(evidence_of(tmp_path / "b", steps=[lost], pack=_pack(), labels=golden(), rungs=RUNGS), NoSettings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.HARNESS)


@pytest.mark.parametrize(
    ("outcome", "measured"), [(OutOfMemory(limit_mb=64), True), (Exited(code=137), False), (TimedOut(after_s=60), False)]
)
def test_a_step_that_ended_early_speaks_against_statements_only_when_they_used_it_up(
    tmp_path: Path, outcome: Outcome, measured: bool
) -> None:
    """A step that was stopped without having worked was starved by the machine, and by nobody's statement."""
    (tmp_path / "q1.csv").write_text(EXPECTED)
    step = Step(name="sql", outcome=outcome)
    result = sql_answers(evidence_of(tmp_path, steps=[step], pack=_pack(), labels=golden(), rungs=RUNGS), NoSettings())
    assert (result.verdict is not Verdict.NOT_MEASURED) is measured
    assert measured or result.fault is Fault.HARNESS
