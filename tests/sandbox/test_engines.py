"""A machine that promises an engine fails its tests without one; any other skips them and says why."""

import pytest
from _pytest.outcomes import Failed, Skipped

from tests.sandbox import engines


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "why_missing", lambda name: f"{name} does not work here: nobody answers")


def test_without_a_promise_it_is_a_skip_with_the_reason(no_engine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_REQUIRE_DOCKER", raising=False)
    with pytest.raises(Skipped, match="nobody answers"):
        engines.needs("docker")


def test_a_broken_promise_is_a_failure(no_engine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_REQUIRE_DOCKER", "1")
    with pytest.raises(Failed, match="HARNESS_REQUIRE_DOCKER=1 promises it"):
        engines.needs("docker")


def test_where_it_works_tests_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "why_missing", lambda name: "")
    engines.needs("docker")
