"""Every behaviour of the contract, on every back end that works here."""

from functools import cache

import pytest

from sandbox.conformance import BEHAVIOURS, BehaviourResult, run_conformance
from sandbox.fake import Fake
from tests.sandbox.engines import backend
from tests.sandbox.side_by_side import run_side_by_side

BACKENDS = [
    pytest.param("bubblewrap", marks=pytest.mark.bubblewrap),
    pytest.param("docker", marks=[pytest.mark.docker, pytest.mark.slow]),
]


@cache
def results(name: str) -> dict[str, BehaviourResult]:
    """The whole list, run once for each back end."""
    return run_side_by_side(backend(name))


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("behaviour", [one.__name__ for one in BEHAVIOURS])
def test_behaviour_is_shown(name: str, behaviour: str) -> None:
    result = results(name)[behaviour]

    assert result.passed, f"{result.sentence}\nseen: {result.detail}"
    assert result.state != "untested", result.detail


@pytest.mark.parametrize("name", BACKENDS)
def test_a_gap_is_named_after_a_behaviour_and_has_a_reason(name: str) -> None:
    known = {one.__name__ for one in BEHAVIOURS}

    for gap in backend(name).gaps():
        assert gap.behaviour in known
        assert gap.reason


def test_every_behaviour_has_a_name_of_its_own_and_a_sentence() -> None:
    names = [one.__name__ for one in BEHAVIOURS]

    assert len(set(names)) == len(names) >= 40
    assert all((one.__doc__ or "").strip().endswith(".") for one in BEHAVIOURS)


def test_a_back_end_that_runs_nothing_shows_hardly_any_behaviour() -> None:
    """The list can fail: only what a place does without running anything is left."""
    held = {result.name for result in run_conformance(Fake()) if result.state == "held"}

    assert held == {"put_refuses_names_that_are_paths", "fetching_before_running_is_an_error", "closing_twice_is_harmless"}


def test_a_broken_promise_that_was_named_as_a_gap_is_told_as_one() -> None:
    (result,) = run_conformance(_named_gap("an_exit_code_is_kept"), ("an_exit_code_is_kept",))

    assert (result.state, result.passed) == ("gap", True)
    assert "nothing is run" in result.detail


def _named_gap(behaviour: str) -> Fake:
    from harness.model.sandbox import Gap
    from sandbox.fake import Answer

    class Known(Fake):
        def gaps(self) -> tuple[Gap, ...]:
            return (Gap(behaviour=behaviour, reason="nothing is run"),)

    return Known({"behaviour": Answer()})
