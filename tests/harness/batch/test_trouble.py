"""Trouble that is nobody's submission: one more try, and a stop when it comes in a row."""

from pathlib import Path

import pytest

from harness.batch.child import Task
from harness.batch.engine import Done, End
from harness.batch.trouble import Trouble, answer_of
from harness.batch.units import Answer
from harness.errors import ExitCode

LOST = Answer(found="fault", doing="infrastructure", reason="the engine went away")
SURE = LOST.changed(sure=True)
PACK = Answer(found="fault", doing="pack", reason="no data")
GRADED = Answer(found="graded")
BAD = Answer(found="fault", doing="submission", reason="broken")


def works() -> bool:
    return True


def does_not_work() -> bool:
    return False


def fed(*answers: Answer) -> Trouble:
    trouble = Trouble()
    for number, answer in enumerate(answers):
        trouble.heed(str(number), answer)
    return trouble


def test_trouble_is_tried_once_more_and_not_twice() -> None:
    trouble = Trouble()

    assert trouble.heed("a", LOST)
    assert not trouble.heed("a", LOST)
    assert trouble.heed("b", LOST)


@pytest.mark.parametrize(
    "answer", [GRADED, BAD, PACK, Answer(found="fault", doing="harness"), Answer(found="fault", doing="time_limit")]
)
def test_nothing_else_is_tried_again(answer: Answer) -> None:
    assert not Trouble().heed("a", answer)


def test_three_in_a_row_stop_when_no_sandbox_works() -> None:
    trouble = fed(LOST, LOST, LOST)

    assert trouble.must_stop(does_not_work)
    assert trouble.exit_code is ExitCode.INFRASTRUCTURE
    assert "the engine went away" in trouble.sentence


def test_sandboxes_that_were_lost_while_others_work_are_doubted() -> None:
    """A submission can make its own sandbox die; it must not be able to stop everybody's grading."""
    trouble = fed(LOST, LOST, LOST)

    assert not trouble.must_stop(works)
    assert not trouble.must_stop(does_not_work)


def test_trouble_from_before_anything_ran_needs_no_second_opinion() -> None:
    assert fed(SURE, SURE, SURE).must_stop(works)


@pytest.mark.parametrize("between", [GRADED, BAD])
def test_a_row_is_broken_by_whoever_got_through(between: Answer) -> None:
    assert not fed(LOST, LOST, between, LOST).must_stop(does_not_work)


def test_a_pack_that_fails_everybody_stops_with_its_own_code() -> None:
    trouble = fed(PACK, PACK, PACK)

    assert trouble.must_stop(works)
    assert trouble.exit_code is ExitCode.BAD_PACK


@pytest.mark.parametrize(
    ("end", "code", "doing", "word"),
    [
        ("over_limit", 143, "time_limit", "predict"),
        ("died", -9, "infrastructure", "memory"),
        ("died", -11, "harness", "logs/amber-fox-1.txt"),
        ("died", 70, "harness", "code 70"),
    ],
)
def test_an_end_without_an_answer_is_told_by_whose_doing_it_was(end: End, code: int, doing: str, word: str) -> None:
    task = Task("amber-fox-1", lambda _: {}, Path("x"), 60)

    answer = answer_of(Done(task, end, None, code, 61.0, 1.0, "predict"))

    assert (answer.found, answer.doing) == ("fault", doing)
    assert word in answer.reason
