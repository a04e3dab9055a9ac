"""Features that should not be there: identifiers, a saved index, columns that are known only after the outcome."""

import re
from collections.abc import Iterator

from checks.practice.events import Evaluation, Fit
from checks.practice.models import inner_models
from checks.practice.placing import where
from checks.practice.reader import Reading
from checks.practice.rows import overlap, parting
from checks.practice.values import HOLDS
from harness.model.evidence import Evidence
from harness.model.practice import Leak

_IDENTIFIER = re.compile(r"^(id|index|row_?id|uuid|guid|unnamed: ?0|[a-z]+_id|[A-Z][A-Za-z]+I[dD])$")
INDEX = "Unnamed: 0"


def feature_leaks(reading: Reading, evidence: Evidence) -> Iterator[Leak]:
    fits = [fit for fit in reading.log.fits if fit.task and fit.families]
    seen: set[tuple[str, str]] = set()
    for fit in fits:
        for name in _identifiers(fit, evidence):
            if ("id", name) not in seen:
                seen.add(("id", name))
                yield Leak(
                    kind="identifier_feature", tier="minor", group="other", where=where(fit.place),
                    why=f"`{name}` is among the features; an identifier says nothing of new rows",
                )  # fmt: skip
        yield from _outcome_copies(fit, seen)
    if evidence.facts is not None:
        yield from _post_outcome(fits, evidence, seen)
        yield from _split_kind(reading, evidence)


def _identifiers(fit: Fit, evidence: Evidence) -> Iterator[str]:
    if any(step.op == "saved_index" for step in fit.steps) and fit.columns is None and INDEX not in fit.absent:
        yield INDEX
    if fit.columns is not None and len(fit.columns) > 1:
        declared = evidence.pack.data.id_column if evidence.pack is not None else None
        yield from sorted(name for name in fit.columns if _IDENTIFIER.match(name) or name == declared)
    elif fit.columns is None and not _picks_columns(fit):
        known = (name for name in evidence.public_columns if _IDENTIFIER.match(name) or name in _declared(evidence))
        yield from sorted(name for name in known if _uses(fit, name))


def _declared(evidence: Evidence) -> frozenset[str]:
    """The identifiers that the pack names."""
    own = evidence.pack.data.id_column if evidence.pack is not None else None
    entities = evidence.facts.entity_columns if evidence.facts is not None else ()
    return frozenset([*entities, *([own] if own else [])])


def _picks_columns(fit: Fit) -> bool:
    """Whether columns may have been left behind on the way that were never named: by their type, their score or a list."""
    by_data = any(step.op in ("select", "reduce", "vectorize", "some_columns") for step in fit.steps)
    return by_data or any(inner.detail in ("columns", "select") for inner in inner_models(fit.model))


def _outcome_copies(fit: Fit, seen: set[tuple[str, str]]) -> Iterator[Leak]:
    """A feature made from the target alone, or the column that the target was made from."""
    copies = {
        name
        for step in fit.steps
        if step.op == "derived" and step.source and step.source <= fit.target and step.columns is not None
        for name in step.columns
        if _uses(fit, name) is not False
    }
    listed = any(step.op == "some_columns" for step in fit.steps) or any(
        inner.detail == "columns" for inner in inner_models(fit.model)
    )
    held = {name for step in fit.steps if step.op == HOLDS and not listed for name in step.columns or ()}
    origins = {name for name in fit.target_sources if _uses(fit, name) or name in held}
    for name in sorted(copies | origins):
        if ("copy", name) not in seen:
            seen.add(("copy", name))
            how = "is made from the target" if name in copies else "is the target or what it is made from"
            yield Leak(
                kind="target_in_features", tier="material", group="target", where=where(fit.place),
                why=f"`{name}`, which {how}, is among the features",
            )  # fmt: skip


def _uses(fit: Fit, column: str) -> bool | None:
    """Whether a fit's features hold a column: known yes, known no, or not known."""
    if fit.columns is not None:
        return column in fit.columns
    if column in fit.absent:
        return False
    return True if fit.absent else None


def _post_outcome(fits: list[Fit], evidence: Evidence, seen: set[tuple[str, str]]) -> Iterator[Leak]:
    traps = evidence.facts.traps if evidence.facts is not None else ()
    for fit in fits:
        for trap in traps:
            if _uses(fit, trap.column) and ("trap", trap.column) not in seen:
                seen.add(("trap", trap.column))
                yield Leak(
                    kind="post_outcome_feature", tier="material" if trap.strength == "loud" else "minor", group="target",
                    where=where(fit.place), why=f"`{trap.column}` is among the features: {trap.why}",
                )  # fmt: skip


def _split_kind(reading: Reading, evidence: Evidence) -> Iterator[Leak]:
    """The pack's rows have a time or repeat an entity, and rows were parted at random."""
    facts = evidence.facts
    judged = honest_evaluations(reading)
    if facts is None or not judged:
        return
    kinds = {split.key: split for split in reading.log.splits}
    used = parted_by(reading, judged)
    parted = [split for key, split in kinds.items() if key in used]
    at_random = bool(used) and all(key in kinds and kinds[key].kind in ("random", "fold") for key in used)
    if not at_random and not all(one.cv for one in judged):
        return
    if any(one.cv and one.splitter in ("TimeSeriesSplit", "GroupKFold", "StratifiedGroupKFold") for one in judged):
        return
    place = parted[0].place if parted else judged[0].place
    if facts.time_column is not None:
        yield Leak(
            kind="temporal_overlap", tier="material", group="overlap", where=where(place),
            why=f"rows were parted at random although `{facts.time_column}` orders them and the hidden rows are later ones",
        )  # fmt: skip
    elif facts.entity_columns:
        named = ", ".join(f"`{name}`" for name in facts.entity_columns)
        yield Leak(
            kind="group_overlap", tier="material", group="overlap", where=where(place),
            why=f"rows were parted at random although the same {named} come up again and again",
        )  # fmt: skip


def parted_by(reading: Reading, judged: list[Evaluation]) -> frozenset[str]:
    """The splits that keep rows judged on apart from rows learned from; a filter that both went through is none."""
    fits = {fit.number: fit for fit in reading.log.fits}
    found: frozenset[str] = frozenset()
    for one in judged:
        for number in one.fits:
            if number in fits and not one.cv:
                found |= parting(fits[number].rows, one.rows)
    return found


def honest_evaluations(reading: Reading) -> list[Evaluation]:
    """Evaluations on rows that were not learned from."""
    fits = {fit.number: fit for fit in reading.log.fits}
    return [
        one
        for one in reading.log.evaluations
        if one.how in ("metric", "score", "cv", "own")
        and one.fits
        and (one.cv or all(not overlap(fits[number].rows, one.rows) for number in one.fits if number in fits))
    ]
