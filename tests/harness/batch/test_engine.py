"""The local engine and its children: answers, crashes, limits, signals, and nothing left behind."""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.batch.child import Task, Tell
from harness.batch.engine import Done, Interrupted, LocalEngine, Signals
from harness.batch.watching import Silent

Work = Callable[[Tell], dict[str, Any]]


def run(tmp_path: Path, *works: Work, jobs: int = 2, wall_s: float = 30) -> dict[str, Done]:
    tasks = deque(Task(str(number), work, tmp_path / f"{number}.txt", wall_s) for number, work in enumerate(works))
    with Signals() as signals:
        return {done.task.name: done for done in LocalEngine(jobs, signals, Silent()).run(tasks)}


def answer(value: object) -> Work:
    return lambda _tell: {"value": value}


def crash(_tell: Tell) -> dict[str, Any]:
    raise RuntimeError("a fault of ours")


def leave(_tell: Tell) -> dict[str, Any]:
    raise KeyboardInterrupt


def die(_tell: Tell) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def sleep(_tell: Tell) -> dict[str, Any]:
    time.sleep(60)
    return {}


def stubborn(_tell: Tell) -> dict[str, Any]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)
    return {}


def test_each_task_answers_for_itself(tmp_path: Path) -> None:
    done = run(tmp_path, answer(1), answer("ä\n"), answer([None]))

    assert [done[name].answer for name in "012"] == [{"value": 1}, {"value": "ä\n"}, {"value": [None]}]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("work", "code"), [(crash, 70), (leave, 70), (die, -signal.SIGSEGV)])
def test_whatever_a_task_dies_of_the_next_one_goes_on(tmp_path: Path, work: Work, code: int) -> None:
    done = run(tmp_path, work, answer(1), jobs=1)

    assert (done["0"].end, done["0"].code) == ("died", code)
    assert done["1"].answer == {"value": 1}


def test_a_traceback_goes_to_the_log_and_not_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, crash)

    assert "a fault of ours" in (tmp_path / "0.txt").read_text()
    assert capfd.readouterr() == ("", "")


def test_a_crash_below_python_leaves_its_last_words_in_the_log(tmp_path: Path) -> None:
    run(tmp_path, die)

    assert "Segmentation fault" in (tmp_path / "0.txt").read_text()


def test_a_task_over_its_limit_is_stopped_and_the_others_are_not(tmp_path: Path) -> None:
    done = run(tmp_path, sleep, answer(1), wall_s=0.5)

    assert (done["0"].end, done["1"].end) == ("over_limit", "answered")
    assert done["0"].seconds < 20


def test_one_that_does_not_heed_its_limit_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.batch.engine.GRACE_S", 0.5)

    done = run(tmp_path, stubborn, wall_s=0.5)

    assert (done["0"].end, done["0"].code) == ("over_limit", -signal.SIGKILL)


def test_waiting_for_somebody_else_does_not_count_towards_the_limit(tmp_path: Path) -> None:
    def waits(tell: Tell) -> dict[str, Any]:
        for _ in range(8):
            time.sleep(0.2)
            tell.restart_clock()
        return {"waited": True}

    assert run(tmp_path, waits, wall_s=1.2)["0"].answer == {"waited": True}


def test_what_a_child_says_is_heard_on_one_harmless_line(tmp_path: Path) -> None:
    heard = []

    class Listening(Silent):
        def said(self, task: str, sentence: str) -> None:
            heard.append((task, sentence))

    def speaks(tell: Tell) -> dict[str, Any]:
        tell.say("execute: a\nb\x1b[2J")
        return {}

    task = Task("0", speaks, tmp_path / "log.txt", 30)
    with Signals() as signals:
        LocalEngine(1, signals, Listening()).one(task)

    assert heard == [("0", "execute: a b\\x1b[2J")]


def test_an_answer_longer_than_a_pipe_arrives_whole(tmp_path: Path) -> None:
    assert run(tmp_path, answer("x" * 1_000_000))["0"].answer == {"value": "x" * 1_000_000}


def children() -> set[str]:
    """Processes that this one started and has not yet taken leave of; other tests may have some of their own."""
    return {pid for thread in Path("/proc/self/task").iterdir() for pid in (thread / "children").read_text().split()}


def test_a_signal_stops_every_child_before_it_is_passed_on(tmp_path: Path) -> None:
    before = children()
    tasks = deque(Task(str(number), sleep, tmp_path / f"{number}.txt", 60) for number in range(4))
    timer = threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGTERM))
    with Signals() as signals:
        engine = LocalEngine(2, signals, Silent())
        timer.start()
        with pytest.raises(Interrupted) as caught:
            list(engine.run(tasks))
    timer.join()

    assert caught.value.number == signal.SIGTERM
    assert children() <= before


def test_a_second_signal_kills_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.batch.engine.GRACE_S", 300)
    timers = [threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT)) for after in (0.5, 1.0)]
    began = time.monotonic()
    with Signals() as signals:
        for timer in timers:
            timer.start()
        with pytest.raises(Interrupted):
            LocalEngine(1, signals, Silent()).one(Task("0", stubborn, tmp_path / "0.txt", 60))
    for timer in timers:
        timer.join()

    assert time.monotonic() - began < 50


def test_leaving_early_leaves_no_child(tmp_path: Path) -> None:
    before = children()
    tasks = deque([Task("0", answer(1), tmp_path / "0.txt", 60), Task("1", sleep, tmp_path / "1.txt", 60)])
    with Signals() as signals:
        endings = LocalEngine(2, signals, Silent()).run(tasks)
        next(endings)
        endings.close()

    assert children() <= before


def test_a_task_can_be_added_while_others_run(tmp_path: Path) -> None:
    tasks = deque([Task("0", answer(1), tmp_path / "0.txt", 60)])
    names = []
    with Signals() as signals:
        for done in LocalEngine(1, signals, Silent()).run(tasks):
            names.append(done.task.name)
            if len(names) < 3:
                tasks.append(Task(str(len(names)), answer(1), tmp_path / "0.txt", 60))

    assert names == ["0", "1", "2"]
