"""Whether predictions can be scored, and whose doing it is when they cannot."""

from pathlib import Path

import pytest

from checks.base import NoSettings
from checks.predictions_valid import predictions_valid
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Severity, Verdict
from harness.model.run import Exited, OutOfMemory, SandboxLost, SkippedStep
from tests.checks.builders import Step, evidence_of, only, pack_of, rules

LABELS = "id,target\na,1\nb,0\nc,1\nd,0\n"
GOOD = "id,score\na,0.9\nb,0.1\nc,0.8\nd,0.3\n"


def _judge(evidence: Evidence) -> CheckResult:
    return predictions_valid(evidence, NoSettings())


def _predicted(tmp_path: Path, text: str | bytes) -> CheckResult:
    return _judge(evidence_of(tmp_path, steps=[Step(files={"predictions.csv": text})], pack=pack_of(), labels=LABELS))


def test_valid_predictions_are_met(tmp_path: Path) -> None:
    result = _predicted(tmp_path, GOOD)
    assert (result.verdict, result.score, result.findings) == (Verdict.MET, 1.0, ())
    assert "4 rows" in result.summary


def test_a_missing_id_is_a_finding_that_names_it(tmp_path: Path) -> None:
    result = _predicted(tmp_path, GOOD.replace("c,0.8\n", ""))
    finding = only(result, "missing_ids")
    assert (result.verdict, finding.severity) == (Verdict.NOT_MET, Severity.BLOCKER)
    assert "'c'" in finding.seen


def test_a_nan_is_a_finding_with_its_row(tmp_path: Path) -> None:
    result = _predicted(tmp_path, GOOD.replace("0.1", "nan"))
    assert only(result, "not_finite").where.row == 2
    assert "row 2" in result.summary


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (GOOD.replace("0.9", "0.5").replace("0.1", "0.5").replace("0.8", "0.5").replace("0.3", "0.5"), "constant"),
        ("id,score\na,1\nb,0\nc,1\nd,0\n", "hard_labels"),
    ],
)
def test_predictions_that_say_little_are_valid_and_noted(tmp_path: Path, text: str, rule: str) -> None:
    result = _predicted(tmp_path, text)
    assert (result.verdict, rules(result)) == (Verdict.MET, [rule])


def test_a_step_that_ended_well_and_wrote_nothing_is_not_met(tmp_path: Path) -> None:
    result = _judge(evidence_of(tmp_path, steps=[Step()], pack=pack_of(), labels=LABELS))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["missing_file"])


def test_a_crash_of_the_submission_is_not_met_with_its_error(tmp_path: Path) -> None:
    trace = 'Traceback (most recent call last):\n  File "/work/src/train.py", line 12, in <module>\nValueError: bad\n'
    step = Step(outcome=Exited(code=1), stderr=trace)
    result = _judge(evidence_of(tmp_path, steps=[step], pack=pack_of(), labels=LABELS))
    finding = only(result, "step_failed")
    assert result.verdict is Verdict.NOT_MET
    assert "ValueError: bad" in finding.seen
    assert "src/train.py, line 12" in finding.message


def test_running_out_of_memory_is_the_submissions(tmp_path: Path) -> None:
    step = Step(outcome=OutOfMemory(limit_mb=512))
    assert _judge(evidence_of(tmp_path, steps=[step], pack=pack_of(), labels=LABELS)).verdict is Verdict.NOT_MET


def test_a_lost_sandbox_is_never_the_submissions(tmp_path: Path) -> None:
    step = Step(outcome=SandboxLost(reason="engine gone"))
    result = _judge(evidence_of(tmp_path, steps=[step], pack=pack_of(), labels=LABELS))
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.HARNESS)


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [("submission", Verdict.NOT_MET), ("harness", Verdict.NOT_MEASURED), ("pack", Verdict.NOT_MEASURED)],
)
def test_a_step_that_was_not_run_counts_by_whose_doing_that_was(tmp_path: Path, fault: str, verdict: Verdict) -> None:
    skipped = SkippedStep.model_validate({"name": "predict", "reason": "no entry point was found", "fault": fault})
    result = _judge(evidence_of(tmp_path, steps=[], skipped=[skipped], pack=pack_of(), labels=LABELS))
    assert result.verdict is verdict
    assert "no entry point was found" in result.summary


def test_predictions_that_were_written_before_a_crash_are_read(tmp_path: Path) -> None:
    step = Step(outcome=Exited(code=1), files={"predictions.csv": GOOD})
    assert _judge(evidence_of(tmp_path, steps=[step], pack=pack_of(), labels=LABELS)).verdict is Verdict.MET


def test_a_link_in_place_of_the_file_is_told_with_its_reason(tmp_path: Path) -> None:
    step = Step(refused=("predictions.csv: a link, not a regular file",))
    result = _judge(evidence_of(tmp_path, steps=[step], pack=pack_of(), labels=LABELS))
    assert "a link" in only(result, "refused").seen


def test_a_file_above_the_packs_limit_is_refused_unread(tmp_path: Path) -> None:
    pack = pack_of(answer={"kind": "predictions", "id_column": "id", "value_column": "score", "max_mb": 1})
    step = Step(files={"predictions.csv": b"x" * 1_000_001})
    result = _judge(evidence_of(tmp_path, steps=[step], pack=pack, labels=LABELS))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["too_large"])


def test_without_labels_the_form_alone_is_judged_and_said_so(tmp_path: Path) -> None:
    result = _judge(evidence_of(tmp_path, steps=[Step(files={"predictions.csv": GOOD})], pack=pack_of()))
    assert result.verdict is Verdict.MET
    assert "ids were not compared" in result.summary


def test_static_reading_measures_nothing(tmp_path: Path) -> None:
    result = _judge(evidence_of(tmp_path, {"a.py": "x = 1"}, pack=pack_of()))
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.UNSUPPORTED)


def test_a_broken_label_file_is_the_packs_fault(tmp_path: Path) -> None:
    steps = [Step(files={"predictions.csv": GOOD})]
    result = _judge(evidence_of(tmp_path, steps=steps, pack=pack_of(), labels="id\na\n"))
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.PACK)
