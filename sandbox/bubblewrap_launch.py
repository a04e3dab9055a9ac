"""The last trusted step before bwrap: joins the control groups, makes sources reachable, gives up root, becomes bwrap.

    python -I -S bubblewrap_launch.py        the plan arrives marshalled on standard input, from the same interpreter

A program of its own, because a process that has threads cannot do this safely between fork and exec. Started by root it
never starts bwrap as root: bwrap would leave the candidate with the kernel's user 0 behind any namespace. The
unprivileged user that takes over cannot walk through private (0700) folders, so their contents are first bound to a
small file system in a mount namespace that only this process and its children see.
"""

import marshal
import os
import stat
import sys
from typing import Any

CLONE_NEWNS = 0x20000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 4096, 16384, 1 << 18


def main() -> None:
    plan = marshal.loads(sys.stdin.buffer.read())  # noqa: S302  from our own parent; reading JSON would take half the time of the start
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123  pathlib would double the time this program takes
        os.dup2(nothing.fileno(), 0)
    for file in plan["join"]:
        with open(file, "w", encoding="ascii") as group:  # noqa: PTH123
            group.write("0")
    if plan["processors"]:
        os.sched_setaffinity(0, plan["processors"])
    if plan["uid"] is not None:
        if plan["binds"]:
            stage(plan["stage"], plan["binds"])
        give_up_root(plan["uid"])
    if 0 in (*os.getresuid(), *os.getresgid()) or capabilities():
        raise SystemExit("refused to start bwrap with the rights of root")
    os.execve(plan["argv"][0], plan["argv"], {})  # noqa: S606  a fixed list, no shell


def stage(place: str, binds: list[dict[str, Any]]) -> None:
    """Bind every source below `place`, in a mount namespace of our own."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)

    def call(name: str, *arguments: Any) -> None:
        if getattr(libc, name)(*arguments) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"{name}: {os.strerror(number)}")

    os.umask(0o022)
    call("unshare", CLONE_NEWNS)
    call("mount", b"none", b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)
    # Opened before the stage covers `place`, in case a source lies below it.
    sources = [os.open(bind["source"], os.O_PATH | os.O_CLOEXEC) for bind in binds]
    flags = ctypes.c_ulong(MS_NOSUID | MS_NODEV)
    call("mount", b"tmpfs", os.fsencode(place), b"tmpfs", flags, b"size=1m,mode=755")
    for source, bind in zip(sources, binds, strict=True):
        target = os.path.join(place, bind["name"])  # noqa: PTH118
        if stat.S_ISDIR(os.fstat(source).st_mode):
            os.makedirs(target)  # noqa: PTH103
        else:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
        call("mount", b"/proc/self/fd/%d" % source, os.fsencode(target), None, ctypes.c_ulong(MS_BIND | MS_REC), None)


def give_up_root(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def capabilities() -> int:
    """The effective and permitted capabilities that are left. Nothing may be imported here: our library may be out of reach."""
    with open("/proc/self/status", encoding="utf-8", errors="replace") as status:  # noqa: PTH123
        lines = dict(line.split(":", 1) for line in status if ":" in line)
    return int(lines["CapEff"], 16) | int(lines["CapPrm"], 16)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        raise SystemExit(f"preparing the start of bwrap failed: {error}") from None
