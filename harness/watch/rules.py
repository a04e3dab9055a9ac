"""The rules of watching, as pure functions: when a push came, which one counts, and whether it may be graded now.

A hosting service knows when it received a push; we only know when we looked. So a push has an earliest and a latest
moment: the last look that did not see it, and the first that did. What that leaves open is told, and never held against
the candidate. Dates inside commits are written by their author and mean nothing here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harness.model.watch import Arrival
from harness.watch.config import Watched

SETTLES_UNSEEN_S = 6 * 3600.0
"""After a deadline whose repository cannot be reached, what was kept before stands."""

PushState = Literal["seen", "kept", "grading", "graded", "refused", "trouble"]


@dataclass(frozen=True)
class Sight:
    """One change of one ref, as looks saw it. No commit: the ref was gone."""

    number: int
    ref: str
    commit: str | None
    absent_at: float | None
    """When the last look before it began; None for the first look of all."""
    seen_at: float


@dataclass(frozen=True)
class Push:
    """One commit of one candidate, and how far it has come."""

    candidate: str
    commit: str
    first_seen: float
    state: PushState
    attempts: int = 0
    not_before: float = 0.0
    reason: str = ""
    run_id: str | None = None


@dataclass(frozen=True)
class Standing:
    """Everything known about one candidate."""

    sights: tuple[Sight, ...] = ()
    pushes: tuple[Push, ...] = ()
    last_good_look: float | None = None
    """When the last look that got an answer began."""

    @property
    def used(self) -> int:
        """Gradings that are done or begun."""
        return sum(push.state in ("grading", "graded") for push in self.pushes)

    def push(self, commit: str) -> Push | None:
        return next((push for push in self.pushes if push.commit == commit), None)

    def first_sight(self, commit: str) -> Sight | None:
        return next((sight for sight in self.sights if sight.commit == commit), None)


def arrival(sight: Sight, deadline: float | None) -> Arrival:
    """Whether what was seen came before the deadline, as far as looks can tell."""
    if deadline is None or sight.seen_at <= deadline:
        return "in_time"
    if sight.absent_at is not None and sight.absent_at >= deadline:
        return "late"
    return "unclear"


def is_settled(watched: Watched, standing: Standing, now: float) -> bool:
    """Whether the deadline is over and what stood there at that moment is known, as well as it ever will be."""
    if watched.deadline is None or now < watched.deadline:
        return False
    looked = standing.last_good_look is not None and standing.last_good_look >= watched.deadline
    return looked or now >= watched.deadline + SETTLES_UNSEEN_S


def counted(watched: Watched, standing: Standing) -> Sight | None:
    """The push that counts as of now: what the tag names where tags count, else what stood on a branch last, and in time."""
    in_time = [sight for sight in standing.sights if arrival(sight, watched.deadline) != "late"]
    if watched.tag_ref is not None:
        tags = [sight for sight in in_time if sight.ref == watched.tag_ref]
        if tags and tags[-1].commit is not None:
            return tags[-1]
    heads = [sight for sight in in_time if sight.ref in watched.branch_refs and sight.commit is not None]
    return _longest_there(heads, in_time)


def _longest_there(heads: Sequence[Sight], all_sights: Sequence[Sight]) -> Sight | None:
    """The latest; a branch that was deleted gives way to one that is still there."""
    gone = {sight.ref for sight in all_sights if _latest(all_sights, sight.ref).commit is None}
    there = [sight for sight in heads if sight.ref not in gone]
    return there[-1] if there else (heads[-1] if heads else None)


def _latest(sights: Sequence[Sight], ref: str) -> Sight:
    return [sight for sight in sights if sight.ref == ref][-1]


def may_grade(watched: Watched, standing: Standing, now: float) -> Push | None:
    """The push whose grading may begin now. One grading is held back for the push that stands at the deadline."""
    sight = counted(watched, standing)
    push = standing.push(sight.commit) if sight is not None and sight.commit is not None else None
    if push is None or push.state != "kept" or push.not_before > now:
        return None
    return push if standing.used < watched.most_graded - _kept_for_the_deadline(watched, standing, now) else None


def _kept_for_the_deadline(watched: Watched, standing: Standing, now: float) -> int:
    return 1 if watched.deadline is not None and not is_settled(watched, standing, now) else 0


def held_back(watched: Watched, standing: Standing, now: float) -> str:
    """Why the push that counts is not graded yet, where that is because one grading is kept for the deadline."""
    sight = counted(watched, standing)
    push = standing.push(sight.commit) if sight is not None and sight.commit is not None else None
    if push is None or push.state != "kept" or not _kept_for_the_deadline(watched, standing, now):
        return ""
    if standing.used != watched.most_graded - 1:
        return ""
    return (
        f"{push.commit[:10]} is taken in and not graded: {standing.used} of {watched.most_graded} gradings are used, "
        "and the last one is kept for what stands at the deadline"
    )


def what_counts(watched: Watched, standing: Standing) -> tuple[str | None, str]:
    """The commit whose grade counts, and a sentence where that is not simply the one that stood there last."""
    sight = counted(watched, standing)
    if sight is None or sight.commit is None:
        return None, ""
    push = standing.push(sight.commit)
    graded = [one for one in standing.pushes if one.state == "graded"]
    if push is not None and push.state == "kept" and standing.used >= watched.most_graded and graded:
        last = max(graded, key=lambda one: one.first_seen)
        return last.commit, f"all {watched.most_graded} gradings are used: the last graded push stands for {sight.commit[:10]}"
    if push is not None and push.state == "refused":
        return sight.commit, f"the push that counts, {sight.commit[:10]}, could not be taken in: {push.reason}"
    if arrival(sight, watched.deadline) == "unclear":
        return sight.commit, (
            f"when {sight.commit[:10]} came is not known: the deadline lies between the last look without it and the first "
            "with it; it counts unless a person decides otherwise"
        )
    return sight.commit, ""
