"""The arguments of bwrap: the policy of the back end, as one list. bwrap does what they say, in their order, and no more."""

from dataclasses import dataclass
from pathlib import Path

from harness.model.sandbox import Limits
from sandbox.base import IN, INSIDE, OUT, WORK
from sandbox.spool import MEGABYTE

UID = 65_534
RUNNER = f"{INSIDE}/runner.py"
JOB = "/job.json"
SYSTEM_FOLDERS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
HARMLESS_ETC = ("ld.so.cache", "alternatives", "fonts")


@dataclass(frozen=True)
class Bind:
    """A host path, shown read-only inside."""

    source: str
    target: str


@dataclass(frozen=True)
class Plan:
    """What changes from one job to the next."""

    bwrap: str
    python: str
    """The interpreter of the runner, as a path inside."""
    binds: tuple[Bind, ...]
    limits: Limits
    seccomp_fd: int
    status_fd: int
    disable_userns: bool
    hide_local: bool = True


def arguments(plan: Plan) -> list[str]:
    return [
        plan.bwrap,
        *_namespaces(plan),
        *_system(plan),
        *_own_file_systems(plan.limits),
        *(word for bind in plan.binds for word in ("--ro-bind", bind.source, bind.target)),
        *("--remount-ro", "/", "--chdir", WORK),
        *("--seccomp", str(plan.seccomp_fd), "--json-status-fd", str(plan.status_fd)),
        *("--", plan.python, "-I", "-S", RUNNER, JOB),
    ]


def _namespaces(plan: Plan) -> list[str]:
    """`--unshare-all` only tries for a user namespace, so that one is named as well. The runner is the reaper itself."""
    disable = ["--disable-userns"] if plan.disable_userns else []
    return [
        *("--unshare-all", "--unshare-user", "--uid", str(UID), "--gid", str(UID), *disable),
        *("--die-with-parent", "--new-session", "--as-pid-1", "--clearenv", "--hostname", "sandbox"),
    ]


def _system(plan: Plan) -> list[str]:
    """Programs and libraries of the host, nothing of its configuration, homes, sockets or temporary files."""
    words = ["--ro-bind", "/usr", "/usr"]
    if plan.hide_local and Path("/usr/local").is_dir():
        words += ["--size", "4096", "--tmpfs", "/usr/local", "--remount-ro", "/usr/local"]
    for name in SYSTEM_FOLDERS:
        folder = Path("/", name)
        if folder.is_symlink():
            words += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.is_dir():
            words += ["--ro-bind", str(folder), str(folder)]
    for name in HARMLESS_ETC:
        if Path("/etc", name).exists():
            words += ["--ro-bind", f"/etc/{name}", f"/etc/{name}"]
    return words


def _own_file_systems(limits: Limits) -> list[str]:
    """`--dev` alone leaves a writable /dev and a /dev/shm as large as half the memory; hence sizes and their order."""
    return [
        *("--proc", "/proc", "--dev", "/dev"),
        *_tmpfs("/dev/shm", limits.shm_mb, "1777"),  # noqa: S108  inside the sandbox
        *("--remount-ro", "/dev"),
        *_tmpfs("/tmp", limits.tmp_mb, "1777"),  # noqa: S108
        *_tmpfs(WORK, limits.work_mb, "0700"),
        *_tmpfs(OUT, out_mb(limits), "0700"),
        *("--dir", IN),
    ]


def out_mb(limits: Limits) -> int:
    """Room for somewhat more than may be brought out, so that too much is refused with its reason."""
    return 2 * limits.output_mb + 16


def _tmpfs(target: str, megabytes: int, mode: str) -> list[str]:
    return ["--perms", mode, "--size", str(megabytes * MEGABYTE), "--tmpfs", target]
