"""Reaching out: listeners of the host on every kind of socket, and the families behind which the kernel or a hypervisor is."""

import os
import socket
from typing import Any

from .trying import RefusedError, Targets, attempt, refuse


def connected(family: int, place: Any, kind: int = socket.SOCK_STREAM) -> str:
    with socket.socket(family, kind) as one:
        one.settimeout(2)
        one.connect(place)
        one.send(b"out")
        return str(place)


@attempt
def listener_on_the_host(targets: Targets) -> object:
    return connected(socket.AF_INET, ("127.0.0.1", targets["tcp_port"]))


@attempt
def listener_on_the_host_by_its_address(targets: Targets) -> object:
    return connected(socket.AF_INET, (targets["host_address"], targets["tcp_port"]))


@attempt
def listener_on_the_host_by_datagram(targets: Targets) -> object:
    """Somebody must answer: into a namespace of one's own, anything can be sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(1)
        one.connect(("127.0.0.1", targets["udp_port"]))
        one.send(b"out")
        return one.recv(100)


@attempt
def gateway_of_the_network(targets: Targets) -> object:
    with open("/proc/net/route") as routes:
        rows = [line.split() for line in routes][1:]
    return rows or refuse("there is no route")


@attempt
def interfaces_of_the_host(targets: Targets) -> object:
    found = [name for _, name in socket.if_nameindex() if name != "lo"]
    return found or refuse("only loopback")


@attempt
def socket_file_of_the_host(targets: Targets) -> object:
    return connected(socket.AF_UNIX, targets["unix_socket"])


@attempt
def abstract_socket_of_the_host(targets: Targets) -> object:
    return connected(socket.AF_UNIX, "\0" + targets["abstract_socket"])


@attempt
def engine_of_the_host(targets: Targets) -> object:
    problem = "no socket"
    for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", targets["unix_socket"]):
        try:
            return connected(socket.AF_UNIX, path)
        except OSError as error:
            problem = str(error)
    raise RefusedError(problem)


@attempt
def message_bus_of_the_host(targets: Targets) -> object:
    return os.listdir("/run/systemd") or os.listdir("/run/dbus") or refuse("empty")


@attempt
def hypervisor_by_vsock(targets: Targets) -> object:
    with socket.socket(40, socket.SOCK_STREAM):
        return "a socket of the family"


@attempt
def kernel_by_netlink(targets: Targets) -> object:
    with socket.socket(16, socket.SOCK_RAW, 0) as one:
        one.bind((0, 0))
        return "a socket of the family"


@attempt
def wire_by_packets(targets: Targets) -> object:
    with socket.socket(17, socket.SOCK_RAW, socket.htons(3)):
        return "a socket of the family"


@attempt
def wire_by_raw_sockets(targets: Targets) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP):
        return "a raw socket"


@attempt
def kernel_crypto_by_socket(targets: Targets) -> object:
    with socket.socket(38, socket.SOCK_SEQPACKET, 0):
        return "a socket of the family"


@attempt
def bluetooth_by_socket(targets: Targets) -> object:
    with socket.socket(31, socket.SOCK_RAW, 1):
        return "a socket of the family"
