"""Changing what others rely on: files shown read-only, rights, namespaces, the kernel and its processes."""

import ctypes
import os
import resource
import stat
import struct
import sys
from contextlib import suppress
from pathlib import Path

from .trying import CREATE_NEW_USER, RefusedError, Targets, attempt, call, forked, opened, refuse


def written(folder: str) -> str:
    path = os.path.join(folder, "written-by-the-attack")
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    os.unlink(path)
    return path


@attempt
def the_snapshot_can_be_changed(targets: Targets) -> object:
    return written(targets.get("submission", "/submission"))


@attempt
def the_data_can_be_changed(targets: Targets) -> object:
    return written(targets.get("data", "/data"))


@attempt
def the_runner_can_be_changed(targets: Targets) -> object:
    return opened("/harness/runner.py") if not targets.get("control") else opened(targets["secret_file"])


@attempt
def the_environment_can_be_changed(targets: Targets) -> object:
    return written(next(path for path in sys.path if path.endswith("site-packages")))


@attempt
def the_interpreter_can_be_changed(targets: Targets) -> object:
    return opened(os.path.realpath(sys.executable), os.O_RDWR) if not targets.get("control") else opened(targets["secret_file"])


@attempt
def mode_bits_can_open_the_snapshot(targets: Targets) -> object:
    place = targets.get("submission", "/submission")
    os.chmod(place, 0o777)
    return written(place)


@attempt
def what_the_kernel_runs_on_a_crash(targets: Targets) -> object:
    return opened("/proc/sys/kernel/core_pattern")


@attempt
def settings_of_the_kernel(targets: Targets) -> object:
    return opened("/proc/sys/kernel/hostname")


@attempt
def emergency_keys_of_the_kernel(targets: Targets) -> object:
    return opened("/proc/sysrq-trigger")


@attempt
def user_number_zero(targets: Targets) -> object:
    os.setuid(0)
    with open("/proc/self/status") as status:
        mapped = Path("/proc/self/uid_map").read_text().split()
        text = status.read()
    return text if "CapEff:\t0000000000000000" not in text and mapped[:2] == ["0", "0"] else refuse("no right with it")


@attempt
def capabilities(targets: Targets) -> object:
    with open("/proc/self/status") as status:
        sets = [line.strip() for line in status if line.startswith("Cap") and line.split()[1].strip("0")]
    return sets or refuse("all sets are empty")


@attempt
def programs_that_lend_rights(targets: Targets) -> object:
    """Start each set-user-id program that there is, as its owner: its effective user must stay ours."""
    with open("/proc/self/status") as status:
        if "NoNewPrivs:\t1" in status.read():
            refuse("no new privileges")
    for folder in ("/usr/bin", "/bin", "/usr/sbin"):
        for name in os.listdir(folder):
            with suppress(OSError):
                if os.stat(f"{folder}/{name}").st_mode & stat.S_ISUID:
                    return f"{folder}/{name}"
    raise RefusedError("there is none")


@attempt
def device_nodes(targets: Targets) -> object:
    path = os.path.join(targets.get("scratch", "/work"), "disk")
    os.mknod(path, stat.S_IFBLK | 0o600, os.makedev(8, 0))
    os.unlink(path)
    return path


@attempt
def a_new_user_namespace(targets: Targets) -> object:
    return forked(lambda: call("unshare", CREATE_NEW_USER))


@attempt
def a_new_network_namespace(targets: Targets) -> object:
    return forked(lambda: call("unshare", 0x40000000))


@attempt
def a_new_user_namespace_by_clone(targets: Targets) -> object:
    child = call("clone", CREATE_NEW_USER | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


@attempt
def namespaces_of_process_one(targets: Targets) -> object:
    return forked(lambda: call("setns", os.open(f"/proc/{targets['process']}/ns/net", os.O_RDONLY), 0))


@attempt
def a_mount(targets: Targets) -> object:
    def act() -> None:
        if targets.get("control"):
            call("unshare", 0x00020000)
            call("mount", b"none", b"/", None, 0x4000 | 0x40000, None)
        call("mount", b"none", targets.get("scratch", "/work").encode(), b"tmpfs", 0, None)

    return forked(act)


@attempt
def a_mount_by_the_new_calls(targets: Targets) -> object:
    return os.close(call("fsopen", b"tmpfs", 0)) or "a file system"


@attempt
def another_root(targets: Targets) -> object:
    return forked(lambda: os.chroot(targets.get("scratch", "/work")))


@attempt
def files_by_handle(targets: Targets) -> object:
    """The way out of containers that had the right to open files by their number."""
    handle = ctypes.create_string_buffer(struct.pack("II", 128, 0) + bytes(128))
    mount = ctypes.c_int()
    call("name_to_handle_at", -100, targets.get("scratch", "/work").encode(), handle, ctypes.byref(mount), 0)
    folder = os.open(targets.get("scratch", "/work"), os.O_RDONLY)
    return call("open_by_handle_at", folder, handle, os.O_RDONLY)


@attempt
def tracing_of_other_processes(targets: Targets) -> object:
    return call("ptrace", 0x4206, targets["process"], 0, 0) or "held"


@attempt
def memory_of_other_processes(targets: Targets) -> object:
    pid = targets["process"]
    mapped = Path(f"/proc/{pid}/maps").read_text().splitlines()[0] if targets.get("control") else "400000-"
    space = ctypes.create_string_buffer(8)
    local = (ctypes.c_uint64 * 2)(ctypes.addressof(space), 8)
    remote = (ctypes.c_uint64 * 2)(int(mapped.split("-")[0], 16), 8)
    return call("process_vm_readv", pid, local, 1, remote, 1, 0)


@attempt
def programs_in_the_kernel(targets: Targets) -> object:
    space = ctypes.create_string_buffer(128)
    struct.pack_into("IIIII", space, 0, 2, 4, 4, 1, 0)
    return os.close(call("bpf", 0, space, 72)) or "a map"


@attempt
def instruments_of_the_kernel(targets: Targets) -> object:
    space = ctypes.create_string_buffer(128)
    struct.pack_into("IIQ", space, 0, 1, 112, 0)
    return os.close(call("perf_event_open", space, 0, -1, -1, 0)) or "a counter"


@attempt
def faults_of_pages(targets: Targets) -> object:
    return os.close(call("userfaultfd", 0o2000000)) or "a descriptor"


@attempt
def queues_into_the_kernel(targets: Targets) -> object:
    return os.close(call("io_uring_setup", 4, ctypes.create_string_buffer(256))) or "a ring"


@attempt
def descriptors_of_other_processes(targets: Targets) -> object:
    process = os.pidfd_open(targets["process"])
    try:
        return os.close(call("pidfd_getfd", process, 0, 0)) or "a descriptor"
    finally:
        os.close(process)


@attempt
def watching_the_whole_file_system(targets: Targets) -> object:
    return os.close(call("fanotify_init", 0, os.O_RDONLY)) or "a descriptor"


@attempt
def higher_limits(targets: Targets) -> object:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (before + 1000, before + 1000))
    return before + 1000


@attempt
def a_better_priority(targets: Targets) -> object:
    return forked(lambda: os.setpriority(os.PRIO_PROCESS, 0, -10))


@attempt
def real_time(targets: Targets) -> object:
    return forked(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))


@attempt
def protection_from_the_memory_killer(targets: Targets) -> object:
    def act() -> None:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("-1000")

    return forked(act)


@attempt
def signals_to_the_grader(targets: Targets) -> object:
    """By its number on the host, which must mean nothing in here."""
    os.kill(targets["control_pid"], 0)
    arguments = Path(f"/proc/{targets['control_pid']}/cmdline").read_bytes()
    return arguments if targets["control_word"].encode() in arguments else refuse("that number is a process of ours")


@attempt
def accounting_and_quotas(targets: Targets) -> object:
    return call("acct", None)


@attempt
def ports_of_the_machine(targets: Targets) -> object:
    return forked(lambda: call("iopl", 3))


@attempt
def characters_into_a_terminal(targets: Targets) -> object:
    return os.open("/dev/tty", os.O_RDWR)
