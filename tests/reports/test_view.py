"""What all human formats share: the rows and sentences."""

import pytest

from harness.model.finding import Fault, Finding, Measurement, Severity
from harness.model.grade import OpenGate
from harness.model.report import Rung
from harness.model.run import Captured, RunSet, StepResult
from harness.model.sandbox import Limits
from reports.view import view
from reports.view_evidence import position_of
from tests.builders import make_finding, make_result
from tests.reports import parts
from tests.reports.builders import RATES, criterion_score, graded_report, make_report, not_gradable_report, small_report


def test_the_status_line_says_what_is_measured_rated_and_missing() -> None:
    status = view(make_report()).status

    assert status.state == "Provisional"
    assert status.covered == "13 of 15 checks measured, 0 of 9 criteria rated by people, 2 checks not measured"
    assert status.advice == "Advice to people, not a decision."
    assert [(fact.label, fact.text) for fact in status.facts] == [
        ("Task pack", "card_fraud 1.0.0"),
        ("Role profile", "applied"),
        ("Submission", "amber-heron-42"),
        ("Commit", "4be1d09c77aa"),
        ("Date", "2026-01-14"),
    ]


def test_a_provisional_report_says_why() -> None:
    assert view(make_report()).status.reasons == make_report().reasons


def test_a_complete_report_that_nobody_has_rated_is_not_called_graded() -> None:
    assert view(make_report(status="graded", reasons=())).status.state == "Measured, waiting for ratings"
    assert view(graded_report()).status.state == "Graded"


def test_many_reasons_are_counted_and_do_not_push_the_page_down() -> None:
    reasons = view(make_report(reasons=tuple(f"Reason {number}." for number in range(40)))).status.reasons

    assert len(reasons) == 7
    assert reasons[-1] == "34 more reasons, told with the checks below"


def test_a_checks_summary_that_stands_as_a_strength_claims_no_confidence() -> None:
    plain = Finding(check="time_split", severity=Severity.PRAISE, message="The split is ordered by time.")
    (shown,) = view(make_report(strengths=(plain,))).strengths

    assert (shown.confidence, shown.rates, shown.about) == ("", "", "well done")


def test_what_the_ladder_shows_is_not_repeated_among_the_measurements() -> None:
    place = Measurement(name="ladder_position", value=0.57)
    shown = view(make_report(measurements={**parts.MEASUREMENTS, "ladder_position": place})).measures

    assert [one.name for one in shown] == ["precision at capacity", "cost at capacity eur", "brier score"]


def test_a_report_is_told_in_four_sentences() -> None:
    sentences = view(make_report()).sentences

    assert [one.label for one in sentences] == ["The task", "What came back", "Best evidence", "Largest doubt"]
    assert sentences[1].text == (
        "14 files (1 notebook, 6 Python files, 2 test files), run from its command line; all 4 steps ended normally."
    )
    assert sentences[2].text == "Validation is ordered by time and reaches the model that is handed in."
    assert sentences[3].text.startswith("Result rests on a column not available at decision time: ")


def test_a_step_that_was_stopped_is_what_came_back() -> None:
    text = view(not_gradable_report()).sentences[1].text

    assert text.endswith("run from its command line; step train was stopped at its time limit of 600 s.")


def test_a_gate_that_withholds_the_total_is_the_largest_doubt() -> None:
    shown = view(not_gradable_report())

    assert shown.sentences[3].text == (
        "The entry command did not finish after the standard setup. Step train was stopped at its time limit of 600 s."
    )
    assert shown.total.why_no_final == "withheld: a gate asks for a person first"
    assert shown.gates[0].text.endswith("No total is shown until a person has looked.")


def test_without_anything_weighty_the_doubt_is_what_could_not_be_measured() -> None:
    quiet = make_report(red_flags=(), concerns=(), strengths=())

    assert view(quiet).sentences[3].text == "2 checks could not be measured; the first: The probe's sandbox was lost twice."
    assert view(quiet).sentences[2].text == "The split used for the model is ordered by time."


def test_coverage_and_the_reachable_range_always_stand_beside_the_automatic_total() -> None:
    total = view(make_report()).total

    assert (total.automatic, total.reachable) == ("68.7", "31.3 to 85.7")
    assert (total.automatic_note, total.coverage) == (
        "checks cover 96 % of the automatic weight",
        "46 % of all weight is known",
    )


def test_no_total_band_or_line_is_shown_before_people_have_rated() -> None:
    total = view(make_report()).total

    assert (total.final, total.final_value, total.band, total.lines, total.lines_note) == ("", None, "", (), "")
    assert total.why_no_final == "no total and no band before people have rated"


def test_a_rated_report_shows_its_total_its_band_and_that_the_lines_are_uncalibrated() -> None:
    total = view(graded_report()).total

    assert (total.final, total.band) == ("66.2", "Mixed evidence: read together before the interview")
    assert total.lines_note == "uncalibrated lines"
    assert [at_least for at_least, _words in total.lines] == [70, 50]
    assert view(graded_report(lines_calibrated=True)).total.lines_note == "calibrated lines"


def test_points_of_checks_and_people_add_up_to_the_low_end_of_the_range() -> None:
    total = view(graded_report()).total

    assert total.low == pytest.approx(65.4, abs=0.05)
    assert total.from_checks == pytest.approx(31.3, abs=0.05)


def test_a_bar_holds_what_checks_gave_what_people_gave_and_what_is_open() -> None:
    hard = next(row for row in view(graded_report()).profile if row.id == "HARD")

    assert (hard.by_checks, hard.by_people, hard.open) == pytest.approx((0.10, 0.20, 0.25))
    assert (hard.automatic, hard.people, hard.has_floor) == ("40 % (50 % measured)", "level 2", False)


def test_what_was_not_measured_is_open_and_not_zero() -> None:
    rows = view(not_gradable_report()).profile

    assert {row.open for row in rows} == {1.0}
    assert next(row for row in rows if row.id == "SCORE").automatic == "not measured"


def test_a_criterion_that_does_not_apply_has_an_empty_bar_and_says_so() -> None:
    apart = criterion_score(parts.RUBRIC[0], {}).changed(state="not_applicable", reason="rated as not applicable")
    row = view(make_report(criteria=(apart,))).profile[0]

    assert (row.by_checks, row.by_people, row.open, row.applies) == (0, 0, 0, False)
    assert row.sentence == "Decided by people: not applicable; not applicable"


def test_raters_who_differ_by_two_levels_are_never_averaged_silently() -> None:
    differing = criterion_score(parts.RUBRIC[7], {"TEST": 3}).changed(levels=(2, 4))

    assert view(make_report(criteria=(differing,))).profile[0].people == "levels 2, 4: raters differ by 2 levels"


def test_a_detectors_error_rates_stand_beside_its_finding_when_they_are_known() -> None:
    _, fitted, _ = view(make_report()).check_yourself

    assert fitted.rates == "this detector hit 38 of 40 planted cases and gave 1 false alarm on 120 clean ones"
    assert fitted.known_rates == fitted.rates


def test_unknown_error_rates_are_said_where_a_reader_is_asked_to_check_and_nowhere_else() -> None:
    asked = view(make_report()).check_yourself[0]

    assert (asked.rates, asked.known_rates) == ("error rates of this detector not known yet", "")


def test_rates_of_a_whole_check_stand_in_for_a_rule_that_was_not_tried_alone() -> None:
    shown = view(make_report(detector_rates={"preprocessing_order": RATES}))

    assert shown.check_yourself[1].rates.startswith("the detectors of this check hit 38 of 40 planted cases")


def test_rates_stand_once_for_each_kind_of_finding_of_a_check() -> None:
    twice = make_result("lint", 0.5, findings=(make_finding(rule="B006"), make_finding(rule="B006"), make_finding(rule="E711")))
    report = make_report(checks=(twice,), criteria=(), detector_rates={"lint:B006": RATES, "lint:E711": RATES})

    assert [bool(one.known_rates) for one in view(report).other_checks[0].points] == [True, False, True]


def test_every_strength_and_concern_leads_to_its_check() -> None:
    shown = view(make_report())
    there = {check.anchor for block in shown.criteria for check in block.checks}

    assert {one.anchor for one in (*shown.strengths, *shown.concerns, *shown.check_yourself)} <= there


def test_page_one_holds_three_of_each_and_eight_questions() -> None:
    crowded = make_report(strengths=(parts.TIMED,) * 9, concerns=(parts.QUEUE,) * 9, questions=parts.QUESTIONS * 3)
    shown = view(crowded)

    assert (len(shown.strengths), len(shown.concerns), len(shown.questions)) == (3, 3, 8)


def test_a_red_flag_stands_beside_its_innocent_explanation() -> None:
    flag = view(make_report()).red_flags[0]

    assert flag.title == "Result rests on a column not available at decision time"
    assert flag.innocent == "The data dictionary may have been read as allowing it."


def test_a_strength_is_not_told_again_as_a_positive_note() -> None:
    assert [note.text for note in view(make_report()).praise] == ["A model that did not help is reported with its numbers."]


def test_declared_and_measured_are_set_side_by_side() -> None:
    ladder = view(make_report()).ladder

    assert ladder is not None
    assert ladder.comparison == "Measured 0.58, declared 0.91; the declared value lies outside the measured interval."
    assert ladder.place == "0.57 on the ladder, between naive and reference"
    assert ladder.declared_note == "self-reported, beyond the ladder"


@pytest.mark.parametrize(
    ("value", "place"),
    [(0.0, 0.0), (0.0271, 0.0), (0.26, 0.25), (0.51, 0.5), (0.76, 0.75), (0.8, 1.0), (0.99, 1.0)],
)
def test_a_declared_value_is_placed_between_the_rungs_it_lies_between(value: float, place: float) -> None:
    values = {"dummy": 0.0271, "naive": 0.26, "reference": 0.76, "strong": 0.8}
    positions = {"dummy": 0.0, "naive": 0.25, "reference": 0.75, "strong": 1.0}
    rungs = [Rung(name=name, position=positions[name], value=values[name]) for name in values]  # type: ignore[arg-type]

    assert position_of(value, rungs) == pytest.approx(place, abs=1e-9)


def test_a_ladder_on_which_lower_is_better_is_read_downwards() -> None:
    rungs = [Rung(name="dummy", position=0, value=10.0), Rung(name="strong", position=1, value=2.0)]

    assert position_of(4.0, rungs) == pytest.approx(0.75)
    assert position_of(11.0, rungs) == 0
    assert position_of(1.0, rungs) == 1


def test_rungs_that_do_not_ascend_place_nothing() -> None:
    assert position_of(0.5, [Rung(name="dummy", position=0, value=0.5), Rung(name="naive", position=1, value=0.5)]) is None


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.SUBMISSION, "the submission left nothing to measure here"),
        (Fault.PACK, "the task pack's doing, not the submission's"),
        (Fault.HARNESS, "the harness's doing, not the submission's"),
        (Fault.UNSUPPORTED, "not supported by this version of the harness; nobody's doing"),
        (Fault.PENDING_HUMAN, "waits for a person"),
    ],
)
def test_what_was_not_measured_says_whose_doing_that_is(fault: Fault, words: str) -> None:
    shown = view(make_report(checks=(parts.unmeasured("type_hints", "Types", fault, "No."),)))

    assert shown.other_checks[0].fault == words


def test_the_end_of_a_log_is_kept_and_what_came_before_is_counted() -> None:
    log = Captured(head="begin\n" + "x" * 3000, tail="y" * 3000 + "\nthe last line", dropped_bytes=500)
    step = StepResult(name="train", outcome=parts.STEPS[0].outcome, wall_s=1, limits=Limits(), stdout=log)
    shown = view(make_report(runs=RunSet(hardening=parts.HARDENING, steps=(step,)))).run.steps[0].logs[0]

    assert shown.text.endswith("the last line")
    assert "begin" not in shown.text
    assert "bytes before it left out" in shown.label


def test_progress_bars_in_a_log_become_lines() -> None:
    step = parts.step("train", 1.0, log="10%\r50%\r100%\r\ndone\n")
    shown = view(make_report(runs=RunSet(hardening=parts.HARDENING, steps=(step,)))).run.steps[0]

    assert shown.logs[0].text == "10%\n50%\n100%\ndone"


def test_a_stage_of_the_harness_is_told_apart_from_a_step_of_the_submission() -> None:
    run = view(make_report()).run

    assert [step.name for step in run.steps] == ["execute", "tests", "train", "predict"]
    assert [stage.name for stage in run.stages] == ["take", "check", "score"]


def test_refused_entries_worth_a_look_come_before_clutter() -> None:
    assert [kind for _path, _reason, kind in view(make_report()).work.refusals] == [
        "worth a look",
        "ordinary clutter",
        "ordinary clutter",
    ]


def test_the_folder_name_that_could_tell_who_it_was_is_not_shown() -> None:
    assert "submission-07" not in repr(view(make_report()))


def test_a_report_without_rubric_criteria_still_has_every_block() -> None:
    bare = small_report(
        criteria=(), rubric=(), ladder=None, gates=(OpenGate(id="G-RUN", say="S", withholds_total=False, because="B"),)
    )
    shown = view(bare)

    assert (shown.profile, shown.criteria, shown.ladder) == ((), (), None)
    assert [check.id for check in shown.other_checks] == ["label_delay", "null_probe"]
    assert shown.gates[0].text == "B"
