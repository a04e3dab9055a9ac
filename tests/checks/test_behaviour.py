"""Behaviour of predictions under changes that should not matter."""

from pathlib import Path

import pytest

from checks.behaviour import Settings, behaviour
from harness.model.finding import Fault, Level, Severity, Verdict
from harness.model.run import Exited, SandboxLost, SkippedStep, TimedOut
from tests.builders import make_facts
from tests.checks.builders import Step, evidence_of, only, pack_of, rules
from tests.checks.probe_builders import GOOD, IDS, Run, probed, same, table

TRAP = make_facts(traps=[{"column": "queue", "strength": "loud", "why": "known afterwards", "sentence": "Filled later."}])
TIMED = make_facts(time_column="day")
HARMLESS = ("row_order", "extra_column", "batch", "single_row", "unseen_category", "blank_field", "duplicate_rows")


def test_sound_predictions_pass_every_probe(tmp_path: Path) -> None:
    result = behaviour(probed(tmp_path, *(same(kind) for kind in HARMLESS)), Settings())

    assert (result.verdict, result.score) == (Verdict.MET, 1.0)
    assert result.findings == ()


def test_several_harmless_changes_in_one_run_count_for_each(tmp_path: Path) -> None:
    run = Run(("row_order", "extra_column"), GOOD, ("note",))

    result = behaviour(probed(tmp_path, run), Settings())

    assert result.measurements[0].value == 2
    assert result.verdict is Verdict.MET


def test_what_was_tried_alone_counts_above_what_was_tried_together(tmp_path: Path) -> None:
    """Together it failed; alone only one of the two did."""
    crashed = Run(("unseen_category", "blank_field"), None, ("kind", "age"), outcome=Exited(code=1))
    alone = Run(("blank_field",), None, ("age",), outcome=Exited(code=1), stderr="ValueError: could not convert ''")

    result = behaviour(probed(tmp_path, crashed, same("unseen_category"), alone), Settings())

    assert rules(result) == ["fails_on_blank_field"]
    assert "could not convert" in only(result, "fails_on_blank_field").seen


def test_predictions_that_follow_the_order_of_rows_are_told_with_an_example(tmp_path: Path) -> None:
    shifted = same("row_order", lambda key, value: value + 0.3 * (int(key[1:]) % 3))

    finding = only(behaviour(probed(tmp_path, shifted, same("repeat")), Settings()), "depends_on_row_order")

    assert finding.severity is Severity.MAJOR
    assert finding.level is Level.BEHAVIOUR
    assert "before" in finding.seen
    assert finding.innocent


def test_ranks_within_a_batch_keep_their_order_and_are_no_finding(tmp_path: Path) -> None:
    """A score that is a percentile changes with the batch; whoever is above whom does not."""
    half = IDS[::2]
    ranked = Run(("batch",), {key: GOOD[key] ** 2 for key in half})

    assert behaviour(probed(tmp_path, ranked), Settings()).verdict is Verdict.MET


def test_amounts_that_change_with_the_batch_are_a_finding_though_their_order_is_kept(tmp_path: Path) -> None:
    """For an error in units, unlike for an order, the amount itself counts."""
    doubled = Run(("batch",), {key: 2 * GOOD[key] for key in IDS[::2]})
    rungs = {"dummy": 0.9, "naive": 0.8, "reference": 0.3, "strong": 0.1}

    result = behaviour(probed(tmp_path, doubled, pack=pack_of(metric={"name": "mae"}), rungs=rungs), Settings())

    assert rules(result) == ["depends_on_batch"]


def test_a_transformer_refitted_for_each_batch_is_one_finding(tmp_path: Path) -> None:
    batch = Run(("batch",), {key: GOOD[key] + 0.4 * (int(key[1:]) % 5) for key in IDS[:40]})
    single = Run(("single_row",), {IDS[3]: 0.0})

    assert rules(behaviour(probed(tmp_path, batch, single), Settings())) == ["depends_on_batch"]


def test_predictions_that_change_when_later_rows_are_cut_use_the_future(tmp_path: Path) -> None:
    cut = Run(("prefix",), {key: GOOD[key] + 0.4 * (int(key[1:]) % 5) for key in IDS[:70]}, ("day",))

    assert rules(behaviour(probed(tmp_path, cut, facts=TIMED), Settings())) == ["uses_later_rows"]


def test_a_result_that_rests_on_a_trap_is_told_by_its_fall_on_the_ladder(tmp_path: Path) -> None:
    scrambled = same("trap_scramble", lambda key, value: (int(key[1:]) * 53 % 97) / 97, columns=("queue",))

    result = behaviour(probed(tmp_path, scrambled, facts=TRAP), Settings())
    finding = only(result, "rests_on_trap")

    assert "ladder units lost" in finding.seen
    assert "data dictionary" in finding.innocent
    assert result.score == 0.0


def test_a_trap_that_is_neutral_in_the_holdout_is_told_by_who_is_at_the_top(tmp_path: Path) -> None:
    """Without a ladder, or with nothing to lose on it, other rows at the top still show what the model looks at."""
    scrambled = same("trap_scramble", lambda key, value: 1.0 if int(key[1:]) % 6 == 1 else value / 10, columns=("queue",))

    result = behaviour(probed(tmp_path, scrambled, facts=TRAP, rungs=None), Settings())

    assert only(result, "rests_on_trap").seen.startswith("no ladder")


def test_a_trap_that_matters_little_is_a_minor_finding(tmp_path: Path) -> None:
    scrambled = same("trap_scramble", lambda key, value: value + 0.0001, columns=("queue",))

    result = behaviour(probed(tmp_path, scrambled, facts=TRAP), Settings())

    assert rules(result) == ["uses_trap"]
    assert result.score == 0.5


def test_a_trap_that_was_left_out_is_praised(tmp_path: Path) -> None:
    result = behaviour(probed(tmp_path, same("trap_scramble", columns=("queue",)), facts=TRAP), Settings())

    assert only(result, "traps_ignored").severity is Severity.PRAISE
    assert result.verdict is Verdict.MET


def test_each_of_two_traps_is_judged_by_its_own_run(tmp_path: Path) -> None:
    both = same("trap_scramble", lambda key, value: 1 - value, columns=("queue", "rate"))
    one = same("trap_scramble", lambda key, value: 1 - value, columns=("queue",), name="probe-trap_scramble-1")
    other = same("trap_scramble", columns=("rate",), name="probe-trap_scramble-2")

    assert rules(behaviour(probed(tmp_path, both, one, other, facts=TRAP), Settings())) == ["rests_on_trap", "traps_ignored"]


def test_constant_predictions_earn_nothing_for_being_steady(tmp_path: Path) -> None:
    flat = dict.fromkeys(IDS, 0.5)
    runs = [Run((kind,), flat) for kind in HARMLESS]

    result = behaviour(probed(tmp_path, *runs, first=flat), Settings())

    assert (result.score, rules(result)) == (0.0, ["ignores_input"])
    assert only(result, "ignores_input").innocent == "A deliberate baseline."


def test_predictions_by_place_in_the_file_are_found_out(tmp_path: Path) -> None:
    """The first row always gets the first number, whatever row it is."""
    by_place = [GOOD[key] for key in IDS]
    turned = IDS[::-1]
    reordered = Run(("row_order",), dict(zip(turned, by_place, strict=True)), order=turned)

    result = behaviour(probed(tmp_path, reordered, same("repeat")), Settings())

    assert only(result, "ignores_input").message.startswith("Predictions follow the place")


def test_predictions_hashed_from_ids_are_found_out(tmp_path: Path) -> None:
    other_ids = same("row_order", lambda key, value: (int(key[1:]) * 7919 % 1009) / 1009)

    result = behaviour(probed(tmp_path, other_ids, same("repeat")), Settings())

    assert only(result, "ignores_input").message.startswith("Under other ids")


def test_twins_with_different_predictions_are_told_unless_time_matters(tmp_path: Path) -> None:
    copies = {key: GOOD[key] + 0.2 for key in IDS[:10]}
    run = Run(("duplicate_rows",), GOOD, copies=copies)

    assert rules(behaviour(probed(tmp_path / "a", run), Settings())) == ["unequal_twins"]
    assert rules(behaviour(probed(tmp_path / "b", run, facts=TIMED), Settings())) == []


def test_missing_rows_under_a_change_are_a_failure_of_it(tmp_path: Path) -> None:
    """A submission that drops doubled rows leaves some ids without a prediction."""
    run = Run(("duplicate_rows",), None, copies={IDS[0]: 0.1}, text=table({"n1": 0.5}))

    assert rules(behaviour(probed(tmp_path, run), Settings())) == ["fails_on_duplicate_rows"]


def test_a_lost_sandbox_is_our_fault_and_lowers_nothing(tmp_path: Path) -> None:
    lost = Run(("row_order",), None, outcome=SandboxLost(reason="no space left"))

    result = behaviour(probed(tmp_path, lost), Settings())

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.HARNESS)


def test_a_run_that_was_cut_off_because_the_first_was_slow_already_lowers_nothing(tmp_path: Path) -> None:
    """The first run took 1 s, in these builders; the limit here is twice that and a little less."""
    slow = Run(("row_order",), None, outcome=TimedOut(after_s=1.9))
    evidence = probed(tmp_path, slow, same("extra_column"))
    assert evidence.runs is not None
    limits = evidence.runs.steps[1].limits.changed(wall_s=1.9)
    steps = tuple(step.changed(limits=limits) for step in evidence.runs.steps)

    from dataclasses import replace

    result = behaviour(replace(evidence, runs=evidence.runs.changed(steps=steps)), Settings())

    assert result.verdict is Verdict.MET
    assert "another row order" in result.summary


def test_what_the_budget_left_out_is_said_and_not_counted(tmp_path: Path) -> None:
    skipped = SkippedStep(name="probe-batch", reason="the time for probes (10 s) was used up", fault="pack")

    result = behaviour(probed(tmp_path, same("row_order"), skipped=[skipped]), Settings())

    assert result.verdict is Verdict.MET
    assert "the time for probes (10 s) was used up" in result.summary


def test_a_pack_without_probes_is_not_measured(tmp_path: Path) -> None:
    result = behaviour(probed(tmp_path), Settings())

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.PACK)


def test_without_valid_predictions_nothing_can_be_compared(tmp_path: Path) -> None:
    evidence = evidence_of(tmp_path, steps=[Step(files={"predictions.csv": "id,score\nr1,nan\n"})], pack=pack_of())

    result = behaviour(evidence, Settings())

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)


@pytest.mark.parametrize(
    "text", ["", "id,score\n", "id,score\nx,1\n" * 50, "\x00\xff", "id,score\n=cmd(),1e999\n", "[" * 10_000]
)
def test_hostile_predictions_of_a_further_run_are_a_failure_and_no_crash(tmp_path: Path, text: str) -> None:
    run = Run(("blank_field",), None, ("age",), text=text)

    result = behaviour(probed(tmp_path, run), Settings())

    assert rules(result) == ["fails_on_blank_field"]
    assert "\x00" not in result.model_dump_json()
