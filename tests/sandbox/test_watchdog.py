"""Watching memory where it cannot be limited."""

from pathlib import Path

import pytest

from sandbox.watchdog import MemoryWatch


def process(proc: Path, pid: int, *, anon_kb: int, exact_kb: int, shared_kb: int = 0) -> int:
    """A process folder; returns the inode that stands for its namespace."""
    folder = proc / str(pid)
    (folder / "ns").mkdir(parents=True)
    namespace = proc / "namespace"
    namespace.touch()
    (folder / "ns" / "pid").symlink_to(namespace)
    (folder / "status").write_text(f"Name:\tx\nRssAnon:\t{anon_kb} kB\nRssShmem:\t{shared_kb} kB\n", "ascii")
    (folder / "smaps_rollup").write_text(f"Pss_Anon: {exact_kb} kB\nPss_Shmem: {shared_kb} kB\n", "ascii")
    return namespace.stat().st_ino


def watch(proc: Path, limit_mb: int, namespace: int | None) -> MemoryWatch:
    watching = MemoryWatch(limit_mb, proc)
    watching.namespace = namespace
    return watching


def test_the_sum_over_processes_counts(tmp_path: Path) -> None:
    for pid in (10, 11, 12):
        namespace = process(tmp_path, pid, anon_kb=40_000, exact_kb=40_000)

    watching = watch(tmp_path, 100, namespace)

    assert watching.over()
    assert watching.tripped
    assert watching.peak_mb == pytest.approx(117.2)


def test_pages_that_processes_share_count_once(tmp_path: Path) -> None:
    for pid in (10, 11, 12):
        namespace = process(tmp_path, pid, anon_kb=90_000, exact_kb=30_000)

    assert not watch(tmp_path, 100, namespace).over()


def test_shared_memory_counts(tmp_path: Path) -> None:
    namespace = process(tmp_path, 10, anon_kb=1000, exact_kb=1000, shared_kb=200_000)

    assert watch(tmp_path, 100, namespace).over()


def test_processes_of_other_namespaces_do_not_count(tmp_path: Path) -> None:
    process(tmp_path, 10, anon_kb=10**6, exact_kb=10**6)

    assert not watch(tmp_path, 100, namespace=1).over()


def test_nothing_is_ended_before_the_namespace_is_known(tmp_path: Path) -> None:
    process(tmp_path, 10, anon_kb=10**6, exact_kb=10**6)

    assert not watch(tmp_path, 100, namespace=None).over()


def test_a_process_that_ends_while_it_is_looked_at_counts_nothing(tmp_path: Path) -> None:
    namespace = process(tmp_path, 10, anon_kb=10**6, exact_kb=10**6)
    (tmp_path / "10" / "status").unlink()

    assert not watch(tmp_path, 100, namespace).over()
