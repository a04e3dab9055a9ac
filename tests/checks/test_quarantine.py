"""Unusable rows, planted and listed."""

from pathlib import Path

import pytest

from checks.quarantine import Settings, quarantine
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Verdict
from harness.model.run import Exited, SandboxLost
from tests.checks.builders import Step, evidence_of, rules
from tests.checks.table_builders import RUNGS, golden, returned, table, table_pack

PLANTED = [("a.csv", number, "torn" if number % 2 else "bad_time") for number in range(1, 21)]


def _csv(rows: list[tuple[str, int, str]]) -> str:
    return "file,row,reason\n" + "".join(f"{file},{row},{reason}\n" for file, row, reason in rows)


def _evidence(tmp_path: Path, listed: str | None) -> Evidence:
    (tmp_path / "planted.csv").write_text(_csv(PLANTED))
    return returned(tmp_path, table(), files={} if listed is None else {"quarantine.csv": listed})


def _judge(tmp_path: Path, listed: str | None) -> CheckResult:
    return quarantine(_evidence(tmp_path, listed), Settings())


def test_the_planted_rows_in_any_order_and_with_their_folder_are_met(tmp_path: Path) -> None:
    rows = [(f"/data/{file}", row, reason) for file, row, reason in reversed(PLANTED)]
    assert (_judge(tmp_path, _csv(rows)).verdict, _judge_rules(tmp_path)) == (Verdict.MET, [])


def _judge_rules(tmp_path: Path) -> list[str]:
    again = tmp_path / "again"
    again.mkdir()
    return rules(_judge(again, _csv(PLANTED)))


@pytest.mark.parametrize(
    ("listed", "rule"),
    [
        (PLANTED[:12], "missed"),
        (PLANTED + [("b.csv", number, "torn") for number in range(30)], "false_alarms"),
        ([(file, row, "bad_time") for file, row, _ in PLANTED], "wrong_reason"),
    ],
)
def test_each_kind_of_error_has_its_finding_and_costs(tmp_path: Path, listed: list[tuple[str, int, str]], rule: str) -> None:
    result = _judge(tmp_path, _csv(listed))
    assert rules(result) == [rule]
    assert 0.3 < (result.score or 0) < 0.9


def test_listing_every_row_of_every_file_gains_little(tmp_path: Path) -> None:
    everything = [(f"{name}.csv", number, "torn") for name in "abcdefghij" for number in range(1, 400)]
    assert (_judge(tmp_path, _csv(everything)).score or 0) < 0.02


def test_recall_and_precision_are_told(tmp_path: Path) -> None:
    result = _judge(tmp_path, _csv([*PLANTED[:10], ("b.csv", 1, "torn")]))
    told = {one.name: one.value for one in result.measurements}
    assert told["quarantine_recall"] == 0.5
    assert told["quarantine_precision"] == pytest.approx(10 / 11)


@pytest.mark.parametrize(
    ("listed", "rule"), [(None, "absent"), ("", "unreadable"), ("name,line,why\na.csv,1,torn\n", "unreadable")]
)
def test_no_list_and_no_readable_list_are_not_met(tmp_path: Path, listed: str | None, rule: str) -> None:
    result = _judge(tmp_path, listed)
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, [rule])


def test_an_empty_list_finds_nothing(tmp_path: Path) -> None:
    result = _judge(tmp_path, "file,row,reason\n")
    assert (result.score, rules(result)) == (0.0, ["missed"])


def test_a_build_that_left_nothing_is_not_met_and_a_lost_sandbox_is_ours(tmp_path: Path) -> None:
    """Otherwise a program that does nothing would be judged by fewer things than one that tries."""
    results = []
    for name, outcome in (("idle", Exited(code=0)), ("lost", SandboxLost(reason="gone"))):
        place = tmp_path / name
        place.mkdir()
        evidence = evidence_of(place, steps=[Step(outcome=outcome)], pack=table_pack(), labels=golden(), rungs=RUNGS)
        results.append(quarantine(evidence, Settings()))
    assert (results[0].verdict, rules(results[0])) == (Verdict.NOT_MET, ["missing_file"])
    assert (results[1].verdict, results[1].fault) == (Verdict.NOT_MEASURED, Fault.HARNESS)
