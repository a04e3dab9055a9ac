"""Control groups: where they can be made, what is written into them, what is read out, whose are removed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.model.sandbox import Limits
from sandbox import cgroups
from sandbox.cgroups import Group, Tree
from sandbox.owners import start_time

LIMITS = Limits(memory_mb=100, pids=50, cpus=1.5)
ALL = frozenset({"memory", "pids", "cpu"})


def made_groups(parent: Path) -> list[Path]:
    return sorted(parent.glob("harness-*"))


def values(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text("ascii") for file in folder.iterdir()}


def test_version_2_limits_are_written_and_swap_is_off(tmp_path: Path) -> None:
    (tmp_path / "memory.swap.max").touch()

    cgroups._set_limits(Tree(tmp_path, 2, ALL), tmp_path, LIMITS)

    assert values(tmp_path) == {
        "memory.max": str(100 << 20),
        "memory.swap.max": "0",
        "pids.max": "52",
        "cpu.max": "150000 100000",
    }


def test_version_1_limits_count_swap_in(tmp_path: Path) -> None:
    (tmp_path / "memory.memsw.limit_in_bytes").touch()

    cgroups._set_limits(Tree(tmp_path, 1, ALL), tmp_path, LIMITS)

    assert values(tmp_path) == {
        "memory.limit_in_bytes": str(100 << 20),
        "memory.memsw.limit_in_bytes": str(100 << 20),
        "pids.max": "52",
        "cpu.cfs_period_us": "100000",
        "cpu.cfs_quota_us": "150000",
    }


def test_a_tree_without_a_controller_gets_no_limit_of_it(tmp_path: Path) -> None:
    cgroups._set_limits(Tree(tmp_path, 1, frozenset({"pids"})), tmp_path, LIMITS)

    assert values(tmp_path) == {"pids.max": "52"}


@pytest.mark.parametrize(("version", "file"), [(2, "memory.events"), (1, "memory.oom_control")])
@pytest.mark.parametrize("kills", [0, 3])
def test_kills_for_memory_are_read_from_the_kernel_s_own_counter(version: int, file: str, kills: int, tmp_path: Path) -> None:
    group = Group((Tree(tmp_path, version, ALL),), LIMITS)
    (folder,) = made_groups(tmp_path)
    (folder / file).write_text(f"low 0\noom 9\noom_kill {kills}\n", "ascii")

    assert group.memory_kill_seen() is (kills > 0)


def test_processor_time_is_read_in_seconds(tmp_path: Path) -> None:
    group = Group((Tree(tmp_path, 2, ALL),), LIMITS)
    (folder,) = made_groups(tmp_path)
    (folder / "cpu.stat").write_text("usage_usec 2500000\nuser_usec 1\n", "ascii")

    assert group.cpu_s() == 2.5


def test_the_nearest_delegated_folder_is_found_upwards(tmp_path: Path) -> None:
    mine = tmp_path / "user.slice" / "app.slice" / "harness.scope"
    mine.mkdir(parents=True)
    (mine / "cgroup.subtree_control").write_text("", "ascii")
    (mine.parent / "cgroup.subtree_control").write_text("memory pids cpu io\n", "ascii")
    (mine.parent.parent / "cgroup.subtree_control").write_text("memory pids\n", "ascii")

    assert list(cgroups._delegated(tmp_path, mine)) == [Tree(mine.parent, 2, ALL)]


def test_a_part_of_a_hierarchy_that_a_container_sees_is_walked_from_its_top(tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()

    assert cgroups._below(str(tmp_path), "/docker/abc", "/docker/abc/job") == tmp_path / "job"
    assert cgroups._below(str(tmp_path), "/docker/abc", "/docker/abc") == tmp_path
    assert cgroups._below(str(tmp_path), "/", "/not/there") == tmp_path


def real_trees() -> tuple[Tree, ...]:
    trees = cgroups.find_trees()
    if not trees:
        pytest.skip("this host lets us make no control groups")
    return trees


def test_a_real_group_limits_kills_and_goes_away() -> None:
    trees = real_trees()
    group = Group(trees, LIMITS)
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        for file in group.join:
            file.write_text(str(sleeper.pid), "ascii")

        assert group.remove()
        assert sleeper.wait(10) == -9
    assert not any(file.parent.exists() for file in group.join)


def test_a_real_group_has_the_processor_quota_that_was_asked_for() -> None:
    trees = tuple(tree for tree in real_trees() if "cpu" in tree.controllers)
    if not trees:
        pytest.skip("this host has no control group for processors")
    group = Group(trees, LIMITS)
    folder = group.join[0].parent

    quota = (folder / ("cpu.max" if trees[0].version == 2 else "cpu.cfs_quota_us")).read_text("ascii")

    assert group.remove()
    assert quota.split()[0] == "150000"


def test_the_sweep_takes_groups_of_dead_owners_with_their_processes_and_leaves_the_living() -> None:
    trees = real_trees()
    code = (
        "import os, subprocess, sys\nfrom harness.model.sandbox import Limits\nfrom sandbox.cgroups import Group, find_trees\n"
        "group = Group(find_trees(), Limits())\nsleeper = subprocess.Popen(['sleep', '60'], stdout=-3, stderr=-3)\n"
        "for file in group.join: file.write_text(str(sleeper.pid))\n"
        "print(sleeper.pid, group.join[0].parent, flush=True)\nos._exit(0)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    orphan, folder = int(said[0]), Path(said[1])
    living = Group(trees, LIMITS)

    sentences = list(cgroups.sweep(trees, everything_mine=False))

    assert any(str(folder) in sentence and "is gone" in sentence for sentence in sentences)
    assert not folder.exists()
    assert start_time(orphan) is None
    assert all(file.exists() for file in living.join)
    mine = list(cgroups.sweep(trees, everything_mine=True))
    assert any("this process's own" in sentence for sentence in mine)
    assert not any(file.exists() for file in living.join)


def test_names_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    parent = tmp_path / "hierarchy" / "ours"
    (parent / "harness-of-somebody").mkdir(parents=True)
    (parent / f"harness-1-{os.getpid()}-1-0123456789abcdef").mkdir()  # another process-id namespace

    assert list(cgroups.sweep((Tree(parent, 2, ALL),), everything_mine=True)) == []
    assert len(made_groups(parent)) == 2
