"""The cache folder, and the one rule for filling it: a place under its final name is complete.

Builders of one place wait for each other (`flock`, so that a killed builder frees the rest), build under a draft name in
the same folder, and rename. Whatever bears a draft name once the lock is held was left by a builder that died.
"""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import SandboxError

WAIT_FOR_ANOTHER_BUILDER_S = 30 * 60


def cache_folder() -> Path:
    """Where environments and wheels are kept: HARNESS_CACHE_DIR, else the user's own cache folder."""
    chosen = os.environ.get("HARNESS_CACHE_DIR")
    if chosen:
        folder = Path(chosen).absolute()
    else:
        from platformdirs import user_cache_dir

        folder = Path(user_cache_dir("takehome-harness"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_a_folder_others_can_fill(folder)
    except OSError as problem:
        raise SandboxError(
            f"the cache folder cannot be used: {problem.strerror}",
            where=str(folder),
            next_step="set HARNESS_CACHE_DIR to a folder of yours with some gigabytes of free space",
        ) from problem
    return folder


def _refuse_a_folder_others_can_fill(folder: Path) -> None:
    """What lies in the cache is later run as the environment of every submission."""
    facts = folder.stat()
    if facts.st_uid not in (os.geteuid(), 0) or facts.st_mode & stat.S_IWOTH:
        raise SandboxError(
            "the cache folder belongs to another user, or everybody may write to it",
            where=str(folder),
            expected="a folder that only you, or root, can write to",
            next_step="set HARNESS_CACHE_DIR to a folder of your own",
        )


def build_once(place: Path, build: Callable[[Path], None]) -> Path:
    """`place`, filled by `build` if it is not there yet."""
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with locked(place.parent / f".{place.name}.lock"):
        if place.exists():
            return place
        for leftover in place.parent.glob(f".{place.name}.draft-*"):
            remove_tree(leftover)
        draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.draft-", dir=place.parent))
        try:
            draft.chmod(0o755)
            build(draft)
            draft.rename(place)
        except OSError as problem:
            raise SandboxError(
                f"an environment could not be written: {problem.strerror}",
                where=str(place.parent),
                next_step="look at the free space of this folder, or choose another with HARNESS_CACHE_DIR",
            ) from problem
        finally:
            if draft.exists():
                remove_tree(draft)
    return place


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock `file`, or say that another builder does not come to its end."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(descriptor, file)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, file: Path) -> None:
    deadline = time.monotonic() + WAIT_FOR_ANOTHER_BUILDER_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise SandboxError(
                    f"another process has been building this environment for {WAIT_FOR_ANOTHER_BUILDER_S // 60} minutes",
                    where=str(file),
                    next_step="end that process, then run this again",
                ) from None
            time.sleep(0.1)
        else:
            return


def remove_tree(folder: Path) -> None:
    """Remove a draft, read-only folders in it included."""
    for inner, folders, _ in os.walk(folder):
        for name in folders:
            path = Path(inner, name)
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
