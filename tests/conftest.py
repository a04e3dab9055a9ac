"""For every test: missing back ends are said, no setting of the person's own leaks in, and the longest files come first."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

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
LONGEST_FIRST = (
    "hostile/test_whole_forging.py",
    "authoring_guide/test_authors.py",
    "docs/test_commands.py",
    "hostile/test_whole_exhausting.py",
    "sandbox/test_conformance.py",
    "harness/watch/test_grading.py",
    "hostile/test_whole_parsing.py",
    "test_whole_path.py",
    "sandbox/inside/test_mutate_tests.py",
    "harness/batch/test_batch_command.py",
    "assessments/test_feature_pipeline.py",
    "harness/batch/test_batch.py",
    "harness/test_service_for_real.py",
    "sandbox/test_docker.py",
    "harness/test_behaviour_for_real.py",
    "hostile/test_whole_packs.py",
    "sandbox/test_bubblewrap.py",
    "harness/authoring/test_scaffold.py",
    "harness/authoring/test_calibrate.py",
    "assessments/test_card_fraud_data.py",
    "sandbox/inside/test_notebook.py",
)
"""Files of tests by their time. Workers take whole files: a long one at the end would have all others wait for it."""
_PLACE = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST_FIRST)}


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts tests in the background has them ignore interrupts, and every process they start with them.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Each worker has a folder for temporary files, which goes with the run; what pytest keeps for reading stays."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    folder = tempfile.mkdtemp(prefix="tests-", dir=os.environ["PYTEST_DEBUG_TEMPROOT"])
    Path(folder).chmod(0o755)  # sandboxes are other users
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _PLACE.get(item.path, len(_PLACE)))


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
