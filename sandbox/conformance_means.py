"""Behaviours of what a job may use: memory, processes, processors, files; and that honest use of them works."""

from harness.model.run import Exited, OutOfMemory
from sandbox.conformance_trial import Trial, expect


def too_much_memory_is_out_of_memory(trial: Trial) -> None:
    """A job that takes more memory than allowed is stopped, and that is told apart from other ends."""
    seen = trial.run("hold = bytearray(1 << 30); print(len(hold))", memory_mb=160)
    expect(seen.outcome == OutOfMemory(limit_mb=160), seen.describe())


def memory_of_all_processes_counts_together(trial: Trial) -> None:
    """The limit holds for the sum over all processes of the job, none of which exceeds it alone."""
    seen = trial.run(
        """
        import os, time
        for _ in range(7):
            if os.fork() == 0:
                break
        hold = os.urandom(50 << 20)
        time.sleep(3)
        """,
        memory_mb=160,
    )
    expect(seen.execution.memory_kill_seen, seen.describe())


def memory_below_the_limit_is_free_to_use(trial: Trial) -> None:
    """An honest program may use most of what it was promised."""
    seen = trial.run("hold = bytearray(300 << 20); print(len(hold) >> 20)", memory_mb=512)
    expect(seen.outcome == Exited(code=0) and not seen.execution.memory_kill_seen, seen.describe())
    seen.expect_printed("300")


def shared_pages_count_once(trial: Trial) -> None:
    """Workers that share their parent's memory do not make it count many times."""
    seen = trial.run(
        """
        import os, time
        hold = bytearray(b'x') * (100 << 20)
        for _ in range(5):
            if os.fork() == 0:
                time.sleep(1)
                os._exit(0)
        for _ in range(5):
            os.wait()
        """,
        memory_mb=300,
    )
    expect(seen.outcome == Exited(code=0) and not seen.execution.memory_kill_seen, seen.describe())


def losing_a_worker_is_not_the_end(trial: Trial) -> None:
    """When only a worker is killed for memory and the job goes on to succeed, it has succeeded; the kill is noted."""
    seen = trial.run(
        """
        import os
        if os.fork() == 0:
            hold = bytearray(1 << 30)
        print(os.wait()[1])
        """,
        memory_mb=160,
    )
    expect(seen.outcome == Exited(code=0) and seen.execution.memory_kill_seen, seen.describe())


def a_fork_bomb_is_contained(trial: Trial) -> None:
    """Processes are limited: a fork bomb hits its own limit, is stopped in time, and the next job runs."""
    counting = """
        import os, time
        count = 0
        try:
            while True:
                if os.fork() == 0:
                    time.sleep(600)
                count += 1
        except OSError:
            print(count)
        """
    bomb = """
        import os
        while True:
            try:
                os.fork()
            except OSError:
                pass
        """
    seen = trial.run(counting, pids=40, wall_s=15)
    expect(seen.outcome == Exited(code=0) and seen.stdout.strip().isdecimal(), seen.describe())
    expect(30 <= int(seen.stdout) <= 42, f"{seen.stdout.strip()} processes with a limit of 40")
    trial.run(bomb, pids=40, wall_s=1)
    trial.run("print('well')").expect_printed("well")


def threads_count_as_processes(trial: Trial) -> None:
    """Threads are limited with the processes."""
    seen = trial.run(
        """
        import threading, time
        try:
            for _ in range(200):
                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError:
            print('limited')
        """,
        pids=40,
    )
    seen.expect_printed("limited")


def processors_are_limited(trial: Trial) -> None:
    """Busy processes get no more processor time than promised."""
    seen = trial.run(
        """
        import os, time
        for _ in range(3):
            os.fork()
        end = time.monotonic() + 2
        while time.monotonic() < end:
            pass
        """,
        cpus=0.3,
    )
    used = (seen.execution.cpu_s or 0) / max(seen.execution.wall_s, 1.0)
    expect(seen.execution.cpu_s is not None and used < 0.6, f"{used:.2f} processors were used where 0.3 were allowed")


def a_file_has_a_largest_size(trial: Trial) -> None:
    """A single file cannot grow above its limit."""
    seen = trial.run(
        """
        try:
            open('/work/big', 'wb').write(bytes(9 << 20))
        except OSError as error:
            print(error.errno)
        """,
        file_mb=8,
    )
    seen.expect_printed("27")


def every_writable_place_is_capped(trial: Trial) -> None:
    """/work, /tmp and /dev/shm run full at their sizes."""
    seen = trial.run(
        """
        for place in ('/work', '/tmp', '/dev/shm'):
            written = 0
            try:
                for n in range(80):
                    open(f'{place}/{n}', 'wb').write(bytes(1 << 20))
                    written += 1
            except OSError:
                pass
            print(written)
        """,
        work_mb=20,
        tmp_mb=10,
        shm_mb=5,
    )
    written = [int(line) for line in seen.stdout.split()]
    expect(len(written) == 3 and min(written) >= 3, f"{written} MB; {seen.describe()}")
    expect(written[0] <= 20 and written[1] <= 10 and written[2] <= 5, f"{written} MB could be written")


def open_files_are_limited(trial: Trial) -> None:
    """A process cannot hold more open files than its limit."""
    seen = trial.run(
        """
        files = []
        try:
            for _ in range(500):
                files.append(open('/dev/null'))
        except OSError as error:
            print(error.errno)
        """,
        open_files=64,
    )
    seen.expect_printed("24")


def a_crash_leaves_no_core(trial: Trial) -> None:
    """A crash writes no core, and starts no program of the host."""
    seen = trial.run(
        """
        import os, resource
        print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)
        os.chdir('/out')
        os.abort()
        """,
        collect=("**",),
    )
    expect(seen.stdout.strip() == "(0, 0)" and not seen.files, seen.describe())


# -- honest work --------------------------------------------------------------------------------------------------------


def subprocesses_work(trial: Trial) -> None:
    """A job may start programs and read what they print."""
    code = "import subprocess; print(subprocess.run(['cat'], input=b'hi', capture_output=True).stdout.decode())"
    trial.run(code).expect_printed("hi")


def worker_pools_work(trial: Trial) -> None:
    """multiprocessing works, forked and spawned, with its locks and queues."""
    program = (
        b"import multiprocessing\n"
        b"if __name__ == '__main__':\n"
        b"    for way in ('fork', 'spawn'):\n"
        b"        with multiprocessing.get_context(way).Pool(2) as pool:\n"
        b"            print(sum(pool.map(abs, [-1, -2, -3])))\n"
    )
    seen = trial.run("import subprocess, sys; subprocess.call([sys.executable, '/in/pool.py'])", put={"pool.py": program})
    expect(seen.stdout.split() == ["6", "6"], seen.describe())


def shared_memory_works(trial: Trial) -> None:
    """Shared memory between processes works within its size."""
    seen = trial.run(
        """
        from multiprocessing.shared_memory import SharedMemory
        mine = SharedMemory(create=True, size=1 << 20)
        mine.buf[0] = 7
        same = SharedMemory(mine.name)
        print(same.buf[0])
        same.close()
        mine.close()
        mine.unlink()
        """
    )
    seen.expect_printed("7")


BEHAVIOURS = (
    too_much_memory_is_out_of_memory,
    memory_of_all_processes_counts_together,
    memory_below_the_limit_is_free_to_use,
    shared_pages_count_once,
    losing_a_worker_is_not_the_end,
    a_fork_bomb_is_contained,
    threads_count_as_processes,
    processors_are_limited,
    a_file_has_a_largest_size,
    every_writable_place_is_capped,
    open_files_are_limited,
    a_crash_leaves_no_core,
    subprocesses_work,
    worker_pools_work,
    shared_memory_works,
)
