"""Training on shuffled labels."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks.label_shuffle import Settings, label_shuffle
from harness.model.finding import Fault, Severity, Verdict
from harness.model.run import Exited, SkippedStep
from tests.checks.builders import Step, only, rules
from tests.checks.probe_builders import Run, probed, same

NOISE = same("label_shuffle", lambda key, value: 0.1 + (int(key[1:]) * 53 % 97) / 1e4)
BALANCE = {"rows": 900, "classes": {"0": 800, "1": 100}}


def metric(name: str, value: float, *, fitted: bool = False, **more: Any) -> str:
    """A trace in which a model is fitted on one table, predicts for it or for another, and a metric is computed."""
    lines: list[dict[str, Any]] = [
        {"kind": "table", "table": 1, "rows": 20, "columns": 2, "content": "".join(f"{row:012x}" for row in range(20))},
        {"kind": "table", "table": 2, "rows": 20, "columns": 2, "content": "".join(f"{row:012x}" for row in range(50, 70))},
        {"kind": "fit", "number": 1, "function": "fit", "class": "Forest", "object": 1, "rows": 1},
        {"kind": "predict", "number": 2, "function": "predict_proba", "object": 1, "rows": 1 if fitted else 2},
        {"kind": "metric", "number": 3, "function": name, "of": 2, "value": value, "balance": BALANCE, **more},
    ]
    return "\n".join(json.dumps(line) for line in lines)


def trained(trace: str = "", code: int = 0) -> Step:
    return Step("probe-label_shuffle.train", Exited(code=code), {"trace.jsonl": trace} if trace else {})


def test_a_clean_pipeline_validates_at_chance(tmp_path: Path) -> None:
    result = label_shuffle(probed(tmp_path, NOISE, more=[trained(metric("roc_auc_score", 0.53))]), Settings())

    assert result.verdict is Verdict.MET
    assert "roc_auc_score 0.530" in result.summary
    assert [one.name for one in result.measurements] == ["with_true_labels", "with_shuffled_labels", "by_chance"]


@pytest.mark.parametrize(("name", "value"), [("roc_auc_score", 0.98), ("average_precision_score", 0.91)])
def test_a_fine_validation_on_shuffled_labels_is_a_leak(tmp_path: Path, name: str, value: float) -> None:
    """Oversampling before the split reports 0.98 where nothing can be learned."""
    result = label_shuffle(probed(tmp_path, NOISE, more=[trained(metric(name, value))]), Settings())
    finding = only(result, "validation_leaks")

    assert (result.score, finding.severity) == (0.0, Severity.MAJOR)
    assert finding.where.step == "probe-label_shuffle.train"


def test_cross_validation_on_resampled_rows_is_a_leak_too(tmp_path: Path) -> None:
    line = {"kind": "validate", "number": 1, "function": "cross_val_score", "asked": {"scoring": "roc_auc"}}
    trace = json.dumps({**line, "values": [0.97, 0.99], "balance": BALANCE})

    assert rules(label_shuffle(probed(tmp_path, NOISE, more=[trained(trace)]), Settings())) == ["validation_leaks"]


def test_a_score_on_training_rows_is_no_leak(tmp_path: Path) -> None:
    """A forest learns noise by heart; to look at that as well is good practice."""
    trace = metric("roc_auc_score", 1.0, fitted=True)

    assert label_shuffle(probed(tmp_path, NOISE, more=[trained(trace)]), Settings()).verdict is Verdict.MET


def test_few_positives_are_given_more_room(tmp_path: Path) -> None:
    trace = metric("roc_auc_score", 0.68, balance={"classes": {"0": 40, "1": 6}})

    assert label_shuffle(probed(tmp_path, NOISE, more=[trained(trace)]), Settings()).verdict is Verdict.MET


def test_predictions_that_do_not_care_for_the_labels_are_told(tmp_path: Path) -> None:
    """A model that was trained elsewhere and handed in."""
    result = label_shuffle(probed(tmp_path, same("label_shuffle")), Settings())

    assert only(result, "labels_not_used").innocent
    assert result.score == 0.5


def test_an_order_that_survives_is_only_pointed_out(tmp_path: Path) -> None:
    """One strong feature, met in the right direction by chance: nothing is lost by it."""
    result = label_shuffle(probed(tmp_path, same("label_shuffle", lambda _, value: value / 10)), Settings())

    assert only(result, "still_knows").severity is Severity.INFO
    assert result.verdict is Verdict.MET


def test_training_that_fails_on_shuffled_labels_is_not_measured(tmp_path: Path) -> None:
    result = label_shuffle(probed(tmp_path, more=[trained(code=1)]), Settings())

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.UNSUPPORTED)


def test_a_submission_without_training_of_its_own_is_not_measured(tmp_path: Path) -> None:
    skipped = SkippedStep(name="probe-label_shuffle", reason="there is no train command", fault="unsupported")

    result = label_shuffle(probed(tmp_path, skipped=[skipped]), Settings())

    assert result.fault is Fault.UNSUPPORTED
    assert "there is no train command" in result.summary


def test_a_pack_that_does_not_shuffle_is_not_measured(tmp_path: Path) -> None:
    assert label_shuffle(probed(tmp_path), Settings()).fault is Fault.PACK


@pytest.mark.parametrize(
    "trace", ["{", '{"kind":"metric","value":"0.99"}', '{"kind":"validate","values":[[1]],"balance":{"classes":{"1":-3}}}']
)
def test_a_hostile_trace_is_read_as_nothing(tmp_path: Path, trace: str) -> None:
    assert label_shuffle(probed(tmp_path, NOISE, more=[trained(trace)]), Settings()).verdict is Verdict.MET


def test_hostile_predictions_are_not_measured(tmp_path: Path) -> None:
    run = Run(("label_shuffle",), None, text="id,score\nx,nan\n")

    assert label_shuffle(probed(tmp_path, run), Settings()).verdict is Verdict.NOT_MEASURED
