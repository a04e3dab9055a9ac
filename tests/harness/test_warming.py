"""What grading imports ahead of need: the environment is steady while it happens, and as before afterwards."""

import os
import sys

import pytest

from harness.warming import beside_the_sandboxes


def test_the_environment_stays_as_it_is_while_something_may_copy_it_and_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loading thread that takes its variables back by itself breaks whoever copies the environment just then."""
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before = os.environ.copy()

    with beside_the_sandboxes():
        first = os.environ.copy()
        while "detect_secrets.filters.heuristic" not in sys.modules or "jinja2" not in sys.modules:
            assert os.environ.copy() == first
        assert os.environ.copy() == first

    assert first["OMP_NUM_THREADS"] == first["MKL_NUM_THREADS"] == "1"
    assert os.environ.copy() == before


def test_a_fault_in_the_block_leaves_no_variable_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with pytest.raises(RuntimeError), beside_the_sandboxes():
        raise RuntimeError
    assert "OMP_NUM_THREADS" not in os.environ
