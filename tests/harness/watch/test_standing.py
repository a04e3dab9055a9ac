"""What is told of where a candidate stands, while nothing of theirs is graded."""

import dataclasses
from pathlib import Path

import pytest

from harness.watch.config import Watched
from harness.watch.looking import look_at
from harness.watch.rules import Push, PushState, Sight, Standing, held_back

DEADLINE = 1_000.0
ONE = Watched(candidate="heron", repository="/nowhere", deadline=DEADLINE, most_graded=2)


def standing(*states: PushState, looked: float | None = None) -> Standing:
    """Pushes a, b, c... in the order in which they came, each in its state."""
    names = [chr(ord("a") + number) * 40 for number in range(len(states))]
    sights = tuple(Sight(number, "HEAD", name, 0.0, number + 1.0) for number, name in enumerate(names))
    pushes = tuple(Push("heron", name, 1.0, state) for name, state in zip(names, states, strict=True))
    return Standing(sights, pushes, looked)


def test_a_push_that_waits_for_the_deadline_says_why_and_how_many_gradings_are_used() -> None:
    said = held_back(ONE, standing("graded", "kept"), DEADLINE - 10)
    assert said.startswith("b" * 10)
    assert "1 of 2 gradings are used" in said
    assert "the last one is kept for what stands at the deadline" in said


def test_with_one_grading_in_all_the_first_push_waits_and_says_so() -> None:
    assert "0 of 1 gradings" in held_back(dataclasses.replace(ONE, most_graded=1), standing("kept"), DEADLINE - 10)


def test_a_push_that_will_be_graded_now_is_not_said_to_wait() -> None:
    assert held_back(ONE, standing("kept"), DEADLINE - 10) == ""


def test_nothing_is_held_back_once_the_deadline_is_settled() -> None:
    assert held_back(ONE, standing("graded", "kept", looked=DEADLINE + 1), DEADLINE + 2) == ""


def test_nothing_is_held_back_where_there_is_no_deadline() -> None:
    assert held_back(dataclasses.replace(ONE, deadline=None), standing("graded", "kept"), 5.0) == ""


@pytest.mark.parametrize("state", ["seen", "grading", "graded", "refused", "trouble"])
def test_only_a_push_that_was_taken_in_can_be_held_back(state: PushState) -> None:
    assert held_back(ONE, standing("graded", state), DEADLINE - 10) == ""


def test_a_repository_that_is_not_there_is_told_with_its_path(tmp_path: Path) -> None:
    gone = dataclasses.replace(ONE, repository=str(tmp_path / "gone.git"))
    (look,) = look_at([gone], lambda: 5.0)
    assert look.commits is None
    assert str(tmp_path / "gone.git") in look.problem
