"""The Docker back end with a real engine: outcomes, fault, and what is left. The contract itself is tested elsewhere."""

import contextlib
import gc
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient

from harness.errors import SandboxError
from harness.model.run import Exited, OutOfMemory, OutputCapped, SandboxLost, TimedOut
from harness.model.sandbox import Environment
from sandbox import docker_container, docker_engine, owners
from sandbox.base import Execution, Job, Mount, Owner
from sandbox.docker import Docker
from sandbox.docker_engine import connect
from tests.sandbox.docker_builders import EngineProxy, job

pytestmark = pytest.mark.docker
EATER = "x = bytearray(600 << 20)"


@pytest.fixture
def owner() -> Owner:
    return owners.new_owner(f"test-{time.monotonic_ns()}")


@pytest.fixture(autouse=True)
def nothing_is_left(owner: Owner) -> Iterator[None]:
    yield
    with contextlib.closing(connect()) as client:
        assert client.containers(all=True, filters={"label": f"{owners.RUN}={owner.run_id}"}) == []


def run(wish: Job, owner: Owner) -> Execution:
    with Docker().open(owner) as sandbox:
        return sandbox.run(wish)


def test_a_program_runs_and_its_streams_come_back(owner: Owner) -> None:
    done = run(job("import sys; print('héllo'); sys.stderr.write('oops'); sys.exit(7)"), owner)
    assert (done.outcome, done.stdout.text(), done.stderr.text()) == (Exited(code=7), "héllo\n", "oops")


def test_out_of_time_and_out_of_memory_are_told_apart(owner: Owner) -> None:
    assert run(job("import time; time.sleep(60)", wall_s=1), owner).outcome == TimedOut(after_s=1)
    assert run(job(EATER, memory_mb=128), owner).outcome == OutOfMemory(limit_mb=128)


def test_a_child_killed_for_memory_is_a_fact_not_a_verdict(owner: Owner) -> None:
    done = run(
        job(f"import subprocess, sys; print(subprocess.run([sys.executable, '-c', {EATER!r}]).returncode)", memory_mb=128),
        owner,
    )
    assert (done.outcome, done.stdout.text(), done.memory_kill_seen) == (Exited(code=0), "-9\n", True)


def test_files_kept_in_memory_count_as_memory(owner: Owner) -> None:
    code = "open('/tmp/a', 'wb').write(bytes(200 << 20))"
    assert run(job(code, memory_mb=128, file_mb=400, tmp_mb=400), owner).outcome == OutOfMemory(limit_mb=128)


def test_a_flood_is_stopped_and_its_beginning_kept(owner: Owner) -> None:
    began = time.monotonic()
    done = run(job("import os\nwhile True: os.write(1, b'x' * 65536)", flood_mb=4, wall_s=120), owner)
    assert done.outcome == OutputCapped(limit_mb=4)
    assert done.stdout.head.startswith("xxxx")
    assert time.monotonic() - began < 60


def test_files_are_put_in_and_brought_out(owner: Owner, tmp_path: Path) -> None:
    wish = job("open('/out/copy', 'w').write(open('/in/note').read()[::-1])")
    with Docker().open(owner) as sandbox:
        assert sandbox.put("note", b"abc") == "/in/note"
        sandbox.run(Job(label="step", argv=wish.argv, limits=wish.limits, collect=("*",)))
        artifacts, refused = sandbox.fetch(tmp_path / "got")
    assert [(one.step, one.name, one.size) for one in artifacts] == [("step", "copy", 3)]
    assert refused == ()
    assert (tmp_path / "got" / "copy").read_text() == "cba"


def test_the_container_has_no_variable_of_the_client(owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's settings name proxies, with their passwords, for every container it makes."""
    proxies = {"proxies": {"default": {"httpProxy": "http://user:secret@proxy:1", "noProxy": "x"}}}
    (tmp_path / "config.json").write_text(json.dumps(proxies), encoding="utf-8")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    code = (
        "import os; print(sorted(os.environ)); print(open('/proc/1/environ').read() if os.access('/proc/1/environ', 4) else '')"
    )
    done = run(job(code), owner)
    assert done.outcome == Exited(code=0)
    assert "proxy" not in done.stdout.text().lower()
    assert "secret" not in done.stdout.text()
    with contextlib.closing(connect()) as client:  # the control: this client does read them
        assert client._proxy_configs.http == "http://user:secret@proxy:1"


def test_nobody_else_can_be_mounted_over(owner: Owner, tmp_path: Path) -> None:
    wish = job("pass")
    with pytest.raises(SandboxError, match="nothing is mounted at /etc"):
        run(Job(label="x", argv=wish.argv, limits=wish.limits, mounts=(Mount(tmp_path, "/etc"),)), owner)


@pytest.mark.parametrize("name", ["", "a/b", ".hidden", "-rf", "new\nline", ".."])
def test_a_name_that_is_not_plain_is_refused(owner: Owner, name: str) -> None:
    with Docker().open(owner) as sandbox, pytest.raises(SandboxError, match="not a plain file name"):
        sandbox.put(name, b"")


def test_a_sandbox_runs_once(owner: Owner) -> None:
    with Docker().open(owner) as sandbox:
        sandbox.run(job("pass"))
        with pytest.raises(SandboxError, match="once"):
            sandbox.run(job("pass"))
        with pytest.raises(SandboxError, match="after the job"):
            sandbox.put("late", b"")


def test_an_environment_of_another_back_end_is_refused(owner: Owner) -> None:
    wish = job("pass")
    other = Environment(backend="bubblewrap", digest="", reference="x", python="/opt/env/bin/python")
    with pytest.raises(SandboxError, match="built for bubblewrap"):
        run(Job(label="x", argv=wish.argv, limits=wish.limits, environment=other), owner)


def test_a_program_that_is_not_there_ends_as_a_shell_would_say_it(owner: Owner) -> None:
    missing = Job(label="x", argv=("/no/such/program",), limits=job("").limits)
    assert run(missing, owner).outcome == Exited(code=127)


REAL_ENGINE = "/var/run/docker.sock"
broken_lines = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""The client library does not close a socket whose connection was refused."""


@pytest.fixture
def through_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineProxy]:
    """A line to the engine that can be broken; afterwards, what could not be removed through it is swept away directly."""
    if os.environ.get("DOCKER_HOST", f"unix://{REAL_ENGINE}") != f"unix://{REAL_ENGINE}" or not Path(REAL_ENGINE).exists():
        pytest.skip("the engine does not listen at its usual socket, where a proxy can be put before it")
    monkeypatch.setattr(docker_engine.connect, "__defaults__", (8,))  # longer than a busy engine takes to make a container
    monkeypatch.setattr(docker_container, "REMOVAL_PATIENCE_S", 1.0)
    with EngineProxy(tmp_path, REAL_ENGINE) as proxy:
        monkeypatch.setenv("DOCKER_HOST", proxy.address)
        yield proxy
    monkeypatch.delenv("DOCKER_HOST")
    gc.collect()
    assert [sentence for sentence in Docker().sweep(everything_mine=True) if not sentence.startswith("removed")] == []


def break_when_running(proxy: EngineProxy, action: str, owner: Owner) -> threading.Thread:
    def wait_and_break() -> None:
        with contextlib.closing(APIClient(f"unix://{REAL_ENGINE}", version="auto")) as direct:
            while not direct.containers(filters={"label": f"{owners.RUN}={owner.run_id}"}):
                time.sleep(0.05)
        time.sleep(0.3)
        getattr(proxy, action)()

    thread = threading.Thread(target=wait_and_break)
    thread.start()
    return thread


@broken_lines
@pytest.mark.slow
@pytest.mark.parametrize("action", ["cut", "go_silent"])
def test_an_engine_that_dies_or_hangs_in_the_middle_is_never_the_submissions_fault(
    through_a_proxy: EngineProxy, owner: Owner, action: str
) -> None:
    backend = Docker()
    assert backend.doctor().available
    with backend.open(owner) as sandbox:
        breaking = break_when_running(through_a_proxy, action, owner)
        done = sandbox.run(job("import time; print('hi', flush=True); time.sleep(60)", wall_s=2))
        breaking.join()
    assert isinstance(done.outcome, SandboxLost)
    assert "no longer answers" in done.outcome.reason


@broken_lines
@pytest.mark.slow
@pytest.mark.parametrize("action", ["cut", "go_silent"])
def test_an_engine_that_fails_before_the_start_is_an_error(through_a_proxy: EngineProxy, owner: Owner, action: str) -> None:
    backend = Docker()
    assert backend.doctor().available
    with backend.open(owner) as sandbox:
        getattr(through_a_proxy, action)()
        with pytest.raises(SandboxError, match="did not answer while making a container"):
            sandbox.run(job("pass"))
