"""The same table however it is built."""

from pathlib import Path

from checks.rebuilds import Settings, rebuilds
from harness.model.finding import CheckResult, Fault, Verdict
from harness.model.run import Exited, SandboxLost, TimedOut
from tests.checks.builders import rules
from tests.checks.table_builders import ROWS, build_step, is_late, rebuilt, returned, table, wrong_where

RENAMED = {f"q{number}": key for number, key in enumerate(reversed(ROWS))}
CHANGED = {**ROWS, **dict.fromkeys(list(ROWS)[:3], "0,0.00,,")}


def _judge(tmp_path: Path, kind: str, rows: dict[str, str] | str, ids: dict[str, str] | None = None) -> CheckResult:
    evidence = returned(tmp_path, table(), build_step(kind, rows, ids))
    return rebuilds(rebuilt(evidence, kind), Settings())


def test_the_same_rows_under_other_ids_and_in_another_order_are_met(tmp_path: Path) -> None:
    result = _judge(tmp_path, "shuffled_input", ROWS, RENAMED)
    assert (result.verdict, result.score) == (Verdict.MET, 1.0)


def test_each_way_of_building_again_has_its_own_finding(tmp_path: Path) -> None:
    wanted = {
        "twice": "not_idempotent",
        "shuffled_input": "depends_on_order",
        "backfill": "backfill_differs",
        "resumed": "not_resumable",
    }
    for kind, rule in wanted.items():
        place = tmp_path / kind
        place.mkdir()
        assert rules(_judge(place, kind, CHANGED)) == [rule]


def test_a_table_that_was_appended_to_is_not_the_same(tmp_path: Path) -> None:
    twice = table() + table().partition("\n")[2]
    assert rules(_judge(tmp_path, "twice", twice)) == ["not_idempotent"]


def test_a_build_of_one_day_is_compared_with_those_rows_alone(tmp_path: Path) -> None:
    few = dict(list(RENAMED.items())[:20])
    assert _judge(tmp_path, "backfill", ROWS, few).score == 1.0


def test_rows_that_were_wrong_at_first_may_change(tmp_path: Path) -> None:
    evidence = returned(tmp_path, table(wrong_where(is_late)), build_step("twice", ROWS))
    assert rebuilds(rebuilt(evidence, "twice"), Settings()).score == 1.0


def test_equal_nonsense_is_credited_with_nothing(tmp_path: Path) -> None:
    nonsense = dict.fromkeys(ROWS, "0,0.00,,")
    evidence = returned(tmp_path, table(nonsense), build_step("twice", nonsense))
    result = rebuilds(rebuilt(evidence, "twice"), Settings())
    assert (result.verdict, result.score) == (Verdict.NOT_MET, 0.0)
    assert "proves nothing" in result.summary


def test_a_second_build_that_fails_is_not_the_same(tmp_path: Path) -> None:
    evidence = returned(tmp_path, table(), build_step("twice", ROWS, outcome=Exited(code=1)))
    assert rules(rebuilds(rebuilt(evidence, "twice"), Settings())) == ["not_idempotent"]


def test_a_lost_sandbox_speaks_against_nobody(tmp_path: Path) -> None:
    evidence = returned(tmp_path, table(), build_step("twice", ROWS, outcome=SandboxLost(reason="the engine went away")))
    result = rebuilds(rebuilt(evidence, "twice"), Settings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.HARNESS)


def test_a_build_that_waited_out_its_time_speaks_against_the_machine(tmp_path: Path) -> None:
    """The first build kept within the same limit; this one never had the processor."""
    evidence = returned(tmp_path, table(), build_step("twice", ROWS, outcome=TimedOut(after_s=300)))
    result = rebuilds(rebuilt(evidence, "twice"), Settings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.HARNESS)


def test_what_was_not_built_again_is_not_measured(tmp_path: Path) -> None:
    assert rebuilds(returned(tmp_path, table()), Settings()).verdict is Verdict.NOT_MEASURED
