"""Behaviours of how a job ends, what it prints, and the time it may take."""

from dataclasses import replace

from harness.model.run import Exited, OutputCapped, TimedOut
from sandbox.conformance_trial import Trial, expect


def success_is_exit_code_zero(trial: Trial) -> None:
    """A job that ends normally has exit code 0."""
    seen = trial.run("pass")
    expect(seen.outcome == Exited(code=0), seen.describe())


def an_exit_code_is_kept(trial: Trial) -> None:
    """The exit code of the job's process is told as it is."""
    seen = trial.run("raise SystemExit(37)")
    expect(seen.outcome == Exited(code=37), seen.describe())


def death_by_a_signal_is_128_and_its_number(trial: Trial) -> None:
    """A process that a signal ended has exit code 128 + the signal's number, as shells say it."""
    seen = trial.run("import os; os.kill(os.getpid(), 11)")
    expect(seen.outcome == Exited(code=139), seen.describe())


def a_missing_program_is_127(trial: Trial) -> None:
    """A program that is not there is an exit code of the job, not a failure of the sandbox."""
    seen = trial.run_job(replace(trial.job(""), argv=("no-such-program",)))
    expect(seen.outcome == Exited(code=127), seen.describe())


def killing_everything_within_reach_fails_only_the_job(trial: Trial) -> None:
    """A job that signals every process it can see ends itself, and the sandbox still tells of it."""
    seen = trial.run(
        """
        import os, signal
        print('before', flush=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
            for pid in (1, os.getppid(), -1):
                try:
                    os.kill(pid, number)
                except OSError:
                    pass
        print('after', flush=True)
        raise SystemExit(3)
        """
    )
    expect(seen.outcome == Exited(code=3) and seen.stdout == "before\nafter\n", seen.describe())


# -- what it prints -----------------------------------------------------------------------------------------------------


def unicode_output_is_exact(trial: Trial) -> None:
    """Text in UTF-8 arrives as it was printed."""
    trial.run("print('naïve 数据 🙂')").expect_printed("naïve 数据 🙂")


def the_two_streams_are_kept_apart(trial: Trial) -> None:
    """Standard output and standard error are two texts."""
    seen = trial.run("import sys; print('out'); print('err', file=sys.stderr)")
    expect((seen.stdout, seen.stderr) == ("out\n", "err\n"), seen.describe())


def invalid_utf8_is_shown_as_escapes(trial: Trial) -> None:
    """Bytes that are no text are shown as escapes; nothing breaks."""
    seen = trial.run(r"import sys; sys.stdout.buffer.write(b'a\xff\xc3b\x00c')")
    expect(seen.stdout == "a\\xff\\xc3b\x00c", seen.describe())


def long_output_keeps_its_head_and_its_tail(trial: Trial) -> None:
    """Of long output the beginning and the end are kept, and what was dropped between is counted."""
    seen = trial.run("print('first'); print('x' * 3_000_000); print('last')", stream_kb=16)
    captured = seen.execution.stdout
    whole = len(captured.head.encode()) + len(captured.tail.encode()) + captured.dropped_bytes
    expect(captured.head.startswith("first\n") and captured.tail.endswith("last\n"), seen.describe())
    expect(whole == 3_000_012, f"{whole} bytes of 3000012 accounted for")


def a_flood_on_standard_output_ends_the_job(trial: Trial) -> None:
    """A job that prints without end is stopped at its cap, and that is its outcome."""
    seen = trial.run(
        """
        import sys
        while True:
            sys.stdout.write('x' * 65536)
        """,
        flood_mb=4,
    )
    expect(seen.outcome == OutputCapped(limit_mb=4), seen.describe())


def a_flood_on_standard_error_ends_the_job(trial: Trial) -> None:
    """The same holds for standard error."""
    seen = trial.run(
        """
        import os
        while True:
            os.write(2, b'x' * 65536)
        """,
        flood_mb=4,
    )
    expect(seen.outcome == OutputCapped(limit_mb=4), seen.describe())


def frames_written_by_the_job_are_only_text(trial: Trial) -> None:
    """What looks like the runner's own protocol is nothing but output when the job prints it."""
    seen = trial.run(
        r"""
        import sys
        sys.stdout.buffer.write(b'X\x00\x00\x00\x02{}Z\x00\x00\x00\x00')
        sys.exit(5)
        """
    )
    expect(seen.outcome == Exited(code=5) and seen.stdout.startswith("X\0"), seen.describe())


# -- its time -----------------------------------------------------------------------------------------------------------


def a_job_is_stopped_at_its_time_limit(trial: Trial) -> None:
    """A job that takes too long is stopped, and what it printed before is kept."""
    seen = trial.run("import time; print('begun', flush=True); time.sleep(600)", wall_s=1)
    expect(seen.outcome == TimedOut(after_s=1) and seen.stdout == "begun\n", seen.describe())


def a_stopped_job_may_say_goodbye(trial: Trial) -> None:
    """At its limit a job first gets TERM, with a moment to clean up."""
    seen = trial.run(
        """
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye', flush=True)))
        time.sleep(600)
        """,
        wall_s=1,
    )
    expect(seen.outcome == TimedOut(after_s=1) and seen.stdout == "bye\n", seen.describe())


def ignoring_the_signal_does_not_help(trial: Trial) -> None:
    """A job that ignores every signal it can, with a child that does as well, is killed."""
    seen = trial.run(
        """
        import os, signal, time
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            try:
                signal.signal(number, signal.SIG_IGN)
            except OSError:
                pass
        os.fork()
        time.sleep(600)
        """,
        wall_s=1,
    )
    expect(seen.outcome == TimedOut(after_s=1), seen.describe())


def a_suspended_job_is_stopped_too(trial: Trial) -> None:
    """A job that suspends itself is killed at its limit."""
    seen = trial.run("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", wall_s=1)
    expect(seen.outcome == TimedOut(after_s=1), seen.describe())


def files_written_before_a_time_out_come_out(trial: Trial) -> None:
    """What a job had written when its time was up is brought out."""
    code = "import time; open('/out/a.txt', 'w').write('half'); time.sleep(600)"
    seen = trial.run(code, wall_s=1, collect=("*.txt",))
    expect(seen.files == {"a.txt": b"half"}, f"{seen.files}; {seen.describe()}")


BEHAVIOURS = (
    success_is_exit_code_zero,
    an_exit_code_is_kept,
    death_by_a_signal_is_128_and_its_number,
    a_missing_program_is_127,
    killing_everything_within_reach_fails_only_the_job,
    unicode_output_is_exact,
    the_two_streams_are_kept_apart,
    invalid_utf8_is_shown_as_escapes,
    long_output_keeps_its_head_and_its_tail,
    a_flood_on_standard_output_ends_the_job,
    a_flood_on_standard_error_ends_the_job,
    frames_written_by_the_job_are_only_text,
    a_job_is_stopped_at_its_time_limit,
    a_stopped_job_may_say_goodbye,
    ignoring_the_signal_does_not_help,
    a_suspended_job_is_stopped_too,
    files_written_before_a_time_out_come_out,
)
