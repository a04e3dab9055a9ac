"""Positive controls: take one protection away, and the behaviour that rests on it must be seen to break.

A conformance list that could not fail would prove nothing. Each test here weakens the real back end in one place.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import sandbox.bubblewrap_plan as planning
from sandbox.bubblewrap import Bubblewrap
from sandbox.bubblewrap_arguments import Plan, arguments
from sandbox.cgroups import Tree
from sandbox.conformance import run_conformance

pytestmark = pytest.mark.bubblewrap

Weaken = Callable[[list[str]], list[str]]


def without(flag: str, values: int = 0) -> Weaken:
    """Every occurrence of a flag, with so many words after it, is taken out."""

    def weaken(words: list[str]) -> list[str]:
        kept: list[str] = []
        index = 0
        while index < len(words):
            if words[index] == flag:
                index += 1 + values
            else:
                kept.append(words[index])
                index += 1
        return kept

    return weaken


def instead(flag: str, *words: str) -> Weaken:
    return lambda old: [new for word in old for new in (words if word == flag else (word,))]


def before_the_job(*words: str) -> Weaken:
    return lambda old: [
        *old[: old.index("--remount-ro", old.index("/work"))],
        *words,
        *old[old.index("--remount-ro", old.index("/work")) :],
    ]


ALL_BUT_NET = ("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup")

WEAKENINGS = {
    "no filter": (
        without("--seccomp", 1),
        "system_calls_are_filtered netlink_sockets_are_refused vsock_sockets_are_refused "
        "keyrings_are_refused io_uring_is_refused",
    ),
    "the host's network": (instead("--unshare-all", *ALL_BUT_NET), "loopback_is_the_only_interface_and_works"),
    "a writable root": (without("--remount-ro", 1), "everything_but_its_own_folders_is_read_only"),
    "temporary files of the host": (before_the_job("--ro-bind", "/tmp", "/tmp"), "paths_of_the_host_are_absent"),
    "devices of the host": (before_the_job("--dev-bind", "/dev", "/dev"), "devices_of_the_host_are_absent"),
    "file systems without sizes": (without("--size", 1), "writable_places_have_their_sizes every_writable_place_is_capped"),
    "the host's name": (without("--hostname", 1), "the_host_name_is_hidden"),
    "capabilities": (before_the_job("--cap-add", "ALL"), "all_capability_sets_are_empty"),
}


@pytest.mark.parametrize("weakening", WEAKENINGS)
def test_a_missing_protection_is_noticed(weakening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Bubblewrap()
    assert backend.doctor().available
    weaken, names = WEAKENINGS[weakening]

    def weakened(plan: Plan) -> list[str]:
        return weaken(arguments(plan))

    monkeypatch.setattr(planning, "arguments", weakened)

    states = {result.name: result.state for result in run_conformance(backend, tuple(names.split()))}

    assert states == dict.fromkeys(names.split(), "broken")


def test_a_shared_process_namespace_is_refused_before_the_job_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Bubblewrap()
    assert backend.doctor().available
    namespaces = ("--unshare-user", "--unshare-ipc", "--unshare-net", "--unshare-uts")

    def weakened(plan: Plan) -> list[str]:
        return without("--as-pid-1")(instead("--unshare-all", *namespaces)(arguments(plan)))

    monkeypatch.setattr(planning, "arguments", weakened)

    (result,) = run_conformance(backend, ("success_is_exit_code_zero",))

    assert result.state == "broken"
    assert "no process-id namespace of its own" in result.detail


def test_a_runner_that_does_not_shield_itself_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Bubblewrap()
    assert backend.doctor().available
    bare = tmp_path / "inside"
    shutil.copytree(planning.INSIDE_FOLDER, bare, ignore=shutil.ignore_patterns("__pycache__"))
    starting = bare / "job_process.py"
    starting.write_text(starting.read_text("utf-8").replace("prctl(PR_SET_DUMPABLE, 0", "prctl(PR_SET_DUMPABLE, 1"), "utf-8")
    monkeypatch.setattr(planning, "INSIDE_FOLDER", bare)

    (result,) = run_conformance(backend, ("the_runner_is_out_of_reach",))

    assert result.state == "broken"
    assert "output" in result.detail


LIMITS = {
    "memory": "too_much_memory_is_out_of_memory",
    "pids": "threads_count_as_processes",
}
"""Not the processor limit: on a busy machine a job without it may get no more either."""


@pytest.mark.parametrize("controller", LIMITS)
def test_a_limit_that_is_not_set_is_noticed(controller: str, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Bubblewrap()
    assert backend.doctor().available
    if not any(controller in tree.controllers for tree in _trees(backend)):
        pytest.skip(f"this host has no control group for {controller}")
    monkeypatch.setattr("sandbox.cgroups._set_limits", lambda *_: None)

    (result,) = run_conformance(backend, (LIMITS[controller],))

    assert result.state == "broken"


def _trees(backend: Bubblewrap) -> tuple[Tree, ...]:
    host = backend._host
    return host.trees if host else ()
