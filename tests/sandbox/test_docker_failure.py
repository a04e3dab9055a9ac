"""Whose fault an end is, rule by rule: a submission is blamed only for what was seen."""

import pytest

from sandbox.docker_container import State
from sandbox.docker_failure import engine_failure, last_words
from sandbox.process import Conversation

RUNS = State(running=True, exit_code=0, memory_kill_seen=False, error="")
ENDED = State(running=False, exit_code=1, memory_kill_seen=False, error="")
KILLED_FOR_MEMORY = State(running=False, exit_code=137, memory_kill_seen=True, error="")


def told(why: str) -> Conversation:
    return Conversation(why, wall_s=1.0)


@pytest.mark.parametrize("why", ["finished", "flooded", "broken"])
@pytest.mark.parametrize("state", [None, RUNS, ENDED])
def test_what_we_saw_ourselves_stands_whatever_the_engine_says(why: str, state: State | None) -> None:
    assert engine_failure(told(why), state) is None


@pytest.mark.parametrize("why", ["closed", "late"])
def test_an_engine_that_cannot_be_asked_is_never_the_submissions_fault(why: str) -> None:
    assert "no longer answers" in str(engine_failure(told(why), None))


def test_a_conversation_that_ends_while_the_container_goes_on_was_ended_by_the_engine() -> None:
    assert "while the container went on" in str(engine_failure(told("closed"), RUNS))


def test_a_container_that_ended_long_ago_is_not_a_job_out_of_time() -> None:
    assert "did not tell in time" in str(engine_failure(told("late"), ENDED))


def test_a_job_that_still_runs_when_it_is_late_is_out_of_time() -> None:
    assert engine_failure(told("late"), RUNS) is None


def test_a_kill_for_memory_is_left_to_the_engines_own_flag() -> None:
    assert engine_failure(told("closed"), KILLED_FOR_MEMORY) is None


def test_last_words_name_the_engines_error_the_exit_and_what_was_printed() -> None:
    state = State(running=False, exit_code=127, memory_kill_seen=False, error="no such file")
    assert last_words(state, "a\nb\nc\nd\n") == "no such file; its first process ended with 127; b; c; d"
    assert last_words(None, "") == ""
