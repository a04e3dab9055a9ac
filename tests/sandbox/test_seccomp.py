"""The packed filter, judged by a small interpreter of its instructions, for both machines."""

import struct
from functools import cache

import pytest

from harness.errors import SandboxError
from sandbox.seccomp import ARCHITECTURES, filter_for

ALLOW, KILL = 0x7FFF0000, 0x80000000
EPERM, ENOSYS, EOPNOTSUPP = (0x00050000 | number for number in (1, 38, 95))
MACHINES = sorted(ARCHITECTURES)


@cache
def instructions(machine: str) -> list[tuple[int, int, int, int]]:
    return list(struct.iter_unpack("=HBBI", filter_for(machine)))


def verdict(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """What the kernel would be told about a call."""
    known = ARCHITECTURES[machine]
    words = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, known.audit if audit is None else audit, 0, *words)
    program = instructions(machine)
    accumulator, index = 0, 0
    while True:
        code, if_true, if_false, value = program[index]
        index += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif code == 0x06:
            return value
        else:
            holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[code]
            index += if_true if holds else if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_every_listed_call_is_refused_and_its_neighbours_are_not(machine: str) -> None:
    known = ARCHITECTURES[machine]
    special = {known.clone3, known.clone, known.socket, known.socketpair, known.ioctl}

    for number in range(480):
        if number not in special:
            assert verdict(machine, number) == (EPERM if number in known.denied.values() else ALLOW), number


@pytest.mark.parametrize("machine", MACHINES)
def test_no_two_names_share_a_number(machine: str) -> None:
    numbers = list(ARCHITECTURES[machine].denied.values())

    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("family", "answer"), [(1, ALLOW), (2, ALLOW), (10, ALLOW)] + [(n, EOPNOTSUPP) for n in (0, 16, 17, 38, 40, 45)]
)
def test_only_local_and_internet_sockets_can_be_made(machine: str, family: int, answer: int) -> None:
    known = ARCHITECTURES[machine]

    assert verdict(machine, known.socket, family) == answer
    assert verdict(machine, known.socketpair, family) == answer


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_and_forks_may_be_cloned_and_namespaces_may_not(machine: str) -> None:
    clone = ARCHITECTURES[machine].clone
    thread, fork = 0x3D0F00, 0x1200011

    assert verdict(machine, clone, thread) == verdict(machine, clone, fork) == ALLOW
    for namespace in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert verdict(machine, clone, fork | namespace) == EPERM
    assert verdict(machine, ARCHITECTURES[machine].clone3) == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_characters_cannot_be_pushed_into_a_terminal(machine: str) -> None:
    ioctl = ARCHITECTURES[machine].ioctl

    assert verdict(machine, ioctl, 0, 0x5412) == verdict(machine, ioctl, 0, 0x541C) == EPERM
    assert verdict(machine, ioctl, 0, 0x5413) == ALLOW
    assert verdict(machine, ioctl, 0, 0x5412 | 1 << 40) == EPERM, "the kernel looks at the low half only"


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_another_architecture_kill(machine: str) -> None:
    assert verdict(machine, 0, audit=0x40000003) == KILL


def test_the_second_numbering_of_x86_is_refused() -> None:
    assert verdict("x86_64", 0x40000000 | 1) == ENOSYS


def test_an_unknown_machine_is_refused() -> None:
    with pytest.raises(SandboxError, match="riscv64"):
        filter_for("riscv64")
