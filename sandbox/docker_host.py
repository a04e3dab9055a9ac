"""What an engine can enforce on this host: protections, gaps, and the lines of a health check."""

import platform
import re
import shutil
from pathlib import Path

from harness.model.sandbox import Control, Fact, Gap
from sandbox.docker_facts import KNOWN_MACHINES, EngineFacts

LEAST_DISK_GB = 5
FIRST_SOUND_RUNC = {(1, 2): 8, (1, 3): 3}
"""In each line of runc, the first release without the known ways out of a container that is being set up."""


def controls_of(engine: EngineFacts) -> tuple[Control, ...]:
    """Every protection and how far it holds here."""
    by_group = "control group"
    mapped = ", which is an ordinary user's range outside" if engine.maps_users else ""
    held = [
        ("user", f"not root, one of its own for each run{mapped}"),
        ("capabilities", "none"),
        ("no_new_privileges", ""),
        ("network", "a namespace with nothing in it"),
        ("processes_isolated", "own process-id, ipc, mount, host-name and control-group namespaces"),
        ("read_only_root", ""),
        ("disk", "only file systems in memory, with sizes; nothing is logged by the engine"),
        ("file_count", "each file system in memory has a limit"),
        ("file_size", "by rlimit"),
        ("open_files", "by rlimit"),
        ("core_dumps", "none"),
        ("wall_clock", "inside and outside"),
        ("output", "streams and files are capped"),
    ]
    no_limit = "this engine cannot limit it here"
    return (
        *(Control(name=name, state="enforced", detail=detail) for name, detail in held),
        _control("system_calls", _filters(engine), f"list of allowed calls, for {engine.machine}", _no_filter(engine)),
        _control("memory", engine.limits_memory and engine.limits_swap, f"{by_group}, swap included", _no_memory(engine)),
        _control("processes", engine.limits_processes, by_group, no_limit),
        _control("cpu", engine.limits_cpu, by_group, no_limit),
    )


UNSHOWN = {
    "system_calls": ("system_calls_are_filtered",),
    "memory": ("too_much_memory_is_out_of_memory", "memory_of_all_processes_counts_together"),
    "processes": ("a_fork_bomb_is_contained", "threads_count_as_processes"),
    "cpu": ("processors_are_limited",),
}
"""The behaviours of the contract that fail where a protection is not there."""


def gaps_of(engine: EngineFacts) -> tuple[Gap, ...]:
    """What the contract asks for and this engine does not give."""
    lacking = [control for control in controls_of(engine) if control.state == "not_available"]
    return tuple(Gap(behaviour=name, reason=control.detail) for control in lacking for name in UNSHOWN[control.name])


def why_refused(engine: EngineFacts) -> str:
    """Why candidate code is not run on this engine at all; empty when it is. Limits may lack and be told; a filter may not."""
    return "" if _filters(engine) else _no_filter(engine)


def facts_of(engine: EngineFacts) -> tuple[Fact, ...]:
    """The engine as lines of a health check."""
    return (
        Fact(name="engine", value=f"{engine.version}, API {engine.api_version}", ok=True),
        _runc(engine),
        Fact(name="runtime", value=f"{engine.runtime} (of {', '.join(engine.runtimes)})", ok=True),
        Fact(name="kernel", value=f"{engine.kernel}, {engine.machine}", ok=True),
        Fact(name="storage driver", value=engine.storage_driver, ok=True),
        Fact(
            name="control groups",
            value=f"version {engine.cgroup_version}",
            ok=engine.limits_memory and engine.limits_processes and engine.limits_cpu,
            meaning="some limits do not exist here; a rootless engine needs version 2 and a delegated group",
        ),
        Fact(
            name="swap limit",
            value="yes" if engine.limits_swap else "no",
            ok=engine.limits_swap,
            meaning="a job can use swap beyond its memory limit: boot with swapaccount=1, or without swap",
        ),
        Fact(name="root inside is", value="an ordinary user outside" if engine.maps_users else "root outside", ok=True),
        Fact(
            name="system-call filter",
            value="yes" if _filters(engine) else "no",
            ok=_filters(engine),
            meaning=_no_filter(engine),
        ),
        _disk(engine),
        *(Fact(name="engine's warning", value=line, ok=True) for line in engine.warnings),
    )


def _filters(engine: EngineFacts) -> bool:
    return engine.seccomp and engine.machine in KNOWN_MACHINES


def _no_filter(engine: EngineFacts) -> str:
    if not engine.seccomp:
        return "the engine was built or started without seccomp"
    return f"the list of allowed calls was not written for {engine.machine}; known: {', '.join(sorted(KNOWN_MACHINES))}"


def _no_memory(engine: EngineFacts) -> str:
    return "swap is not limited: a job can use more than its memory" if engine.limits_memory else "this engine cannot limit it"


def _control(name: str, holds: bool, how: str, why_not: str) -> Control:
    return Control(name=name, state="enforced" if holds else "not_available", detail=how if holds else why_not)


def _runc(engine: EngineFacts) -> Fact:
    """Distributions repair old versions without changing their number, so only a plain number can be judged."""
    version = engine.runc_version
    plain = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)", version)
    if plain is None:
        return Fact(name="runc", value=f"{version or 'unknown'}, as the distribution maintains it", ok=True)
    line, patch = (int(plain[1]), int(plain[2])), int(plain[3])
    sound = line > max(FIRST_SOUND_RUNC) or (line in FIRST_SOUND_RUNC and patch >= FIRST_SOUND_RUNC[line])
    return Fact(
        name="runc",
        value=version,
        ok=sound,
        meaning="this version has known ways out of a container: update the engine's packages (runc 1.2.8, 1.3.3 or newer)",
    )


def _disk(engine: EngineFacts) -> Fact:
    """Only where the engine's folder is this host's own can its free space be seen."""
    folder = Path(engine.root_folder)
    try:
        free_gb = shutil.disk_usage(folder).free / 1e9 if engine.kernel == platform.release() else None
    except OSError:
        free_gb = None
    if free_gb is None:
        return Fact(name="free disk space", value="cannot be seen from here", ok=True)
    return Fact(
        name="free disk space",
        value=f"{free_gb:.0f} GB in {folder}",
        ok=free_gb >= LEAST_DISK_GB,
        meaning=f"building an environment needs some gigabytes; at least {LEAST_DISK_GB} GB should be free",
    )
