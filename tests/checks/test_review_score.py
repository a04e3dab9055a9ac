"""Reviews matched to what was planted, their points, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks.base import NoSettings
from checks.review_score import Settings, review_score
from checks.review_valid import review_valid
from harness.model.finding import CheckResult, Fault, Severity, Verdict
from harness.model.run import SkippedStep
from tests.checks.builders import only, rules
from tests.checks.review_builders import PERFECT, answers, entry, review_evidence


def score(tmp_path: Path, review: Any = PERFECT, **more: Any) -> CheckResult:
    return review_score(review_evidence(tmp_path, review, **more), Settings())


def value(result: CheckResult, name: str) -> float:
    return next(one.value for one in result.measurements if one.name == name)


def found(result: CheckResult) -> set[str]:
    return {rule.removeprefix("found_") for rule in rules(result) if rule.startswith("found_")}


def test_a_perfect_review_has_all_recall_and_no_alarm(tmp_path: Path) -> None:
    result = score(tmp_path)

    assert found(result) == {"join", "loop", "default"}
    assert value(result, "review_points") == value(result, "recall") == 1.0
    assert value(result, "decoy_alarms") == 0.0
    assert result.score == 1.0


def test_recall_is_weighed_by_severity_and_told_by_class(tmp_path: Path) -> None:
    result = score(tmp_path, [entry("pkg/a.py", 10, 12, "leak")])

    assert value(result, "recall") == pytest.approx(3 / 6)
    assert value(result, "recall_severity_3") == 1.0
    assert value(result, "recall_severity_1") == 0.0
    assert value(result, "recall_training") == pytest.approx(3 / 6)
    assert only(result, "missed_default").severity is Severity.MINOR


@pytest.mark.parametrize(
    ("first", "last", "hit"), [(7, 7, True), (6, 6, False), (15, 15, True), (16, 18, False), (2, 7, True), (11, 11, True)]
)
def test_lines_match_within_the_slack_and_not_beyond(tmp_path: Path, first: int, last: int, hit: bool) -> None:
    """The planted lines are 10 to 12, the slack is 3."""
    result = score(tmp_path, [entry("pkg/a.py", first, last, "leak")])

    assert ("join" in found(result)) is hit


def test_an_equivalent_mechanism_matches(tmp_path: Path) -> None:
    assert "join" in found(score(tmp_path, [entry("pkg/a.py", 10, 10, "lookahead")]))


def test_another_mechanism_or_file_is_unmatched_and_costs_nothing(tmp_path: Path) -> None:
    """Precision over unmatched findings is not computed: a person looks at them."""
    result = score(tmp_path, [*PERFECT, entry("pkg/a.py", 10, 10, "other"), entry("pkg/zzz.py", 10, 10, "leak")])

    assert rules(result).count("unmatched") == 2
    assert value(result, "review_points") == 1.0


@pytest.mark.parametrize("written", ["./pkg/a.py", "repo/pkg/a.py", "data/repo/pkg/a.py"])
def test_where_the_repository_was_unpacked_does_not_matter(tmp_path: Path, written: str) -> None:
    assert "join" in found(score(tmp_path, [entry(written, 10, 10, "leak")]))


def test_each_decoy_called_a_fault_takes_its_share_once(tmp_path: Path) -> None:
    twice = [entry("pkg/b.py", 20, 20, "leak"), entry("pkg/b.py", 24, 24, "leak")]
    result = score(tmp_path, [*PERFECT, *twice])

    assert value(result, "decoy_alarms") == 0.5
    assert value(result, "review_points") == pytest.approx(1.0 - 0.5 * 0.5)
    assert only(result, "alarm_refit").where.path == "pkg/b.py"


def test_only_decoys_are_worse_than_nothing(tmp_path: Path) -> None:
    result = score(tmp_path, [entry("pkg/b.py", 20, 20, "leak"), entry("pkg/b.py", 30, 30, "odd")])

    assert value(result, "review_points") == pytest.approx(-0.5)
    assert result.score == 0.0


def test_two_findings_merge_only_with_the_same_mechanism(tmp_path: Path) -> None:
    same = [entry("pkg/a.py", 40, 44, "odd"), entry("pkg/a.py", 44, 50, "odd"), entry("pkg/a.py", 44, 50, "state")]
    result = score(tmp_path, same)

    assert rules(result).count("repeated") == 1
    assert rules(result).count("unmatched") == 2


def test_findings_beyond_the_twentieth_are_not_counted_and_that_is_said(tmp_path: Path) -> None:
    padding = [entry("pkg/a.py", 40 + (n % 15), 40 + (n % 15), "odd" if n < 15 else "state") for n in range(20)]
    result = score(tmp_path, [*padding, *PERFECT])

    assert found(result) == set()
    assert "3 findings" in only(result, "beyond_limit").message


def test_a_merged_finding_takes_no_place_among_the_twenty(tmp_path: Path) -> None:
    result = score(tmp_path, [*[entry("pkg/a.py", 50, 50, "odd")] * 40, *PERFECT])

    assert found(result) == {"join", "loop", "default"}


def test_a_range_over_too_many_lines_points_nowhere(tmp_path: Path) -> None:
    result = score(tmp_path, [entry("pkg/a.py", 1, 60, "leak"), entry("pkg/a.py", 5, 16, "leak")])

    assert only(result, "too_long").where.line == 1
    assert found(result) == set(), "the second is merged into the first, which has the same mechanism"


def test_one_finding_counts_for_one_fault_and_graver_faults_choose_first(tmp_path: Path) -> None:
    """Two faults of one mechanism side by side: two findings find both, one finds the graver."""
    from checks.reviewing import match, read_planted, read_review
    from tests.checks.review_builders import PLANTED, bug, review_pack

    near = {**PLANTED, "bugs": [bug("small", "pkg/a.py", 9, 9, "leak", 1), bug("grave", "pkg/a.py", 12, 12, "leak", 3)]}
    planted, contract = read_planted(json.dumps(near).encode()), review_pack().answer

    def ids(*places: tuple[int, int]) -> set[str]:
        rows = [entry("pkg/a.py", first, last, "leak") for first, last in places]
        return set(match(read_review(json.dumps(rows).encode(), contract).findings, planted, contract).found)

    assert ids((10, 11)) == {"grave"}
    assert ids((10, 10), (15, 15)) == {"small", "grave"}


def test_the_interval_is_the_same_every_time_and_holds_the_value(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, second = (score(tmp_path / name, [entry("pkg/a.py", 10, 12, "leak")]) for name in ("a", "b"))
    one = next(measured for measured in first.measurements if measured.name == "review_points")

    assert first.measurements == second.measurements
    assert one.low is not None
    assert one.high is not None
    assert one.low < one.value < one.high


def test_repairs_that_hold_add_points(tmp_path: Path) -> None:
    result = score(tmp_path, calls=answers(one=2, two=None))

    assert value(result, "proof") == pytest.approx(4 / 6)
    assert value(result, "review_points") == pytest.approx(1.0 + 0.2 * 4 / 6)


def test_repairs_that_we_failed_to_try_are_said_and_take_nothing(tmp_path: Path) -> None:
    lost = SkippedStep(name="calls", reason="the sandbox was lost", fault="harness")
    result = score(tmp_path, skipped=[lost])

    assert "could not be judged" in result.summary
    assert value(result, "review_points") == 1.0


BROKEN: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"review", "not_json"),
    "not UTF-8": (b"\xff\xfe[", "not_json"),
    "an object": (b"{}", "not_a_list"),
    "a repeated key": (b'[{"file": "a", "file": "b"}]', "not_json"),
    "NaN": (b'[{"confidence": NaN}]', "not_json"),
    "a number without end": (b"[1" + b"0" * 5000 + b"]", "not_json"),
    "an exponent without end": (b"[1e999]", "not_json"),
    "deep nesting": (b"[" * 100_000 + b"]" * 100_000, "not_json"),
    "too large": (b" " * 1_000_001, "too_large"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_review_that_cannot_be_read_is_not_measured_and_never_zero(tmp_path: Path, kind: str) -> None:
    content, rule = BROKEN[kind]
    evidence = review_evidence(tmp_path, content)

    result = review_score(evidence, Settings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)
    assert only(review_valid(evidence, NoSettings()), rule).severity is Severity.BLOCKER


BAD_ENTRIES: dict[str, Any] = {
    "no object": 3,
    "lines as text": entry("pkg/a.py", 1, 1, "leak") | {"lines": "10-12"},
    "lines of truth values": entry("pkg/a.py", 1, 1, "leak") | {"lines": [True, True]},
    "lines upside down": entry("pkg/a.py", 9, 8, "leak"),
    "line 0": entry("pkg/a.py", 0, 0, "leak"),
    "an unknown mechanism": entry("pkg/a.py", 1, 1, "leek"),
    "a mechanism that cannot be hashed": entry("pkg/a.py", 1, 1, "leak") | {"mechanism": ["leak"]},
    "severity 4": entry("pkg/a.py", 1, 1, "leak", severity=4),
    "severity as text": entry("pkg/a.py", 1, 1, "leak", severity="3"),
    "severity that is a list": entry("pkg/a.py", 1, 1, "leak", severity=[]),
    "confidence above 1": entry("pkg/a.py", 1, 1, "leak", confidence=1.2),
    "evidence that is a list": entry("pkg/a.py", 1, 1, "leak", evidence=["x"]),
    "no file": {"lines": [1, 1], "mechanism": "leak", "severity": 1},
}


@pytest.mark.parametrize("kind", BAD_ENTRIES)
def test_an_entry_that_breaks_the_form_is_told_and_the_others_stand(tmp_path: Path, kind: str) -> None:
    evidence = review_evidence(tmp_path, [BAD_ENTRIES[kind], *PERFECT])
    valid, result = review_valid(evidence, NoSettings()), review_score(evidence, Settings())

    assert only(valid, "bad_entry").where.row == 1
    assert valid.score == pytest.approx(3 / 4)
    assert found(result) == {"join", "loop", "default"}


def test_hostile_words_are_shown_as_escapes(tmp_path: Path) -> None:
    nasty = entry("pkg/a.py", 50, 50, "odd", evidence="\x1b[31m\u202eevil" + "x" * 9000, fix="\x00")
    told = only(score(tmp_path, [nasty]), "unmatched")

    assert "\x1b" not in told.seen
    assert "\u202e" not in told.seen
    assert len(told.seen) < 600


def test_a_place_that_the_repository_has_not_is_told(tmp_path: Path) -> None:
    review = [entry("pkg/a.py", 100, 101, "leak"), entry("../../etc/passwd", 1, 1, "leak"), *PERFECT]
    result = review_valid(review_evidence(tmp_path, review), NoSettings())

    assert only(result, "no_such_line").where.row == 1
    assert only(result, "no_such_file").where.row == 2
    assert result.score == pytest.approx(3 / 5)


def test_an_empty_list_can_be_read_and_earns_nothing(tmp_path: Path) -> None:
    evidence = review_evidence(tmp_path, [])

    assert review_valid(evidence, NoSettings()).score == 0.25
    assert review_score(evidence, Settings()).score == 0.0


def test_a_missing_review_is_the_submissions_doing(tmp_path: Path) -> None:
    evidence = review_evidence(tmp_path, None)

    assert review_score(evidence, Settings()).fault is Fault.SUBMISSION
    assert rules(review_valid(evidence, NoSettings())) == ["missing_file"]


def test_what_was_planted_unreadably_is_the_packs_fault(tmp_path: Path) -> None:
    evidence = review_evidence(tmp_path)
    assert evidence.reference is not None
    evidence.reference.labels.write_text("{}", "utf-8")

    assert review_score(evidence, Settings()).fault is Fault.PACK
