"""Runs side by side: on which footing, tied or apart, and what only one of them has."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.comparing import compare
from harness.errors import DamagedRunError, UsageError
from harness.model.finding import Finding, Severity
from harness.model.report import LadderPlace, Report
from harness.publishing import comparison_text
from tests.commands import harness
from tests.reports.builders import make_report, not_gradable_report
from tests.reports.hostile import HOSTILE


def write(folder: Path, report: Report) -> Path:
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(report.to_json(), "ascii")
    return folder


def with_lock(report: Report, **values: Any) -> Report:
    return report.model_copy(update={"lock": report.lock.model_copy(update=values)})


def at(report: Report, low: float | None, value: float | None, high: float | None) -> Report:
    ladder = report.ladder
    assert isinstance(ladder, LadderPlace)
    values = {"value": value, "low": low, "high": high, "position": value, "position_low": low, "position_high": high}
    return report.model_copy(update={"ladder": ladder.model_copy(update=values)})


@pytest.fixture
def base() -> Report:
    return make_report()


def test_runs_that_share_everything_are_on_one_footing(tmp_path: Path, base: Report) -> None:
    comparison = compare([write(tmp_path / "a", base), write(tmp_path / "b", base)])

    assert comparison.same_footing
    assert comparison.differences == ()
    assert "On one footing" in comparison_text(comparison)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"grading_digest": "c" * 64}, "grading digest"),
        ({"data_seed": 7}, "seed of the data"),
        ({"data_digest": "d" * 64}, "data"),
        ({"rubric_digest": "e" * 64}, "rubric"),
        ({"check_versions": {"lint": "9"}}, "checks and their versions"),
        ({"environment_digest": "f" * 64}, "environment"),
    ],
)
def test_a_difference_in_what_decides_a_mark_is_named_first(
    tmp_path: Path, base: Report, change: dict[str, Any], what: str
) -> None:
    comparison = compare([write(tmp_path / "a", base), write(tmp_path / "b", with_lock(base, **change))])
    text = comparison_text(comparison)

    assert not comparison.same_footing
    assert what in text
    assert text.index("NOT ON ONE FOOTING") < text.index("automatic total")


def test_another_profile_is_another_footing(tmp_path: Path, base: Report) -> None:
    other = base.model_copy(update={"profile": "platform"})

    comparison = compare([write(tmp_path / "a", base), write(tmp_path / "b", other)])

    assert [(one.what, one.values) for one in comparison.differences] == [("role profile", ("applied", "platform"))]
    assert not comparison.same_footing


def test_another_back_end_is_named_and_changes_little(tmp_path: Path, base: Report) -> None:
    comparison = compare([write(tmp_path / "a", base), write(tmp_path / "b", with_lock(base, backend="bubblewrap"))])

    assert comparison.same_footing
    assert "back end" in comparison_text(comparison)


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        ((0.1, 0.2, 0.3), (0.3, 0.4, 0.5), "tied"),
        ((0.1, 0.2, 0.3), (0.31, 0.4, 0.5), "apart"),
        ((0.1, 0.2, 0.3), (None, None, None), "unknown"),
        ((0.1, 0.2, 0.3), (None, 0.2, None), "unknown"),
    ],
)
def test_two_runs_are_tied_when_their_intervals_touch(
    tmp_path: Path, base: Report, one: tuple[Any, Any, Any], other: tuple[Any, Any, Any], state: str
) -> None:
    comparison = compare([write(tmp_path / "a", at(base, *one)), write(tmp_path / "b", at(base, *other))])

    assert comparison.ladder is not None
    assert [tie.state for tie in comparison.ladder.ties] == [state]


def test_nothing_is_told_apart_under_two_versions_of_the_grading(tmp_path: Path, base: Report) -> None:
    other = with_lock(at(base, 0.8, 0.9, 0.95), grading_digest="c" * 64)

    comparison = compare([write(tmp_path / "a", at(base, 0.1, 0.2, 0.3)), write(tmp_path / "b", other)])

    assert comparison.ladder is not None
    assert [tie.state for tie in comparison.ladder.ties] == ["unknown"]


def test_on_other_data_places_are_compared_and_not_values(tmp_path: Path, base: Report) -> None:
    other = with_lock(at(base, 0.8, 0.9, 0.95), data_seed=7)

    comparison = compare([write(tmp_path / "a", base), write(tmp_path / "b", other)])

    assert comparison.ladder is not None
    assert comparison.ladder.compared_by == "position"


def test_findings_that_only_one_has_are_listed_for_it(tmp_path: Path, base: Report) -> None:
    checks = list(base.checks)
    own = Finding(check=checks[0].check, rule="of_its_own", severity=Severity.MAJOR, message="Only here.")
    checks[0] = checks[0].model_copy(update={"findings": (*checks[0].findings, own)})
    other = base.model_copy(update={"checks": tuple(checks)})

    comparison = compare([write(tmp_path / "a", base), write(tmp_path / "b", other)])

    assert [(one.label, one.finding.message) for one in comparison.own_findings] == [("B", "Only here.")]
    assert "Only in B\n  major: Only here." in comparison_text(comparison)


def test_what_was_not_measured_is_no_zero(tmp_path: Path, base: Report) -> None:
    comparison = compare([write(tmp_path / "a", base), write(tmp_path / "b", not_gradable_report())])
    total = next(line for line in comparison_text(comparison).splitlines() if line.startswith("automatic total"))

    assert total.endswith("not measured")
    assert all(line.automatic[1] is None for line in comparison.criteria)


def test_runs_of_different_packs_are_refused(tmp_path: Path, base: Report) -> None:
    other = base.model_copy(update={"pack": base.pack.model_copy(update={"id": "shelf_demand"})})

    with pytest.raises(UsageError, match="card_fraud, shelf_demand"):
        compare([write(tmp_path / "a", base), write(tmp_path / "b", other)])


def test_one_run_alone_is_a_usage_error(tmp_path: Path, base: Report) -> None:
    with pytest.raises(UsageError, match="1 runs were named"):
        compare([write(tmp_path / "a", base)])


def test_a_damaged_report_is_named(tmp_path: Path, base: Report) -> None:
    damaged = write(tmp_path / "b", base)
    (damaged / "report.json").write_text('{"run_id": 5}')

    with pytest.raises(DamagedRunError, match=r"report\.json"):
        compare([write(tmp_path / "a", base), damaged])


@pytest.mark.parametrize("text", [one for one in HOSTILE if "\ud800" not in one])
def test_hostile_text_in_a_finding_stays_one_harmless_line(tmp_path: Path, base: Report, text: str) -> None:
    checks = list(base.checks)
    own = Finding(check=checks[0].check, rule="of_its_own", severity=Severity.MAJOR, message=text)
    checks[0] = checks[0].model_copy(update={"findings": (own,)})
    other = base.model_copy(update={"checks": tuple(checks)})

    lines = comparison_text(compare([write(tmp_path / "a", base), write(tmp_path / "b", other)])).splitlines()

    assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line or "\x1b" in line]
    assert lines.index("Only in B") == len(lines) - 2


def test_json_is_one_document_and_the_warning_goes_elsewhere(tmp_path: Path, base: Report) -> None:
    folders = [write(tmp_path / "a", base), write(tmp_path / "b", with_lock(base, data_seed=7))]

    answer = harness("compare", *folders, "--json")

    assert answer.returncode == 0
    assert json.loads(answer.stdout)["same_footing"] is False
    assert "not on one footing" in answer.stderr
