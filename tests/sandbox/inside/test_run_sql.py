"""Statements of a submission, put to a database that they may only read."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.inside.run_sql import main

ROWS = "customer,cents\n" + "".join(f"c{number % 7},{number}\n" for number in range(300)) + "c9,\n"


def ask(root: Path, statement: str | bytes | None, most_steps: int = 1_000_000) -> dict[str, Any]:
    for folder in ("in", "out", "data", "submission/answers"):
        (root / folder).mkdir(parents=True)
    (root / "data" / "t.csv").write_text(ROWS)
    if statement is not None:
        (root / "submission" / "answers" / "q1.sql").write_bytes(
            statement.encode() if isinstance(statement, str) else statement
        )
    table = {"name": "t", "file": "t.csv", "columns": {"customer": "text", "cents": "integer"}, "index": ["customer"]}
    questions = [{"file": "answers/q1.sql", "most_steps": most_steps}]
    request = {"folder": "/data", "tables": [table], "questions": questions}
    (root / "in" / "request.json").write_text(json.dumps(request))
    assert main(str(root)) == 0
    (told,) = json.loads((root / "out" / "sql.json").read_text())
    assert isinstance(told, dict)
    return told


def rows(root: Path) -> list[list[str]]:
    with (root / "out" / "sql-1.csv").open(newline="") as file:
        return list(csv.reader(file))


def test_a_select_is_answered_with_its_rows_its_cost_and_its_plan(tmp_path: Path) -> None:
    told = ask(tmp_path, "SELECT customer, SUM(cents) AS total FROM t GROUP BY customer ORDER BY customer;\n")
    assert told["state"] == "answered"
    assert told["steps"] > 0
    assert rows(tmp_path)[0] == ["customer", "total"]
    assert rows(tmp_path)[1] == ["c0", str(sum(range(0, 300, 7)))]
    assert rows(tmp_path)[-1] == ["c9", ""]
    assert any("t" in line for line in told["plan"])


def test_windows_and_recursion_can_be_used(tmp_path: Path) -> None:
    statement = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) "
        "SELECT i, SUM(i) OVER (ORDER BY i) AS total FROM n"
    )
    assert ask(tmp_path, statement)["state"] == "answered"
    assert rows(tmp_path)[-1] == ["5", "15"]


def test_a_statement_above_its_budget_is_interrupted(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) AS top FROM n"
    told = ask(tmp_path, endless)
    assert told["state"] == "over_budget"
    assert 1_000_000 < told["steps"] < 1_100_000
    assert not (tmp_path / "out" / "sql-1.csv").exists()


def test_the_cost_is_the_same_each_time(tmp_path: Path) -> None:
    statement = "SELECT COUNT(*) AS pairs FROM t AS a, t AS b WHERE a.cents < b.cents"
    costs = [ask(tmp_path / name, statement)["steps"] for name in "ab"]
    assert costs[0] == costs[1] > 100_000


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM t",
        "INSERT INTO t VALUES ('c1', 1)",
        "CREATE TABLE u (x)",
        "ATTACH DATABASE '/tmp/stolen.db' AS other",
        "PRAGMA writable_schema = 1",
        "SELECT load_extension('/tmp/x.so')",
        "SELECT 1; SELECT 2",
        "VACUUM INTO '/tmp/copy.db'",
        "SELEC customer FROM t",
        "-- nothing",
        "",
    ],
)
def test_only_one_reading_statement_is_run(tmp_path: Path, statement: str) -> None:
    told = ask(tmp_path, statement)
    answered = told["state"] == "answered"
    assert not answered or rows(tmp_path) == [[]]


def test_one_question_cannot_change_what_the_next_one_reads(tmp_path: Path) -> None:
    told = ask(tmp_path, "WITH gone AS (SELECT 1) DELETE FROM t")
    assert told["state"] == "failed"
    assert "not authorized" in told["message"]


@pytest.mark.parametrize(("statement", "state"), [(None, "absent"), (b"\xff\xfe", "failed"), (b"-" * 200_000, "failed")])
def test_a_file_that_is_missing_or_no_statement_is_told(tmp_path: Path, statement: bytes | None, state: str) -> None:
    assert ask(tmp_path, statement)["state"] == state


def test_a_result_of_too_many_rows_is_no_answer(tmp_path: Path) -> None:
    told = ask(tmp_path, "SELECT a.cents FROM t AS a, t AS b, t AS c LIMIT 100001", most_steps=100_000_000)
    assert (told["state"], "more than" in told["message"]) == ("failed", True)
