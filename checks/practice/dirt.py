"""Planted faults of the data that the code or the text names."""

import re

from checks.practice.placing import where
from checks.practice.prose import Passage
from checks.practice.reader import Reading
from checks.practice.values import Place
from harness.model.evidence import Evidence
from harness.model.facts import Dirt
from harness.model.finding import Finding, Level, Severity


def noticed_dirt(evidence: Evidence, reading: Reading, prose: tuple[Passage, ...]) -> tuple[Finding, ...]:
    if evidence.facts is None:
        return ()
    found = []
    for dirt in evidence.facts.dirt:
        place = _named_at(dirt, reading, prose)
        if place is not None:
            found.append(
                Finding(
                    check="missing_values",
                    severity=Severity.PRAISE,
                    rule=f"noticed_{dirt.id}",
                    where=where(place),
                    message=f"A planted fault of the data is spoken of: {dirt.what}",
                    level=Level.MENTION,
                    confidence=0.6,
                )
            )
    return tuple(found)


def _named_at(dirt: Dirt, reading: Reading, prose: tuple[Passage, ...]) -> Place | None:
    signs = [re.compile(rf"(?<!\w){re.escape(sign)}(?!\w)", re.IGNORECASE) for sign in dirt.signs]
    for unit in reading.sources.units:
        if unit.path in reading.live:
            for block in unit.blocks:
                for number, line in enumerate(block.source.split("\n"), 1):
                    code = line.split("#", 1)[0]
                    if any(sign.search(code) for sign in signs):
                        return Place(unit.path, block.cell, number)
    return next((one.place for one in prose if any(sign.search(one.text) for sign in signs)), None)
