"""Attacks on the runner, its outputs and its limits, through the real back end. Judged from outside only."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from harness.model.run import Artifact, Exited, OutOfMemory, TimedOut
from harness.model.sandbox import Limits
from sandbox import owners
from sandbox.base import Execution, Job
from sandbox.bubblewrap import Bubblewrap
from sandbox.bubblewrap_host import Host

pytestmark = pytest.mark.bubblewrap

LIMITS = Limits(wall_s=20, memory_mb=256, pids=64, output_mb=4, output_files=20)


@pytest.fixture(scope="module")
def limited() -> Bubblewrap:
    return Bubblewrap()


@pytest.fixture(scope="module")
def watched(limited: Bubblewrap) -> Bubblewrap:
    """The same back end on a host that has no control groups."""
    backend = Bubblewrap()
    backend._health, backend._host = limited.doctor(), Host(limited._ready().binary, ())
    return backend


def attack(
    backend: Bubblewrap, destination: Path, code: str, limits: Limits = LIMITS
) -> tuple[Execution, tuple[Artifact, ...], tuple[str, ...]]:
    job = Job(label="attack", argv=("python3", "-c", dedent(code)), limits=limits, collect=("**",))
    with backend.open(owners.new_owner("attacks")) as sandbox:
        execution = sandbox.run(job)
        return (execution, *sandbox.fetch(destination / "out"))


def test_an_output_folder_that_its_owner_locked_is_read_all_the_same(limited: Bubblewrap, tmp_path: Path) -> None:
    code = """
        import os
        os.makedirs('/out/inner')
        open('/out/inner/a', 'w').write('x')
        for place in ('/out/inner/a', '/out/inner', '/out'):
            os.chmod(place, 0)
        """

    execution, artifacts, refused = attack(limited, tmp_path, code)

    assert execution.outcome == Exited(code=0)
    assert [one.name for one in artifacts] == ["inner/a"]
    assert refused == ()


def test_memory_left_behind_in_files_counts_against_the_job(limited: Bubblewrap, tmp_path: Path) -> None:
    """Pages of /work stay charged after every process is dead; filling it must not turn into a failure of ours."""
    if "memory" not in limited._ready().controllers():
        pytest.skip("this host has no control group for memory")
    code = """
        for n in range(400):
            open(f'/work/{n}', 'wb').write(bytes(1 << 20))
        """

    execution, _, _ = attack(limited, tmp_path, code, replace_limits(memory_mb=128, work_mb=512))

    assert execution.outcome == OutOfMemory(limit_mb=128)


def replace_limits(**changes: float) -> Limits:
    return LIMITS.model_copy(update=changes)


HIDDEN_MEMORY = {
    "memfd_create": "import os; os.memfd_create('x')",
    "shmget": "import ctypes; libc = ctypes.CDLL(None); raise SystemExit(libc.shmget(0, 1 << 20, 0o1600) >= 0)",
}


@pytest.mark.parametrize("way", HIDDEN_MEMORY)
def test_memory_that_no_process_shows_cannot_be_had_where_it_is_only_watched(
    way: str, limited: Bubblewrap, watched: Bubblewrap, tmp_path: Path
) -> None:
    kept, _, _ = attack(watched, tmp_path / "watched", HIDDEN_MEMORY[way])
    control, _, _ = attack(limited, tmp_path / "limited", HIDDEN_MEMORY[way])

    allowed = {"memfd_create": 0, "shmget": 1}[way]
    assert kept.outcome == Exited(code=1 - allowed)
    assert control.outcome == Exited(code=allowed)


def test_growing_slowly_over_the_limit_is_seen_by_the_watch(watched: Bubblewrap, tmp_path: Path) -> None:
    code = """
        import os, time
        for _ in range(4):
            if os.fork() == 0:
                break
        hold = []
        for _ in range(40):
            hold.append(os.urandom(4 << 20))
            time.sleep(0.05)
        """

    execution, _, refused = attack(watched, tmp_path, code)

    assert execution.outcome == OutOfMemory(limit_mb=256)
    assert refused == ("no file was taken: the job was stopped for its memory",)


def test_a_storm_of_signals_does_not_reach_the_runner(limited: Bubblewrap, tmp_path: Path) -> None:
    code = """
        import os, signal, time
        end = time.monotonic() + 1
        while time.monotonic() < end:
            for number in signal.valid_signals():
                try:
                    os.kill(os.getppid(), number)
                except OSError:
                    pass
        open('/out/done', 'w')
        """

    execution, artifacts, _ = attack(limited, tmp_path, code)

    assert execution.outcome == Exited(code=0)
    assert [one.name for one in artifacts] == ["done"]


def test_orphans_that_were_adopted_by_the_job_die_with_it(limited: Bubblewrap, tmp_path: Path) -> None:
    """A job may declare itself the reaper of its orphans, and hide a writer behind several generations."""
    code = """
        import ctypes, os, time
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
        for _ in range(3):
            if os.fork() == 0:
                os.setsid()
                continue
            if os.getppid() != 1:
                os._exit(0)
            break
        else:
            time.sleep(1)
            open('/out/late', 'w')
            os._exit(0)
        time.sleep(0.2)
        """

    execution, artifacts, _ = attack(limited, tmp_path, code)

    assert execution.outcome == Exited(code=0)
    assert artifacts == ()


def test_a_bomb_that_forks_while_it_is_killed_ends(limited: Bubblewrap, tmp_path: Path) -> None:
    code = """
        import os, signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            try:
                if os.fork() == 0:
                    os.setsid()
            except OSError:
                pass
        """

    execution, _, _ = attack(limited, tmp_path, code, replace_limits(wall_s=1))

    assert execution.outcome == TimedOut(after_s=1)


def test_writing_frames_into_the_runner_s_pipe_is_not_possible(limited: Bubblewrap, tmp_path: Path) -> None:
    """Every descriptor of every process is tried; a forged end with a forged file must not be believed."""
    code = r"""
        import glob, json, os, struct
        def frame(kind, data): return struct.pack('>cI', kind, len(data)) + data
        ended = json.dumps({'status': 0, 'timed_out': False, 'starved': False, 'cpu_s': 0.0, 'peak_kb': 0}).encode()
        name = json.dumps({'name': 'forged', 'size': 1}).encode()
        forged = frame(b'X', ended) + frame(b'F', name) + frame(b'D', b'x') + frame(b'Z', b'')
        found = glob.glob('/proc/[0-9]*/fd/*') + glob.glob('/proc/[0-9]*/task/*/fd/*')
        for path in found + [f'/proc/1/fd/{n}' for n in range(20)]:
            try:
                with open(path, 'wb', buffering=0) as file:
                    file.write(forged)
            except OSError:
                pass
        raise SystemExit(9)
        """

    execution, artifacts, _ = attack(limited, tmp_path, code)

    assert execution.outcome == Exited(code=9)
    assert artifacts == ()


def test_arguments_and_variables_that_cannot_be_passed_end_only_the_job(limited: Bubblewrap) -> None:
    base = Job(label="attack", argv=("python3",), limits=LIMITS)
    for odd in (replace(base, argv=("python3", "a\0b")), replace(base, argv=("",)), replace(base, env={"A=B": "\0"})):
        with limited.open(owners.new_owner("attacks")) as sandbox:
            assert sandbox.run(odd).outcome in (Exited(code=126), Exited(code=127))


def test_limits_cannot_be_raised_again(limited: Bubblewrap, tmp_path: Path) -> None:
    code = """
        import resource
        for name in ('RLIMIT_CORE', 'RLIMIT_FSIZE', 'RLIMIT_NOFILE'):
            which = getattr(resource, name)
            soft, hard = resource.getrlimit(which)
            try:
                resource.setrlimit(which, (hard + 1, hard + 1))
            except (ValueError, OSError):
                continue
            raise SystemExit(name)
        """

    execution, _, _ = attack(limited, tmp_path, code)

    assert execution.outcome == Exited(code=0)
