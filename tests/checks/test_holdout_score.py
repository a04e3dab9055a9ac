"""The holdout result as a place on the ladder."""

import math
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from checks.holdout_score import Settings, holdout_score
from checks.ladder import Ladder, build
from checks.measure import measure
from harness.errors import PackError
from harness.model.finding import CheckResult, Fault, Measurement, Verdict
from harness.model.pack import Metric
from harness.model.report import Rung
from harness.model.submission import Declaration, DeclaredResult
from tests.checks.builders import POSITIONS, Step, evidence_of, pack_of, rules

RUNGS = {"dummy": 0.5, "naive": 0.6, "reference": 0.8, "strong": 0.9}
SOURCE = random.Random(5)
TRUTH = {f"r{number}": int(number % 5 == 0) for number in range(600)}
SIGNAL = {key: label + SOURCE.gauss(0, 0.8) for key, label in TRUTH.items()}
LABELS = "id,target,amount\n" + "".join(f"{key},{label},{1 + label}\n" for key, label in TRUTH.items())


def _csv(values: Mapping[str, float]) -> str:
    return "id,score\n" + "".join(f"{key},{value!r}\n" for key, value in values.items())


def _judge(tmp_path: Path, values: Mapping[str, float], rungs: Mapping[str, float] = RUNGS, **more: Any) -> CheckResult:
    declaration = more.pop("declaration", None)
    labels = more.pop("labels", LABELS)
    evidence = evidence_of(
        tmp_path,
        steps=[Step(files={"predictions.csv": _csv(values)})],
        pack=pack_of(**more),
        labels=labels,
        rungs=rungs,
        declaration=declaration,
    )
    return holdout_score(evidence, Settings())


def _measured(result: CheckResult, name: str) -> Measurement:
    return next(one for one in result.measurements if one.name == name)


def test_the_score_is_the_place_on_the_ladder_with_its_interval(tmp_path: Path) -> None:
    result = _judge(tmp_path, SIGNAL)
    metric, place = _measured(result, "roc_auc"), _measured(result, "ladder_position")
    assert 0.6 < metric.value < 0.9
    assert result.score == place.value
    assert (metric.low or 1) < metric.value < (metric.high or 0)
    assert (place.low or 1) < place.value < (place.high or 0)
    assert result.findings == ()


def test_perfect_predictions_are_met_and_clipped_at_one(tmp_path: Path) -> None:
    result = _judge(tmp_path, TRUTH | {"r0": 0.999})
    assert (result.verdict, result.score) == (Verdict.MET, 1.0)
    assert _measured(result, "skill").value > 1


def test_skill_is_measured_from_dummy_to_strong(tmp_path: Path) -> None:
    result = _judge(tmp_path, SIGNAL)
    assert _measured(result, "skill").value == pytest.approx((_measured(result, "roc_auc").value - 0.5) / 0.4)


def test_reversed_predictions_are_named_and_score_nothing(tmp_path: Path) -> None:
    result = _judge(tmp_path, {key: -value for key, value in SIGNAL.items()})
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["reversed"])


def test_bad_predictions_that_are_not_reversed_are_only_called_worse_than_a_dummy(tmp_path: Path) -> None:
    shy = {"dummy": 0.8, "naive": 0.85, "reference": 0.9, "strong": 0.95}
    noise = {key: SOURCE.random() for key in TRUTH}
    assert rules(_judge(tmp_path, noise, shy)) == ["below_dummy"]


def test_constant_predictions_are_named_and_score_nothing(tmp_path: Path) -> None:
    result = _judge(tmp_path, dict.fromkeys(TRUTH, 0.5))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["constant"])


def test_yes_and_no_for_a_ranking_metric_is_a_finding(tmp_path: Path) -> None:
    result = _judge(tmp_path, {key: float(value > 0.5) for key, value in SIGNAL.items()})
    assert rules(result) == ["hard_labels"]


def test_a_metric_where_lower_is_better_goes_down_the_ladder(tmp_path: Path) -> None:
    down = {"dummy": 0.4, "naive": 0.3, "reference": 0.1, "strong": 0.0}
    result = _judge(tmp_path, {key: label * 0.8 + 0.1 for key, label in TRUTH.items()}, down, metric={"name": "mae"})
    assert _measured(result, "mae").value == pytest.approx(0.1)
    assert result.score == pytest.approx(0.75)


def test_further_metrics_are_shown_with_what_they_need_from_the_label_file(tmp_path: Path) -> None:
    shown = [
        {"name": "expected_cost", "settings": {"share": 0.2, "amount_column": "amount"}},
        {"name": "precision_at_share", "settings": {"share": 0.1}},
        {"name": "precision_at_share", "settings": {"share": 0.2}},
    ]
    result = _judge(tmp_path, TRUTH, also_shown=shown)
    assert _measured(result, "expected_cost").value == pytest.approx(0.0)
    assert _measured(result, "precision_at_share").value == 1.0
    assert _measured(result, "precision_at_share_2").value == 1.0


def test_a_declared_result_far_above_the_measured_is_a_finding(tmp_path: Path) -> None:
    claimed = Declaration(declared=DeclaredResult(metric="ROC AUC", value=0.99))
    assert rules(_judge(tmp_path, SIGNAL, declaration=claimed)) == ["declared_gap"]


def test_a_declared_result_is_told_once_where_the_pack_asks_about_claims_too(tmp_path: Path) -> None:
    """One fact, one finding: the check of claims tells it."""
    claimed = Declaration(declared=DeclaredResult(metric="ROC AUC", value=0.99))
    uses = [{"check": "claims"}, {"check": "holdout_score"}]
    assert rules(_judge(tmp_path, SIGNAL, declaration=claimed, checks=uses)) == []


def test_a_declared_result_near_the_measured_is_none(tmp_path: Path) -> None:
    claimed = Declaration(declared=DeclaredResult(metric="auc", value=0.82))
    assert rules(_judge(tmp_path, SIGNAL, declaration=claimed)) == []


@pytest.mark.parametrize(
    "rungs",
    [
        {"dummy": 0.5, "naive": 0.6, "reference": 0.8},
        RUNGS | {"naive": 0.85},
        RUNGS | {"naive": 0.5001},
        {"dummy": 0.9, "naive": 0.8, "reference": 0.6, "strong": 0.5},
        dict.fromkeys(RUNGS, 0.5),
    ],
)
def test_a_ladder_out_of_order_or_too_narrow_is_the_packs_fault(tmp_path: Path, rungs: dict[str, float]) -> None:
    result = _judge(tmp_path, SIGNAL, rungs)
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.PACK)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"metric": {"name": "roc_acu"}}, "no metric 'roc_acu'"),
        ({"labels": LABELS.replace(",1,", ",0,")}, "target of 0 and 1"),
        ({"also_shown": [{"name": "expected_cost", "settings": {"amount_column": "euros"}}]}, "no column 'euros'"),
    ],
)
def test_a_pack_that_cannot_be_scored_with_is_the_packs_fault(tmp_path: Path, more: dict[str, Any], words: str) -> None:
    result = _judge(tmp_path, SIGNAL, **more)
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.PACK)
    assert words in result.summary


def test_invalid_predictions_are_not_measured_and_the_submissions(tmp_path: Path) -> None:
    evidence = evidence_of(
        tmp_path, steps=[Step(files={"predictions.csv": "id,score\nr0,nan\n"})], pack=pack_of(), labels=LABELS, rungs=RUNGS
    )
    result = holdout_score(evidence, Settings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)


def test_predictions_too_large_to_square_are_the_submissions(tmp_path: Path) -> None:
    down = {"dummy": 0.4, "naive": 0.3, "reference": 0.1, "strong": 0.0}
    result = _judge(tmp_path, TRUTH | {"r0": 1e300}, down, metric={"name": "rmse"})
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)


def _ladder(values: Mapping[str, float], *, higher: bool) -> Ladder:
    rungs = [Rung(name=name, position=place, value=values[name]) for name, place in POSITIONS.items()]  # type: ignore[arg-type]
    made = build(rungs, higher, 0.02)
    assert isinstance(made, Ladder)
    return made


@pytest.mark.parametrize(
    ("value", "position"),
    [(0.1, 0.0), (0.5, 0.0), (0.55, 0.125), (0.6, 0.25), (0.7, 0.5), (0.8, 0.75), (0.85, 0.875), (0.9, 1.0), (1.0, 1.0)],
)
def test_positions_are_linear_between_rungs(value: float, position: float) -> None:
    assert math.isclose(_ladder(RUNGS, higher=True).position(value), position, abs_tol=1e-12)
    mirrored = {name: 1 - rung for name, rung in RUNGS.items()}
    assert math.isclose(_ladder(mirrored, higher=False).position(1 - value), position, abs_tol=1e-12)


def test_an_exemplar_is_measured_by_the_same_lines(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(LABELS)
    pack, data = pack_of(), _csv(SIGNAL).encode()
    (tmp_path / "graded").mkdir()
    value = measure(pack, Metric(name="roc_auc"), data, tmp_path / "labels.csv")
    assert value == _measured(_judge(tmp_path / "graded", SIGNAL), "roc_auc").value


def test_an_exemplar_with_invalid_predictions_is_the_packs_fault(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(LABELS)
    with pytest.raises(PackError, match="an exemplar's predictions are not valid"):
        measure(pack_of(), Metric(name="roc_auc"), b"id,score\nr0,1\n", tmp_path / "labels.csv")
