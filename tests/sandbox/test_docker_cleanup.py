"""A sweep removes what belongs to the dead, and only that."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from docker import APIClient

from sandbox import owners
from sandbox.base import Owner
from sandbox.docker import Docker
from sandbox.docker_cleanup import sweep_engine
from sandbox.docker_container import ask_state, remove_container
from sandbox.docker_engine import connect
from sandbox.image.base_image import choose_base

pytestmark = pytest.mark.docker


@pytest.fixture
def client() -> Iterator[APIClient]:
    with contextlib.closing(connect()) as found:
        yield found


@pytest.fixture
def made(client: APIClient) -> Iterator[list[str]]:
    names: list[str] = []
    yield names
    for name in names:
        remove_container(client, name)


def leave(client: APIClient, made: list[str], labels: dict[str, str]) -> str:
    """A container that somebody made and never removed."""
    name = f"takehome-test-{os.urandom(8).hex()}"
    client.create_container(choose_base(client).id, "python3", name=name, labels=labels)
    made.append(name)
    return name


def mine() -> Owner:
    return owners.new_owner("test")


def dead() -> Owner:
    return replace(mine(), start_time="1")


def sweep(client: APIClient, **how: bool) -> str:
    return "\n".join(sweep_engine(client, **how))


def test_what_a_dead_owner_left_is_removed_and_told(client: APIClient, made: list[str]) -> None:
    name = leave(client, made, owners.labels(dead()))
    assert f"removed the container {name}: its owner, process {os.getpid()}, is gone" in sweep(client)
    assert ask_state(client, name) is None


def test_what_a_living_owner_uses_stays(client: APIClient, made: list[str]) -> None:
    name = leave(client, made, owners.labels(mine()))
    assert name not in sweep(client)
    assert ask_state(client, name) is not None


def test_everything_of_this_process_goes_when_asked_for(client: APIClient, made: list[str]) -> None:
    name = leave(client, made, owners.labels(mine()))
    assert name in sweep(client, everything_mine=True)
    assert ask_state(client, name) is None


@pytest.mark.parametrize("labels", [{}, {owners.HOST: "x"}, {"com.example": "1"}, {**owners.labels(dead()), owners.PID: "no"}])
def test_what_is_not_wholly_labelled_as_ours_is_never_touched(
    client: APIClient, made: list[str], labels: dict[str, str]
) -> None:
    name = leave(client, made, labels)
    assert name not in sweep(client, everything_mine=True)
    assert ask_state(client, name) is not None


def test_what_another_host_left_goes_only_when_it_has_expired(client: APIClient, made: list[str]) -> None:
    elsewhere = replace(mine(), host="another/boot/1")
    fresh = leave(client, made, owners.labels(elsewhere))
    old = leave(client, made, owners.labels(replace(elsewhere, expires=1)))
    told = sweep(client)
    assert f"{old}: it has expired" in told
    assert fresh not in told


def test_a_volume_of_the_dead_is_removed_and_others_stay(client: APIClient) -> None:
    names = [f"takehome-test-{os.urandom(8).hex()}" for _ in range(2)]
    try:
        client.create_volume(names[0], labels=owners.labels(dead()))
        client.create_volume(names[1])
        told = sweep(client)
        left = {one["Name"] for one in client.volumes()["Volumes"]}
        assert f"removed the volume {names[0]}" in told
        assert names[0] not in left
        assert names[1] in left
    finally:
        for name in names:
            with contextlib.suppress(Exception):
                client.remove_volume(name)


def test_the_back_end_sweeps_the_engine(client: APIClient, made: list[str]) -> None:
    name = leave(client, made, owners.labels(dead()))
    assert any(name in sentence for sentence in Docker().sweep())
