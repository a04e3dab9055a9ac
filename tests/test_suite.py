"""The suite itself: what is said of it elsewhere is so."""

from pathlib import Path

import pytest

from tests.conftest import LONGEST_FIRST

HERE = Path(__file__).resolve().parent


@pytest.mark.parametrize("name", LONGEST_FIRST)
def test_a_file_that_is_to_come_first_is_there(name: str) -> None:
    assert (HERE / name).is_file()


def test_tests_come_in_that_order(request: pytest.FixtureRequest) -> None:
    known = {HERE / name: place for place, name in enumerate(LONGEST_FIRST)}
    places = [known.get(item.path, len(known)) for item in request.session.items]

    assert places == sorted(places)
