"""What is told of a commit. A candidate may see that it came; nothing that was found out about it, not even that it ran."""

from datetime import UTC, datetime
from pathlib import Path

from harness.model.pack import Pack
from harness.model.text import one_line
from harness.model.watch import CommitStatus, WatchedCandidate, WatchedPush, WatchOverview
from harness.store import write_whole
from harness.watch.config import Watched
from harness.watch.folder import WatchFolder
from harness.watch.rules import Push, Sight, Standing, arrival, held_back, is_settled, what_counts
from harness.watch.state import Looked

_LONGEST = 140


def status_of(pack: str, watched: Watched, standing: Standing, push: Push) -> CommitStatus:
    """The public status, made of how far a push has come and of nothing else: whether it is graded does not show."""
    sight = standing.first_sight(push.commit)
    when = stamp(push.first_seen)
    if sight is not None and arrival(sight, watched.deadline) == "late":
        return _status(pack, "success", f"Received {when}, after the deadline: kept on record, not counted.")
    if push.state == "seen":
        return _status(pack, "pending", f"Seen {when}; it is being taken in.")
    if push.state == "refused":
        return _status(pack, "failure", f"Seen {when}, but it could not be taken in: {push.reason}")
    if push.state == "trouble":
        return _status(pack, "error", f"Received {when}. Something on our side went wrong; nothing follows for this work.")
    if watched.deadline is not None:
        return _status(pack, "success", f"Received {when}. {_RULES[watched.counted].format(tag=watched.tag)}")
    return _status(pack, "success", f"Received {when}.")


_RULES = {
    "last": "What stands on the branch at the deadline counts.",
    "tagged": "What the tag {tag} names at the deadline counts, else what stands there last.",
}


def _status(pack: str, state: str, description: str) -> CommitStatus:
    text = one_line(description)
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return CommitStatus(context=f"harness/{pack}", state=state, description=text)


def write_statuses(folder: WatchFolder, pack: str, watched: Watched, standing: Standing) -> list[tuple[Push, CommitStatus]]:
    """One file a commit; returns those that changed."""
    changed = []
    for push in standing.pushes:
        status = status_of(pack, watched, standing, push)
        place, text = folder.status(watched.candidate, push.commit), status.to_json()
        if _text(place) != text:
            write_whole(place, text.encode("ascii"))
            changed.append((push, status))
    return changed


def overview(folder: WatchFolder, pack: Pack, rows: list[tuple[Watched, Standing, Looked]], now: float) -> WatchOverview:
    """Where everybody stands, for the employer."""
    told = tuple(_candidate(folder, watched, standing, looked, now) for watched, standing, looked in rows)
    return WatchOverview(pack=pack.id, pack_version=pack.version, told=stamp(now), candidates=told)


def _candidate(folder: WatchFolder, watched: Watched, standing: Standing, looked: Looked, now: float) -> WatchedCandidate:
    counts, note = what_counts(watched, standing)
    return WatchedCandidate(
        candidate=watched.candidate,
        deadline=stamp(watched.deadline) if watched.deadline is not None else None,
        settled=is_settled(watched, standing, now),
        graded_pushes=standing.used,
        max_graded_pushes=watched.most_graded,
        looked_at=stamp(looked.looked_at) if looked.looked_at is not None else None,
        problem=looked.problem,
        next_look=stamp(looked.next_look) if looked.next_look else None,
        notes=tuple(one for one in (note, *_notes(watched, standing), held_back(watched, standing, now)) if one),
        pushes=tuple(_push(folder, watched, standing, push, push.commit == counts) for push in standing.pushes),
    )


def _notes(watched: Watched, standing: Standing) -> list[str]:
    notes = []
    for ref in watched.branch_refs:
        sights = [sight for sight in standing.sights if sight.ref == ref]
        if sights and sights[-1].commit is None and any(one.commit for one in sights):
            notes.append(f"{_name(ref)} is gone since {stamp(sights[-1].seen_at)}; what stood there before is kept")
        notes += [f"{_name(ref)} went back to {one.commit[:10]}" for one in _returns(sights) if one.commit]
    if watched.tag_ref and not any(sight.ref == watched.tag_ref and sight.commit for sight in standing.sights):
        notes.append(f"there is no tag {watched.tag}: what stands on the branch last counts")
    return notes


def _returns(sights: list[Sight]) -> list[Sight]:
    """Changes to a commit that stood there earlier: history was taken back."""
    return [one for number, one in enumerate(sights) if one.commit in {before.commit for before in sights[:number]} - {None}]


def _name(ref: str) -> str:
    return "the default branch" if ref == "HEAD" else f"the branch {ref.removeprefix('refs/heads/')}"


def _push(folder: WatchFolder, watched: Watched, standing: Standing, push: Push, counts: bool) -> WatchedPush:
    sight = standing.first_sight(push.commit)
    absent = sight.absent_at if sight else None
    run = folder.run(push.candidate, push.commit)
    return WatchedPush(
        commit=push.commit,
        first_seen=stamp(push.first_seen),
        not_there_at=stamp(absent) if absent is not None else None,
        arrival=arrival(sight, watched.deadline) if sight else "unclear",
        state=push.state,
        counts=counts,
        reason=push.reason,
        run=run.relative_to(folder.root).as_posix() if push.state == "graded" else None,
    )


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(place: Path) -> str | None:
    try:
        return place.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return None
