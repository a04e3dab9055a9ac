"""From a job to what the launcher is told: which folders are shown, below which stage, with which arguments of bwrap."""

import marshal
import os
import random
from pathlib import Path, PurePosixPath

from harness.errors import SandboxError
from sandbox import process
from sandbox.base import DATA, IN, INSIDE, MODEL, SUBMISSION, Job, Mount
from sandbox.bubblewrap_arguments import JOB, Bind, Plan, arguments
from sandbox.bubblewrap_host import Host, stage_place
from sandbox.cgroups import OWN_PROCESSES
from sandbox.image.venv import host_python
from sandbox.inside import runner
from sandbox.staging import Staging

INSIDE_FOLDER = Path(runner.__file__).parent
MOUNTABLE = (SUBMISSION, DATA, MODEL)


def description(host: Host, job: Job) -> bytes:
    by_rlimit = "pids" not in host.controllers() and host.processes_by_rlimit
    return process.describe(job, processes=job.limits.pids + OWN_PROCESSES if by_rlimit else None, as_init=True)


def binds_of(staging: Staging, job: Job, mounts: tuple[Mount, ...], *, copy: bool) -> list[Bind]:
    """Everything shown read-only, outer folders first. `copy`: another user has to be able to read it."""
    for mount in job.mounts:
        if str(PurePosixPath(mount.target)) not in MOUNTABLE:
            raise SandboxError(f"nothing is mounted at {mount.target}", where=job.label, expected=", ".join(MOUNTABLE))
    own = [
        Mount(INSIDE_FOLDER, INSIDE),
        Mount(staging.folder / "job.json", JOB),
        Mount(staging.inputs, IN),
        *(Mount(file, f"/etc/{file.name}") for file in sorted(staging.etc.iterdir())),
    ]
    checked = [*own, *job.mounts]
    binds = [Bind(str(mount.source.resolve()), mount.target) for mount in mounts]
    for mount in checked:
        source = mount.source.resolve()
        binds.append(Bind(str(staging.readable(source) if copy else source), mount.target))
    return binds


def launch_plan(
    host: Host, job: Job, binds: list[Bind], join: tuple[Path, ...], uid: int | None, descriptors: tuple[int, int]
) -> bytes:
    """What the launcher needs: with a user to become, sources are bound below a stage that this user can walk to."""
    place = stage_place() if uid is not None else ""
    bwrap, staged = str(host.binary.path), []
    if uid is not None:
        staged = [{"source": bind.source, "name": str(number)} for number, bind in enumerate(binds)]
        binds = [Bind(f"{place}/{number}", bind.target) for number, bind in enumerate(binds)]
        staged += [{"source": str(folder), "name": f"bwrap/{folder.name}"} for folder in host.binary.package]
        if host.binary.package:
            bwrap = f"{place}/bwrap/{host.binary.path.relative_to(host.binary.package[0].parent)}"
    program, status = descriptors
    environment = job.environment
    plan = Plan(
        bwrap=bwrap,
        python=environment.python if environment else "",
        binds=tuple(binds),
        limits=job.limits,
        seccomp_fd=program,
        status_fd=status,
        disable_userns=host.binary.disable_userns,
        hide_local=not Path(host_python()).is_relative_to("/usr/local"),
    )
    return marshal.dumps(
        {
            "join": [str(file) for file in join],
            "processors": _processors(job.limits.cpus) if "cpu" not in host.controllers() else [],
            "uid": uid,
            "stage": place,
            "binds": staged,
            "argv": arguments(plan),
        }
    )


def _processors(cpus: float) -> list[int]:
    """As many processors as the job may use, picked at random so that jobs side by side spread out."""
    allowed = sorted(os.sched_getaffinity(0))
    return random.SystemRandom().sample(allowed, max(1, min(len(allowed), round(cpus))))
