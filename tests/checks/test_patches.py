"""Repairs judged by values that came back, and the comparing itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks.base import NoSettings
from checks.hidden_probes import hidden_probes
from checks.patches import Settings, patches
from checks.probe_answers import NoAnswers, alike, judge, read_answers
from harness.model.calls import CallProbes
from harness.model.finding import Fault, Severity, Verdict
from harness.model.run import SkippedStep
from tests.checks.builders import only, rules
from tests.checks.review_builders import answers, review_evidence


def test_a_fault_is_repaired_when_its_probe_holds(tmp_path: Path) -> None:
    applied = [{"source": "patches/a.patch", "files": ["pkg/a.py"], "problem": ""}]
    result = patches(review_evidence(tmp_path, calls=answers(one=2, two=ValueError("no")), applied=applied), Settings(enough=1))

    assert only(result, "repaired_join").severity is Severity.PRAISE
    assert only(result, "still_there_loop").severity is Severity.INFO
    assert result.score == 1.0, "one grave repair is all that is asked for"


def test_a_value_that_is_not_expected_repairs_nothing(tmp_path: Path) -> None:
    result = patches(review_evidence(tmp_path, calls=answers(one=3, two=ValueError("no"))), Settings())

    assert result.verdict is Verdict.NOT_MET


def test_no_patch_is_a_result_and_no_fault_of_ours(tmp_path: Path) -> None:
    none = SkippedStep(name="calls", reason="the review holds no patch", fault="submission")
    result = patches(review_evidence(tmp_path, skipped=[none]), Settings())

    assert (result.verdict, result.findings) == (Verdict.NOT_MET, ())


def test_a_lost_sandbox_is_never_the_candidates_fault(tmp_path: Path) -> None:
    lost = SkippedStep(name="calls", reason="the sandbox was lost", fault="harness")

    assert patches(review_evidence(tmp_path, skipped=[lost]), Settings()).fault is Fault.HARNESS


def test_a_patch_that_does_not_apply_is_told(tmp_path: Path) -> None:
    applied = [{"source": "patches/b.patch", "files": [], "problem": "it does not fit"}]
    result = patches(review_evidence(tmp_path, calls=answers(one=2, two=1), applied=applied), Settings())

    assert only(result, "does_not_apply").where.path == "patches/b.patch"


@pytest.mark.parametrize("forged", ["[]", "{}", '{"answers": 3}', "nonsense", '{"answers": [{"id": 3}, 7]}'])
def test_forged_answers_prove_nothing(tmp_path: Path, forged: str) -> None:
    assert patches(review_evidence(tmp_path, calls=forged), Settings()).score == 0.0


def test_hidden_probes_serve_any_kind_of_pack(tmp_path: Path) -> None:
    result = hidden_probes(review_evidence(tmp_path, calls=answers(one=5, two=0)), NoSettings())

    assert result.score == 0.5
    assert only(result, "not_so_join").seen == "returned 5"
    assert "expected" not in only(result, "not_so_join").seen


def held(expect: dict[str, Any], **values: Any) -> bool:
    document = {
        "format": 1,
        "calls": [{"id": "x", "steps": [{"function": "a:b"}]}],
        "probes": [{"id": "p", "title": "p", "expect": [expect]}],
    }
    came_back = read_answers(answers(**values).encode())
    assert not isinstance(came_back, NoAnswers)
    return judge(CallProbes.model_validate(document), came_back)["p"].ok


def of(call: str, *path: int | str) -> dict[str, Any]:
    return {"call": call, "path": list(path)}


@pytest.mark.parametrize(
    ("expect", "values", "ok"),
    [
        ({"kind": "same", "of": of("x"), "other": of("y")}, {"x": [1.0, 2], "y": [1, 2.0]}, True),
        ({"kind": "same", "of": of("x"), "other": of("y")}, {"x": [1.0, 2], "y": [1]}, False),
        ({"kind": "apart", "of": of("x"), "other": of("y")}, {"x": [1, 2], "y": [3]}, True),
        ({"kind": "apart", "of": of("x"), "other": of("y")}, {"x": [1, 2], "y": [2]}, False),
        ({"kind": "apart", "of": of("x"), "other": of("y")}, {"x": [], "y": []}, False),
        ({"kind": "before", "of": of("x"), "other": of("y")}, {"x": [1, 2], "y": [3]}, True),
        ({"kind": "before", "of": of("x"), "other": of("y")}, {"x": [1, 3], "y": [3]}, False),
        ({"kind": "mean_between", "of": of("x"), "low": 1, "high": 2}, {"x": [1, 2]}, True),
        ({"kind": "mean_between", "of": of("x"), "low": 1, "high": 2, "column": 1}, {"x": [[0, 1], [0, 9]]}, False),
        ({"kind": "mean_between", "of": of("x"), "low": 1, "high": 2}, {"x": ["1", "2"]}, False),
        ({"kind": "mean_between", "of": of("x"), "low": 0, "high": 2}, {"x": []}, False),
        ({"kind": "equals", "of": of("x", "$table", "a", 1), "value": 4}, {"x": {"$table": {"a": [3, 4]}}}, True),
        ({"kind": "equals", "of": of("x", "b"), "value": 4}, {"x": {"a": 4}}, False),
        ({"kind": "equals", "of": of("x"), "value": 1}, {"x": True}, False),
        ({"kind": "equals", "of": of("x"), "value": 1}, {"x": {"$float": "nan"}}, False),
        ({"kind": "equals", "of": of("missing"), "value": 1}, {"x": 1}, False),
        ({"kind": "raises", "call": "x"}, {"x": ValueError("no")}, True),
        ({"kind": "raises", "call": "x"}, {"x": 1}, False),
        ({"kind": "returns", "call": "x"}, {"x": ValueError("no")}, False),
        ({"kind": "log_lacks", "call": "x", "text": "secret"}, {"x": 1}, True),
        (
            {"kind": "any_of", "of": [{"kind": "raises", "call": "x"}, {"kind": "returns", "call": "x"}]},
            {"x": 1},
            True,
        ),
    ],
)
def test_expectations_hold_or_do_not(expect: dict[str, Any], values: dict[str, Any], ok: bool) -> None:
    assert held(expect, **values) is ok


def test_numbers_are_alike_within_a_tolerance_that_grows_with_them() -> None:
    assert alike(1_000_000.0, 1_000_000.5, 1e-6)
    assert not alike(1.0, 1.00001, 1e-6)
    assert not alike({"a": 1}, {"a": 1, "b": 2}, 1e-6)


def test_only_the_calls_may_enter_a_sandbox() -> None:
    document = {
        "format": 1,
        "canary": "secret",
        "calls": [{"id": "x", "steps": [{"function": "a:b"}]}],
        "probes": [{"id": "p", "title": "the expected thing", "expect": [{"kind": "returns", "call": "x"}]}],
    }
    told = json.dumps(CallProbes.model_validate(document).requests())

    assert "secret" not in told
    assert "expect" not in told


def test_answers_in_another_form_have_no_rules(tmp_path: Path) -> None:
    assert rules(patches(review_evidence(tmp_path, calls=answers()), Settings())) == []
