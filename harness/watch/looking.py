"""Looking at repositories: what their refs hold now, several at a time, each within a time limit."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from harness.errors import HarnessError
from harness.intake.git_listing import commits_of
from harness.model.text import one_line
from harness.watch.config import Watched
from harness.watch.state import Look, Looked

_AT_A_TIME = 8
_LONGEST_PAUSE_S = 3600.0


def look_at(watched: Sequence[Watched], clock: Callable[[], float]) -> list[Look]:
    """One look at each. The threads are gone when this returns: processes are forked afterwards."""
    if not watched:
        return []
    with ThreadPoolExecutor(max_workers=min(_AT_A_TIME, len(watched))) as pool:
        return list(pool.map(lambda one: _look(one, clock), watched))


def _look(watched: Watched, clock: Callable[[], float]) -> Look:
    began = clock()
    try:
        commits = commits_of(watched.repository, watched.refs)
    except HarnessError as error:
        place = error.where if error.where and error.where not in error.seen else ""
        return Look(watched.candidate, began, clock(), None, one_line(f"{error.seen}: {place}" if place else error.seen))
    except OSError as error:
        return Look(watched.candidate, began, clock(), None, f"this machine: {error.strerror}")
    return Look(watched.candidate, began, clock(), commits)


def next_look(watched: Watched, look: Look, before: Looked, interval_s: float) -> float:
    """After the interval; later and later where there is no answer; and in any case at the deadline."""
    pause = interval_s
    if look.commits is None:
        pause = min(interval_s * 2.0 ** min(before.failures, 30), max(_LONGEST_PAUSE_S, interval_s))
    due = look.ended + pause
    return min(due, watched.deadline) if watched.deadline is not None and look.began < watched.deadline else due


def is_due(looked: Looked, now: float, interval_s: float) -> bool:
    """Whether it is time; a next look that lies further off than any pause is a clock that was set back."""
    return looked.next_look <= now or looked.next_look > now + 2 * max(_LONGEST_PAUSE_S, interval_s)
