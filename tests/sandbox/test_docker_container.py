"""Streams taken apart on our own clock, and containers that are certainly gone."""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator

import pytest
from docker import APIClient

from harness.errors import SandboxError
from sandbox import owners
from sandbox.docker import Docker
from sandbox.docker_arguments import create_arguments
from sandbox.docker_container import Attached, Container, ask_state, remove_container, run_own
from sandbox.docker_engine import connect
from sandbox.image.base_image import choose_base
from tests.sandbox.docker_builders import plan


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, Attached]]:
    far, near = socket.socketpair()
    attached = Attached(near)
    yield far, attached
    attached.close()
    far.close()


def frame(kind: int, data: bytes) -> bytes:
    return struct.pack(">BxxxL", kind, len(data)) + data


def test_the_two_streams_are_told_apart(line: tuple[socket.socket, Attached]) -> None:
    far, attached = line
    far.sendall(frame(1, b"one") + frame(2, b"oh no") + frame(1, b"two"))
    assert attached.read(5) == b"onetwo"
    assert attached.errors() == "oh no"


def test_a_frame_may_come_in_pieces(line: tuple[socket.socket, Attached]) -> None:
    far, attached = line
    whole = frame(1, b"abcdef")
    heard = b""
    for start in range(0, len(whole), 5):
        far.sendall(whole[start : start + 5])
        heard += attached.read(0.2) or b""
    assert heard == b"abcdef"


def test_silence_is_none_and_the_end_is_empty(line: tuple[socket.socket, Attached]) -> None:
    far, attached = line
    assert attached.read(0.05) is None
    far.shutdown(socket.SHUT_WR)
    assert attached.read(5) == b""


def test_errors_alone_do_not_end_the_waiting_early_or_late(line: tuple[socket.socket, Attached]) -> None:
    far, attached = line
    far.sendall(frame(2, b"x" * 100_000))
    assert attached.read(0.1) is None
    assert len(attached.errors()) < 20_000


def test_a_line_that_breaks_is_an_end(line: tuple[socket.socket, Attached]) -> None:
    far, attached = line
    far.sendall(frame(1, b"abc")[:-1])
    assert attached.read(0.1) == b"ab"
    far.close()
    assert attached.read(5) == b""


@pytest.fixture
def client() -> Iterator[APIClient]:
    with contextlib.closing(connect()) as found:
        yield found


def ours(client: APIClient, code: str, **changes: object) -> Container:
    argv = ("python3", "-I", "-S", "-c", code)
    mine = owners.labels(owners.new_owner("test"))
    wish = plan(engine=Docker().engine(), image=choose_base(client).id, mounts=(), argv=argv, labels=mine, **changes)
    return Container(client, create_arguments(wish))


@pytest.mark.docker
def test_a_program_of_ours_is_run_to_its_end(client: APIClient) -> None:
    with ours(client, "import sys; print('out'); sys.stderr.write('err'); sys.exit(3)") as container:
        ran = run_own(container, 30)
    assert (ran.exit_code, ran.stdout, ran.stderr) == (3, "out\n", "err")


@pytest.mark.docker
def test_a_program_that_takes_too_long_is_given_up_and_removed(client: APIClient) -> None:
    with ours(client, "import time; time.sleep(600)") as container:
        assert run_own(container, 0.5).exit_code is None
    assert ask_state(client, container.name) is None


@pytest.mark.docker
def test_a_container_is_gone_even_when_its_user_fails(client: APIClient) -> None:
    container = ours(client, "import time; time.sleep(600)")

    def use_it_badly() -> None:
        with container:
            container.start()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use_it_badly()
    assert ask_state(client, container.name) is None


@pytest.mark.docker
def test_a_container_that_ignores_everything_is_killed(client: APIClient) -> None:
    code = "import signal, time\nfor n in (2, 15, 1): signal.signal(n, signal.SIG_IGN)\ntime.sleep(600)"
    container = ours(client, code)
    container.start()
    began = time.monotonic()
    assert container.remove()
    assert time.monotonic() - began < 10
    assert ask_state(client, container.name) is None


@pytest.mark.docker
def test_removing_what_is_not_there_is_done_at_once(client: APIClient) -> None:
    assert remove_container(client, "takehome-never-existed")


@pytest.mark.docker
def test_an_image_that_is_not_here_is_never_pulled(client: APIClient) -> None:
    arguments = create_arguments(plan(engine=Docker().engine(), image="sha256:" + "0" * 64, mounts=()))
    with pytest.raises(SandboxError, match="No such image"), Container(client, arguments) as container:
        container.start()


@pytest.mark.docker
def test_a_mounted_folder_that_is_missing_is_our_failure_and_not_made(client: APIClient) -> None:
    arguments = create_arguments(plan(engine=Docker().engine(), image=choose_base(client).id))
    with pytest.raises(SandboxError, match="/stage/harness"), Container(client, arguments) as container:
        container.start()
