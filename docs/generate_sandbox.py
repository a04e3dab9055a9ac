"""What sandboxes enforce, told by the back ends themselves for a host with everything and for one with nothing."""

import platform
import re
from pathlib import Path

from harness.model.sandbox import Control
from sandbox import (
    bubblewrap,
    conformance_confinement,
    conformance_contract,
    conformance_endings,
    conformance_means,
    conformance_outputs,
    docker_host,
)
from sandbox.bubblewrap_host import Binary, Host
from sandbox.cgroups import Tree
from sandbox.conformance import Behaviour
from sandbox.docker_facts import KNOWN_MACHINES, EngineFacts

GROUPS = {
    "How jobs end": conformance_endings.BEHAVIOURS,
    "What a job may use": conformance_means.BEHAVIOURS,
    "What a job finds, and what is left of it": conformance_contract.BEHAVIOURS,
    "What a job cannot reach": conformance_confinement.BEHAVIOURS,
    "What comes out": conformance_outputs.BEHAVIOURS,
}
MEANINGS = {
    "user": "who the code is",
    "capabilities": "rights of root, in parts",
    "no_new_privileges": "set-uid programs give nothing",
    "system_calls": "which calls of the kernel are let through",
    "network": "what can be reached",
    "processes_isolated": "whose processes are seen",
    "read_only_root": "the system cannot be written",
    "disk": "how much can be written",
    "file_count": "how many files can be made",
    "file_size": "how large one file can be",
    "open_files": "how many files can be open",
    "core_dumps": "what a crash leaves",
    "wall_clock": "how long a step takes",
    "output": "how much comes back",
    "memory": "how much memory all processes use together",
    "processes": "how many processes and threads there are",
    "cpu": "how much processor time is used at once",
}


class _OldKernel(Host):
    """A host whose kernel counts processes per user."""

    @property
    def processes_by_rlimit(self) -> bool:
        return False


def sandbox_page(made: str, limits: str) -> str:
    count = sum(len(behaviours) for behaviours in GROUPS.values())
    parts = [
        "# Sandbox controls",
        made,
        "Every step runs in a fresh sandbox. There are two back ends, and no way to run without one. `harness doctor` tells "
        "each control as *enforced*, *polled* or *not available* on this host, and so does every report. What follows is a "
        "host that gives everything; the second table is what is told where the host gives less.",
        "## Controls",
        _controls(),
        "## Where the host gives less",
        _weaker(),
        "Without a system-call filter, Docker is not used at all. Bubblewrap is refused where no unprivileged user "
        "namespace can be made.",
        "## Limits of a step",
        "A pack sets them for each step in `steps`; these are the defaults.",
        limits,
        "## The contract",
        f"These {count} behaviours are tried on any host by `harness doctor --conformance`. A behaviour that a host cannot "
        "show is named as a gap, with its reason, in the report of every run.",
    ]
    for title, behaviours in GROUPS.items():
        parts += [f"### {title}", "\n".join(_line(one) for one in behaviours)]
    return "\n\n".join(parts) + "\n"


def _line(behaviour: Behaviour) -> str:
    return f"- {' '.join((behaviour.__doc__ or '').split())} (`{behaviour.__name__}`)"


def _controls() -> str:
    docker, bubble = _docker(gives=True), _bubblewrap(gives=True)
    names = docker | bubble
    rows = [f"| `{name}` | {MEANINGS[name]} | {_told(docker.get(name))} | {_told(bubble.get(name))} |" for name in names]
    return "\n".join(["| control | what it bounds | docker | bubblewrap |", "|---|---|---|---|", *rows])


def _weaker() -> str:
    rows = [
        f"| {back_end} | `{name}` | {control.state.replace('_', ' ')} | {control.detail} |"
        for back_end, full, less in (
            ("docker", _docker(gives=True), _docker(gives=False)),
            ("bubblewrap", _bubblewrap(gives=True), _bubblewrap(gives=False)),
        )
        for name, control in less.items()
        if control.state != full[name].state
    ]
    return "\n".join(["| back end | control | state | what follows |", "|---|---|---|---|", *rows])


def _told(control: Control | None) -> str:
    return "not limited" if control is None else control.detail or control.state


def _machine() -> str:
    """Any of those that the filter was written for: the page says the same on all of them."""
    return min(KNOWN_MACHINES)


def _docker(*, gives: bool) -> dict[str, Control]:
    engine = EngineFacts(
        version="", api_version="", runc_version="", runtime="runc", runtimes=("runc",), storage_driver="", root_folder="",
        kernel="", machine=_machine(), cpus=1, memory_mb=0, cgroup_version="2", seccomp=gives, apparmor=False, rootless=False,
        users_remapped=False, limits_memory=gives, limits_swap=gives, limits_processes=gives, limits_cpu=gives, warnings=(),
    )  # fmt: skip
    return _by_name(docker_host.controls_of(engine))


def _bubblewrap(*, gives: bool) -> dict[str, Control]:
    binary = Binary(Path("bwrap"), "", disable_userns=True)
    tree = Tree(Path(), 2, frozenset({"memory", "pids", "cpu"}))
    host = Host(binary, (tree,)) if gives else _OldKernel(binary, ())
    return _by_name(bubblewrap._controls(host))


def _by_name(controls: tuple[Control, ...]) -> dict[str, Control]:
    """The name of this very machine is left out of what is told."""
    names = re.compile("|".join(map(re.escape, (_machine(), platform.machine()))))
    return {one.name: one.changed(detail=names.sub("this machine", one.detail)) for one in controls}
