"""Weighing: same input, same mark; what was not measured never counts as zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.finding import Fault, Severity
from harness.model.rubric import Rating, Ratings
from harness.scoring import score
from tests.builders import make_criterion, make_finding, make_result, make_rubric

CODE = make_criterion("CODE", automatic_share=40, checks=[{"check": "lint"}])
TEST = make_criterion("TEST", automatic_share=100, checks=[{"check": "own_tests"}])
RATED_3 = Ratings(ratings=(Rating(criterion="CODE", level=3, rater="r1", evidence="reads well"),))


def test_the_automatic_total_is_the_weighted_mean_of_what_was_measured() -> None:
    grade = score([make_result("lint", 0.5), make_result("own_tests", 1.0)], make_rubric(CODE, TEST), Ratings(), "applied")

    assert grade.totals.automatic == pytest.approx(100 * (20 * 0.5 + 50 * 1.0) / 70, abs=0.01)


def test_a_check_that_was_not_measured_does_not_lower_the_total() -> None:
    rubric = make_rubric(CODE, TEST)

    with_fault = score([make_result("lint", 1.0), make_result("own_tests", None)], rubric, Ratings(), "applied")

    assert with_fault.totals.automatic == 100
    assert with_fault.totals.automatic_coverage == pytest.approx(20 / 70, abs=1e-4)


def test_what_the_submission_left_undelivered_is_not_measured_and_stays_in_the_sum() -> None:
    """A program that crashes would else stand above one that does its work modestly."""
    rubric = make_rubric(CODE, TEST)
    crashed = score(
        [make_result("lint", 1.0), make_result("own_tests", None, fault=Fault.SUBMISSION)], rubric, Ratings(), "applied"
    )
    modest = score([make_result("lint", 1.0), make_result("own_tests", 0.1)], rubric, Ratings(), "applied")

    assert crashed.criteria[1].state == "not_measured"
    assert crashed.criteria[1].automatic is None
    assert crashed.totals.automatic < modest.totals.automatic  # type: ignore[operator]
    assert crashed.totals.high == 100.0


def test_what_is_open_widens_the_reachable_range() -> None:
    grade = score([make_result("lint", 1.0), make_result("own_tests", None)], make_rubric(CODE, TEST), Ratings(), "applied")

    assert (grade.totals.low, grade.totals.high) == (20.0, 100.0)
    assert grade.totals.coverage == 0.2


def test_a_harness_fault_makes_the_grade_provisional_and_says_why() -> None:
    grade = score([make_result("lint", 1.0), make_result("own_tests", None)], make_rubric(CODE, TEST), Ratings(), "applied")

    assert grade.status == "provisional"
    assert "own_tests was not measured (harness)" in grade.reasons[0]


def test_nothing_measured_is_not_gradable_rather_than_zero() -> None:
    grade = score([make_result("lint", None)], make_rubric(CODE), Ratings(), "applied")

    assert grade.status == "not_gradable"
    assert grade.totals.automatic is None


def test_half_of_a_criterions_checks_count_for_half_of_its_automatic_weight() -> None:
    both = make_criterion("CODE", automatic_share=100, checks=[{"check": "lint"}, {"check": "docs"}])

    grade = score([make_result("lint", 0.6), make_result("docs", None)], make_rubric(both), Ratings(), "applied")

    (criterion,) = grade.criteria
    assert (criterion.automatic, criterion.measured) == (0.6, 0.5)
    assert (grade.totals.low, grade.totals.high) == (30.0, 80.0)


def test_no_final_total_and_no_band_before_a_person_has_rated() -> None:
    grade = score([make_result("lint", 1.0), make_result("own_tests", 1.0)], make_rubric(CODE, TEST), Ratings(), "applied")

    assert (grade.totals.final, grade.totals.band) == (None, None)
    assert grade.criteria[0].state == "pending_human"


def test_a_rubric_without_human_parts_never_shows_a_band_by_itself() -> None:
    """A band needs a person, even where every point is automatic."""
    grade = score([make_result("own_tests", 1.0)], make_rubric(TEST), Ratings(), "applied")

    assert (grade.totals.final, grade.totals.band) == (None, None)


def test_ratings_complete_the_total() -> None:
    grade = score([make_result("lint", 1.0), make_result("own_tests", 1.0)], make_rubric(CODE, TEST), RATED_3, "applied")

    assert grade.totals.final == pytest.approx(50 * (0.4 + 0.6 * 0.75) + 50)
    assert grade.totals.band == "High"
    assert grade.totals.coverage == 1.0


def test_two_raters_are_averaged_and_both_levels_are_kept() -> None:
    ratings = Ratings(ratings=(*RATED_3.ratings, Rating(criterion="CODE", level=1, rater="r2")))

    grade = score([make_result("lint", 1.0), make_result("own_tests", 1.0)], make_rubric(CODE, TEST), ratings, "applied")

    assert grade.criteria[0].levels == (3, 1)
    assert grade.criteria[0].manual == 0.375


def test_not_applicable_gives_the_weight_to_the_family() -> None:
    ratings = Ratings(ratings=(Rating(criterion="CODE", level=None, rater="r1"),))

    grade = score([make_result("lint", 0.0), make_result("own_tests", 1.0)], make_rubric(CODE, TEST), ratings, "applied")

    assert grade.criteria[0].state == "not_applicable"
    assert grade.totals.low == grade.totals.high == 100.0


def test_a_missed_floor_keeps_the_best_band_away() -> None:
    """A top result cannot buy weak engineering."""
    result = make_criterion("SCORE", automatic_share=100, checks=[{"check": "holdout_score"}], family="result")
    profile = {"weights": {"CODE": 20, "SCORE": 80}, "floors": ["CODE"]}
    rubric = make_rubric(CODE, result, profiles={"applied": profile})
    ratings = Ratings(ratings=(Rating(criterion="CODE", level=1, rater="r1"),))

    grade = score([make_result("lint", 0.2), make_result("holdout_score", 1.0)], rubric, ratings, "applied")

    assert grade.totals.final == pytest.approx(81.6)
    assert grade.floors_missed == ("CODE",)
    assert grade.totals.band == "Middle"


def test_within_three_points_of_a_line_it_is_too_close_to_call() -> None:
    grade = score([make_result("lint", 0.5), make_result("own_tests", 0.7)], make_rubric(CODE, TEST), RATED_3, "applied")

    assert grade.totals.final == pytest.approx(67.5)
    assert grade.totals.band == "Too close to call"


def test_a_gate_stops_and_asks_and_withholds_the_final_total() -> None:
    gate = {
        "id": "G-RUN",
        "when_check": "own_tests",
        "when_verdict": ["not_met"],
        "say": "It did not run.",
        "withholds_total": True,
    }

    grade = score(
        [make_result("lint", 1.0), make_result("own_tests", 0.0)], make_rubric(CODE, TEST, gates=[gate]), RATED_3, "applied"
    )

    assert [one.id for one in grade.gates] == ["G-RUN"]
    assert grade.totals.final is None
    assert grade.status == "provisional"


def test_our_own_fault_opens_no_gate() -> None:
    gate = {"id": "G-RUN", "when_check": "own_tests", "when_verdict": ["not_met", "not_measured"], "say": "It did not run."}
    results = [make_result("lint", 1.0), make_result("own_tests", None, fault=Fault.HARNESS)]

    assert score(results, make_rubric(CODE, TEST, gates=[gate]), Ratings(), "applied").gates == ()


def test_a_red_flag_is_raised_by_its_finding_and_carries_no_points() -> None:
    flag = {"id": "typed", "title": "Typed", "when_check": "lint", "when_rule": "typed", "innocent": "a fixture"}
    finding = make_finding("lint", rule="typed", severity=Severity.MAJOR)
    without = score([make_result("lint", 0.5)], make_rubric(CODE, red_flags=[flag]), Ratings(), "applied")

    flagged = score([make_result("lint", 0.5, findings=(finding,))], make_rubric(CODE, red_flags=[flag]), Ratings(), "applied")

    assert [one.innocent for one in flagged.red_flags] == ["a fixture"]
    assert flagged.totals == without.totals


scores = st.one_of(st.none(), st.floats(0, 1))


@given(scores, scores, st.integers(0, 100), st.sampled_from([None, 1, 2, 3, 4]))
def test_the_range_always_holds_what_is_known_and_never_inverts(
    lint: float | None, tests: float | None, share: int, level: int | None
) -> None:
    code = make_criterion("CODE", automatic_share=share, checks=[{"check": "lint"}])
    ratings = Ratings() if level is None else Ratings(ratings=(Rating(criterion="CODE", level=level, rater="r"),))  # type: ignore[arg-type]

    totals = score(
        [make_result("lint", lint), make_result("own_tests", tests)], make_rubric(code, TEST), ratings, "applied"
    ).totals

    assert 0 <= totals.low <= totals.high <= 100
    assert totals.high - totals.low == pytest.approx(100 * (1 - totals.coverage), abs=0.05)
    if totals.final is not None:
        assert totals.low - 0.01 <= totals.final <= totals.high + 0.01
