"""Guards for every test: what needs a real back end says so by a marker, and no setting of the person's own leaks in."""

import os
import signal

import pytest

from tests.sandbox.engines import heed_markers

_OURS = (
    "HARNESS_SANDBOX",
    "HARNESS_PACKS",
    "HARNESS_SECRET",
    "HARNESS_KEY",
    "HARNESS_DEBUG",
    "HARNESS_PLUGINS",
    "SOURCE_DATE_EPOCH",
)


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts tests in the background has them ignore interrupts, and every process they start with them.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_settings_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip with the reason where a back end is missing; fail instead where HARNESS_REQUIRE_* promises it."""
    heed_markers(item)


def pytest_report_header() -> list[str]:
    promised = [name for name in os.environ if name.startswith("HARNESS_REQUIRE_")]
    return [f"promised here: {', '.join(promised) or 'nothing'}"]
