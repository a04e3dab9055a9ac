"""What several suites of attacks start from."""

import pytest

from tests.hostile.attacks.arena import Arena, Told
from tests.hostile.attacks.pack import honest_files, write_pack


@pytest.fixture(scope="session")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Arena:
    """The usual pack in the usual back end."""
    return Arena(tmp_path_factory.mktemp("arena"), pack=write_pack(tmp_path_factory.mktemp("packs")))


@pytest.fixture(scope="session")
def honest(arena: Arena) -> Told:
    """A finished run of a submission that does what is asked: to be read or copied, never changed."""
    return arena.submit(honest_files())
