"""Time limits inside a sandbox: a place without processors stretches them, a slow program does not."""

import time
from pathlib import Path

import pytest

from sandbox.inside.patience import Load, Patience


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
