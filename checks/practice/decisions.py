"""The decisions that the code shows, and how many of them the prose nearby explains."""

from collections.abc import Iterable
from dataclasses import dataclass

from checks.practice.lexicon import CONCEPTS, FIRST_PERSON, NUMBER, REASON
from checks.practice.placing import where
from checks.practice.prose import Passage, sentences
from checks.practice.reader import Reading
from checks.practice.values import Place
from harness.model.practice import Seen

NEAR_CELLS = 2
NEAR_LINES = 5
FULL, SOME = 0.5, 0.2


@dataclass(frozen=True, slots=True)
class Decision:
    """Something the code decided: the concept, where, and names that a text about it may use."""

    concept: str
    place: Place
    names: frozenset[str] = frozenset()


_STEP_CONCEPTS = {
    "scale": "scaling",
    "encode": "encoding",
    "label_encode": "encoding",
    "target_encode": "encoding",
    "select": "features",
}


def decisions(reading: Reading, mechanisms: Iterable[Seen]) -> list[Decision]:
    """Each kind of decision once, with all the places where it is taken."""
    log = reading.log
    found: list[Decision] = []
    found += [Decision("split", split.place) for split in log.splits if split.task]
    found += [Decision("metric", one.place, frozenset({one.metric})) for one in log.evaluations if one.how in ("metric", "cv")]
    for note in log.notes:
        if note.kind == "missing_handled" and note.task:
            found.append(Decision("imputation", note.place, note.columns or frozenset()))
        elif note.kind == "drop_columns" and note.task:
            found.append(Decision("features", note.place, note.columns or frozenset()))
        elif note.kind == "threshold" and note.what != "default":
            found.append(Decision("threshold", note.place))
        elif note.kind == "tuned":
            found.append(Decision("tuning", note.place))
    for fit in log.fits:
        if fit.task:
            found.append(Decision("model", fit.place, frozenset({fit.model.name.rsplit(".", 1)[-1]})))
            found += [Decision("tuning", fit.place)] if fit.tuned else []
            found += [Decision(_STEP_CONCEPTS[one.op], one.place) for one in fit.steps if one.op in _STEP_CONCEPTS]
    found += [Decision("imbalance", _place(seen)) for seen in mechanisms]
    return list(dict.fromkeys(found))


def _place(seen: Seen) -> Place:
    return Place(seen.where.path or "", seen.where.cell, seen.where.line or 1)


def explained(reading: Reading, found: list[Decision], prose: list[Passage]) -> tuple[int, int, int, tuple[Seen, ...]]:
    """(level, decisions, explained, places): kinds of decisions, and those of them that some text gives a reason for."""
    kinds: dict[str, list[Decision]] = {}
    for decision in found:
        kinds.setdefault(decision.concept, []).append(decision)
    columns = _known_columns(reading)
    places: list[Seen] = []
    for concept, taken in kinds.items():
        told = next((given for one in prose if (given := _reason(one, concept, taken, columns)) is not None), None)
        if told is not None:
            passage, sentence = told
            places.append(Seen(what=concept, where=where(passage.place._replace(line=passage.line_of(sentence)))))
    share = len(places) / len(kinds) if kinds else 0.0
    level = 2 if share >= FULL and len(places) > 1 else 1 if share >= SOME else 0
    return level, len(kinds), len(places), tuple(places)


def _known_columns(reading: Reading) -> frozenset[str]:
    names: set[str] = set()
    for look in reading.log.looks:
        names |= look.columns or frozenset()
    for note in reading.log.notes:
        names |= note.columns or frozenset()
    return frozenset(name.lower() for name in names if len(name) > 2)


def _reason(passage: Passage, concept: str, taken: list[Decision], columns: frozenset[str]) -> tuple[Passage, str] | None:
    """A sentence that speaks of the decision, with a reason in it or beside it, tied to this work."""
    of_file = passage.kind == "document" or (passage.kind == "file" and _same_file(passage, taken))
    near = of_file or any(_near(passage, decision) for decision in taken)
    if not near and not (passage.kind == "markdown" and _same_file(passage, taken)):
        return None
    parts = sentences(passage.text)
    for number, sentence in enumerate(parts):
        if not CONCEPTS[concept].search(sentence):
            continue
        around = " ".join(parts[max(0, number - 1) : number + 2])
        if not REASON.search(sentence if of_file else around):
            continue
        beside = passage.kind == "comment" and near
        if beside or (_anchored(around, columns) if near else _names_a_column(sentence, columns)):
            return passage, sentence
    return None


def _same_file(passage: Passage, taken: list[Decision]) -> bool:
    return any(passage.place.path == decision.place.path for decision in taken)


def _names_a_column(text: str, columns: frozenset[str]) -> bool:
    lowered = text.lower()
    return any(name in lowered for name in columns) or "`" in text


def _anchored(text: str, columns: frozenset[str]) -> bool:
    """Tied to this work: a number, a column of this data, a name from code, or somebody saying what they did."""
    return bool(NUMBER.search(text) or FIRST_PERSON.search(text)) or "_" in text or _names_a_column(text, columns)


def _near(passage: Passage, decision: Decision) -> bool:
    if passage.place.path != decision.place.path:
        return False
    if passage.place.cell is not None and decision.place.cell is not None:
        if passage.place.cell == decision.place.cell:
            return abs(passage.place.line - decision.place.line) <= NEAR_LINES * 2
        return abs(passage.place.cell - decision.place.cell) <= NEAR_CELLS
    reach = NEAR_LINES if passage.kind == "comment" else 40
    return -2 <= decision.place.line - passage.place.line <= reach or (
        0 <= passage.place.line - decision.place.line <= NEAR_LINES
    )
