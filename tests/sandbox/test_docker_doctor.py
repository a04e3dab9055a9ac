"""What is said about an engine: whether it can be used, what it enforces, what is missing and which command helps."""

from pathlib import Path
from typing import Any

import pytest

from harness.errors import SandboxError
from harness.model.sandbox import Fact
from sandbox import conformance
from sandbox.docker import Docker
from sandbox.docker_host import UNSHOWN, controls_of, facts_of, gaps_of, why_refused
from tests.sandbox.docker_builders import engine


def fact(name: str, **changes: Any) -> Fact:
    (found,) = (one for one in facts_of(engine(**changes)) if one.name == name)
    return found


def test_a_sound_engine_enforces_everything_and_has_no_gap() -> None:
    assert {control.state for control in controls_of(engine())} == {"enforced"}
    assert gaps_of(engine()) == ()
    assert why_refused(engine()) == ""


@pytest.mark.parametrize(
    ("lacking", "control"),
    [
        ({"limits_swap": False}, "memory"),
        ({"limits_memory": False}, "memory"),
        ({"limits_processes": False}, "processes"),
        ({"limits_cpu": False}, "cpu"),
        ({"seccomp": False}, "system_calls"),
        ({"machine": "s390x"}, "system_calls"),
    ],
)
def test_a_limit_that_does_not_exist_is_never_claimed(lacking: dict[str, Any], control: str) -> None:
    missing = [one for one in controls_of(engine(**lacking)) if one.state == "not_available"]
    assert [one.name for one in missing] == [control]
    assert [gap.behaviour for gap in gaps_of(engine(**lacking))] == list(UNSHOWN[control])
    assert all(gap.reason for gap in gaps_of(engine(**lacking)))


def test_gaps_name_behaviours_of_the_contract() -> None:
    known = {behaviour.__name__ for behaviour in conformance.BEHAVIOURS}
    assert {name for names in UNSHOWN.values() for name in names} <= known


@pytest.mark.parametrize("lacking", [{"seccomp": False}, {"machine": "s390x"}])
def test_without_our_filter_nothing_is_run(lacking: dict[str, Any]) -> None:
    assert why_refused(engine(**lacking))


@pytest.mark.parametrize(
    ("version", "ok"),
    [
        ("1.1.12", False),
        ("1.2.7", False),
        ("1.2.8", True),
        ("1.3.2", False),
        ("1.3.3", True),
        ("1.4.0", True),
        ("1.1.5+ds1", True),
        ("", True),
    ],
)
def test_a_runc_with_known_ways_out_is_pointed_at(version: str, ok: bool) -> None:
    """A distribution's own number tells nothing: it repairs old versions without changing it."""
    assert fact("runc", runc_version=version).ok is ok


def test_a_missing_swap_limit_says_what_it_means() -> None:
    missing = fact("swap limit", limits_swap=False)
    assert not missing.ok
    assert "swapaccount=1" in missing.meaning


def test_no_engine_is_a_finding_not_a_crash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    health = Docker().doctor()
    assert not health.available
    assert "no Docker engine answers" in health.reason
    assert "systemctl start docker" in health.facts[-1].meaning


@pytest.mark.docker
def test_a_real_start_proves_it() -> None:
    health = Docker().doctor()
    assert health.available
    assert [(one.name, one.value) for one in health.facts][-1] == ("a real start", "works")


@pytest.mark.docker
def test_a_base_image_that_is_not_here_is_named_with_the_command_that_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_BASE_IMAGE", "example/never:made")
    health = Docker().doctor()
    assert not health.available
    assert "base image" in health.reason
    assert "docker pull example/never:made" in health.facts[-1].meaning


@pytest.mark.docker
def test_without_any_usual_base_the_way_to_make_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_BASE_IMAGE", raising=False)
    monkeypatch.setattr("sandbox.image.base_image.USUAL", "example/never:made")
    monkeypatch.setattr("sandbox.image.base_image.FROM_PACKAGES", "example/never:made-either")
    health = Docker().doctor()
    assert not health.available
    assert "make-base.sh" in health.facts[-1].meaning


@pytest.mark.docker
def test_a_base_without_a_usable_interpreter_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import contextlib
    import io
    import tarfile

    from sandbox.docker_engine import connect

    monkeypatch.setenv("HARNESS_CACHE_DIR", str(tmp_path))
    nothing = io.BytesIO()
    tarfile.open(fileobj=nothing, mode="w").close()
    with contextlib.closing(connect()) as client:
        client.import_image_from_data(nothing.getvalue(), repository="takehome-test-empty", tag="latest")
        try:
            monkeypatch.setenv("HARNESS_BASE_IMAGE", "takehome-test-empty:latest")
            health = Docker().doctor()
        finally:
            client.remove_image("takehome-test-empty:latest")
    assert not health.available
    assert "python3" in health.reason


@pytest.mark.docker
def test_a_runtime_that_the_engine_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_DOCKER_RUNTIME", "no-such-runtime")
    with pytest.raises(SandboxError, match="no runtime called no-such-runtime") as caught:
        Docker().engine()
    assert "runc" in caught.value.expected
