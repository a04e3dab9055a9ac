"""Time limits inside a sandbox: a place without processors stretches them, a slow program does not."""

import os
import shutil
import time
from pathlib import Path

import pytest

from sandbox.inside.patience import TICKS_A_SECOND, Load, Patience


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


def threads(root: Path, **told: tuple[float, float]) -> str:
    """/proc with threads of process 7 that ran and waited so many seconds."""
    for name, (ran, waited) in told.items():
        place = root / "7" / "task" / name.lstrip("t")
        place.mkdir(parents=True, exist_ok=True)
        (place / "schedstat").write_text(f"{int(ran * 1e9)} {int(waited * 1e9)} 5\n", "ascii")
    return str(root)


def idle_for(root: Path, seconds: float) -> None:
    """/proc where each processor has stood idle for so long."""
    ticks = int(seconds * TICKS_A_SECOND)
    lines = [f"cpu{number} 1 2 3 {ticks} 5" for number in os.sched_getaffinity(0)]
    (root / "stat").write_text("\n".join(["cpu 9 9 9 9 9", *lines]) + "\n", "ascii")


def test_a_program_that_stood_ready_in_vain_gets_more_time(tmp_path: Path, clock: Clock) -> None:
    patience = Patience(10, Load(2, threads(tmp_path, t7=(0, 0))))
    threads(tmp_path, t7=(3, 7))
    clock.now += 10.5

    assert patience.left() > 0
    assert patience.starved()


def test_a_program_that_ran_all_the_time_is_slow_however_much_it_also_waited(tmp_path: Path, clock: Clock) -> None:
    patience = Patience(10, Load(2, threads(tmp_path, t7=(0, 0), t8=(0, 0), t9=(0, 0))))
    threads(tmp_path, t7=(7, 4), t8=(7, 4), t9=(7, 4))
    clock.now += 10.5

    assert patience.left() < 0
    assert not patience.starved()


def test_a_place_that_crowds_on_one_processor_while_others_are_idle_is_slow(tmp_path: Path, clock: Clock) -> None:
    idle_for(tmp_path, 100)
    patience = Patience(10, Load(8, threads(tmp_path, t7=(0, 0), t8=(0, 0))))
    threads(tmp_path, t7=(1, 9), t8=(1, 9))
    idle_for(tmp_path, 109)
    clock.now += 10.5

    assert patience.left() < 0
    assert not patience.starved()


@pytest.mark.parametrize(
    ("ran", "waited", "deprived"),
    [(2, 8, True), (5, 5, False), (0.1, 0.3, False), (10, 90, False)],
    ids=["a fifth of what it wanted", "half of it", "it hardly wanted any", "all that two processors give"],
)
def test_who_gets_less_than_a_third_of_what_it_is_ready_to_use_is_deprived(
    tmp_path: Path, clock: Clock, ran: float, waited: float, deprived: bool
) -> None:
    patience = Patience(10, Load(2, threads(tmp_path, t7=(0, 0))))
    threads(tmp_path, t7=(ran, waited))
    clock.now += 10

    assert patience.deprived() is deprived


def test_what_ended_while_nobody_looked_keeps_what_was_seen_of_it(tmp_path: Path, clock: Clock) -> None:
    load = Load(2, threads(tmp_path, t7=(1, 0), t8=(2, 5)))
    load.totals()
    shutil.rmtree(tmp_path / "7" / "task" / "8")
    for _ in range(3):
        clock.now += 1
        assert load.totals() == (3.0, 5.0)


def test_a_program_that_waits_for_something_else_than_a_processor_gets_no_more_time(tmp_path: Path, clock: Clock) -> None:
    patience = Patience(10, Load(2, threads(tmp_path, t7=(0.1, 0.1))))
    clock.now += 10.5

    assert patience.left() < 0


def test_nobody_is_waited_for_longer_than_three_times_the_limit(tmp_path: Path, clock: Clock) -> None:
    patience = Patience(10, Load(2, threads(tmp_path, t7=(0, 0))))
    for _ in range(100):
        clock.now += 0.5
        gone = clock.now - 1000
        threads(tmp_path, t7=(0.2 * gone, 0.8 * gone))
        if patience.left() <= 0:
            break

    assert 30 <= clock.now - 1000 < 31
    assert patience.starved()


def test_a_limit_that_may_not_stretch_ends_in_time_and_still_tells_who_starved(tmp_path: Path, clock: Clock) -> None:
    patience = Patience(10, Load(2, threads(tmp_path, t7=(0, 0))), stretch=1.0)
    threads(tmp_path, t7=(3, 7))
    clock.now += 10.5

    assert patience.left() < 0
    assert patience.starved()


def test_what_a_thread_had_counts_when_it_is_gone(tmp_path: Path, clock: Clock) -> None:
    load = Load(2, threads(tmp_path, t7=(1, 0), t8=(2, 5)))
    assert load.totals() == (3.0, 5.0)
    (tmp_path / "7" / "task" / "8" / "schedstat").unlink()
    clock.now += 1

    assert load.totals() == (3.0, 5.0)


def test_where_the_kernel_does_not_tell_limits_are_what_they_are(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "7" / "task" / "7").mkdir(parents=True)
    patience = Patience(10, Load(2, str(tmp_path)))
    clock.now += 10.5

    assert patience.left() < 0
    assert not patience.starved()
