"""Missing values: not thought of, looked at, or dealt with on the way to a model."""

from typing import Literal

from checks.practice.events import Note
from checks.practice.placing import where
from checks.practice.reader import Reading
from harness.model.practice import Seen

_LOOKS = frozenset({"missingness", "missing_plot", "info"})
_OPS = frozenset({"fill", "impute", "drop_missing", "indicator"})


def missing_values(reading: Reading) -> tuple[Literal["none", "inspected", "handled"], tuple[Seen, ...]]:
    handled = [note for note in reading.log.notes if note.kind == "missing_handled" and note.task and _counts(note, reading)]
    if handled:
        return "handled", tuple(Seen(what=note.what, where=where(note.place)) for note in _first_places(handled)[:20])
    looks = [look for look in reading.log.looks if look.task and look.kind in _LOOKS and (look.visible or look.bare)]
    if looks:
        return "inspected", tuple(Seen(what=look.what, where=where(look.place)) for look in looks[:20])
    return "none", ()


def _first_places(notes: list[Note]) -> list[Note]:
    seen: dict[object, Note] = {}
    for note in notes:
        seen.setdefault(note.place, note)
    return list(seen.values())


def _counts(note: Note, reading: Reading) -> bool:
    """A fill counts when what it gives is learned from, predicted on or saved; one inside a figure does not."""
    if note.what == "rows without gaps" and _of_target(note, reading):
        return False
    if note.what[:1].isupper() or note.what == "columns by their gaps":
        return True
    used = [fit.steps for fit in reading.log.fits] + [one.steps for one in reading.log.evaluations]
    used += [data.steps for data in reading.log.written.values()]
    if any(step.place == note.place and step.op in _OPS for steps in used for step in steps):
        return True
    if note.what in ("rows without gaps", "columns with few gaps"):
        return False
    drawn = any(look.plotted and look.place == note.place for look in reading.log.looks)
    return not reading.log.fits and not drawn


def _of_target(note: Note, reading: Reading) -> bool:
    """Rows that have a target are those to learn from, whatever else holds no value."""
    targets = frozenset[str]().union(*(fit.target | fit.target_sources for fit in reading.log.fits))
    return bool(note.columns) and (note.columns or frozenset()) <= targets
