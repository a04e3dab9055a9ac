"""Run inside a sandbox by the conformance list: tries everything that should not work, and reports how each attempt went.

Prints one JSON object. A refused attempt is told by the name of its error, a successful one as "allowed".
"""

import ctypes
import errno
import json
import os
import resource
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

ALLOWED = "allowed"
SIZES = ("/dev/shm", "/tmp", "/work", "/out")
READ_ONLY = ("/", "/usr", "/etc", "/dev", "/submission", "/data", "/in", "/harness")
LIMITS = ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NOFILE")
FAMILIES = {"netlink": 16, "packet": 17, "alg": 38, "vsock": 40}


def attempt(action: Callable[[], Any]) -> str:
    try:
        action()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    return ALLOWED


def system_call(number: int, *arguments: Any) -> Callable[[], None]:
    def call() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.syscall(ctypes.c_long(number), *arguments) < 0:
            raise OSError(ctypes.get_errno(), "refused")

    return call


def try_calls(numbers: dict[str, int]) -> dict[str, str]:
    """Each call with arguments that would succeed, or fail in another way than by being refused, without a sandbox."""
    space = ctypes.create_string_buffer(256)
    pointer = ctypes.addressof(space)
    arguments: dict[str, tuple[Any, ...]] = {
        "ptrace": (0x4206, os.getppid(), 0, 0),  # PTRACE_SEIZE: takes hold without stopping
        "add_key": (b"user", b"harness", b"x", 1, ctypes.c_long(-3)),
        "keyctl": (0, ctypes.c_long(-3), 1),
        "unshare": (0x10000000,),
        "mount": (b"none", b"/tmp", b"tmpfs", 0, None),
        "io_uring_setup": (4, ctypes.c_void_p(pointer)),
        "userfaultfd": (1,),
        "bpf": (0, ctypes.c_void_p(pointer), 72),
        "perf_event_open": (ctypes.c_void_p(pointer), 0, -1, -1, 0),
        "process_vm_readv": (os.getppid(), ctypes.c_void_p(pointer), 1, ctypes.c_void_p(pointer), 1, 0),
        "chroot": (b"/tmp",),
        "setns": (os.open("/proc/self/ns/uts", os.O_RDONLY), 0),
    }
    found = {name: attempt(system_call(numbers[name], *words)) for name, words in arguments.items() if name in numbers}
    return found | {"clone": attempt(cloned_with_a_user_namespace(numbers["clone"]))} if "clone" in numbers else found


def cloned_with_a_user_namespace(number: int) -> Callable[[], None]:
    def call() -> None:
        child = ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), 0x10000000 | 17, 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        if child < 0:
            raise OSError(ctypes.get_errno(), "refused")

    return call


def opened(path: str, flags: int) -> Callable[[], None]:
    return lambda: os.close(os.open(path, flags, 0o600))


def try_writes() -> dict[str, str]:
    create = os.O_CREAT | os.O_WRONLY
    found = {folder: attempt(opened(f"{folder}/written", create)) for folder in READ_ONLY if os.path.isdir(folder)}
    files = ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/etc/passwd", "/harness/runner.py", "/in/questions.json")
    return found | {file: attempt(opened(file, os.O_WRONLY)) for file in files}


def try_network() -> dict[str, str]:
    def opened_socket(family: str, kind: int) -> Callable[[], None]:
        return lambda: socket.socket(FAMILIES[family], kind).close()

    def connect() -> None:
        with socket.socket() as one:
            one.settimeout(2)
            one.connect(("192.0.2.1", 53))

    def loopback() -> None:
        with socket.socket() as server, socket.socket() as client:
            server.bind(("127.0.0.1", 0))
            server.listen()
            client.connect(server.getsockname())

    return {
        "netlink": attempt(opened_socket("netlink", socket.SOCK_RAW)),
        "packet": attempt(opened_socket("packet", socket.SOCK_RAW)),
        "vsock": attempt(opened_socket("vsock", socket.SOCK_STREAM)),
        "alg": attempt(opened_socket("alg", socket.SOCK_SEQPACKET)),
        "connect": attempt(connect),
        "resolve": attempt(lambda: socket.getaddrinfo("example.org", 80)),
        "loopback": attempt(loopback),
    }


def runner_in_reach() -> dict[str, str]:
    parent = os.getppid()
    return {
        "memory": attempt(opened(f"/proc/{parent}/mem", os.O_RDWR)),
        "descriptors": attempt(lambda: os.listdir(f"/proc/{parent}/fd")),
        "environment": attempt(lambda: Path(f"/proc/{parent}/environ").read_bytes()),
        "output": attempt(opened(f"/proc/{parent}/fd/1", os.O_WRONLY)),
    }


def status() -> dict[str, str]:
    lines = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace").splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def honest_work() -> dict[str, str]:
    """What ordinary programs do; every one of these has to work."""

    def thread() -> None:
        done = threading.Event()
        threading.Thread(target=done.set).start()
        if not done.wait(10):
            raise OSError(errno.EIO, "no thread")

    def pair() -> None:
        left, right = socket.socketpair()
        left.sendall(b"x")
        right.recv(1)
        left.close()
        right.close()

    def temporary() -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"x" * 1000)

    def scheduling() -> None:
        os.sched_setaffinity(0, os.sched_getaffinity(0))

    return {
        "thread": attempt(thread),
        "socketpair": attempt(pair),
        "temporary file": attempt(temporary),
        "affinity": attempt(scheduling),
    }


def interfaces() -> list[str]:
    lines = Path("/proc/net/dev").read_text(encoding="ascii").splitlines()[2:]
    return [line.split(":")[0].strip() for line in lines]


def sizes() -> dict[str, int]:
    facts = {place: os.statvfs(place) for place in SIZES}
    return {place: info.f_blocks * info.f_frsize for place, info in facts.items()}


def main() -> None:
    questions = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    answers = {
        "status": status(),
        "uid": [*os.getresuid(), *os.getresgid()],
        "groups": os.getgroups(),
        "environment": dict(os.environ),
        "descriptors": sorted(int(name) for name in os.listdir("/proc/self/fd")),
        "stdin": sys.stdin.read(),
        "folder": os.getcwd(),
        "hostname": socket.gethostname(),
        "interfaces": interfaces(),
        "processes": [name for name in os.listdir("/proc") if name.isdecimal()],
        "devices": sorted(os.listdir("/dev")),
        "limits": {name: resource.getrlimit(getattr(resource, name)) for name in LIMITS},
        "host_paths": [path for path in questions["host_paths"] if os.path.lexists(path)],
        "sizes": sizes(),
        "writes": try_writes(),
        "network": try_network(),
        "runner": runner_in_reach(),
        "honest": honest_work(),
        "calls": try_calls(questions["calls"]),
    }
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
