"""The catalogue of red flags: packs with a model ask about each of them, never without an innocent explanation."""

import re
from pathlib import Path

import pytest

from checks.registry import load
from harness.model.rubric import Ratings, RedFlag
from harness.packs import BUILT_IN, read_pack
from harness.scoring import score
from tests.builders import make_finding, make_result, make_rubric

CATALOGUE = {
    "a column that is not known when a decision is made": {("behaviour", "rests_on_trap"), ("leakage", "post_outcome_feature")},
    "preprocessing fitted before the split": {("leakage", "preprocess_before_split")},
    "declared result not reproduced": {("claims", "declared_not_reproduced")},
    "evaluated on training data": {("leakage", "train_as_test"), ("claims", "declared_near_training")},
    "no baseline": {("iteration", "no_baseline")},
    "exploration absent": {("eda", "absent")},
    "unexplained jump": {("iteration", "unexplained_jump")},
    "tests cannot fail": {("test_strength", "tests_cannot_fail"), ("own_tests", "assertion_free")},
    "hidden state of a notebook": {("runs_clean", "out_of_order")},
    "residue of foreign code": {("residue", "several_kinds")},
    "secret or personal data": {("secrets", "secret"), ("secrets", "personal_data")},
    "predictions do not depend on the input": {("behaviour", "ignores_input")},
    "far over-built": {("lint", "over_built")},
}
OF_CLASSES = {"metric hides the minority class": {("claims", "accuracy_only")}}


def _flags(pack: str) -> tuple[RedFlag, ...]:
    return read_pack(BUILT_IN / pack).rubric.red_flags


def _every_pack() -> list[str]:
    return sorted(path.parent.name for path in BUILT_IN.glob("*/rubric.yaml"))


@pytest.mark.parametrize(("pack", "catalogue"), [("card_fraud", {**CATALOGUE, **OF_CLASSES}), ("shelf_demand", CATALOGUE)])
def test_every_flag_of_the_catalogue_is_asked_about(pack: str, catalogue: dict[str, set[tuple[str, str]]]) -> None:
    asked = {(flag.when_check, flag.when_rule) for flag in _flags(pack)}
    assert {name: rules - asked for name, rules in catalogue.items() if rules - asked} == {}


@pytest.mark.parametrize("pack", _every_pack())
def test_every_flag_has_an_innocent_explanation_of_its_own_words(pack: str) -> None:
    for flag in _flags(pack):
        assert len(flag.innocent.split()) >= 3, flag.id
        assert flag.innocent.endswith("."), flag.id


@pytest.mark.parametrize("pack", _every_pack())
def test_every_flag_waits_for_a_rule_that_its_check_can_raise(pack: str) -> None:
    """Rules stand in the sources of a check, or are made from what the pack itself names."""
    specs = load()
    made = re.compile(r"^(missed|found|alarm|not_so|slice)_|^plain_rows$")
    for flag in _flags(pack):
        assert flag.when_check in specs, flag.id
        known = "\n".join(path.read_text("utf-8") for path in Path("checks").rglob("*.py"))
        assert f'"{flag.when_rule}"' in known or made.search(flag.when_rule), flag.id


@pytest.mark.parametrize("pack", _every_pack())
def test_every_flag_is_raised_by_its_finding_and_by_no_other(pack: str) -> None:
    for flag in _flags(pack):
        rubric = make_rubric(red_flags=[flag.model_dump()])
        raising = make_result(flag.when_check, 0.5, findings=(make_finding(flag.when_check, rule=flag.when_rule),))
        quiet = make_result(flag.when_check, 0.5, findings=(make_finding(flag.when_check, rule="something_else"),))
        raised = score((raising,), rubric, Ratings(), "applied").red_flags
        assert [(one.id, one.innocent) for one in raised] == [(flag.id, flag.innocent)]
        assert score((quiet,), rubric, Ratings(), "applied").red_flags == ()
