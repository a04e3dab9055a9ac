"""Limits that the prose admits: what the data, the model or the evaluation cannot support."""

from checks.practice.limit_words import ANCHOR, FUTURE, LIMIT, TICK
from checks.practice.placing import where
from checks.practice.prose import Passage, sentences
from harness.model.practice import Seen

MIN_WORDS = 6


def limitations(prose: list[Passage]) -> tuple[int, tuple[Seen, ...]]:
    found = []
    for passage in prose:
        if passage.kind == "comment" and len(passage.text.split()) < MIN_WORDS:
            continue
        for sentence in sentences(passage.text):
            if is_limit(sentence):
                place = passage.place._replace(line=passage.line_of(sentence))
                found.append(Seen(what=sentence[:200], where=where(place)))
                break
    return (1 if found else 0), tuple(found[:20])


def is_limit(sentence: str) -> bool:
    """A caveat tied to this task; a wish for the future or a ticked box is none."""
    if TICK.match(sentence) or len(sentence.split()) < MIN_WORDS:
        return False
    if not LIMIT.search(sentence) or not ANCHOR.search(sentence):
        return False
    return not FUTURE.search(sentence) or len(LIMIT.findall(sentence)) > 1
