"""What a reader needs first: strengths, concerns, doubts, questions."""

from typing import Any

from harness.assembling import assemble
from harness.model.finding import CheckResult, Severity
from harness.model.report import Lock, Report, Rung
from harness.model.rubric import Ratings
from harness.model.submission import Declaration, DeclaredResult
from harness.scoring import score
from tests.builders import (
    make_finding,
    make_interview,
    make_pack,
    make_question,
    make_result,
    make_rubric,
    make_runs,
    make_snapshot,
    make_step,
)

LOCK = Lock(
    run_id="r1", harness_version="1", pack="small", pack_version="1.0.0", public_digest="p", grading_digest="g",
    submission_digest="s", backend="fake", data_seed=1, data_seed_kind="demo",
)  # fmt: skip
RUNGS = tuple(
    Rung(name=name, position=position, value=value)  # type: ignore[arg-type]
    for name, position, value in (("dummy", 0.0, 0.1), ("naive", 0.25, 0.3), ("reference", 0.75, 0.7), ("strong", 1.0, 0.8))
)


def make_report(*results: CheckResult, **values: Any) -> Report:
    rubric = make_rubric()
    defaults = {
        "lock": LOCK,
        "pack": make_pack(),
        "rubric": rubric,
        "interview": make_interview(),
        "snapshot": make_snapshot("a.py"),
        "declaration": Declaration(),
        "candidate": "candidate-1",
        "runs": make_runs(make_step("predict", wall_s=2.0)),
        "results": results,
        "grade": score(results, rubric, Ratings(), "applied"),
        "rungs": RUNGS,
    }
    return assemble(**{**defaults, **values})


def test_concerns_are_the_heaviest_findings_one_of_a_kind() -> None:
    minor = [make_finding(rule=f"m{number}") for number in range(3)]
    major = make_finding(rule="big", severity=Severity.MAJOR)
    repeated = make_finding(rule="m0", message="again")

    report = make_report(make_result("lint", 0.4, findings=(*minor, repeated, major)))

    assert [finding.rule for finding in report.concerns] == ["big", "m0", "m1"]


def test_a_check_that_was_not_met_without_a_finding_is_a_concern_too() -> None:
    report = make_report(make_result("lint", 0.0, summary="Nothing was found."))

    assert [finding.message for finding in report.concerns] == ["Nothing was found."]


def test_strengths_are_praise_first_then_checks_that_were_met() -> None:
    praise = make_finding("docs", severity=Severity.PRAISE, message="Clear.")

    report = make_report(make_result("lint", 1.0), make_result("docs", 0.9, findings=(praise,)))

    assert [finding.check for finding in report.strengths] == ["docs", "lint"]


def test_doubts_come_first_where_the_tool_is_least_sure_and_the_finding_weighs_most() -> None:
    unsure = make_finding(rule="a", severity=Severity.MAJOR, confidence=0.6)
    sure = make_finding(rule="b", severity=Severity.MAJOR, confidence=1.0)

    report = make_report(make_result("lint", 0.4, findings=(sure, unsure)), make_result("docs", None))

    assert [(one.rule or one.check) for one in report.check_yourself] == ["a", "docs"]


def test_a_question_is_asked_when_its_finding_was_raised_and_names_the_place() -> None:
    triggered = make_question("doubt", when_rule="lint:trap")
    silent = make_question("silent", when_rule="lint:other")
    finding = make_finding(rule="trap", where={"path": "a.py", "line": 3})

    report = make_report(make_result("lint", 0.4, findings=(finding,)), interview=make_interview(triggered, silent))

    assert [(one.id, one.about) for one in report.questions] == [("doubt", "a.py, line 3")]


def test_core_questions_are_for_everybody_and_the_number_is_limited() -> None:
    core = [make_question(f"core{n}", kind="core", always=True) for n in range(2)]
    change = make_question("change", kind="change_request", always=True)
    doubts = [make_question(f"d{n}", when_check="lint") for n in range(5)]

    report = make_report(make_result("lint", 0.0), interview=make_interview(*doubts, change, *core, max_questions=5))

    assert [one.id for one in report.questions] == ["core0", "core1", "d0", "d1", "change"]


def test_the_declared_result_stands_beside_the_measured_one_only_in_the_same_metric() -> None:
    same = Declaration(declared=DeclaredResult(metric="average_precision", value=0.9))
    other = Declaration(declared=DeclaredResult(metric="accuracy", value=0.99))

    assert make_report(declaration=same).ladder.declared == 0.9  # type: ignore[union-attr]
    assert make_report(declaration=other).ladder.declared is None  # type: ignore[union-attr]


def test_a_ladder_where_lower_is_better_says_so() -> None:
    falling = tuple(rung.changed(value=1 - rung.value) for rung in RUNGS)

    assert make_report(rungs=falling).ladder.higher_is_better is False  # type: ignore[union-attr]


def test_every_step_leaves_its_timing() -> None:
    assert [(one.step, one.wall_s) for one in make_report().timings] == [("predict", 2.0)]
