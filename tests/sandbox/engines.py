"""Whether a test that needs a real back end can run here: skipped with the reason, or failed where the machine promises one."""

import os
from functools import cache

import pytest

from sandbox.base import Backend
from sandbox.choose import KNOWN

BACK_ENDS = [
    pytest.param("bubblewrap", marks=pytest.mark.bubblewrap),
    pytest.param("docker", marks=pytest.mark.docker),
]
"""For tests of what every real back end does."""
REQUIRE = {"docker": "HARNESS_REQUIRE_DOCKER", "bubblewrap": "HARNESS_REQUIRE_BUBBLEWRAP"}
"""Set to 1 where a machine is meant to have it: then its absence is a failure, not a skip."""


@cache
def backend(name: str) -> Backend:
    """The back end of that name, examined once."""
    return KNOWN[name]()


def why_missing(name: str) -> str:
    """Empty when it works here."""
    health = backend(name).doctor()
    return "" if health.available else f"{name} does not work here: {health.reason}"


def needs(name: str) -> None:
    """Go on only where the back end works."""
    reason = why_missing(name)
    if reason and os.environ.get(REQUIRE[name]) == "1":
        pytest.fail(f"{reason} ({REQUIRE[name]}=1 promises it)", pytrace=False)
    if reason:
        pytest.skip(reason)


def heed_markers(item: pytest.Item) -> None:
    """Called before a test is set up: its markers name what it needs."""
    for name in REQUIRE:
        if item.get_closest_marker(name):
            needs(name)
