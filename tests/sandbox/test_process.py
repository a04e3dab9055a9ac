"""Listening to a runner with deadlines, and judging how a job ended."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import SandboxError
from harness.model.run import Exited, OutOfMemory, OutputCapped, SandboxLost, TimedOut
from harness.model.sandbox import Environment, Limits
from sandbox import process
from sandbox.base import Job
from sandbox.frames import Phase, Receiver
from sandbox.process import Conversation, Usage, describe, environment_of, judge, listen, reader
from tests.hostile.test_sandbox_frames import ENDED, FINISHED, STARTED, frame, sent_file

LIMITS = Limits(wall_s=1, memory_mb=100, flood_mb=1)
JOB = Job(label="predict", argv=("python3", "main.py"), limits=LIMITS, collect=("**",))


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    (tmp_path / "spool").mkdir()
    return Receiver(LIMITS, JOB.collect, tmp_path / "spool")


def script(*pieces: bytes | None) -> process.Read:
    """Gives these pieces in turn; None stands for silence, and after the last there is only silence."""
    left: Iterator[bytes | None] = iter(pieces)
    return lambda _: next(left, None)


def ended(status: int = 0, *, timed_out: bool = False, starved: bool = False) -> bytes:
    return frame(b"X", {"status": status, "timed_out": timed_out, "starved": starved, "cpu_s": 0.5, "peak_kb": 2048})


# -- listening ----------------------------------------------------------------------------------------------------------


def test_a_runner_that_finishes_is_heard_to_its_end(receiver: Receiver) -> None:
    talk = listen(script(STARTED, ENDED + sent_file("a", b"x"), FINISHED), receiver, 1)

    assert talk.why == "finished"
    assert receiver.phase is Phase.FINISHED


def test_a_pipe_that_closes_early_is_said_so(receiver: Receiver) -> None:
    assert listen(script(STARTED, b""), receiver, 1).why == "closed"


def test_broken_frames_end_the_conversation(receiver: Receiver) -> None:
    assert listen(script(STARTED, frame(b"?"), FINISHED), receiver, 1).why == "broken"


def test_a_flood_ends_the_conversation(receiver: Receiver) -> None:
    assert listen(script(STARTED, *[frame(b"O", b"x" * 65_536)] * 20), receiver, 1).why == "flooded"


@pytest.mark.parametrize(
    ("spoken", "why"), [((), "not_started"), ((STARTED,), "late"), ((STARTED, ENDED), "late")], ids=["start", "run", "outputs"]
)
def test_silence_is_never_waited_for_without_end(
    spoken: tuple[bytes, ...], why: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("START_S", "LATE_S", "GRACE_S", "COLLECT_S"):
        monkeypatch.setattr(process, name, 0.05)

    assert listen(script(*spoken), receiver, 0.05).why == why


def test_memory_that_can_only_be_watched_ends_the_conversation(receiver: Receiver) -> None:
    assert listen(script(STARTED, None), receiver, 1, over_memory=lambda: True).why == "memory"


def test_a_reader_tells_silence_from_the_end() -> None:
    reading, writing = os.pipe()
    read = reader(reading)

    silence = read(0)
    os.write(writing, b"x")
    something = read(1)
    os.close(writing)

    assert (silence, something, read(1)) == (None, b"x", b"")
    os.close(reading)


# -- judging ------------------------------------------------------------------------------------------------------------

SEEN = Usage(memory_kill_seen=True)

CASES = {
    "an ordinary end": ((STARTED, ended(3)), "finished", Usage(), Exited(code=3)),
    "a signal": ((STARTED, ended(-9)), "finished", Usage(), Exited(code=137)),
    "a time out inside": ((STARTED, ended(-15, timed_out=True)), "finished", Usage(), TimedOut(after_s=1)),
    "a time out on a host without processors to spare": (
        (STARTED, ended(-15, timed_out=True, starved=True)),
        "finished",
        Usage(),
        SandboxLost(reason="the host had too little processor time for it to end within 1 s"),
    ),
    "an exit code of 0 after the time was up": ((STARTED, ended(0, timed_out=True)), "finished", Usage(), TimedOut(after_s=1)),
    "a time out outside": ((STARTED,), "late", Usage(), TimedOut(after_s=1)),
    "outputs of a success that were lost on the way": (
        (STARTED, ended(0)),
        "closed",
        Usage(),
        SandboxLost(reason="the job ended normally, but its outputs were lost. last words"),
    ),
    "outputs of a failure that were lost on the way": ((STARTED, ended(2)), "late", Usage(), Exited(code=2)),
    "a flood": ((STARTED,), "flooded", Usage(), OutputCapped(limit_mb=1)),
    "a broken conversation": ((STARTED,), "broken", Usage(), Exited(code=125)),
    "a kill for memory": ((STARTED, ended(-9)), "finished", SEEN, OutOfMemory(limit_mb=100)),
    "a worker lost and an error": ((STARTED, ended(1)), "finished", SEEN, OutOfMemory(limit_mb=100)),
    "a worker lost and success": ((STARTED, ended(0)), "finished", SEEN, Exited(code=0)),
    "the runner lost to memory": ((STARTED,), "closed", SEEN, OutOfMemory(limit_mb=100)),
    "killed for memory before it began": ((), "closed", SEEN, OutOfMemory(limit_mb=100)),
    "watched memory": ((STARTED,), "memory", Usage(), OutOfMemory(limit_mb=100)),
    "a sandbox that vanished": ((STARTED,), "closed", Usage(), SandboxLost(reason="last words")),
}


@pytest.mark.parametrize("case", CASES)
def test_the_outcome_is_told_for(case: str, receiver: Receiver) -> None:
    spoken, why, usage, outcome = CASES[case]
    for piece in spoken:
        receiver.feed(piece)

    execution = judge(JOB, receiver, Conversation(why, 0.5), usage, "last words")

    assert execution.outcome == outcome
    assert execution.memory_kill_seen is usage.memory_kill_seen


def test_a_sandbox_that_never_started_is_our_failure_with_its_words(receiver: Receiver) -> None:
    with pytest.raises(SandboxError, match="did not start: no namespaces here"):
        judge(JOB, receiver, Conversation("closed", 0.0), Usage(), "no namespaces here")


def test_files_of_a_job_killed_from_outside_are_dropped_with_a_reason(receiver: Receiver, tmp_path: Path) -> None:
    receiver.feed(STARTED + ENDED + sent_file("a", b"x"))

    judge(JOB, receiver, Conversation("late", 0.5), Usage())

    assert receiver.fetch(tmp_path / "out", "s") == ((), ("no file was taken: they did not come in time",))


def test_what_the_back_end_measured_counts_more_than_what_the_runner_says(receiver: Receiver) -> None:
    receiver.feed(STARTED + ENDED + FINISHED)

    execution = judge(JOB, receiver, Conversation("finished", 0.5), Usage(cpu_s=9.0))

    assert (execution.cpu_s, execution.peak_mb) == (9.0, 1.0)


# -- describing ---------------------------------------------------------------------------------------------------------


def test_the_description_holds_all_limits_the_runner_enforces() -> None:
    description = json.loads(describe(JOB, processes=40, as_init=True))

    assert description["argv"] == ["python3", "main.py"]
    assert description["wall_s"] == 1
    assert description["as_init"] is True
    assert description["rlimits"] == {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": 256 << 20,
        "RLIMIT_NOFILE": 1024,
        "RLIMIT_NPROC": 40,
    }


def test_a_job_s_variables_win_and_nothing_of_the_host_comes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_HOST", "x")
    environment = Environment(backend="bubblewrap", digest="", reference="", python="/opt/env/bin/python")
    job = Job(label="x", argv=("x",), limits=LIMITS, environment=environment, env={"LANG": "C", "OWN": "1"}, threads=3)

    variables = environment_of(job)

    assert variables["PATH"].startswith("/opt/env/bin:")
    assert (variables["LANG"], variables["OWN"], variables["OMP_NUM_THREADS"]) == ("C", "1", "3")
    assert "SECRET_OF_THE_HOST" not in variables
