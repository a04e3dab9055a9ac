"""Reading what is private: labels, the pack, other runs, the host, its processes and its kernel."""

import ctypes
import os
import re
import socket
import stat
import sys
from contextlib import suppress
from pathlib import Path

from .trying import TOKEN, RefusedError, Targets, attempt, call, first, opened, others, processes, refuse


@attempt
def labels_by_their_path(targets: Targets) -> object:
    return first(targets["labels"])


@attempt
def pack_by_its_path(targets: Targets) -> object:
    return first([f"{targets['pack']}/rubric.yaml", f"{targets['pack']}/facts.yaml", f"{targets['pack']}/generate.py"])


@attempt
def exemplars_of_the_pack(targets: Targets) -> object:
    return os.listdir(f"{targets['pack']}/exemplars")


@attempt
def run_of_another_candidate(targets: Targets) -> object:
    return first([f"{targets['other_run']}/report.json"])


@attempt
def secret_file_of_the_host(targets: Targets) -> object:
    return first([targets["secret_file"]])


@attempt
def secret_file_through_the_root_of_process_one(targets: Targets) -> object:
    pid = targets["process"]
    return first([f"/proc/{pid}/root{targets['secret_file']}", f"/proc/{pid}/cwd/../..{targets['secret_file']}"])


@attempt
def secret_file_through_dots(targets: Targets) -> object:
    starts = [targets.get("submission", "/submission"), "/data", "/work", "/proc/self/root"]
    return first([start + "/.." * 20 + targets["secret_file"] for start in starts])


@attempt
def home_of_the_grader(targets: Targets) -> object:
    """But for the interpreter, which has to be where it was installed."""
    found = [name for name in os.listdir(targets["home"]) if not sys.base_prefix.startswith(f"{targets['home']}/{name}/")]
    return found or refuse("there is nothing in it")


@attempt
def temporary_files_of_the_host(targets: Targets) -> object:
    return os.listdir(os.path.dirname(targets["secret_file"]))


@attempt
def passwords_of_the_host(targets: Targets) -> object:
    return first(["/etc/shadow", "/etc/gshadow"])


@attempt
def identity_of_the_host(targets: Targets) -> object:
    for path in ("/etc/machine-id", "/etc/hostname", "/etc/resolv.conf"):
        with suppress(OSError):
            if any(word in Path(path).read_text() for word in targets["host_identity"]):
                return path
    raise RefusedError("nothing of the host's")


@attempt
def name_of_the_host(targets: Targets) -> object:
    return socket.gethostname() if socket.gethostname() == targets["host_name"] else refuse(socket.gethostname())


@attempt
def secrets_in_the_environment(targets: Targets) -> object:
    found = [name for name, value in os.environ.items() if TOKEN.search(value.encode())]
    return found or refuse("no variable holds one")


@attempt
def environments_of_other_processes(targets: Targets) -> object:
    for pid in others():
        with suppress(OSError):
            if TOKEN.search(Path(f"/proc/{pid}/environ").read_bytes()):
                return pid
    raise RefusedError("none is readable, or none holds a secret")


@attempt
def arguments_of_the_grader(targets: Targets) -> object:
    word = targets["run_word"].encode()
    for pid in others():
        with suppress(OSError):
            if word in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    raise RefusedError("no process was started with them")


@attempt
def processes_of_the_host(targets: Targets) -> object:
    seen = len(list(processes()))
    return seen if seen > 12 else refuse(f"{seen} processes are seen")


@attempt
def memory_of_process_one(targets: Targets) -> object:
    mapped = Path(f"/proc/{targets['process']}/maps").read_text().splitlines()[0]
    with open(f"/proc/{targets['process']}/mem", "rb") as memory:
        memory.seek(int(mapped.split("-")[0], 16))
        return memory.read(8)


@attempt
def descriptors_of_process_one(targets: Targets) -> object:
    folder = f"/proc/{targets['process']}/fd"
    return [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]


@attempt
def environment_of_process_one(targets: Targets) -> object:
    return Path(f"/proc/{targets['process']}/environ").read_bytes() or refuse("it is empty")


@attempt
def program_of_process_one(targets: Targets) -> object:
    return os.readlink(f"/proc/{targets['process']}/exe")


@attempt
def descriptors_left_open(targets: Targets) -> object:
    found = []
    for name in sorted(os.listdir("/proc/self/fd"), key=int):
        with suppress(OSError):
            found += [os.readlink(f"/proc/self/fd/{name}")] if int(name) > 2 else []
    return found or refuse("nothing but the standard three")


@attempt
def words_of_the_host_in_mounts(targets: Targets) -> object:
    text = Path("/proc/self/mountinfo").read_text() + Path("/proc/self/mounts").read_text()
    found = [word for word in targets["host_words"] if word in text]
    return found or refuse("none of them")


@attempt
def control_groups_named_after_the_host(targets: Targets) -> object:
    text = Path("/proc/self/cgroup").read_text()
    words = ("harness", "docker", "slice", *targets["host_words"])
    found = [word for word in words if word in text]
    return text if found else refuse(text[:100])


@attempt
def control_groups_as_files(targets: Targets) -> object:
    """Read, they tell little; written, they lift limits and start programs of the host."""
    for top, folders, names in os.walk("/sys/fs/cgroup"):
        folders[:] = folders[:4] if top.count("/") < 5 else []
        for name in {"release_agent", "notify_on_release", "cgroup.procs", "tasks"} & set(names):
            with suppress(OSError):
                return opened(os.path.join(top, name))
    raise RefusedError("none can be written")


@attempt
def disks(targets: Targets) -> object:
    found = [name for name in os.listdir("/dev") if stat.S_ISBLK(os.stat(f"/dev/{name}").st_mode)]
    return first([f"/dev/{name}" for name in found])


@attempt
def memory_of_the_host(targets: Targets) -> object:
    return first(["/dev/mem", "/proc/kcore", "/dev/kmem"], read=1)


@attempt
def messages_of_the_kernel(targets: Targets) -> object:
    with suppress(OSError):
        call("syslog", 10, None, 0)
        return "the syslog call"
    descriptor = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    return os.read(descriptor, 100)


@attempt
def addresses_of_the_kernel(targets: Targets) -> object:
    with open("/proc/kallsyms") as symbols:
        line = symbols.readline()
    return line if line and line.split()[0].strip("0") else refuse("they are hidden")


@attempt
def keys_of_the_kernel(targets: Targets) -> object:
    text = Path("/proc/keys").read_text()
    return text if targets["key"] in text else refuse("not among them")


@attempt
def key_in_a_keyring(targets: Targets) -> object:
    return call("request_key", b"user", targets["key"].encode(), None, 0)


@attempt
def key_of_ones_own(targets: Targets) -> object:
    return call("add_key", b"user", b"left-behind", b"x", 1, ctypes.c_long(-3))


@attempt
def shared_memory_of_the_host(targets: Targets) -> object:
    return call("shmget", targets["shm_key"], 0, 0)


@attempt
def queue_of_the_host(targets: Targets) -> object:
    return call("msgget", targets["queue_key"], 0)


@attempt
def named_shared_memory_of_the_host(targets: Targets) -> object:
    return first([f"/dev/shm/{targets['shm_name']}"])


@attempt
def every_file_and_process(targets: Targets) -> object:
    """Read whatever can be read, everywhere, and look for anything that is shaped like a secret of ours."""
    here = os.getcwd()
    budget = 400_000_000
    for top, folders, names in os.walk(targets.get("search_root", "/")):
        folders[:] = [name for name in folders if os.path.join(top, name) not in {*targets["not_searched"], sys.base_prefix}]
        for name in names:
            path = os.path.join(top, name)
            with suppress(OSError, ValueError):
                if path.startswith(here) or not stat.S_ISREG(os.lstat(path).st_mode) or os.path.getsize(path) > 2_000_000:
                    continue
                data = Path(path).read_bytes()
                budget -= len(data)
                if TOKEN.search(data):
                    return path
        if budget < 0:
            break
    for pid in processes():
        for name in ("environ", "cmdline", "mountinfo", "stat", "status"):
            with suppress(OSError):
                if TOKEN.search(Path(f"/proc/{pid}/{name}").read_bytes()):
                    return f"/proc/{pid}/{name}"
    raise RefusedError("there is none")


@attempt
def secrets_of_the_run_by_name(targets: Targets) -> object:
    """Whatever is called as private things are called."""
    wanted = re.compile(
        r"labels.*\.csv|rubric\.ya?ml|facts\.ya?ml|expected\.ya?ml|pack\.yaml|lock\.json|ladder.*\.json|owner\.json"
    )
    for top, folders, names in os.walk(targets.get("search_root", "/")):
        folders[:] = [name for name in folders if os.path.join(top, name) not in ("/proc", "/sys", "/usr", "/opt")]
        for name in names:
            if wanted.fullmatch(name):
                return os.path.join(top, name)
    raise RefusedError("there is none")
