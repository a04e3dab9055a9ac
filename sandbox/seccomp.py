"""The system-call filter of the bubblewrap back end, packed by hand: one small program for each architecture.

Everything is allowed but what is listed. Refused calls answer with an error instead of killing, so that libraries that
only probe for a feature go on. Sockets are the other way round: only local, IPv4 and IPv6 ones can be made.
"""

import platform
import struct
from dataclasses import dataclass

from harness.errors import SandboxError

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24
"""Offsets in struct seccomp_data; of arguments the low half, which is all that these calls look at."""
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS, _EOPNOTSUPP = 1, 38, 95
"""For sockets the last one: it is the answer after which ZeroMQ, and so every notebook kernel, goes on without netlink."""

_X32 = 0x40000000
_NEW_NAMESPACE = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_FAMILIES = {"unix": 1, "inet": 2, "inet6": 10}

SAME_EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_getfd": 438, "process_madvise": 440,
    "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447, "open_tree_attr": 467,
}  # fmt: skip

X86_64 = {
    "modify_ldt": 154, "vhangup": 153, "pivot_root": 155, "adjtimex": 159, "chroot": 161, "acct": 163,
    "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168, "reboot": 169,
    "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173, "create_module": 174, "init_module": 175,
    "delete_module": 176, "get_kernel_syms": 177, "query_module": 178, "quotactl": 179, "nfsservctl": 180,
    "ptrace": 101, "syslog": 103, "uselib": 134, "lookup_dcookie": 212, "clock_settime": 227, "kexec_load": 246,
    "add_key": 248, "request_key": 249, "keyctl": 250, "migrate_pages": 256, "unshare": 272, "move_pages": 279,
    "perf_event_open": 298, "fanotify_init": 300, "name_to_handle_at": 303, "open_by_handle_at": 304,
    "clock_adjtime": 305, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
    "finit_module": 313, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
}  # fmt: skip

AARCH64 = {
    "lookup_dcookie": 18, "umount2": 39, "mount": 40, "pivot_root": 41, "nfsservctl": 42, "chroot": 51, "vhangup": 58,
    "quotactl": 60, "acct": 89, "unshare": 97, "kexec_load": 104, "init_module": 105, "delete_module": 106,
    "clock_settime": 112, "syslog": 116, "ptrace": 117, "reboot": 142, "sethostname": 161, "setdomainname": 162,
    "settimeofday": 170, "adjtimex": 171, "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224,
    "swapoff": 225, "migrate_pages": 238, "move_pages": 239, "perf_event_open": 241, "fanotify_init": 262,
    "name_to_handle_at": 264, "open_by_handle_at": 265, "clock_adjtime": 266, "setns": 268, "process_vm_readv": 270,
    "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "bpf": 280, "userfaultfd": 282, "kexec_file_load": 294,
}  # fmt: skip


UNCOUNTED = {
    "x86_64": {"memfd_create": 319, "shmget": 29, "msgget": 68},
    "aarch64": {"memfd_create": 279, "shmget": 194, "msgget": 186},
}
"""Ways to hold memory that no process shows as its own: refused where memory can only be watched."""


@dataclass(frozen=True)
class Architecture:
    """What differs between machines: the audit number and the numbers of calls."""

    audit: int
    denied: dict[str, int]
    clone: int
    clone3: int
    socket: int
    socketpair: int
    ioctl: int


ARCHITECTURES = {
    "x86_64": Architecture(0xC000003E, X86_64 | SAME_EVERYWHERE, clone=56, clone3=435, socket=41, socketpair=53, ioctl=16),
    "aarch64": Architecture(0xC00000B7, AARCH64 | SAME_EVERYWHERE, clone=220, clone3=435, socket=198, socketpair=199, ioctl=29),
}


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _error(number: int) -> bytes:
    return _step(_RETURN, _ERROR | number)


def _one_of(offset: int, values: tuple[int, ...], then: bytes, otherwise: bytes) -> bytes:
    """Load an argument; end with `then` when it is one of the values, else with `otherwise`."""
    tests = b"".join(_step(_EQUAL, value, if_true=len(values) - index) for index, value in enumerate(values))
    return _step(_LOAD, offset) + tests + otherwise + then


def _for_call(number: int, block: bytes) -> bytes:
    """Run a block that returns, when the call has this number."""
    return _step(_EQUAL, number, if_false=len(block) // 8) + block


def filter_for(machine: str, *, memory_is_watched: bool = False) -> bytes:
    """The program for a machine, as `platform.machine()` names it; an unknown one is refused."""
    known = ARCHITECTURES.get(machine)
    if known is None:
        raise SandboxError(
            f"there is no system-call filter for {machine!r}",
            expected=" or ".join(ARCHITECTURES),
            next_step="use the docker back end on this machine",
        )
    denied = {**known.denied, **(UNCOUNTED[machine] if memory_is_watched else {})}
    allow = _step(_RETURN, _ALLOW)
    families = _one_of(_FIRST, tuple(_FAMILIES.values()), then=allow, otherwise=_error(_EOPNOTSUPP))
    namespaces = _step(_LOAD, _FIRST) + _step(_ANY_BIT, _NEW_NAMESPACE, if_false=1) + _error(_EPERM) + allow
    return b"".join(
        [
            _step(_LOAD, _ARCHITECTURE),
            _step(_EQUAL, known.audit, if_true=1) + _step(_RETURN, _KILL),
            _step(_LOAD, _NUMBER),
            _step(_AT_LEAST, _X32, if_false=1) + _error(_ENOSYS),
            _for_call(known.clone3, _error(_ENOSYS)),
            *(_for_call(number, _error(_EPERM)) for number in sorted(denied.values())),
            _for_call(known.clone, namespaces),
            _for_call(known.socket, families),
            _for_call(known.socketpair, families),
            _for_call(known.ioctl, _one_of(_SECOND, (_TIOCSTI, _TIOCLINUX), then=_error(_EPERM), otherwise=allow)),
            allow,
        ]
    )


def filter_here(*, memory_is_watched: bool = False) -> bytes:
    return filter_for(platform.machine(), memory_is_watched=memory_is_watched)
