"""What attempts share: how they are listed, refused, and made."""

import ctypes
import errno
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

Targets = dict[str, Any]
ATTEMPTS: dict[str, Callable[[Targets], object]] = {}
TOKEN = re.compile(rb"hxcanary-?[0-9a-f]{32}|[0-9a-f]{32}-?yranacxh")
CREATE_NEW_USER = 0x10000000
CALLS = {
    "ptrace": 101, "syslog": 103, "setns": 308, "mount": 165, "pivot_root": 155, "chroot": 161, "swapon": 167, "reboot": 169,
    "init_module": 175, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272, "perf_event_open": 298,
    "fanotify_init": 300, "name_to_handle_at": 303, "open_by_handle_at": 304, "process_vm_readv": 310, "kexec_load": 246,
    "bpf": 321, "userfaultfd": 323, "io_uring_setup": 425, "fsopen": 430, "open_tree": 428, "pidfd_getfd": 438,
    "shmget": 29, "shmat": 30, "msgget": 68, "semget": 64, "mq_open": 240, "memfd_secret": 447, "clone3": 435, "clone": 56,
    "personality": 135, "iopl": 172, "modify_ldt": 154, "quotactl": 179, "acct": 163, "kcmp": 312,
}  # fmt: skip


class RefusedError(Exception):
    """The attempt came to nothing."""


def attempt(function: Callable[[Targets], object]) -> Callable[[Targets], object]:
    ATTEMPTS[function.__name__] = function
    return function


def refuse(why: str) -> None:
    raise RefusedError(why)


def call(name: str, *words: Any) -> int:
    """A system call by number (x86-64), its error raised."""
    libc = ctypes.CDLL(None, use_errno=True)
    answer = libc.syscall(ctypes.c_long(CALLS[name]), *words)
    if answer < 0:
        raise OSError(ctypes.get_errno(), name)
    return int(answer)


def first(paths: "list[str]", *, read: int = 64) -> str:
    """The beginning of the first of these files that can be read and holds something."""
    problem = "nothing was named"
    for path in paths:
        problem = f"{path}: empty"
        try:
            with open(path, "rb") as file:
                if data := file.read(read):
                    return f"{path} {data!r}"
        except OSError as error:
            problem = f"{path}: {error.strerror}"
    raise RefusedError(problem)


def processes() -> Iterator[int]:
    yield from (int(name) for name in os.listdir("/proc") if name.isdigit())


def others() -> Iterator[int]:
    """Processes that are neither this one nor below it."""
    yield from (pid for pid in processes() if pid != os.getpid())


def forked(act: Callable[[], object]) -> str:
    """Do it in a child, so that nothing of it stays in this process."""
    child = os.fork()
    if child == 0:
        code = 0
        try:
            act()
        except OSError as error:
            code = (error.errno or 255) & 0xFF or 255
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code:
        raise OSError(code, errno.errorcode.get(code, f"ended with {code}"))
    return "done"


def opened(path: str, flags: int = os.O_WRONLY) -> str:
    os.close(os.open(path, flags))
    return path
