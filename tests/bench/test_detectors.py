"""The shipped table of error rates is what the cases give, and the cases hold the promises made about detectors."""

from collections.abc import Iterable
from itertools import islice

import pytest

from bench.detectors.__main__ import PAGE, TABLE
from bench.detectors.cases import (
    CODE_RULES,
    DOCUMENT_RULES,
    LEAK_RULES,
    LEAKS,
    PRACTICE_RULES,
    RESIDUE_RULES,
    all_trials,
    faults_of_documents,
    faults_of_residue,
    hidden_evidence,
    hidden_leaks,
    planted_leaks,
    rewritten,
)
from bench.detectors.rates import Tally, count, wilson
from bench.detectors.trials import Trial
from bench.detectors.trying import try_all
from checks.lint_rules import WEIGHTS
from checks.registry import load
from harness.detector_rates import rates_for, shipped
from harness.documents import read_json
from harness.model.report import DetectorTable
from tests.builders import make_finding, make_result

SAMPLE = 6


def _tried(trials: Iterable[Trial]) -> Tally:
    return count(try_all(trials))


def _sampled(trials: Iterable[Trial]) -> Iterable[Trial]:
    """Every so manyth, so that all kinds are met in a second or two."""
    return islice(trials, 0, None, SAMPLE)


def test_evidence_that_never_runs_is_rejected_every_time() -> None:
    tally = _tried(one for one in _sampled(hidden_evidence(0)) if one.group == "attack")
    right, total = tally.groups["attack"]
    assert total > 100
    assert right == total, [one.trial.name for one in tally.wrong]


def test_what_is_hidden_is_seen_where_it_runs() -> None:
    """Otherwise silence about hidden lines would mean nothing."""
    tally = _tried(one for one in (*hidden_evidence(0), *hidden_leaks(0)) if one.group == "planted")
    assert tally.groups["planted"][1] > 200
    assert [one.trial.name for one in tally.wrong] == []


def test_a_leak_that_never_runs_is_none() -> None:
    tally = _tried(one for one in _sampled(hidden_leaks(0)) if one.group == "attack")
    assert tally.groups["attack"][1] > 20
    assert [one.trial.name for one in tally.wrong] == []


def test_a_leak_said_in_another_way_is_still_seen() -> None:
    trials = list(rewritten(0))
    plain = [one for one in trials if one.group == "planted"]
    tally = _tried([*plain, *_sampled(one for one in trials if one.group == "rewrite")])
    right, total = tally.groups["rewrite"]
    assert total > 80
    assert right >= 0.95 * total, [one.trial.name for one in tally.wrong]


def test_a_corrected_leak_is_no_leak() -> None:
    tally = _tried(one for one in planted_leaks(0) if one.group == "twin")
    right, total = tally.groups["twin"]
    assert total > 100
    assert total - right <= 0.01 * total, [one.trial.name for one in tally.wrong]


@pytest.mark.parametrize("rule", ["docs:", "residue:"])
def test_the_shipped_counts_are_what_the_cases_give(rule: str) -> None:
    trials = faults_of_documents() if rule == "docs:" else [*_clean_of_residue(), *faults_of_residue(0)]
    made = {key: rates for key, rates in _tried(trials).rates.items() if key.startswith(rule)}
    assert made
    assert made == {key: rates for key, rates in shipped().detectors.items() if key.startswith(rule)}


def _clean_of_residue() -> Iterable[Trial]:
    """Clean work, asked about residue alone."""
    clean = [one for one in all_trials(0) if one.group == "clean" and set(RESIDUE_RULES) < set(one.watched)]
    return [Trial(one.name, one.group, RESIDUE_RULES, one.files, one.known) for one in clean]


def test_every_detector_that_is_tried_has_its_row() -> None:
    rows = set(shipped().detectors)
    assert {*LEAK_RULES, *PRACTICE_RULES, *DOCUMENT_RULES, *RESIDUE_RULES, *CODE_RULES} <= rows
    assert {watched for trial in all_trials(shipped().seed) for watched in trial.watched} <= rows


def test_every_rule_of_the_linter_is_planted() -> None:
    assert {f"lint:{rule}" for rule in WEIGHTS} <= set(CODE_RULES)


def test_the_number_of_cases_is_that_of_the_generators() -> None:
    trials = list(all_trials(shipped().seed))
    assert len({(one.group, one.name, one.watched) for one in trials}) == len(trials)
    assert shipped().cases <= len(trials)


def test_the_same_seed_gives_the_same_cases_and_another_seed_others() -> None:
    assert list(planted_leaks(3)) == list(planted_leaks(3))
    assert list(planted_leaks(3)) != list(planted_leaks(4))


def test_every_leak_fits_a_program_and_has_a_twin() -> None:
    planted = [one.name for one in planted_leaks(0) if one.group == "planted"]
    assert [leak.name for leak in LEAKS if not any(name.startswith(f"{leak.name} in ") for name in planted)] == []
    assert all(leak.twin is not None for leak in LEAKS)


def test_the_table_is_of_the_checks_as_they_are() -> None:
    versions = {spec.id: spec.version for spec in load().values()}
    assert shipped().check_versions == {check: versions[check] for check in shipped().check_versions}


def test_the_page_tells_the_table() -> None:
    table = read_json(TABLE, DetectorTable)
    page = PAGE.read_text("utf-8")
    for key, rates in table.detectors.items():
        name = f"`{key.split(':', 1)[1]}`" if ":" in key else "all together"
        assert f"| {name} | {rates.hits} | {rates.planted} |" in page


def test_intervals_are_wilsons() -> None:
    assert wilson(38, 40) == (0.835, 0.9862)
    assert wilson(0, 120) == (0.0, 0.031)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_report_has_the_rates_of_what_it_raised_and_of_nothing_else() -> None:
    raised = make_result("eda", 0.0, findings=(make_finding("eda", rule="absent"),))
    quiet = make_result("leakage", 1.0)
    found = rates_for((raised, quiet), {"eda": shipped().check_versions["eda"]})
    assert found == {"eda:absent": shipped().detectors["eda:absent"]}


def test_a_rule_that_was_not_tried_alone_has_the_rates_of_its_check() -> None:
    raised = make_result("lint", 0.9, findings=(make_finding("lint", rule="a_rule_of_tomorrow"),))
    assert set(rates_for((raised,), {})) == {"lint"}


def test_praise_that_was_not_tried_alone_has_no_rates() -> None:
    raised = make_result(
        "missing_values", 1.0, findings=(make_finding("missing_values", rule="noticed_cents", severity="praise"),)
    )
    assert rates_for((raised,), {}) == {}


def test_rates_of_another_version_of_a_check_are_not_quoted() -> None:
    raised = make_result("eda", 0.0, findings=(make_finding("eda", rule="absent"),))
    assert rates_for((raised,), {"eda": "another"}) == {}
