"""Labels of owners, and whose leftovers may be removed."""

import dataclasses
import os
import subprocess

import pytest

from sandbox import owners
from sandbox.base import Owner


def mine(**changes: object) -> Owner:
    return dataclasses.replace(owners.new_owner("run-1", now=1000), **changes)  # type: ignore[arg-type]


def dead_process() -> int:
    """The id of a process that has ended and was reaped."""
    done = subprocess.Popen(["true"])
    done.wait()
    return done.pid


def test_labels_lead_back_to_the_owner() -> None:
    assert owners.from_labels(owners.labels(mine())) == mine()


@pytest.mark.parametrize(
    "change", [{owners.PID: "x"}, {owners.PID: "-1"}, {owners.EXPIRES: "soon"}, {owners.RUN: None}, {owners.PID: "\uff11"}]
)
def test_labels_that_are_not_whole_name_nobody(change: dict[str, str]) -> None:
    assert owners.from_labels(owners.labels(mine()) | change) is None
    assert owners.from_labels({}) is None


def test_what_a_running_owner_made_stays_however_long_it_runs() -> None:
    assert owners.why_removable(mine(), now=10**12) is None


def test_what_a_dead_owner_of_this_host_made_may_go() -> None:
    assert "is gone" in (owners.why_removable(mine(pid=dead_process()), now=0) or "")


def test_a_process_id_that_was_given_away_again_is_no_sign_of_life() -> None:
    assert "is gone" in (owners.why_removable(mine(start_time="1"), now=0) or "")


def test_an_owner_of_another_host_is_judged_by_expiry_alone() -> None:
    elsewhere = mine(host="elsewhere", pid=dead_process())

    assert owners.why_removable(elsewhere, now=1000) is None
    assert owners.why_removable(elsewhere, now=1000 + owners.DEFAULT_LIFETIME_S + 1) == "it has expired"


def test_a_zombie_counts_as_ended() -> None:
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    assert owners.start_time(child.pid) is None
    child.wait()


def test_only_this_very_process_is_mine() -> None:
    assert owners.is_mine(mine())
    assert not owners.is_mine(mine(pid=1))
    assert not owners.is_mine(mine(start_time="1"))
