"""What a job's environment needs of the host: asked once, and made readable for the user that jobs run as."""

import os
from dataclasses import dataclass

from harness.model.sandbox import Environment
from sandbox.base import Mount
from sandbox.staging import open_up


@dataclass(frozen=True)
class Interpreter:
    """What a job runs on: its environment, and what of the host is bound for it."""

    environment: Environment
    mounts: tuple[Mount, ...]


class InterpreterFor:
    """Finds what a job's environment needs; asks once for each."""

    def __init__(self) -> None:
        self._known: dict[str, Interpreter] = {}

    def __call__(self, environment: Environment | None) -> Interpreter:
        from sandbox.image.venv import build_venv, mounts

        key = environment.reference if environment else ""
        if key not in self._known:
            wanted = environment or build_venv(None)
            known = Interpreter(wanted, mounts(wanted))
            if os.geteuid() == 0:
                _let_others_read(known.mounts)
            self._known[key] = known
        return self._known[key]


def _let_others_read(mounts: tuple[Mount, ...]) -> None:
    """A strict umask leaves a built environment that the user of a job could not read. The cache around it stays private."""
    from sandbox.image.cache import cache_folder

    for mount in mounts:
        if cache_folder() in mount.source.parents and mount.source.stat().st_mode & 0o005 != 0o005:
            open_up(mount.source)
