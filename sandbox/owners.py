"""Whose things these are: the labels on everything that a back end creates, and the test of whether an owner is dead.

A leftover of this host is removed only when its owner no longer runs, a leftover of another host only when it has
expired. The host's identity holds its boot and its process-id namespace, so that a process id is never judged where it means
another process.
"""

import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path

from sandbox.base import Owner

PREFIX = "takehome-harness."
RUN, HOST, PID, START, EXPIRES = (PREFIX + word for word in ("run", "host", "pid", "start", "expires"))

DEFAULT_LIFETIME_S = 48 * 3600


def this_host() -> str:
    """Name, boot and process-id namespace of this machine: equal for two processes that can see each other's ids."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    namespace = Path("/proc/self/ns/pid").stat().st_ino
    return f"{socket.gethostname()}/{boot}/{namespace}"


def start_time(pid: int) -> str | None:
    """When a process started, in clock ticks since boot; None when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *fields = text.rpartition(")")[2].split()
    return None if state in {"Z", "X"} else fields[18]


def new_owner(run_id: str, *, now: float | None = None, lifetime_s: float = DEFAULT_LIFETIME_S) -> Owner:
    """The owner to hang on what this process creates."""
    pid = os.getpid()
    expires = int((time.time() if now is None else now) + lifetime_s)
    return Owner(run_id=run_id, host=this_host(), pid=pid, start_time=start_time(pid) or "", expires=expires)


def labels(owner: Owner) -> dict[str, str]:
    return {
        RUN: owner.run_id,
        HOST: owner.host,
        PID: str(owner.pid),
        START: owner.start_time,
        EXPIRES: str(owner.expires),
    }


def from_labels(found: Mapping[str, str]) -> Owner | None:
    """The owner that labels name; None when they are not ours or not whole."""
    values = [found.get(key) for key in (RUN, HOST, PID, START, EXPIRES)]
    if not all(isinstance(value, str) for value in values):
        return None
    run_id, host, pid, start, expires = (str(value) for value in values)
    if not (pid.isdecimal() and expires.isdecimal() and pid.isascii() and expires.isascii()):
        return None
    return Owner(run_id=run_id, host=host, pid=int(pid), start_time=start, expires=int(expires))


def is_mine(owner: Owner) -> bool:
    """Whether this very process is the owner."""
    return owner.pid == os.getpid() and owner.host == this_host() and owner.start_time == start_time(owner.pid)


def why_removable(owner: Owner, *, now: float | None = None) -> str | None:
    """The reason why what this owner left behind may go; None when it must stay.

    On its own host an owner is judged by whether it runs, however long that takes; elsewhere only expiry can tell.
    """
    if owner.host == this_host():
        return None if start_time(owner.pid) == owner.start_time else f"its owner, process {owner.pid}, is gone"
    return "it has expired" if (time.time() if now is None else now) > owner.expires else None
