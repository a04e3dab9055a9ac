"""The list of allowed system calls: what is not on it, and that an engine accepts and enforces it."""

import json
from typing import Any

import pytest

from sandbox import owners
from sandbox.docker import Docker
from sandbox.docker_arguments import create_arguments, seccomp_profile
from sandbox.docker_container import Container, run_own
from sandbox.docker_engine import connect
from sandbox.image.base_image import choose_base
from tests.sandbox.docker_builders import job, plan
from tests.sandbox.engines import backend

PROFILE: dict[str, Any] = json.loads(seccomp_profile())
ALWAYS_ALLOWED = {
    name
    for rule in PROFILE["syscalls"]
    if rule["action"] == "SCMP_ACT_ALLOW" and not rule.get("args")
    for name in rule["names"]
}

KEPT_OUT = """
    io_uring_setup io_uring_enter io_uring_register add_key keyctl request_key userfaultfd bpf perf_event_open
    fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr mount umount umount2 pivot_root chroot
    ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd setns unshare clone3
    kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff acct quotactl
    open_by_handle_at name_to_handle_at fanotify_init iopl ioperm modify_ldt syslog sethostname setdomainname
    settimeofday clock_settime clock_adjtime adjtimex lookup_dcookie personality socket clone socketcall
    memfd_secret vhangup mbind set_mempolicy move_pages sync syncfs
"""


@pytest.mark.parametrize("name", KEPT_OUT.split())
def test_a_call_is_not_allowed_as_it_comes(name: str) -> None:
    assert name not in ALWAYS_ALLOWED


def test_it_is_a_list_of_what_is_allowed_and_nothing_is_on_it_twice() -> None:
    named = [name for rule in PROFILE["syscalls"] if not rule.get("args") for name in rule["names"]]
    assert PROFILE["defaultAction"] == "SCMP_ACT_ERRNO"
    assert len(named) == len(set(named))
    assert all(rule["comment"] for rule in PROFILE["syscalls"])


def test_only_three_kinds_of_socket_can_be_made() -> None:
    allowed = [rule for rule in PROFILE["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW"]
    rules = [rule["args"] for rule in allowed if rule["names"] == ["socket"]]
    assert rules == [[{"index": 0, "value": family, "op": "SCMP_CMP_EQ"}] for family in (1, 2, 10)]


def test_programs_of_another_word_size_are_kept_out() -> None:
    """Their calls have other numbers and other arguments than the rules speak of."""
    assert [one["subArchitectures"] for one in PROFILE["archMap"]] == [[], []]


def test_no_flag_for_a_namespace_passes_clone() -> None:
    (rule,) = (rule for rule in PROFILE["syscalls"] if rule["names"] == ["clone"])
    flags = {
        "mount": 1 << 17,
        "cgroup": 1 << 25,
        "uts": 1 << 26,
        "ipc": 1 << 27,
        "user": 1 << 28,
        "pid": 1 << 29,
        "net": 1 << 30,
    }
    assert rule["args"] == [{"index": 0, "value": sum(flags.values()), "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]


TRY_ALL = """
import ctypes, errno, json, os, platform, socket
libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == 'x86_64'
def call(x86, arm, *arguments):
    ctypes.set_errno(0)
    libc.syscall(ctypes.c_long(x86 if X86 else arm), *arguments)
    return errno.errorcode.get(ctypes.get_errno(), 'none')
def make(family, kind):
    try:
        socket.socket(family, kind).close()
    except OSError as error:
        return errno.errorcode[error.errno]
    return 'none'
space = ctypes.create_string_buffer(256)
print(json.dumps({
    'io_uring_setup': call(425, 425, 4, space), 'keyctl': call(250, 219, 0, ctypes.c_long(-3), 1),
    'bpf': call(321, 280, 0, space, 72), 'perf_event_open': call(298, 241, space, 0, -1, -1, 0),
    'userfaultfd': call(323, 282, 1), 'unshare': call(272, 97, 0x10000000), 'ptrace': call(101, 117, 16, 1, 0, 0),
    'process_vm_readv': call(310, 270, os.getpid(), space, 0, space, 0, 0), 'fsopen': call(430, 430, b'tmpfs', 0),
    'netlink': make(16, 3), 'packet': make(17, 3), 'alg': make(38, 5), 'vsock': make(40, 1),
    'unix': make(1, 1), 'inet': make(2, 1), 'inet6': make(10, 1),
}))
"""
REFUSED = {"EPERM", "ENOTSUP", "EOPNOTSUPP"}
HARMLESS = ("unix", "inet", "inet6")


@pytest.mark.docker
def test_what_is_not_on_the_list_is_refused_by_the_kernel() -> None:
    with Docker().open(owners.new_owner("test")) as sandbox:
        done = sandbox.run(job(TRY_ALL))
    tried = json.loads(done.stdout.text())
    assert {name: answer for name, answer in tried.items() if name in HARMLESS} == dict.fromkeys(HARMLESS, "none")
    assert {name for name, answer in tried.items() if answer in REFUSED} == set(tried) - set(HARMLESS)


@pytest.mark.docker
@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", ["docker", "bubblewrap"])
def test_listing_network_interfaces_fails_in_the_one_way_that_notebook_kernels_survive(name: str) -> None:
    """ZeroMQ aborts the whole process on any other error than "not supported"."""
    code = "import socket\ntry: socket.socket(16, 3)\nexcept OSError as error: print(error.errno)"
    with backend(name).open(owners.new_owner("test")) as sandbox:
        assert sandbox.run(job(code)).stdout.text() == "95\n"


@pytest.mark.docker
def test_without_the_list_most_of_it_would_pass() -> None:
    """The control: the same program, as root and unfiltered, is refused far less; the attempts are real ones."""
    client = connect()
    arguments = create_arguments(
        plan(
            engine=Docker().engine(),
            image=choose_base(client).id,
            mounts=(),
            as_root=True,
            argv=("python3", "-I", "-S", "-c", TRY_ALL),
            labels=owners.labels(owners.new_owner("test")),
        )
    )
    arguments["host_config"] |= {"SecurityOpt": ["seccomp=unconfined"], "CapDrop": []}
    try:
        with Container(client, arguments) as container:
            tried = json.loads(run_own(container, 30).stdout)
    finally:
        client.close()
    passed = {name for name, answer in tried.items() if answer not in REFUSED} - set(HARMLESS)
    assert len(passed) >= 5, tried  # a kernel may refuse some of it by settings of its own
