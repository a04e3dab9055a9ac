"""Exploration: which facets of the task's data were looked at, and whether a reader gets to see it."""

import re
from collections.abc import Iterable

from checks.practice.events import Look
from checks.practice.placing import where
from checks.practice.reader import Reading
from checks.practice.tables.frames import DATE_WORDS, TARGET_WORDS
from checks.practice.values import Place
from harness.model.practice import Exploration, Seen

FACETS = (
    "shape", "missingness", "duplicates", "target", "numeric", "categorical", "outliers", "feature_target",
    "feature_feature", "time_entity",
)  # fmt: skip
RELATIONS = frozenset({"feature_target", "feature_feature"})
ENOUGH = 5


def target_names(reading: Reading, declared: Iterable[str] = ()) -> frozenset[str]:
    """Columns that some fit learned to predict, and the pack's own target."""
    found = frozenset(declared)
    for fit in reading.log.fits:
        found |= frozenset(name for name in fit.target if name)
    return found or _studied_column(reading)


def _studied_column(reading: Reading) -> frozenset[str]:
    """Where nothing is fitted: the one column that is counted alone and then set against others."""
    alone: set[str] = set()
    related: set[str] = set()
    for look in reading.log.looks:
        columns = look.columns or frozenset()
        if len(columns) == 1 and look.kind in ("values", "distribution") and not look.by:
            alone |= columns
        elif look.by or len(columns) > 1:
            related |= columns | look.by if look.plotted else columns
    both = alone & related
    return frozenset(both) if len(both) == 1 else frozenset()


def _with_sources(reading: Reading, targets: frozenset[str]) -> frozenset[str]:
    """The target, and the column that it was made from alone: its logarithm, its level, its next value."""
    made = [note for note in reading.log.notes if note.kind == "made_from" and note.columns]
    return targets | {note.what for note in made if (note.columns or frozenset()) <= targets}


def exploration(reading: Reading, targets: frozenset[str]) -> Exploration:
    targets = _with_sources(reading, targets)
    shown = _shown_cells(reading)
    places: dict[str, Seen] = {}
    counted: list[Look] = []
    for look in reading.log.looks:
        if not look.task or look.predicted or not (look.visible or look.bare or look.plotted):
            continue
        visible = look.visible and shown.get((look.place.path, look.place.cell), True)
        for facet in facets_of(look, targets, visible=visible):
            known = places.get(facet)
            if known is None or (visible and not known.visible):
                places[facet] = Seen(what=f"{facet}: {look.what}", where=where(look.place), visible=visible)
            counted.append(look)
    facets = tuple(name for name in FACETS if name in places)
    visible_facets = frozenset(name for name in facets if places[name].visible)
    by_hand = any(look.what != "profile report" for look in counted)
    level, why = _level(facets, visible_facets, by_hand=by_hand)
    return Exploration(level=level, facets=facets, places=tuple(places[name] for name in facets), why=why)


def _level(facets: tuple[str, ...], visible: frozenset[str], *, by_hand: bool) -> tuple[int, str]:
    if not facets:
        return 0, "no live look at the task's data was found"
    lacking = []
    if not by_hand:
        lacking.append("only a profile report was made")
    if len(visible) < ENOUGH:
        lacking.append(f"{len(visible)} of {len(facets)} facets are shown to a reader, {ENOUGH} are asked")
    if not visible & {"missingness", "duplicates"}:
        lacking.append("neither gaps nor duplicates are looked at")
    if "target" not in visible:
        lacking.append("the target's distribution is not looked at")
    if not visible & RELATIONS:
        lacking.append("no relation between columns is looked at")
    if lacking:
        return 1, "; ".join(lacking)
    return 2, f"{len(visible)} facets of the data are looked at and shown"


def facets_of(look: Look, targets: frozenset[str], *, visible: bool) -> set[str]:
    """The facets that one look touches."""
    columns = look.columns or frozenset()
    known = targets or frozenset(name for name in columns | look.by if name.lower() in TARGET_WORDS)
    on_target, others = bool(columns & known), columns - known
    split_by_target = bool(look.by & known)
    found = _by_kind(look, on_target=on_target, others=others, split_by_target=split_by_target, visible=visible)
    if found and _is_time(columns | look.by) and look.kind in ("group", "line", "time", "values", "relation"):
        found.add("time_entity")
    return found


def _by_kind(look: Look, *, on_target: bool, others: frozenset[str], split_by_target: bool, visible: bool) -> set[str]:
    kind = look.kind
    related = (on_target and bool(others)) or split_by_target
    simple = {
        "shape": {"shape"}, "info": {"shape", "missingness"}, "missingness": {"missingness"}, "missing_plot": {"missingness"},
        "duplicates": {"duplicates"}, "validity": {"outliers"}, "time": {"time_entity"}, "heat": {"feature_feature"},
    }  # fmt: skip
    if kind in simple:
        if kind == "validity" and on_target and not others:
            return {"target"}
        return set(simple[kind]) if kind != "validity" or visible else set()
    if kind == "numeric":
        return {"outliers"} if look.what == "quantile" else {"target"} if on_target and not others else {"numeric"}
    if kind == "statistic":
        return {"target" if on_target and not others else "numeric"} if visible else set()
    if kind == "values":
        return {"feature_target"} if related else {"target"} if on_target else {"categorical"}
    if kind == "distribution":
        return {"numeric", "feature_target"} if related else {"target"} if on_target else {"numeric"}
    if kind == "box":
        return {"outliers", "feature_target"} if related else {"outliers"}
    if kind in ("relation", "group"):
        return {"feature_target"} if related or on_target else {"feature_feature"}
    if kind == "line":
        return {"feature_target"} if related else {"target"} if on_target else {"numeric"}
    return set()


def _is_time(names: frozenset[str]) -> bool:
    return any(_tells_time(name) for name in names)


_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_LENGTHS = frozenset(
    {"days", "hours", "weeks", "months", "years", "minutes", "seconds", "per", "since", "duration", "tenure", "elapsed"}
)
"""Words of a length of time, which is a number as any other."""


def _tells_time(name: str) -> bool:
    """Whether a column's name says when: a word of its own, not a length of time nor letters inside another word."""
    words = [word.lower() for word in _WORDS.findall(name)] or [name.lower()]
    if _LENGTHS.intersection(words):
        return False
    return any(word in DATE_WORDS or word in ("datetime", "weekday", "dayofweek") or _ends_in_date(word) for word in words)


def _ends_in_date(word: str) -> bool:
    return word.endswith("date") and word not in ("update", "candidate", "mandate")


def _shown_cells(reading: Reading) -> dict[tuple[str, int | None], bool]:
    """Cells that were not run although others of the same notebook were: they showed nothing to anyone."""
    shown: dict[tuple[str, int | None], bool] = {}
    for unit in reading.sources.units:
        code = [cell for cell in unit.cells if cell.kind == "code"]
        ran = [cell.executed or bool(cell.outputs) for cell in code]
        if not any(ran):
            continue
        for cell, executed in zip(code, ran, strict=True):
            shown[unit.path, cell.index] = executed
    return shown


def place_key(place: Place) -> tuple[str, int, int]:
    return place.path, place.cell if place.cell is not None else -1, place.line
