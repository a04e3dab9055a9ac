"""What a hardened container is made of: a pure function from a plan to the engine's own words, so that every flag can be read.

Nothing here is a candidate's: the program is fixed, names are random, mounted folders are our own. There is no way to
ask for a privileged container, another container's namespaces, a device, a capability or a writable mount.
"""

import secrets
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from harness.model.sandbox import Limits
from sandbox.base import OUT, WORK, Mount
from sandbox.docker_facts import EngineFacts

SECCOMP_PROFILE = Path(__file__).with_name("docker_seccomp.json")
PATH_INSIDE = "/opt/env/bin:/usr/local/bin:/usr/bin:/bin"
MEGABYTE = 1 << 20

WORK_INODES, TMP_INODES, OUT_INODES, SHM_INODES = 60_000, 20_000, 20_000, 4_096
"""Files cost kernel memory beyond their bytes, so their number is capped as well."""

REMAPPED_UIDS = range(60_700, 61_100)
"""Below 65,536, for engines that map users to a range of that length; unused by Debian's and systemd's conventions."""
OWN_UIDS = range(1_700_000_000, 1_800_000_000)
"""Far above what any host gives to people or services. A different one each run: what is counted per user is not shared."""


@dataclass(frozen=True)
class Plan:
    """One container."""

    engine: EngineFacts
    image: str
    argv: tuple[str, ...]
    limits: Limits
    labels: dict[str, str]
    mounts: tuple[Mount, ...] = ()
    as_root: bool = False
    """Only for building an environment; without any capability, and never with anything of a candidate's."""
    name: str = field(default_factory=lambda: f"takehome-{secrets.token_hex(16)}")
    draw: int = field(default_factory=lambda: secrets.randbelow(1 << 24))
    """Chooses the user id."""

    @property
    def uid(self) -> int:
        uids = REMAPPED_UIDS if self.engine.maps_users else OWN_UIDS
        return 0 if self.as_root else uids[self.draw % len(uids)]


def create_arguments(plan: Plan) -> dict[str, Any]:
    """The arguments of the client's `create_container`."""
    return {
        "image": plan.image,
        "entrypoint": [plan.argv[0]],
        "command": list(plan.argv[1:]),
        "name": plan.name,
        "labels": plan.labels,
        "hostname": "sandbox",
        "user": f"{plan.uid}:{plan.uid}",
        "working_dir": "/",
        "environment": {"PATH": PATH_INSIDE, "LANG": "C.UTF-8"},
        # The client's own settings would add its proxies, with their passwords, to the container's environment.
        "use_config_proxy": False,
        "network_disabled": True,
        # No terminal and no input: nothing inside can push characters to anybody.
        "tty": False,
        "stdin_open": False,
        # A health check of the base image would be a second program beside ours.
        "healthcheck": {"test": ["NONE"]},
        "stop_signal": "SIGKILL",
        "host_config": host_config(plan),
    }


def build_arguments(plan: Plan) -> dict[str, Any]:
    """The container in which an environment is installed: a job's, but as root without rights, and with a root it can write."""
    arguments = create_arguments(plan)
    arguments["host_config"] |= {"ReadonlyRootfs": False}
    return arguments


def host_config(plan: Plan) -> dict[str, Any]:
    """The engine's HostConfig: every protection, none of them optional."""
    limits = plan.limits
    memory = limits.memory_mb * MEGABYTE
    return {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges", f"seccomp={seccomp_profile()}"],
        "Privileged": False,
        "IpcMode": "private",
        "CgroupnsMode": "private",
        "PidsLimit": limits.pids,
        "Memory": memory,
        # Equal to the memory: otherwise the same amount of swap would be added.
        "MemorySwap": memory,
        # An engine refuses more processors than it has; where there are fewer, that is the limit.
        "NanoCpus": round(min(limits.cpus, plan.engine.cpus) * 1e9),
        "OomScoreAdj": 500,
        "Ulimits": ulimits(limits),
        "Tmpfs": tmpfs(plan),
        "ShmSize": limits.shm_mb * MEGABYTE,
        "Mounts": [bind(mount) for mount in plan.mounts],
        # The engine would write everything that is printed to the host's disk, without a limit.
        "LogConfig": {"Type": "none", "Config": {}},
        # Our runner is process 1: nothing inside can signal it. A separate init would leave it within reach.
        "Init": False,
        "AutoRemove": False,
        "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
        "Runtime": plan.engine.runtime,
    }


def ulimits(limits: Limits) -> list[dict[str, Any]]:
    """Limits of a single process; core dumps are off because the *host's* core pattern would run on a crash."""
    values = {"core": 0, "nofile": limits.open_files, "fsize": limits.file_mb * MEGABYTE, "memlock": 64 << 10}
    return [{"Name": name, "Soft": value, "Hard": value} for name, value in values.items()]


def tmpfs(plan: Plan) -> dict[str, str]:
    """The writable places: in memory, within the memory limit, each with a size and a number of files."""
    limits, own = plan.limits, f"uid={plan.uid},gid={plan.uid},mode=0700"
    return {
        # Programs may be started from the first two: submissions bring scripts, and libraries compile to /tmp.
        WORK: f"rw,exec,nosuid,nodev,size={limits.work_mb}m,nr_inodes={WORK_INODES},{own}",
        "/tmp": f"rw,exec,nosuid,nodev,size={limits.tmp_mb}m,nr_inodes={TMP_INODES},mode=1777",  # noqa: S108  inside
        # Larger than what may be brought out, so that a file that is too large is refused with a reason, not cut short.
        OUT: f"rw,noexec,nosuid,nodev,size={2 * limits.output_mb + 16}m,nr_inodes={OUT_INODES},{own}",
        "/dev/shm": f"rw,noexec,nosuid,nodev,size={limits.shm_mb}m,nr_inodes={SHM_INODES},mode=1777",  # noqa: S108  inside
    }


def bind(mount: Mount) -> dict[str, Any]:
    """A read-only mount; as a structure, so that no character of a path can be read as an option."""
    return {
        "Type": "bind",
        "Source": str(mount.source),
        "Target": mount.target,
        "ReadOnly": True,
        "BindOptions": {"Propagation": "rprivate"},
    }


@cache
def seccomp_profile() -> str:
    """The list of allowed system calls, as the engine wants it: its text, not its path."""
    return SECCOMP_PROFILE.read_text(encoding="utf-8")
