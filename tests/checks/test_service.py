"""What is said of a service, from the account of the program that asked it."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks.failures import explain
from checks.service import Settings, service, share_of
from checks.service_account import read_service_account
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Verdict
from harness.model.run import Exited
from harness.model.submission import CommandEntry, ServiceEntry
from tests.builders import make_facts
from tests.checks.builders import Step, evidence_of, pack_of

ENTRY = ServiceEntry(start="python serve.py {port}")


def account(**changes: Any) -> dict[str, Any]:
    return {
        "state": "answered",
        "told": "",
        "ready_s": 1.5,
        "rows": 300,
        "answered": 300,
        "content_type": "application/json; charset=utf-8",
        "batch_rows": 256,
        "batch_ms": [20.0, 22.0],
        "single_ms": [float(n) for n in range(1, 41)],
        "singles_told": "",
        "differing": [],
        **changes,
    }


def evidence(
    tmp_path: Path, document: Any, *, code: int | None = None, memory: bool = False, stderr: str = "", source: str = ""
) -> Evidence:
    tmp_path.mkdir(exist_ok=True)
    files = {"service.json": json.dumps(document)}
    code = 5 if code is None and isinstance(document, dict) and document.get("state") != "answered" else code or 0
    step = Step(outcome=Exited(code=code), files=files, memory_kill_seen=memory, stderr=stderr)
    return evidence_of(tmp_path, {"serve.py": source or "pass\n"}, steps=[step], entry=ENTRY, pack=pack_of())


def judge(tmp_path: Path, settings: Settings | None = None, **changes: Any) -> CheckResult:
    return service(evidence(tmp_path, account(**changes)), settings or Settings())


def rules(result: CheckResult) -> set[str]:
    return {finding.rule for finding in result.findings}


def test_a_sound_service_is_met_and_its_times_are_information(tmp_path: Path) -> None:
    result = judge(tmp_path)

    assert result.verdict is Verdict.MET
    told = {one.name: one.value for one in result.measurements}
    assert told == {
        "service_ready_s": 1.5,
        "service_single_p50_ms": 20.0,
        "service_single_p95_ms": 38.0,
        "service_single_p99_ms": 40.0,
        "service_batch_p50_ms": 20.0,
    }


def test_slowness_costs_nothing_unless_the_pack_sets_a_limit(tmp_path: Path) -> None:
    slow = [900.0] * 40

    assert judge(tmp_path / "a", single_ms=slow, ready_s=50.0).score == 1.0
    limited = judge(tmp_path / "b", Settings(p95_ms=100, ready_s=10), single_ms=slow, ready_s=50.0)
    assert rules(limited) == {"slow_answers", "slow_start"}
    assert limited.score == pytest.approx(0.5)


def test_few_requests_tell_no_tail(tmp_path: Path) -> None:
    result = judge(tmp_path, Settings(p95_ms=1), single_ms=[5.0] * 10)

    assert result.score == 1.0
    assert {one.name for one in result.measurements} >= {"service_single_p50_ms"}
    assert not any("p95" in one.name for one in result.measurements)


def test_another_answer_for_a_row_alone_is_a_finding_with_the_row(tmp_path: Path) -> None:
    result = judge(tmp_path, differing=[[8, "0.5", "0.9"]])

    (finding,) = result.findings
    assert (finding.rule, result.score) == ("single_differs", 0.5)
    assert finding.seen == "1 of 40 rows; row 9 of the holdout: 0.5 in its batch, 0.9 alone"


def test_where_time_matters_earlier_rows_may_count_as_history(tmp_path: Path) -> None:
    told = evidence(tmp_path, account(differing=[[8, "0.5", "0.9"]]))
    timed = Evidence(**{**told.__dict__, "facts": make_facts(time_column="day")})

    result = service(timed, Settings())

    assert result.score == 1.0
    assert rules(result) == {"single_follows_history"}


def test_json_under_another_name_is_minor(tmp_path: Path) -> None:
    result = judge(tmp_path, content_type="text/html")

    assert rules(result) == {"content_type"}
    assert result.score == pytest.approx(0.9)


def test_a_service_without_answers_is_not_met_and_says_why(tmp_path: Path) -> None:
    result = judge(tmp_path, state="died", told="ended with exit code 3 before it was ready")

    assert (result.score, result.summary) == (0.0, "The service ended with exit code 3 before it was ready.")


def test_a_starved_host_is_nobodys_fault(tmp_path: Path) -> None:
    told = evidence(tmp_path, account(state="starved", told="did not get the processor time"))
    assert told.runs is not None

    result, failure = service(told, Settings()), explain(told, told.runs.steps[0])

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.HARNESS)
    assert (failure.kind, failure.fault, failure.lowers) == ("host_too_busy", Fault.HARNESS, False)


def test_a_failed_service_is_explained_with_the_line_that_raised(tmp_path: Path) -> None:
    stderr = "Traceback\n  File \"/work/serve.py\", line 7, in score\nKeyError: 'x9'\n"
    told = evidence(tmp_path, account(state="died", told="ended with exit code 1"), stderr=stderr)
    assert told.runs is not None

    failure = explain(told, told.runs.steps[0])

    assert (failure.kind, failure.fault, failure.lowers) == ("service_died", Fault.SUBMISSION, True)
    assert (failure.where.path, failure.where.line) == ("serve.py", 7)
    assert failure.seen == "KeyError: 'x9'"


def test_a_service_that_was_killed_for_memory_is_told_so(tmp_path: Path) -> None:
    told = evidence(tmp_path, account(state="died", told="ended by signal 9"), memory=True)
    assert told.runs is not None

    assert explain(told, told.runs.steps[0]).kind == "out_of_memory"


@pytest.mark.parametrize(("state", "code"), [("starved", 137), ("answered", 5), ("died", 0), ("starved", 1)])
def test_an_account_beside_another_end_of_our_program_is_not_believed(tmp_path: Path, state: str, code: int) -> None:
    """A service that ends the program which asks it can leave an account of its own, in which the host is to blame."""
    told = evidence(tmp_path, account(state=state, told="the host was busy"), code=code)
    assert told.runs is not None

    assert service(told, Settings()).score in (None, 0.0)
    assert read_service_account(told, "predict") is None
    if code:
        assert explain(told, told.runs.steps[0]).fault is Fault.SUBMISSION


def test_a_package_that_the_environment_lacks_is_not_held_against_a_service(tmp_path: Path) -> None:
    stderr = "ModuleNotFoundError: No module named 'fastapi'\nthe service ended with exit code 1 before it was ready\n"
    told = evidence(tmp_path, account(state="died", told="ended with exit code 1"), stderr=stderr, source="import fastapi\n")
    assert told.runs is not None

    failure = explain(told, told.runs.steps[0])

    assert (failure.kind, failure.lowers) == ("undeclared_dependency", False)


def test_a_submission_that_is_no_service_is_not_measured(tmp_path: Path) -> None:
    step = Step(files={"service.json": json.dumps(account())})
    other = evidence_of(tmp_path, steps=[step], entry=CommandEntry(predict="python predict.py"), pack=pack_of())

    assert service(other, Settings()).fault is Fault.UNSUPPORTED


@pytest.mark.parametrize("document", [[], {"state": "splendid"}, {}, "answered"])
def test_an_account_that_we_do_not_write_is_as_good_as_absent(tmp_path: Path, document: Any) -> None:
    told = evidence(tmp_path, document)

    assert read_service_account(told, "predict") is None
    assert service(told, Settings()).verdict is Verdict.NOT_MEASURED


def test_fields_of_other_types_are_left_out(tmp_path: Path) -> None:
    odd = account(ready_s="soon", rows=-1, batch_ms=[1, "x", True, 1e99], differing=[[1, 2], ["a", {}, []]])

    read = read_service_account(evidence(tmp_path, odd), "predict")

    assert read is not None
    assert (read.ready_s, read.rows, read.batch_ms, read.differing) == (None, 0, (1.0,), ((0, "{}", "[]"),))


@pytest.mark.parametrize(("share", "time"), [(0.5, 2.0), (0.95, 4.0), (0.25, 1.0), (0.0, 1.0)])
def test_a_share_of_the_times_is_the_smallest_that_is_enough(share: float, time: float) -> None:
    assert share_of((4.0, 1.0, 3.0, 2.0), share) == time
