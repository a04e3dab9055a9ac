import pytest

from tests.sandbox.engines import heed_markers


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    heed_markers(item)
