"""Behaviours of a sandbox as its callers know it: what a job is given, that it is alone, that nothing of it remains."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from harness.errors import SandboxError
from harness.model.run import Exited
from sandbox.base import IN
from sandbox.conformance_trial import SUBMITTED, BrokenError, Trial, UntestedError, expect

DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp('python3', ['python3', '-c', 'import time; time.sleep(600)', '{word}'])
    os._exit(0)
os.wait()
time.sleep({then})
"""


def work_is_a_private_writable_copy(trial: Trial) -> None:
    """The job starts in /work, a copy of the submission; changing it changes nothing else."""
    seen = trial.run(
        """
        import os
        open('main.py', 'a').write('#')
        print(os.getcwd(), open('/submission/main.py').read() + open('main.py').read())
        """
    )
    seen.expect_printed("/work print('hello')\nprint('hello')\n#")
    expect((trial.submission / "main.py").read_bytes() == SUBMITTED["main.py"], "the host's snapshot was changed")


def data_lies_beside_the_submission(trial: Trial) -> None:
    """/work/data is the pack's data, also when the submission brings a folder of that name."""
    seen = trial.run("import os; print(os.listdir('data'), os.listdir('/data'))")
    seen.expect_printed("['train.csv'] ['train.csv']")


def put_files_can_be_read_and_not_changed(trial: Trial) -> None:
    """What was put is there, exactly, and read-only."""
    code = f"""
        print(open('{IN}/a.bin', 'rb').read())
        try:
            open('{IN}/a.bin', 'wb')
        except OSError:
            print('read-only')
        """
    trial.run(code, put={"a.bin": b"\x00\xff"}).expect_printed("b'\\x00\\xff'\nread-only")


def put_refuses_names_that_are_paths(trial: Trial) -> None:
    """Names with a slash or a leading dot are not put."""
    with trial.backend.open(trial.owner) as sandbox:
        for name in ("../a", "a/b", ".hidden", ""):
            try:
                sandbox.put(name, b"")
            except SandboxError:
                continue
            raise BrokenError(f"{name!r} was accepted")


def a_sandbox_runs_once(trial: Trial) -> None:
    """A second job needs a second sandbox."""
    with trial.backend.open(trial.owner) as sandbox:
        sandbox.run(trial.job("pass"))
        try:
            sandbox.run(trial.job("pass"))
        except SandboxError:
            return
    raise BrokenError("a second job was run in the same place")


def fetching_before_running_is_an_error(trial: Trial) -> None:
    """There is nothing to fetch before a job has run."""
    with trial.backend.open(trial.owner) as sandbox:
        try:
            sandbox.fetch(trial.scratch / "too-early")
        except SandboxError:
            return
    raise BrokenError("something was fetched from a place where nothing had run")


def closing_twice_is_harmless(trial: Trial) -> None:
    """close() may be called again, and when nothing has run."""
    with trial.backend.open(trial.owner) as sandbox:
        sandbox.close()
        sandbox.close()


def nothing_is_left_of_an_earlier_job(trial: Trial) -> None:
    """Files of one job are not there for the next."""
    places = "('/work', '/tmp', '/out', '/dev/shm')"
    trial.run(f"for place in {places}: open(place + '/left', 'w')").expect_success()
    seen = trial.run(f"import os; print([place for place in {places} if os.path.exists(place + '/left')])")
    seen.expect_printed("[]")


def jobs_side_by_side_do_not_meet(trial: Trial) -> None:
    """Two jobs at the same time see neither each other's files nor each other's processes."""
    code = """
        import os, time
        open('/tmp/mine', 'x')
        open('/dev/shm/mine', 'x')
        time.sleep(1)
        others = [pid for pid in os.listdir('/proc') if pid.isdecimal() and int(pid) not in (os.getpid(), os.getppid(), 1)]
        print(others)
        """
    with ThreadPoolExecutor(2) as pool:
        for seen in pool.map(trial.run, [code, code]):
            seen.expect_printed("[]")


# -- seen from the host -------------------------------------------------------------------------------------------------


def a_daemon_that_holds_the_pipes_does_not_delay_the_end(trial: Trial) -> None:
    """The job ends with its first process; whoever was left holding its output is ended with it."""
    seen = trial.run(DAEMON.format(word="x", then=0), wall_s=60)
    expect(seen.outcome == Exited(code=0) and seen.execution.wall_s < 50, seen.describe())


def nothing_survives_the_job(trial: Trial) -> None:
    """A daemon in a session of its own is dead when run() returns."""
    token = f"harness-daemon-{token_hex(8)}"
    with _watch_for(token) as watch:
        trial.run(DAEMON.format(word=token, then=0.5))
        alive = _processes_with(token)
    expect(not alive, f"processes {alive} were still alive")
    watch.expect_found()


def nothing_survives_a_time_out(trial: Trial) -> None:
    """The same holds for a job that had to be stopped."""
    token = f"harness-daemon-{token_hex(8)}"
    with _watch_for(token) as watch:
        trial.run(DAEMON.format(word=token, then=600), wall_s=1)
        alive = _processes_with(token)
    expect(not alive, f"processes {alive} were still alive")
    watch.expect_found()


def no_process_is_root_for_the_kernel(trial: Trial) -> None:
    """Seen from the host, the job's processes belong to a user without rights."""
    token = f"harness-user-{token_hex(8)}"
    with _watch_for(token) as watch:
        trial.run(f"import os; os.execvp('python3', ['python3', '-c', 'import time; time.sleep(0.7)', '{token}'])")
    watch.expect_found()
    expect(0 not in watch.users, f"a process of the job belonged to the users {sorted(watch.users)}")


class _Watch:
    """Looks for processes of the host with a word in their command line, while a job runs."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.users: set[int] = set()
        self.over = threading.Event()

    def look(self) -> None:
        while not self.over.is_set():
            for pid in _processes_with(self.token):
                try:
                    self.users.add(Path(f"/proc/{pid}").stat().st_uid)
                except OSError:
                    continue
            self.over.wait(0.02)

    def expect_found(self) -> None:
        if not self.users:
            raise UntestedError("the processes of a sandbox cannot be seen from here")


@contextmanager
def _watch_for(token: str) -> Iterator[_Watch]:
    watch = _Watch(token)
    thread = threading.Thread(target=watch.look)
    thread.start()
    try:
        yield watch
    finally:
        watch.over.set()
        thread.join()


def _processes_with(token: str) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if token.encode("ascii") in words:
                found.append(int(folder.name))
    return found


BEHAVIOURS = (
    work_is_a_private_writable_copy,
    data_lies_beside_the_submission,
    put_files_can_be_read_and_not_changed,
    put_refuses_names_that_are_paths,
    a_sandbox_runs_once,
    fetching_before_running_is_an_error,
    closing_twice_is_harmless,
    nothing_is_left_of_an_earlier_job,
    jobs_side_by_side_do_not_meet,
    a_daemon_that_holds_the_pipes_does_not_delay_the_end,
    nothing_survives_the_job,
    nothing_survives_a_time_out,
    no_process_is_root_for_the_kernel,
)
