"""From a name to a back end that works here, or a reason for each that does not."""

import pytest

from harness.errors import SandboxError, UsageError
from harness.model.sandbox import Fact, Health
from sandbox.base import Backend
from sandbox.choose import KNOWN, choose, first_available
from sandbox.fake import Fake


class Unwell(Fake):
    def doctor(self) -> Health:
        fact = Fact(name="engine", value="silent", ok=False, meaning="start it")
        return Health(backend="fake", available=False, reason="no answer", facts=(fact,))


def test_the_first_that_works_is_chosen() -> None:
    well: Backend = Fake()

    assert first_available([Unwell(), well, Fake()]) is well


def test_when_none_works_each_reason_and_what_to_do_is_told() -> None:
    with pytest.raises(SandboxError) as raised:
        first_available([Unwell(), Fake(unavailable="it is forbidden")])

    assert "fake: no answer. start it" in str(raised.value)
    assert "fake: it is forbidden" in str(raised.value)
    assert "nothing is run without one" in str(raised.value)


@pytest.mark.parametrize("name", ["none", "unsafe", "host", "fake", ""])
def test_there_is_no_back_end_without_a_sandbox(name: str) -> None:
    with pytest.raises(UsageError, match="no sandbox called"):
        choose(name)


def test_docker_is_preferred_to_bubblewrap() -> None:
    assert list(KNOWN) == ["docker", "bubblewrap"]


@pytest.mark.bubblewrap
def test_a_named_back_end_is_taken() -> None:
    assert choose("bubblewrap").name == "bubblewrap"
