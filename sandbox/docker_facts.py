"""What an engine says of itself, read once and kept as plain values."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.errors import SandboxError
from sandbox.docker_engine import answering

if TYPE_CHECKING:
    from docker import APIClient

RUNTIME_VARIABLE = "HARNESS_DOCKER_RUNTIME"
KNOWN_MACHINES = {"x86_64", "aarch64"}
"""Those our list of allowed system calls was written for: on others its rule about namespaces would read the wrong argument."""


@dataclass(frozen=True)
class EngineFacts:
    version: str
    api_version: str
    runc_version: str
    runtime: str
    runtimes: tuple[str, ...]
    storage_driver: str
    root_folder: str
    kernel: str
    machine: str
    cpus: int
    memory_mb: int
    cgroup_version: str
    seccomp: bool
    apparmor: bool
    rootless: bool
    users_remapped: bool
    limits_memory: bool
    limits_swap: bool
    limits_processes: bool
    limits_cpu: bool
    warnings: tuple[str, ...]

    @property
    def maps_users(self) -> bool:
        """Whether root inside is an ordinary user outside; user ids are then limited to a small range."""
        return self.rootless or self.users_remapped


def read_facts(client: "APIClient") -> EngineFacts:
    """Ask the engine; refuses a runtime that it does not have."""
    with answering("describing itself"):
        info, version = client.info(), client.version(api_version=False)
    options = {part.split(",")[0] for part in info.get("SecurityOptions") or []}
    runtimes = tuple(sorted(info.get("Runtimes") or {}))
    return EngineFacts(
        version=str(info.get("ServerVersion", "")),
        api_version=str(version.get("ApiVersion", "")),
        runc_version=_runc(version),
        runtime=_chosen_runtime(runtimes, str(info.get("DefaultRuntime", "runc"))),
        runtimes=runtimes,
        storage_driver=str(info.get("Driver", "")),
        root_folder=str(info.get("DockerRootDir", "")),
        kernel=str(info.get("KernelVersion", "")),
        machine=str(info.get("Architecture", "")),
        cpus=int(info.get("NCPU") or 1),
        memory_mb=int(info.get("MemTotal") or 0) >> 20,
        cgroup_version=str(info.get("CgroupVersion", "1")),
        seccomp="name=seccomp" in options,
        apparmor="name=apparmor" in options,
        rootless="name=rootless" in options,
        users_remapped="name=userns" in options,
        limits_memory=bool(info.get("MemoryLimit")),
        limits_swap=bool(info.get("SwapLimit")),
        limits_processes=bool(info.get("PidsLimit")),
        limits_cpu=bool(info.get("CpuCfsQuota")),
        warnings=tuple(str(line) for line in info.get("Warnings") or ()),
    )


def _runc(version: dict[str, Any]) -> str:
    parts = {str(part.get("Name")): str(part.get("Version", "")) for part in version.get("Components") or []}
    return parts.get("runc", "")


def _chosen_runtime(runtimes: tuple[str, ...], default: str) -> str:
    wanted = os.environ.get(RUNTIME_VARIABLE)
    if wanted and wanted not in runtimes:
        raise SandboxError(
            f"the engine has no runtime called {wanted}",
            where=RUNTIME_VARIABLE,
            expected=f"one of {', '.join(runtimes)}",
            next_step=f"add it to the engine's configuration, or unset {RUNTIME_VARIABLE}",
        )
    return wanted or default
