"""Settings: options over HARNESS_* variables over defaults."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.running.data import seed_for
from harness.settings import resolve
from tests.builders import make_pack


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SANDBOX", "PACKS", "CACHE_DIR", "THREADS", "SECRET"):
        monkeypatch.delenv(f"HARNESS_{name}", raising=False)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def test_an_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_SANDBOX", "docker")

    assert resolve("bubblewrap").sandbox == "bubblewrap"
    assert resolve().sandbox == "docker"


def test_there_is_no_unsandboxed_back_end() -> None:
    with pytest.raises(UsageError, match="there is no sandbox called 'none'"):
        resolve("none")


def test_the_fake_back_end_is_for_tests_and_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError):
        resolve("fake")


def test_source_date_epoch_sets_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")

    assert resolve().now == datetime(1970, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value"), [("SOURCE_DATE_EPOCH", "soon"), ("HARNESS_THREADS", "0"), ("HARNESS_THREADS", "many")]
)
def test_a_variable_that_makes_no_sense_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(UsageError, match=name):
        resolve()


def test_packs_are_looked_for_in_named_folders_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HARNESS_PACKS", f"{tmp_path}:/elsewhere")

    assert resolve(packs=(Path("given"),)).packs == (Path("given"), tmp_path, Path("/elsewhere"))


def test_a_candidates_seed_follows_from_the_secret_the_pack_and_the_candidate() -> None:
    pack = make_pack()

    assert seed_for(pack, b"s", "c1", None) == seed_for(pack, b"s", "c1", None)
    assert len({seed_for(pack, secret, name, None)[0] for secret in (b"s", b"t") for name in ("c1", "c2")}) == 4
    assert seed_for(pack, b"s", "c1", None)[1] == "candidate"


def test_without_a_secret_the_fixed_demo_seed_is_used() -> None:
    assert seed_for(make_pack(), None, "c1", None) == (make_pack().data.demo_seed, "demo")


def test_a_given_seed_wins() -> None:
    assert seed_for(make_pack(), b"s", "c1", 7) == (7, "given")
