"""How much of this machine a batch may use, and how long one submission may take."""

import os
from pathlib import Path

from harness.batch.units import Batch
from harness.model.pack import Pack
from harness.model.sandbox import Limits

_OURS_S = 900.0
"""For intake, checks and reports, and for a slow start of sandboxes."""
_RUNGS = 4
_PROBES = 20
_SHARE_OF_MEMORY = 0.8


def wall_limit(batch: Batch, asked: float | None) -> float:
    """What one submission may take: as asked, or as its pack needs."""
    return wall_of(batch.opened.pack, own_ladder=batch.shared_seed is None) if asked is None else asked


def wall_of(pack: Pack, *, own_ladder: bool) -> float:
    """What every step may take together, and our own part; the only guard against a process that hangs."""
    steps = pack.steps
    limit = sum(one.wall_s for one in _steps(pack)) + _wall(steps.execute) * (steps.max_notebooks - 1) + _OURS_S
    if steps.probes is not None:
        limit += _PROBES * _wall(steps.predict) + _wall(steps.train) * 2
    if own_ladder:
        limit += _RUNGS * (_wall(steps.train) + _wall(steps.predict))
    return limit


def default_jobs(pack: Pack) -> int:
    """As many as there are processors, as far as their memory goes."""
    return max(1, min(processors(), jobs_in_memory(pack)))


def processors() -> int:
    return len(os.sched_getaffinity(0))


def jobs_in_memory(pack: Pack) -> int:
    """How many submissions at their memory limit fit into what is free now."""
    return max(1, int(_available_mb() * _SHARE_OF_MEMORY / max(limits.memory_mb for limits in _steps(pack))))


def _steps(pack: Pack) -> list[Limits]:
    """The limits of every step that the pack has, whatever steps there are."""
    values = [getattr(one, "limits", one) for _, one in pack.steps]
    return [one for one in values if isinstance(one, Limits)]


def _wall(limits: Limits | None) -> float:
    return limits.wall_s if limits else 0.0


def _available_mb() -> float:
    for line in Path("/proc/meminfo").read_text("ascii").splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) / 1024
    return 1024.0
