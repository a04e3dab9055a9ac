"""What the letter tells a candidate, and what it keeps for raters."""

import re

import pytest

from harness.authoring.export import Assignment
from harness.authoring.letter import letter
from harness.packs import BUILT_IN, open_pack

PACKS = sorted(path.parent.name for path in BUILT_IN.glob("*/pack.yaml"))


def told(name: str) -> str:
    return letter(open_pack(name), Assignment("heron", "in a week", "kim", "six months", None))


@pytest.mark.parametrize("name", PACKS)
def test_what_raters_look_for_is_not_told(name: str) -> None:
    """Anchors name traps and planted faults: whoever reads them has half of the work done."""
    text = told(name)
    for criterion in open_pack(name).rubric.criteria:
        for words in (criterion.anchors.one, criterion.anchors.two, criterion.anchors.three, criterion.anchors.four):
            assert len(words) < 12 or words not in text


@pytest.mark.parametrize("name", PACKS)
def test_no_column_that_must_not_be_used_is_named(name: str) -> None:
    named = set(re.findall(r"[a-z_]+", told(name)))

    assert not named & {trap.column for trap in open_pack(name).facts.traps}


@pytest.mark.parametrize("name", PACKS)
def test_every_criterion_is_told_with_its_weight(name: str) -> None:
    opened, text = open_pack(name), told(name)

    weights = opened.rubric.profiles[opened.rubric.default_profile].weights
    for criterion in opened.rubric.criteria:
        assert f"| {criterion.title} | {weights[criterion.id]:g} |" in text
